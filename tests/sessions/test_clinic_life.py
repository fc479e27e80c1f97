"""A clinic lives for thousands of steps, and a plain-Python model of it must agree with each.

Courses are booked, moved, re-planned, missed, delivered, taken back; days are closed and people
are away. After every step the rules are worked out again from the model alone, the database must
hold what the model holds, and the check over the whole schedule must find nothing.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clinic.actions import close_days, mark_away
from sessions.actions.booking import BookingRefused, LateReason, Placement, place_sessions
from sessions.actions.delivery import DeliveryRefused, deliver_session
from sessions.actions.planning import NewPlace, book_new_course
from sessions.actions.status import (
    cancel_appointment,
    check_in,
    mark_no_show,
    start_appointment,
)
from sessions.actions.undoing import UndoRefused, undo_change
from sessions.domain.openings import Need
from sessions.domain.planner import Spread
from sessions.domain.windows import Cadence, Gap
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.asking import Ask, Outline, OutlineSession, Wishes, outline_of_course
from sessions.selectors.chain import course_chain
from sessions.selectors.checking import find_violations
from sessions.selectors.fixes import find_fixes, other_times
from sessions.selectors.search import propose
from tests.factories.clinic import ClinicProfileFactory, RoomFactory, SiteFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import IndicationFactory, IndicationRevisionFactory
from treatments.actions.courses import CoursePlan
from treatments.models import TreatmentCourse

BEGIN = datetime(2026, 11, 23, 7, tzinfo=UTC)
WHY = LateReason("CLINIC", "Nothing was free in the window.")
MINUTES = 50


@dataclass
class Held:
    """What the model knows of a booked session."""

    starts_at: datetime
    practitioner: int
    room: int


@dataclass
class Course:
    """What the model knows of a course: booked places, delivered days, excused lateness."""

    pk: int
    patient: int
    total: int
    initial: int
    first_on: date
    booked: dict[int, Held] = field(default_factory=dict)
    delivered: dict[int, date] = field(default_factory=dict)
    excused: set[int] = field(default_factory=set)

    def gap(self, number):
        return (28, 35) if number > self.initial else (7, 10)

    def day(self, number, zone):
        if number in self.delivered:
            return self.delivered[number]
        held = self.booked.get(number)
        return held and held.starts_at.astimezone(zone).date()


class ClinicLife(RuleBasedStateMachine):
    """The clinic, its model, and what may happen."""

    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        ClinicProfileFactory()
        self.site = SiteFactory()
        self.rooms = [RoomFactory(site=self.site, name=f"Room {n}") for n in (1, 2)]
        self.people = [UserFactory(clinician=True) for _ in range(2)]
        for person in self.people:
            works_every_day(person, self.site, time(9), time(13))
        self.desk = UserFactory(reception=True)
        self.indication = IndicationFactory(protocol__session_minutes=MINUTES)
        if not self.indication.revisions.exists():
            IndicationRevisionFactory(indication=self.indication)
        self.now = BEGIN
        self.courses = {}
        self.closed = set()
        self.last = None
        self.done = Counter()

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    # What may happen

    @rule(
        total=st.integers(3, 6),
        initial=st.integers(1, 6),
        after=st.integers(0, 20),
        person=st.integers(0, 2),
        weekdays=st.frozensets(st.integers(0, 6), max_size=3),
        spread=st.sampled_from(Spread),
        only=st.booleans(),
    )
    def book_a_course(self, total, initial, after, person, weekdays, spread, only):
        initial = min(initial, total)
        wishes = Wishes(
            self.people[person] if person < 2 else None,
            weekdays=weekdays,
            spread=spread,
            only=only,
        )
        patient, first_on = PatientFactory(), self.today + timedelta(days=after)
        ask = Ask(
            Outline(
                patient=patient,
                indication=self.indication,
                site=self.site,
                practitioner=self.people[0],
                cadence=Cadence(total, initial, Gap(7, 10), Gap(28, 35)),
                need=Need(MINUTES),
                first_on=first_on,
                sessions=tuple(OutlineSession(n) for n in range(1, total + 1)),
            ),
            wishes,
            self.now,
        )
        proposal, reason = propose(ask), None
        if proposal.stuck_at is not None:
            fixes = find_fixes(ask, proposal)
            if not fixes:
                self.done["no way out"] += 1
                return
            proposal, reason = fixes[0].proposal, WHY
        change = book_new_course(
            plan=CoursePlan(
                patient=patient,
                indication=self.indication,
                site=self.site,
                practitioner=proposal.practitioner,
                total_sessions=total,
                initial_sessions=initial,
                first_on=first_on,
            ),
            placements=[
                NewPlace(
                    row.number, row.place.practitioner, row.place.room, row.place.starts_at, reason
                )
                for row in proposal.rows
            ],
            key=uuid4(),
            by=self.people[0],
            at=self.now,
        )
        course = Course(change.new_course.pk, patient.pk, total, initial, first_on)
        course.booked = {row.number: self._held(row.place) for row in proposal.rows}
        course.excused = {row.number for row in proposal.rows if row.days_late}
        self.courses[course.pk] = course
        self.last = (change, {course.pk: None})
        self.done["booked"] += 1

    @precondition(lambda self: self.bookings)
    @rule(which=st.integers(0, 50), choice=st.integers(0, 30))
    def move_a_session(self, which, choice):
        """Move one session to a legal time and re-plan the rest."""
        course, number = self.bookings[which % len(self.bookings)]
        ask = self._ask(course)
        offered = [place for day in other_times(ask, propose(ask), number) for place in day.places]
        if not offered:
            return
        place = offered[choice % len(offered)]
        self._replan(course, {number: place}, number)

    @precondition(lambda self: self.bookings)
    @rule(which=st.integers(0, 50))
    def replan_from(self, which):
        course, number = self.bookings[which % len(self.bookings)]
        self._replan(course, {}, number)

    @precondition(lambda self: self.bookings)
    @rule(which=st.integers(0, 50))
    def cancel(self, which):
        course, number = self.bookings[which % len(self.bookings)]
        cancel_appointment(
            appointment=self._appointment(course, number),
            reason="PATIENT",
            by=self.desk,
            at=self.now,
        )
        del course.booked[number]
        course.excused.discard(number)
        self.last = None
        self.done["cancelled"] += 1

    @precondition(lambda self: self.due)
    @rule(comes=st.booleans(), days_on=st.integers(0, 2))
    def the_next_visit_comes(self, comes, days_on):
        """Time goes on to the next appointment: it is delivered, perhaps later, or missed."""
        course, number = self.due
        appointment = self._appointment(course, number)
        self.now = max(self.now, appointment.starts_at) + timedelta(days=days_on if comes else 0)
        self.last = None
        if not comes:
            mark_no_show(appointment=appointment, by=self.desk, at=self.now)
            del course.booked[number]
            course.excused.discard(number)
            self.done["missed"] += 1
            return
        waiting = [n for n in range(1, number) if n not in course.delivered]
        try:
            with transaction.atomic():
                check_in(appointment=appointment, by=self.desk, at=self.now)
                appointment.refresh_from_db()
                start_appointment(appointment=appointment, by=self.people[0], at=self.now)
                deliver_session(
                    session=appointment.session,
                    on=appointment.starts_at.astimezone(self.site.zone).date(),
                    late_reason=WHY,
                    by=self.people[0],
                    at=self.now,
                )
        except DeliveryRefused:
            # One before it was missed, or a missed one brought it too close.
            assert waiting or self._days_early(course, number)
            cancel_appointment(
                appointment=self._appointment(course, number),
                reason="CLINIC",
                by=self.desk,
                at=self.now,
            )
            del course.booked[number]
            course.excused.discard(number)
            self.done["refused"] += 1
        else:
            course.delivered[number] = (
                course.booked.pop(number).starts_at.astimezone(self.site.zone).date()
            )
            course.excused.add(number)
            self.done["delivered"] += 1

    @rule(after=st.integers(1, 60), length=st.integers(0, 4))
    def close(self, after, length):
        first = self.today + timedelta(days=after)
        close_days(
            sites=[self.site],
            starts_on=first,
            ends_on=first + timedelta(days=length),
            reason=f"Closed {uuid4()}",
            by=self.desk,
            at=self.now,
        )
        self.closed |= {first + timedelta(days=n) for n in range(length + 1)}
        self.done["closed"] += 1

    @rule(person=st.integers(0, 1), after=st.integers(1, 60), length=st.integers(0, 3))
    def be_away(self, person, after, length):
        first = self.today + timedelta(days=after)
        mark_away(
            practitioner=self.people[person],
            first_on=first,
            last_on=first + timedelta(days=length),
            by=self.desk,
            at=self.now,
        )
        self.done["away"] += 1

    @precondition(lambda self: self.last)
    @rule()
    def take_back(self):
        """Undo the last act; the model goes back to what it was."""
        change, before = self.last
        self.last = None
        try:
            undo_change(change=change, by=self.desk, at=self.now)
        except UndoRefused:
            self.done["undo refused"] += 1
            return
        for pk, booked in before.items():
            if booked is None:
                del self.courses[pk]
            else:
                self.courses[pk].booked = booked
        self.done["undone"] += 1

    # What must hold after every step

    @invariant()
    def the_database_holds_what_the_model_holds(self):
        held = {
            (one.session.course_id, one.session.number): Held(
                one.starts_at, one.practitioner_id, one.room_id
            )
            for one in Appointment.objects.filter(status="BOOKED").select_related("session")
        }
        assert held == {
            (course.pk, number): place
            for course in self.courses.values()
            for number, place in course.booked.items()
        }
        done = TreatmentSession.objects.filter(status="DONE", course__in=self.courses)
        assert {(one.course_id, one.number): one.delivered_on for one in done} == {
            (course.pk, number): day
            for course in self.courses.values()
            for number, day in course.delivered.items()
        }

    @invariant()
    def nobody_is_in_two_places(self):
        spans = [
            (key, place.starts_at, place.starts_at + timedelta(minutes=MINUTES))
            for course in self.courses.values()
            for place in course.booked.values()
            for key in (
                ("practitioner", place.practitioner),
                ("room", place.room),
                ("patient", course.patient),
            )
        ]
        spans.sort()
        for (key, _start, end), (other, start, _end) in pairwise(spans):
            assert key != other or end <= start

    @invariant()
    def no_delivered_session_came_too_early(self):
        for course in self.courses.values():
            days = [course.delivered[n] for n in sorted(course.delivered)]
            for number, (before, day) in enumerate(pairwise(days), start=2):
                assert (day - before).days >= course.gap(number)[0]

    @invariant()
    def the_check_of_the_whole_schedule_is_clean(self):
        assert list(find_violations(self.now, Counter())) == []

    # Helpers

    @property
    def today(self):
        return self.now.astimezone(self.site.zone).date()

    @property
    def bookings(self):
        """Courses and numbers of sessions that are booked for later."""
        return [
            (course, number)
            for course in self.courses.values()
            for number, place in sorted(course.booked.items())
            if place.starts_at > self.now
        ]

    @property
    def due(self):
        """The booked session that comes next in the clinic."""
        waiting = [
            (place.starts_at, course.pk, number)
            for course in self.courses.values()
            for number, place in course.booked.items()
        ]
        if not waiting:
            return None
        _when, pk, number = min(waiting)
        return self.courses[pk], number

    def _held(self, place):
        return Held(place.starts_at, place.practitioner.pk, place.room.pk)

    def _appointment(self, course, number):
        return Appointment.objects.select_related("session__course", "room__site").get(
            session__course=course.pk, session__number=number, status="BOOKED"
        )

    def _chain(self, course):
        return course_chain(TreatmentCourse.objects.with_people().get(pk=course.pk))

    def _ask(self, course, **changes):
        return Ask(
            outline_of_course(self._chain(course)), Wishes(self.people[0]), self.now, **changes
        )

    def _days_early(self, course, number):
        before = max((n for n in course.delivered if n < number), default=None)
        if before is None:
            return 0
        day = course.day(number, self.site.zone)
        return course.gap(number)[0] - (day - course.delivered[before]).days

    def _replan(self, course, pins, number):
        proposal = propose(self._ask(course, pins=pins, move_from=number))
        if proposal.stuck_at is not None or not proposal.to_book:
            self.done["stuck"] += 1
            return
        before = {course.pk: dict(course.booked)}
        # Reasons on record excuse a place only while it stays.
        try:
            change = place_sessions(
                placements=[
                    Placement(
                        row.outline.session,
                        row.place.practitioner,
                        row.place.room,
                        row.place.starts_at,
                        WHY,
                    )
                    for row in proposal.to_book
                ],
                key=uuid4(),
                by=self.people[0],
                at=self.now,
            )
        except BookingRefused as refused:
            raise AssertionError(f"a proposal was refused: {refused.problem}") from refused
        for row in proposal.rows:
            if row.place and row.number not in course.delivered:
                course.booked[row.number] = self._held(row.place)
        # Every link of what was proposed is inside its window, or excused.
        for row in proposal.rows[1:]:
            if row.place:
                assert not row.link.is_early
                assert row.days_late == 0 or not row.is_changed or row.is_pinned
        self.last = (change, before)
        self.done["moved"] += 1


@pytest.mark.django_db
def test_a_clinic_lives_by_its_rules():
    lived = Counter()

    class Counted(ClinicLife):
        def teardown(self):
            lived.update(self.done)
            super().teardown()

    run_state_machine_as_test(
        Counted,
        settings=settings(
            max_examples=25,
            stateful_step_count=50,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    # All that may happen did happen. How often is chance: the rare ones come four times or fifteen.
    for what in ("booked", "moved", "cancelled", "missed", "delivered", "closed", "away", "undone"):
        assert lived[what], lived
