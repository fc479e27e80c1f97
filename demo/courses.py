"""Courses in every state but today's: running, overdue, suspended, stopped, completed, drafts."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from demo.clinic_plan import HARBOUR, LINDEN, Clinic
from demo.names import GOALS
from demo.patients import PatientFacts
from demo.stories import Course, Ending, Fate, NoTime, Plan, Planner, Story, Visit

TROUBLE = 0.12
TRIES = 25
SECOND_COURSE = 0.5
HAIR = "hair_loss"


class Courses:
    """Makes the story of one patient, of the kind that is asked for."""

    def __init__(
        self, clinic: Clinic, planner: Planner, random: Random, *, most_done: int, reach_days: int
    ) -> None:
        self.clinic, self.planner, self.random = clinic, planner, random
        self.most_done, self.reach_days = most_done, reach_days
        self.count = 0

    def running(self, patient: PatientFacts, *, first: int = 1, last: int = 6) -> Story:
        """An active course whose next session is booked `first` to `last` days from today."""
        return self._try(patient, lambda: self._running(patient, first, last))

    def overdue(self, patient: PatientFacts) -> Story:
        """An active course whose window closed with nothing booked."""
        return self._try(patient, lambda: self._stopped_short(patient, None, 1))

    def to_book(self, patient: PatientFacts) -> Story:
        """An active course whose next session waits for a time in its open window."""
        return self._try(patient, lambda: self._stopped_short(patient, None, -2))

    def suspended(self, patient: PatientFacts) -> Story:
        """A course that pauses."""
        reason = self.random.choice(("Abroad until further notice.", "Short of time this season."))
        return self._try(patient, lambda: self._stopped_short(patient, (True, reason), 5))

    def discontinued(self, patient: PatientFacts) -> Story:
        """A course that ended early."""
        reason = self.random.choice(("Moved to another town.", "Content with the result so far."))
        return self._try(patient, lambda: self._stopped_short(patient, (False, reason), 12))

    def completed(self, patient: PatientFacts) -> Story:
        """A course with all its sessions done."""
        return self._try(patient, lambda: self._completed(patient))

    def draft(self, patient: PatientFacts) -> Story:
        """A plan that is not active yet; the first one is for hair and lacks its consultation."""
        self.count += 1
        is_first = self.count == 1
        plan = self.planner.plan(self._site(), slug=HAIR if is_first else "")
        first_on = self.clinic.today + timedelta(days=self.random.randint(3, 20))
        course = Course(
            plan,
            first_on=first_on,
            planned_at=self.daytime(self.clinic.today - timedelta(days=self.random.randint(1, 9))),
            goals=self.random.choice(GOALS),
            is_draft=True,
            is_assessed=not is_first,
        )
        return self.story(patient, course)

    def idle(self, patient: PatientFacts) -> Story:
        """Registered, nothing planned yet."""
        ago = timedelta(days=self.random.randint(1, 60))
        return Story(patient, self.daytime(self.clinic.today - ago))

    def course(self, plan: Plan, visits: list[Visit], *, planned_before: int = 0) -> Course:
        """Return the active course of `visits`, planned some days before the first of them."""
        first_on = visits[0].day
        planned_on = first_on - timedelta(days=planned_before or self.random.randint(3, 12))
        planned_on = min(planned_on, self.clinic.today - timedelta(days=1))
        return Course(
            plan,
            first_on=first_on,
            planned_at=self.daytime(planned_on),
            goals=self.random.choice(GOALS),
            visits=visits,
        )

    def story(self, patient: PatientFacts, course: Course) -> Story:
        """Return the story of a patient who registered at, or some time before, their plan."""
        ago = timedelta(days=self.random.choice((0, 0, 0, 2, 5, 40, 200)))
        return Story(patient, course.planned_at - ago - timedelta(minutes=20), [course])

    def daytime(self, day: date) -> datetime:
        """Return a moment of `day` in the clinic's opening hours."""
        clock = time(self.random.randint(9, 16), self.random.randint(0, 59))
        zone = self.clinic.sites[LINDEN].zone
        return datetime.combine(day, clock, zone).astimezone(self.clinic.now.tzinfo)

    def done_before(self, plan: Plan) -> int:
        """Choose how many sessions were delivered: fewer more often, never all."""
        most = min(self.most_done, plan.total - 1)
        return min(self.random.randint(0, most), self.random.randint(0, most))

    def _try(self, patient: PatientFacts, make: Callable[[], Story]) -> Story:
        for _attempt in range(TRIES):
            try:
                return make()
            except NoTime:
                continue
        return self.idle(patient)  # the diary is full: registered, to be planned later

    def _site(self) -> str:
        return HARBOUR if self.random.random() < 0.13 else LINDEN

    def _running(self, patient: PatientFacts, first: int, last: int) -> Story:
        site = self._site()
        plan = self.planner.plan(site)
        first = 0 if site == HARBOUR and first == 1 else first
        ahead = self.random.randint(first, last)
        number = self.done_before(plan) + 1
        if number > 1 and ahead >= plan.cadence.gap_before(number).min_days:
            raise NoTime  # the session before would not be over yet
        day = self.clinic.today + timedelta(days=ahead)
        found = self.planner.near(plan, day, spread=ahead - first)
        if found is None:
            raise NoTime
        next_visit = Visit(number, *found, Fate.BOOKED)
        visits = self.planner.history(plan, next_visit, trouble=TROUBLE)
        visits += self.planner.after(plan, next_visit, self.random.choice((0, 0, 1, 2)))
        story = self.story(patient, self.course(plan, visits))
        if first <= 1 and self.random.random() < SECOND_COURSE:
            self._add_second(story)
        return story

    def _add_second(self, story: Story) -> None:
        """Let a course for something else begin this week too, on a day of its own."""
        [known] = story.courses
        plan = self.planner.plan(known.plan.site)
        taken = {visit.day for visit in known.visits}
        days = [self.clinic.today + timedelta(days=ahead) for ahead in range(1, 7)]
        free = [day for day in days if day not in taken]
        if plan.indication == known.plan.indication:
            return
        if found := self.planner.near(plan, self.random.choice(free), spread=0):
            course = self.course(plan, [Visit(1, *found, Fate.BOOKED)])
            course.planned_at = max(course.planned_at, story.registered_at + timedelta(minutes=9))
            story.courses.append(course)

    def _stopped_short(
        self, patient: PatientFacts, ending: tuple[bool, str] | None, days_over: int
    ) -> Story:
        """A course with nothing booked, its next window closed `days_over` days ago or more."""
        plan = self.planner.plan(self._site())
        number = max(1, self.done_before(plan))
        gap = plan.cadence.gap_before(number + 1)
        extra = self.random.randint(0, self.reach_days // 10) if days_over > 0 else 0
        ago = gap.max_days + days_over + extra
        last = self._delivered(plan, number, self.clinic.today - timedelta(days=ago))
        course = self.course(plan, self.planner.history(plan, last, trouble=TROUBLE))
        if ending:
            ended_on = last.day + timedelta(days=self.random.randint(2, 8))
            course.ending = Ending(self.daytime(ended_on), *ending)
        return self.story(patient, course)

    def _completed(self, patient: PatientFacts) -> Story:
        plan = self.planner.plan(self._site(), total=3 if self.most_done < 3 else 5)
        ago = timedelta(days=self.random.randint(4, self.reach_days))
        last = self._delivered(plan, plan.total, self.clinic.today - ago)
        visits = self.planner.history(plan, last, trouble=TROUBLE)
        return self.story(patient, self.course(plan, visits))

    def _delivered(self, plan: Plan, number: int, day: date) -> Visit:
        found = self.planner.near(plan, day)
        if found is None:
            raise NoTime
        return Visit(number, *found, Fate.DONE)
