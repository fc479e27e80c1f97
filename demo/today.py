"""Today at the first site: full, with every status, whatever the clock says.

Some visits are set around the present moment, one at least for every status. Where they fall
outside somebody's hours (at night, on a Sunday, at lunch), that person has extra hours today. The
rest of the day is filled: what is over by now is done, what comes is booked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from clinic import actions as clinic_actions
from demo.clinic_plan import INES, LINDEN, MALIK, PETRA, SAMIR, Clinic, Person, practitioners
from demo.courses import TROUBLE, Courses
from demo.diary import Diary, missing
from demo.patients import PatientFacts
from demo.stories import Fate, NoTime, Plan, Planner, Story, Visit
from sessions.domain.free_time import GRID, Slot, Span, merge
from sessions.selectors.free import day_bounds

TRIES = 12
HAIR = "hair_loss"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A visit near now: with whom, how many minutes from now it starts, what became of it."""

    username: str
    minutes: int
    fate: Fate
    slug: str = ""


# The first seven show every status; BOOKED twenty minutes ago is a patient who is late.
ANCHORS = (
    Anchor(PETRA, -25, Fate.IN_TREATMENT, HAIR),
    Anchor(SAMIR, -20, Fate.BOOKED),
    Anchor(INES, -80, Fate.DONE),
    Anchor(MALIK, -60, Fate.NO_SHOW),
    Anchor(MALIK, 15, Fate.WAITING),
    Anchor(PETRA, 105, Fate.BOOKED),
    Anchor(INES, 50, Fate.CANCELLED),
    Anchor(PETRA, -90, Fate.DONE),
    Anchor(INES, -15, Fate.IN_TREATMENT),
    Anchor(PETRA, 40, Fate.WAITING),
    Anchor(SAMIR, 45, Fate.WAITING),
)
REQUIRED = 7
_OVER = frozenset({Fate.DONE, Fate.NO_SHOW, Fate.IN_TREATMENT})


class Today:
    """Plans the visits of today at the first site."""

    def __init__(self, clinic: Clinic, diary: Diary, planner: Planner, courses: Courses) -> None:
        self.clinic, self.diary, self.planner, self.courses = clinic, diary, planner, courses
        self.day = clinic.today
        self.people = {person.username: person for person in practitioners(LINDEN)}
        self.extra: dict[str, list[Span]] = {name: [] for name in self.people}

    def stories(self, patients: list[PatientFacts]) -> list[Story]:
        """Return a story for as many of `patients` as have a visit today, in their order."""
        waiting = iter(patients)
        made = [
            self._story(next(waiting), plan, slot, anchor.fate)
            for anchor, plan, slot in self._anchored(len(patients))
        ]
        self._open_hours()
        for patient in waiting:
            story = self._fill(patient)
            if story is None:
                break
            made.append(story)
        return made

    def give_extra_hours(self) -> None:
        """Enter the hours that today needs beyond the weekly ones."""
        zone = self.clinic.sites[LINDEN].zone
        for username, person in self.people.items():
            for span in missing(self.extra[username], self.diary.hours(person, self.day)):
                start, end = (moment.astimezone(zone).time() for moment in span)
                clinic_actions.add_extra_hours(
                    practitioner=self.clinic.staff[username],
                    site=self.clinic.sites[LINDEN],
                    on=self.day,
                    starts=start,
                    ends=end if end > start else time(23, 59),
                    reason="Open day",
                    by=self.clinic.admin,
                    at=self.clinic.now - timedelta(days=20),
                )

    def _anchored(self, most: int) -> Iterator[tuple[Anchor, Plan, Slot]]:
        for number, anchor in enumerate(ANCHORS[:most]):
            plan = self.planner.plan(LINDEN, person=self.people[anchor.username], slug=anchor.slug)
            others = [one for one in self.people.values() if one.username != anchor.username]
            people = [plan.practitioner, *(others if number < REQUIRED else [])]
            if found := self._near_now(anchor, plan, people):
                yield anchor, plan, found

    def _near_now(self, anchor: Anchor, plan: Plan, people: list[Person]) -> Slot | None:
        """Take the anchor's time, or the nearest that its fate allows, with one of `people`."""
        bounds = day_bounds(self.clinic.sites[LINDEN], self.day, self.day)
        last = bounds.end - GRID - timedelta(minutes=plan.minutes)  # ends on the same day
        wished = _on_grid(self.clinic.now) + timedelta(minutes=anchor.minutes)
        start = min(max(wished, bounds.start), last)
        length = timedelta(minutes=plan.minutes)
        for step in (0,) if anchor.fate in _OVER else (0, -1, 1, -2, 2, -3, 3):
            wanted = min(max(start + step * length, bounds.start), last)
            for person in people:
                if slot := self.diary.place(person, wanted, plan.minutes, self.day):
                    self.extra[person.username].append(Span(slot.starts_at, slot.ends_at))
                    return slot
        return None

    def _open_hours(self) -> None:
        """Let everybody work today; who has no hours on this weekday has those of a Monday."""
        for username, person in self.people.items():
            if not self.diary.hours(person, self.day):
                self.extra[username] += self.diary.spans(person, self.day, person.hours)
            self.extra[username] = list(merge(self.extra[username]))
            self.diary.extra[self.clinic.staff[username].pk] = tuple(self.extra[username])

    def _fill(self, patient: PatientFacts) -> Story | None:
        """Return a story with a visit at any free time of today, or None if it is full."""
        people = list(self.people.values())
        self.planner.random.shuffle(people)
        for person in people:
            plan = self.planner.plan(LINDEN, person=person)
            free = [
                slot
                for slot in self.diary.times(person, self.day, plan.minutes)
                if slot.ends_at <= self.clinic.now or slot.starts_at > self.clinic.now
            ]
            if free:
                slot = self.diary.take(self.planner.random.choice(free), self.day)
                is_over = slot.ends_at <= self.clinic.now
                return self._story(patient, plan, slot, Fate.DONE if is_over else Fate.BOOKED)
        return None

    def _story(self, patient: PatientFacts, plan: Plan, slot: Slot, fate: Fate) -> Story:
        for attempt in range(TRIES):
            # A first session needs no earlier one, so the last try always succeeds.
            number = self.courses.done_before(plan) + 1 if attempt < TRIES - 1 else 1
            visit = Visit(number, self.day, slot, fate)
            try:
                visits = self.planner.history(plan, visit, trouble=TROUBLE)
            except NoTime:
                continue
            if fate in {Fate.DONE, Fate.BOOKED, Fate.IN_TREATMENT}:
                visits += self.planner.after(plan, visit, 1)
            return self.courses.story(patient, self.courses.course(plan, visits))
        raise NoTime


def _on_grid(moment: datetime) -> datetime:
    """Return the last moment on the 5-minute grid that is not after `moment`."""
    past = timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment - past
