"""The whole demo clinic, in three sizes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from demo.calls import add_calls
from demo.clinic_plan import HARBOUR, LINDEN, Clinic, open_clinic
from demo.courses import Courses
from demo.diary import Diary
from demo.patients import PatientFacts, invent
from demo.play import Play
from demo.reactions import add_reactions
from demo.stock import add_stock
from demo.stories import Planner, Story
from demo.today import Today
from demo.treatment import Treatments
from demo.waiting import add_waiting


@dataclass(frozen=True, slots=True)
class Size:
    """How many patients of each kind; `most_done` is the most sessions a running course has had.

    Courses that ended did so up to `reach_days` ago.
    """

    today: int
    this_week: int
    later: int
    to_book: int
    overdue: int
    drafts: int
    suspended: int
    completed: int
    discontinued: int
    idle: int
    most_done: int
    reach_days: int

    @property
    def patients(self) -> int:
        """All of them."""
        return (
            self.today
            + self.this_week
            + self.later
            + self.to_book
            + self.overdue
            + self.drafts
            + self.suspended
            + self.completed
            + self.discontinued
            + self.idle
        )


SIZES = {
    "small": Size(7, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 90),
    "medium": Size(24, 62, 4, 3, 6, 5, 3, 6, 3, 4, 9, 90),
    "large": Size(26, 70, 104, 30, 60, 100, 70, 180, 80, 280, 6, 900),
}


@transaction.atomic
def seed(*, size: Size, number: int, now: datetime, say: Callable[[str], None]) -> None:
    """Fill an empty database as it stands at `now` (aware); all of it or, on an error, nothing.

    The same `size`, `number` and `now` give the same clinic. `say` hears what is going on.
    """
    random = Random(number)
    clinic = open_clinic(now)
    say("Two sites, their rooms, people and hours are there.")
    diary = Diary(clinic, random)
    stories = plan_stories(size, clinic, diary, random)
    say(f"{size.patients} patients: playing through their courses …")
    play = Play(clinic, Treatments(clinic, random), random)
    for story in stories:
        play.add(story)
    play.run()
    add_waiting(clinic)
    add_reactions(clinic)
    add_calls(clinic)
    add_stock(clinic)
    say(_summary(clinic, diary))


def plan_stories(size: Size, clinic: Clinic, diary: Diary, random: Random) -> list[Story]:
    """Work out what happens to each patient, and enter the extra hours that today needs."""
    planner = Planner(clinic, diary, random)
    courses = Courses(clinic, planner, random, most_done=size.most_done, reach_days=size.reach_days)
    today = Today(clinic, diary, planner, courses)
    patients = invent(size.patients, clinic, random)
    stories = today.stories(patients[: size.today])
    today.give_extra_hours()
    kinds: list[tuple[int, Callable[[PatientFacts], Story]]] = [
        (size.completed, courses.completed),
        (size.suspended, courses.suspended),
        (size.discontinued, courses.discontinued),
        (size.overdue, courses.overdue),
        (size.to_book, courses.to_book),
        (size.drafts, courses.draft),
        (size.idle, courses.idle),
        (size.later, lambda patient: courses.running(patient, first=7, last=40)),
        (len(patients), courses.running),
    ]
    waiting = iter(patients[len(stories) :])
    for count, make in kinds:
        for _number, patient in zip(range(count), waiting, strict=False):
            stories.append(make(patient))
    return stories


def _summary(clinic: Clinic, diary: Diary) -> str:
    week = [clinic.today + timedelta(days=days) for days in range(1, 7)]
    parts = [f"{site} {diary.fullness(site, week):.0%}" for site in (LINDEN, HARBOUR)]
    return f"Booked for the next six days: {', '.join(parts)}."
