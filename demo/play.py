"""Plays the stories through the product's own actions, all of them together in time's order.

So record numbers, keys and the audit trail come out as they would have in the clinic.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from demo.clinic_plan import INES, Clinic
from demo.consents import Consents
from demo.outcomes import score, score_visit
from demo.patients import register
from demo.photos import Photos
from demo.screenings import Screenings
from demo.stories import Course, Fate, Story, Visit
from demo.treatment import Treatments
from meso_clinic.core.models import User
from patients.models import Patient
from records.domain.outcomes import END_AFTER, Occasion
from records.models import SessionRecord
from records.selectors.outcomes import HAIR_INDICATION
from sessions.actions.booking import book_session
from sessions.actions.planning import plan_course
from sessions.actions.status import cancel_appointment, check_in, mark_no_show
from sessions.models import Appointment
from treatments.actions import courses as course_actions
from treatments.models import Assessment, TreatmentCourse

Step = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class _Made:
    """The rows of a course, as far as they are made."""

    course: TreatmentCourse = field(init=False)
    record: SessionRecord = field(init=False)
    appointments: dict[int, Appointment] = field(default_factory=dict)
    photographed: dict[int, int] = field(default_factory=dict)


class Play:
    """Collects the steps of stories, then does them, earliest first."""

    def __init__(self, clinic: Clinic, treatments: Treatments, random: Random) -> None:
        self.clinic, self.treatments, self.random = clinic, treatments, random
        self.consents = Consents()
        self.screenings = Screenings(clinic.staff[INES])
        self.photos = Photos()
        self.people = {user.pk: user for user in clinic.staff.values()}
        self.rooms = {room.pk: room for rooms in clinic.rooms.values() for room in rooms}
        self._steps: list[tuple[datetime, int, Step]] = []

    def add(self, story: Story) -> None:
        """Take the steps of `story` into the play."""
        clinician = self._clinician(story)
        patients: list[Patient] = []

        def meet(at: datetime) -> None:
            patients.append(
                register(story.patient, by=self.clinic.reception, clinician=clinician, at=at)
            )

        self._at(story.registered_at, meet)
        for course in story.courses:
            self._add_course(course, patients, self.clinic.staff[course.plan.practitioner.username])

    def run(self) -> None:
        """Do all steps in the order of their time."""
        for at, _number, step in sorted(self._steps, key=lambda one: one[:2]):
            step(at)
        self._steps.clear()

    def _at(self, at: datetime, step: Step) -> datetime:
        """Note `step` for `at`, or for now if that is earlier; return when it will be."""
        at = min(at, self.clinic.now)
        self._steps.append((at, len(self._steps), step))
        return at

    def _clinician(self, story: Story) -> User:
        if not story.courses:
            return next(user for user in self.clinic.staff.values() if user.is_clinician)
        return self.clinic.staff[story.courses[0].plan.practitioner.username]

    def _add_course(self, course: Course, patients: list[Patient], by: User) -> None:
        plan, made = course.plan, _Made()
        made.photographed = self.photos.numbers_of(course)

        def make(at: datetime) -> None:
            made.course = plan_course(
                plan=course_actions.CoursePlan(
                    patient=patients[0],
                    indication=plan.indication,
                    site=self.clinic.sites[plan.site],
                    practitioner=by,
                    total_sessions=plan.total,
                    initial_sessions=plan.cadence.initial,
                    first_on=course.first_on,
                    goals=course.goals,
                    product=plan.product,
                ),
                by=by,
                at=at,
            )
            if plan.indication.needs_specialist and course.is_assessed:
                self._assess(made.course, by, at)
            if not course.is_draft:
                course_actions.activate_course(course=made.course, by=by, at=at)

        at = self._at(course.planned_at, make) + 5 * MINUTE
        if not course.is_draft:
            self._screen(made, by, at, is_day=False)
            self._add_news(course, made, by)
        if not course.is_draft and not self.consents.stays_open(course):
            # Read and signed while the dates are being booked.
            self._at(at, lambda at: self.consents.sign(made.course, by=by, at=at))
        for visit in course.visits:
            at = self._add_visit(visit, made, by, at)
        self._follow_up(course, made, by)
        if ending := course.ending:
            act = (
                course_actions.suspend_course
                if ending.is_suspended
                else course_actions.discontinue_course
            )
            self._at(
                ending.at,
                lambda at: void(act(course=made.course, reason=ending.reason, by=by, at=at)),
            )

    def _screen(self, made: _Made, by: User, at: datetime, *, is_day: bool) -> None:
        """Note that the patient answers at `at` what is due."""
        self._at(at, lambda at: self.screenings.prepare(made.course, by=by, at=at, is_day=is_day))

    def _add_news(self, course: Course, made: _Made, by: User) -> None:
        """Let the patient call just now, if the course goes on and nobody comes today."""
        goes_on = course.ending is None or course.ending.is_suspended
        is_ahead = len(course.visits) < course.plan.total or course.visits[-1].fate is Fate.BOOKED
        is_today = any(visit.day == self.clinic.today for visit in course.visits)
        if goes_on and is_ahead and not is_today and (news := self.screenings.next_news()):
            self._at(
                self.clinic.now,
                lambda at: self.screenings.tell(made.course.patient, news, by=by, at=at),
            )

    def _follow_up(self, course: Course, made: _Made, by: User) -> None:
        """Note the scores after the course, as far as their days are past."""
        done = [visit for visit in course.visits if visit.fate is Fate.DONE]
        if len(done) < course.plan.total or course.plan.indication.slug == HAIR_INDICATION:
            return
        last = done[-1].slot.ends_at
        for days, occasion in (
            (END_AFTER.days + 1, Occasion.END),
            (95, Occasion.MONTHS_3),
            (186, Occasion.MONTHS_6),
        ):
            at = last + timedelta(days=days)
            if at < self.clinic.now:
                self._at(at, self._scoring(made, occasion, by))

    def _scoring(self, made: _Made, occasion: Occasion, by: User) -> Step:
        return lambda at: score(made.course, occasion, by=by, at=at)

    def _assess(self, course: TreatmentCourse, by: User, at: datetime) -> None:
        course_actions.record_assessment(
            patient=course.patient,
            indication=course.indication,
            kind=Assessment.Kind.SPECIALIST,
            assessed_on=at.date() - timedelta(days=self.random.randint(3, 40)),
            assessed_by="Dr Liesbeth Akerman",
            finding="Pattern hair loss. No inflammation or scarring. Suitable for treatment.",
            by=by,
            at=at,
        )

    def _add_visit(self, visit: Visit, made: _Made, by: User, at: datetime) -> datetime:
        """Note the steps of `visit`, booked at `at`; return when the next one can be booked."""

        def book(at: datetime) -> None:
            made.appointments[visit.number] = book_session(
                session=made.course.sessions.get(number=visit.number),
                practitioner=self.people[visit.slot.practitioner],
                room=self.rooms[visit.slot.room],
                starts_at=visit.slot.starts_at,
                late_reason=visit.late,
                by=by if visit.late else self.clinic.reception,
                at=at,
            )

        at = self._at(at, book)
        if visit.day == self.clinic.today and visit.fate in (Fate.BOOKED, Fate.WAITING):
            # They were called this morning, so that each of them can be treated.
            self._screen(made, by, self.clinic.now, is_day=True)
        match visit.fate:
            case Fate.CANCELLED:
                return self._cancel(visit, made, at) + MINUTE
            case Fate.NO_SHOW:
                return self._miss(visit, made) + MINUTE
            case Fate.DONE | Fate.IN_TREATMENT | Fate.WAITING:
                over = self._come(visit, made)
                return over + MINUTE if visit.fate is Fate.DONE else at + MINUTE
        return at + MINUTE

    def _cancel(self, visit: Visit, made: _Made, booked_at: datetime) -> datetime:
        reason, words = self.random.choice(
            (("PATIENT", "Has to work that day."), ("UNWELL", "Fever."), ("CLINIC", ""))
        )
        start = visit.slot.starts_at
        at = max(start - timedelta(hours=self.random.randint(16, 30)), booked_at + 30 * MINUTE)

        def cancel(at: datetime) -> None:
            cancel_appointment(
                appointment=made.appointments[visit.number],
                reason=reason,
                words=words,
                by=self.clinic.reception,
                at=at,
            )

        return self._at(at, cancel)

    def _miss(self, visit: Visit, made: _Made) -> datetime:
        def miss(at: datetime) -> None:
            mark_no_show(
                appointment=made.appointments[visit.number], by=self.clinic.reception, at=at
            )

        return self._at(visit.slot.starts_at + 25 * MINUTE, miss)

    def _come(self, visit: Visit, made: _Made) -> datetime:
        """Note the arrival and, as far as it got, the treatment; return when it was over."""
        start, now = visit.slot.starts_at, self.clinic.now
        by = self.people[visit.slot.practitioner]

        def arrive(at: datetime) -> None:
            # A visit just after midnight is not begun on the evening before.
            day_begins = datetime.combine(visit.day, time.min, made.course.site.zone)
            check_in(
                appointment=made.appointments[visit.number],
                by=self.clinic.reception,
                at=max(at, day_begins),
            )

        came = min(start - self.random.randint(2, 9) * MINUTE, now - 2 * MINUTE)
        if visit.fate is Fate.WAITING:
            return self._at(now - self.random.randint(3, 9) * MINUTE, arrive)
        self._at(came, arrive)
        is_done = visit.fate is Fate.DONE

        def treat(at: datetime) -> None:
            session = made.course.sessions.get(number=visit.number)
            self.screenings.prepare(session.course, by=by, at=at, is_day=True)
            self.consents.renew(session.course, by=by, at=at)
            score_visit(session.course, visit.number, by=by, at=at)
            if visit.number in made.photographed:
                self.photos.take(session, made.photographed[visit.number], by=by, at=at)
            made.record = self.treatments.begin(session, by=by, at=at, is_whole=is_done)

        begun = self._at(max(start, came) + MINUTE, treat)
        if not is_done:
            return begun
        return self._at(
            max(visit.slot.ends_at - 4 * MINUTE, begun),
            lambda at: self.treatments.sign(made.record, on=visit.day, by=by, at=at),
        )


def void(_value: object) -> None:
    """Drop what an action returns: a step returns nothing."""
