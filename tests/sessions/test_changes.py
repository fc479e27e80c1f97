"""Acts over many sessions: booked or moved whole, done once, refused with names, taken back."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic.actions import close_days
from meso_clinic.core.models import AuditEvent
from sessions.actions.booking import (
    BookingRefused,
    LateReason,
    LateReasonMissing,
    LeavesLate,
    Placement,
    SlotTaken,
    TakenBack,
    place_sessions,
)
from sessions.actions.planning import NewPlace, book_new_course
from sessions.actions.status import StatusRefused, cancel_appointment, undo_status
from sessions.actions.stopping import suspend_course
from sessions.actions.undoing import UndoRefused, undo_change
from sessions.domain.booking import Judgement, Rule, Verdict, judge, judge_all
from sessions.domain.windows import Cadence, Gap, Step
from sessions.models import (
    Appointment,
    Deviation,
    ScheduleChange,
    ScheduleChangeLine,
    TreatmentSession,
)
from tests.factories.clinic import ClosureFactory, RoomFactory, SiteFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import IndicationFactory
from tests.sessions.desk import AWAY, Desk
from treatments.actions.courses import PlanRefused, SpecialistConsultationMissing
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
WELL = LateReason("CONDITION", "The skin is calm.")
# The first days of the windows of a course of eight, five of them initial.
DAYS = (0, 7, 14, 21, 28, 56, 86, 117)


def at(desk, number, after, clock="10:00", **changes):
    """Return the placement of session `number` of `desk`, `after` days from its first day."""
    return Placement(
        **{
            "session": desk.session(number),
            "practitioner": desk.practitioner,
            "room": desk.room,
            "starts_at": desk.moment(after, clock),
            **changes,
        }
    )


def place(desk, *placements, **changes):
    return place_sessions(
        **{
            "placements": placements,
            "key": uuid4(),
            "by": desk.reception,
            "at": desk.now,
            **changes,
        }
    )


def whole_course(desk, days=DAYS, **changes):
    """Book all sessions of `desk`, each on its day at ten."""
    return place(desk, *(at(desk, n, day) for n, day in enumerate(days, start=1)), **changes)


def everything():
    """Return all rows that an act writes."""
    models = (
        TreatmentCourse,
        Appointment,
        TreatmentSession,
        Deviation,
        ScheduleChange,
        ScheduleChangeLine,
        AuditEvent,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def refused(act, kind=BookingRefused):
    """Return how `act` was refused, and make sure that it left nothing behind."""
    before = everything()
    with pytest.raises(kind) as refusal:
        act()
    assert type(refusal.value) is kind
    assert everything() == before
    return refusal.value


def days(desk):
    """Return the days of the live appointments of `desk`, counted from its first day."""
    live = Appointment.objects.live().filter(session__course=desk.course)
    held = live.order_by("session__number").values_list("starts_at", flat=True)
    return [
        (moment.astimezone(desk.site.zone).date() - desk.course.first_on).days for moment in held
    ]


# Written


def test_a_whole_course_is_booked_in_one_act(desk, audited):
    change = whole_course(desk)
    assert (change.kind, change.reason, change.new_course) == ("BOOKED", "", None)
    assert (change.by, change.at, change.undone_at) == (desk.reception, desk.now, None)
    assert days(desk) == list(DAYS)
    assert desk.statuses() == ["BOOKED"] * 8
    assert desk.window(8) == (114, 114, 121)
    assert audited() == ["session.booked"] * 8


def test_an_act_says_of_each_place_what_it_was_before(desk):
    desk.book(1, 0)
    desk.book(2, 7)
    held = desk.place(2)
    other, room = UserFactory(clinician=True), RoomFactory(site=desk.site)
    works_every_day(other, desk.site)
    change = place(
        desk,
        at(desk, 2, 8, "11:00", practitioner=other, room=room),
        at(desk, 3, 15),
        reason="PATIENT",
    )
    moved, booked = change.lines.order_by("starts_at")
    assert (change.kind, change.reason) == ("BOOKED", "PATIENT")
    assert moved.appointment == held
    assert moved.was_starts_at == desk.moment(7)
    assert (moved.was_practitioner, moved.was_room) == (desk.practitioner, desk.room)
    assert (moved.starts_at, moved.practitioner, moved.room) == (
        desk.moment(8, "11:00"),
        other,
        room,
    )
    assert booked.appointment == desk.place(3)
    assert (booked.was_starts_at, booked.was_practitioner, booked.was_room) == (None, None, None)
    assert str(change) == f"schedule change {change.pk}"


def test_moving_a_whole_course_keeps_its_appointments(desk, audited):
    whole_course(desk)
    places = list(Appointment.objects.order_by("pk").values_list("pk", flat=True))
    change = whole_course(desk, [day + 2 for day in DAYS])
    assert change.kind == "MOVED"
    assert days(desk) == [day + 2 for day in DAYS]
    assert list(Appointment.objects.order_by("pk").values_list("pk", flat=True)) == places
    assert audited()[8:] == ["session.moved"] * 8
    assert desk.window(2) == (9, 9, 12)


def test_several_courses_move_together(desk):
    neighbour = desk.neighbour()
    desk.book(1, 0, "10:00")
    neighbour.book(1, 0, "11:00")
    other = UserFactory(clinician=True)
    works_every_day(other, desk.site)
    change = place(
        desk,
        at(desk, 1, 0, "10:00", practitioner=other),
        at(neighbour, 1, 1, "11:00", practitioner=other),
        reason="CLINIC",
    )
    assert change.lines.count() == 2
    assert desk.place(1).practitioner == neighbour.place(1).practitioner == other
    assert neighbour.window(2) == (8, 8, 11)


def test_two_patients_trade_places(desk):
    neighbour = desk.neighbour()
    desk.book(1, 0, "10:00")
    neighbour.book(1, 0, "10:50")
    place(desk, at(desk, 1, 0, "10:50"), at(neighbour, 1, 0, "10:00"))
    assert desk.place(1).starts_at == desk.moment(0, "10:50")
    assert neighbour.place(1).starts_at == desk.moment(0, "10:00")
    assert set(Appointment.objects.values_list("status", flat=True)) == {"BOOKED"}


def test_a_place_that_moves_away_is_free_in_the_same_act(desk):
    neighbour = desk.neighbour()
    desk.book(1, 0)
    place(desk, at(neighbour, 1, 0), at(desk, 1, 1))
    assert neighbour.place(1).starts_at == desk.moment(0)


def test_practitioner_and_room_are_held_for_the_buffers():
    desk = Desk(buffer_before_minutes=10, buffer_after_minutes=15)
    held = desk.book(1, 0)
    assert (held.starts_at, held.ends_at) == (desk.moment(0), desk.moment(0, "10:50"))
    assert (held.held_from, held.held_until) == (desk.moment(0, "9:50"), desk.moment(0, "11:05"))


def test_buffers_keep_neighbours_apart_and_within_hours():
    desk = Desk(buffer_before_minutes=10, buffer_after_minutes=15)
    neighbour = desk.neighbour(buffer_before_minutes=5)
    desk.book(1, 0)
    answer = refused(lambda: neighbour.book(1, 0, "11:05"), SlotTaken)
    assert answer.problem == "11:05 was taken a moment ago. Next free: 11:10."
    # The hours begin at nine, and so does what is held.
    assert "does not work then" in refused(lambda: desk.book(1, 0, "9:05")).problem
    neighbour.book(1, 0, "11:10")


def test_the_number_of_queries_does_not_grow_with_the_sessions():
    counts = []
    for total in (3, 15):
        desk = Desk(total_sessions=total, initial_sessions=total)
        wanted = [at(desk, n, 7 * (n - 1)) for n in range(1, total + 1)]
        later = [at(desk, n, 7 * (n - 1) + 1) for n in range(1, total + 1)]
        for placements in (wanted, later):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                place(desk, *placements)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


# Done once


def test_the_same_key_books_once(desk):
    key = uuid4()
    first = whole_course(desk, key=key)
    before = everything()
    assert whole_course(desk, key=key) == first
    # Even what would now be refused is only the same click again.
    assert place(desk, at(desk, 2, 1), key=key) == first
    assert everything() == before


def test_a_refused_act_leaves_its_key_free(desk):
    key = uuid4()
    refused(lambda: place(desk, at(desk, 2, 7), key=key))
    assert place(desk, at(desk, 1, 0), key=key).key == key


# Refused, each with the session it is about


def test_one_refused_session_refuses_the_act(desk):
    ClosureFactory(site=desk.site, starts_on=desk.day(21), ends_on=desk.day(21), reason="Floors")
    answer = refused(lambda: whole_course(desk))
    assert (answer.number, answer.session) == (4, desk.session(4))
    assert answer.problem == (
        f"Session 4: {desk.site.name} is closed on that day: Floors. Choose another day."
    )


@pytest.mark.parametrize(
    ("after", "words"), [(6, "1 day too early"), (11, "A clinician must give a reason")]
)
def test_a_window_is_judged_with_the_places_of_the_act(desk, after, words):
    answer = refused(
        lambda: place(desk, at(desk, 1, 0), at(desk, 2, after)),
        BookingRefused if after < 7 else LateReasonMissing,
    )
    assert answer.number == 2
    assert words in answer.problem


def test_a_session_needs_the_one_before_it_in_the_act_or_before(desk):
    answer = refused(lambda: place(desk, at(desk, 1, 0), at(desk, 3, 14)))
    assert (answer.number, answer.problem) == (3, "Book session 2 first: it opens this window.")


def test_an_act_names_at_least_one_session_and_each_once(desk):
    assert refused(lambda: place(desk)).problem == "Choose at least one session."
    twice = refused(lambda: place(desk, at(desk, 1, 0), at(desk, 1, 1)))
    assert twice.problem == "A session is named twice. Choose one time for each."
    assert (twice.number, twice.session) == (None, None)


def test_an_unknown_reason_is_refused(desk):
    answer = refused(lambda: place(desk, at(desk, 1, 0), reason="BOREDOM"))
    assert answer.problem == "Choose why the sessions move."


def test_the_places_of_an_act_do_not_meet(desk):
    neighbour = desk.neighbour()
    answer = refused(lambda: place(desk, at(desk, 1, 0), at(neighbour, 1, 0, "10:30")))
    assert answer.problem == (
        "Session 1: Two sessions of this plan would meet then. Choose another time."
    )
    assert answer.session == neighbour.session(1)


def test_the_patient_is_not_in_two_courses_at_once(desk):
    second = desk.neighbour(patient=desk.course.patient)
    other, room = UserFactory(clinician=True), RoomFactory(site=desk.site)
    works_every_day(other, desk.site)
    elsewhere = {"practitioner": other, "room": room}
    answer = refused(lambda: place(desk, at(desk, 1, 0), at(second, 1, 0, "10:45", **elsewhere)))
    assert "would meet then" in answer.problem
    # The patient is not held by buffers, so they may follow each other at once.
    place(desk, at(desk, 1, 0), at(second, 1, 0, "10:50", **elsewhere))


def test_a_taken_time_names_its_session_and_the_next_free_time(desk):
    desk.neighbour().book(1, 21)
    answer = refused(lambda: whole_course(desk), SlotTaken)
    assert answer.problem == "Session 4: 10:00 was taken a moment ago. Next free: 10:50."
    assert (answer.number, answer.session) == (4, desk.session(4))
    assert answer.next_free.starts_at == desk.moment(21, "10:50")


def test_the_next_free_time_is_not_one_that_the_act_takes_itself(desk):
    desk.neighbour().book(1, 0, "10:00")
    third = desk.neighbour()
    answer = refused(lambda: place(desk, at(desk, 1, 0), at(third, 1, 0, "10:50")), SlotTaken)
    assert answer.problem == "Session 1: 10:00 was taken a moment ago. Next free: 11:40."


def test_somebody_else_is_named_when_the_practitioner_has_no_time_left():
    desk = Desk(hours=(time(10), time(10, 50)))
    desk.book(1, 0)
    desk.neighbour(practitioner=desk.practitioner).book(1, 10)
    other = UserFactory(clinician=True, first_name="Dr Ines", last_name="Halloran")
    works_every_day(other, desk.site)
    answer = refused(lambda: desk.book(2, 10), SlotTaken)
    assert answer.problem == (
        "10:00 was taken a moment ago. Next free: 10:50 with Dr Ines Halloran."
    )
    assert answer.next_free.practitioner == other.pk


def test_only_courses_that_run_are_placed(desk):
    neighbour = desk.neighbour()
    TreatmentCourse.objects.filter(pk=neighbour.course.pk).update(
        status="SUSPENDED", status_reason="Unwell"
    )
    answer = refused(lambda: place(desk, at(desk, 1, 0), at(neighbour, 1, 0, "11:00")))
    assert answer.session == neighbour.session(1)


def test_a_session_that_has_begun_does_not_move_with_the_others(desk):
    whole_course(desk)
    desk.arrive(1)
    answer = refused(lambda: whole_course(desk, [day + 1 for day in DAYS]))
    assert (answer.number, answer.problem) == (1, "Session 1 has begun, so it cannot be moved.")


# What the act does to sessions that stay


def test_a_session_left_early_is_refused(desk):
    whole_course(desk)
    answer = refused(lambda: place(desk, at(desk, 4, 23)))
    assert (answer.number, answer.session) == (5, desk.session(5))
    assert "Session 5 would then be 2 days too early." in answer.problem


def test_a_session_left_late_is_refused_and_named(desk):
    days = [0, 10, 20, 30, 40, 70, 100, 130]
    whole_course(desk, days)
    answer = refused(lambda: place(desk, at(desk, 4, 27)), LeavesLate)
    assert answer.problem == (
        "Session 5 would then be 3 days late. Re-plan the sessions after it as well."
    )
    assert (answer.number, answer.numbers, answer.session) == (5, (5,), desk.session(5))
    both = refused(lambda: place(desk, at(desk, 2, 7), at(desk, 4, 27)), LeavesLate)
    assert both.numbers == (3, 5)


def test_a_session_may_be_moved_when_those_after_it_move_with_it(desk):
    whole_course(desk, [0, 10, 20, 30, 40, 70, 100, 130])
    place(desk, at(desk, 4, 27), at(desk, 5, 37), at(desk, 6, 68))
    assert days(desk)[3:6] == [27, 37, 68]


def test_a_clinician_keeps_a_session_that_the_act_makes_late(desk, audited):
    desk.book(1, 0)
    desk.book(2, 10)
    desk.book(3, 20)
    kept = desk.place(3)
    lines = audited()
    change = place(
        desk,
        at(desk, 2, 7),
        at(desk, 3, 20, late_reason=WELL),
        by=desk.practitioner,
    )
    assert [line.appointment for line in change.lines.all()] == [desk.place(2)]
    deviation = Deviation.objects.get()
    assert (deviation.session, deviation.kind, deviation.days_late) == (
        desk.session(3),
        "STRETCHED",
        3,
    )
    assert desk.place(3).starts_at == kept.starts_at
    assert audited()[len(lines) :] == ["session.moved", "session.kept_late"]
    # With the reason on record, what follows may move under it.
    desk.book(2, 8)


def test_a_place_that_is_late_already_is_kept_by_a_reason_alone(desk, audited):
    desk.book(1, 0)
    desk.book(2, 10)
    desk.course.sessions.filter(number=1).update(status="DONE", delivered_on=desk.day(-3))
    answer = refused(lambda: place(desk, at(desk, 2, 10)), LateReasonMissing)
    assert answer.number == 2
    change = place(desk, at(desk, 2, 10, late_reason=AWAY), by=desk.practitioner)
    assert (change.kind, change.lines.count()) == ("MOVED", 0)
    deviation = Deviation.objects.get()
    assert (deviation.kind, deviation.days_late, deviation.reason) == ("LATE", 3, "TRAVEL")
    assert audited()[-1] == "session.kept_late"
    # It needs no second reason to stay where it is.
    place(desk, at(desk, 2, 10), at(desk, 3, 17))
    assert Deviation.objects.count() == 1


def test_only_who_may_book_late_keeps_a_late_session(desk):
    desk.book(1, 0)
    refused(lambda: place(desk, at(desk, 2, 12, late_reason=WELL)))


def test_a_place_that_stays_needs_no_working_hours(desk):
    desk.book(1, 0)
    desk.practitioner.shifts.all().delete()
    assert place(desk, at(desk, 1, 0)).lines.count() == 0


def test_a_cancelled_time_comes_back_before_one_that_was_explained(desk):
    desk.book(1, 0)
    held = desk.book(2, 9)
    desk.book(3, 21, by=desk.practitioner, late_reason=AWAY)
    cancel_appointment(appointment=held, reason="CLINIC", by=desk.reception, at=desk.now)
    undo_status(appointment=held, by=desk.reception, at=desk.now)
    assert days(desk) == [0, 9, 21]


def test_a_cancelled_time_does_not_come_back_if_it_leaves_the_next_late(desk):
    desk.book(1, 0)
    held = desk.book(2, 7)
    cancel_appointment(appointment=held, reason="CLINIC", by=desk.reception, at=desk.now)
    desk.book(2, 10)
    desk.book(3, 20)
    again = desk.place(2)
    cancel_appointment(appointment=again, reason="CLINIC", by=desk.reception, at=desk.now)
    with pytest.raises(StatusRefused, match="Session 3 would then be 3 days late"):
        undo_status(appointment=held, by=desk.reception, at=desk.now)


# The rules themselves

COURSE = Cadence(4, 4, Gap(7, 10), Gap(28, 35))
START = date(2026, 11, 26)


def steps(*booked):
    return [
        Step(n, booked_on=None if day is None else START + timedelta(day))
        for n, day in enumerate(booked, start=1)
    ]


def found(booked, placed, **more):
    """Return what `judge_all` finds, as (number, rule, days)."""
    moved = {number: START + timedelta(day) for number, day in placed.items()}
    return [
        (each.number, each.judgement.rule, each.judgement.days)
        for each in judge_all(COURSE, START, steps(*booked), moved, **more)
    ]


def test_each_session_of_an_act_is_judged_by_the_others():
    assert found([None] * 4, {1: 2, 2: 9, 3: 20, 4: 26}) == [
        (1, Rule.IN_WINDOW, 0),
        (2, Rule.IN_WINDOW, 0),
        (3, Rule.TOO_LATE, 1),
        (4, Rule.TOO_EARLY, 1),
    ]


def test_a_session_whose_opener_does_not_move_is_not_spoken_of():
    # Session 3 stands early already; moving 1 within its day is not what did it.
    assert found([0, 7, 12, None], {1: 0}) == [(1, Rule.IN_WINDOW, 0)]


def test_a_late_session_that_the_act_brings_nearer_may_stay():
    assert found([0, 7, 21, None], {2: 9}) == [(2, Rule.IN_WINDOW, 0)]
    assert found([0, 9, 21, None], {2: 8}) == [
        (2, Rule.IN_WINDOW, 0),
        (3, Rule.LEAVES_LATE, 3),
    ]
    assert found([0, 9, 21, None], {2: 8}, explained={3: 3}) == [(2, Rule.IN_WINDOW, 0)]


def test_a_window_that_nothing_had_opened_was_not_missed_before():
    assert found([0, None, 21, None], {2: 9}) == [
        (2, Rule.IN_WINDOW, 0),
        (3, Rule.LEAVES_LATE, 2),
    ]
    assert found([None, None, 21, None], {1: 0}) == [(1, Rule.IN_WINDOW, 0)]


def test_what_was_delivered_is_not_left_late():
    given = steps(0, 7, 14, None)
    given[2] = Step(3, delivered_on=START + timedelta(21))
    moved = {2: START + timedelta(8)}
    assert [each.number for each in judge_all(COURSE, START, given, moved)] == [2]


def test_one_session_that_leaves_the_next_late_is_refused():
    judgement = judge(COURSE, START, steps(0, 10, 20, None), 2, START + timedelta(8))
    assert judgement == Judgement(Verdict.REFUSED, Rule.LEAVES_LATE, days=2, other=3)


# A new course, booked whole


@pytest.fixture
def clinic(db):
    """Return what a new course at a clinic that works every day is made of."""
    site, practitioner = SiteFactory(), UserFactory(clinician=True)
    works_every_day(practitioner, site)
    return {
        "patient": PatientFactory(),
        "indication": IndicationFactory(),
        "site": site,
        "practitioner": practitioner,
        "total_sessions": 3,
        "initial_sessions": 3,
        "first_on": START,
        "by": UserFactory(reception=True),
        "at": Desk.moment(_AtSite(site), -10, "9:00"),
        "key": uuid4(),
    }


class _AtSite:
    """What `Desk.moment` needs."""

    def __init__(self, site):
        self.site = site

    def day(self, after):
        return START + timedelta(days=after)


def new_places(clinic, *afters, **changes):
    room = clinic["site"].rooms.first() or RoomFactory(site=clinic["site"])
    return [
        NewPlace(
            **{
                "number": number,
                "practitioner": clinic["practitioner"],
                "room": room,
                "starts_at": Desk.moment(_AtSite(clinic["site"]), after),
                **changes,
            }
        )
        for number, after in enumerate(afters, start=1)
    ]


def test_a_new_course_is_planned_started_and_booked(clinic, audited):
    change = book_new_course(**clinic, placements=new_places(clinic, 0, 7, 14))
    course = change.new_course
    assert (course.status, course.activated_at) == ("ACTIVE", clinic["at"])
    assert (change.kind, change.key) == ("BOOKED", clinic["key"])
    assert list(course.sessions.in_order().values_list("status", flat=True)) == ["BOOKED"] * 3
    assert audited() == ["course.planned", "course.activated", *["session.booked"] * 3]


def test_the_same_key_makes_no_second_course(clinic):
    placements = new_places(clinic, 0, 7, 14)
    first = book_new_course(**clinic, placements=placements)
    assert book_new_course(**clinic, placements=placements) == first
    assert TreatmentCourse.objects.get() == first.new_course


def test_a_new_course_with_a_session_without_time_is_not_made(clinic):
    places = new_places(clinic, 0, 7)
    answer = refused(lambda: book_new_course(**clinic, placements=places))
    assert (answer.number, answer.problem) == (3, "Session 3 has no time. Choose a fix.")


def test_a_new_course_has_no_more_sessions_than_its_places(clinic):
    places = new_places(clinic, 0, 7, 14, 21)
    answer = refused(lambda: book_new_course(**clinic, placements=places))
    assert (answer.number, answer.problem) == (
        4,
        "This course has no session 4. Plan it again.",
    )


def test_a_new_course_that_meets_another_is_not_made(clinic):
    book_new_course(**clinic, placements=new_places(clinic, 0, 7, 14))
    rival = {**clinic, "patient": PatientFactory(), "key": uuid4()}
    answer = refused(
        lambda: book_new_course(**rival, placements=new_places(clinic, -7, 0, 7)), SlotTaken
    )
    assert answer.problem == "Session 2: 10:00 was taken a moment ago. Next free: 10:50."


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"total_sessions": 2, "initial_sessions": 2}, PlanRefused),
        ({"indication": {"needs_specialist": True}}, SpecialistConsultationMissing),
    ],
)
def test_what_keeps_a_course_from_starting_passes_through(clinic, changes, kind):
    if indication := changes.get("indication"):
        changes = {"indication": IndicationFactory(**indication)}
    places = new_places(clinic, 0, 7, 14)
    refused(lambda: book_new_course(**{**clinic, **changes}, placements=places), kind)


def test_a_late_session_of_a_new_course_keeps_its_reason(clinic):
    first, second, third = new_places(clinic, 0, 7, 18)
    third = NewPlace(3, third.practitioner, third.room, third.starts_at, WELL)
    clinic["by"] = clinic["practitioner"]
    book_new_course(**clinic, placements=[first, second, third])
    deviation = Deviation.objects.get()
    assert (deviation.session.number, deviation.kind, deviation.days_late) == (3, "STRETCHED", 1)


# Taken back


def undo(desk, change, *, after=MINUTE, by=None):
    return undo_change(change=change, by=by or desk.reception, at=change.at + after)


def test_a_move_is_taken_back_whole(desk, audited):
    whole_course(desk)
    before = list(Appointment.objects.order_by("pk").values())
    lines = audited()
    change = whole_course(desk, [day + 2 for day in DAYS])
    undone = undo(desk, change)
    assert (undone.undone_at, undone.undone_by) == (desk.now + MINUTE, desk.reception)
    assert list(Appointment.objects.order_by("pk").values()) == before
    assert desk.window(2) == (7, 7, 10)
    assert audited()[len(lines) :] == ["session.moved"] * 8 + ["session.move_undone"] * 8


def test_places_that_were_traded_are_traded_back(desk):
    neighbour = desk.neighbour()
    desk.book(1, 0, "10:00")
    neighbour.book(1, 0, "10:50")
    change = place(desk, at(desk, 1, 0, "10:50"), at(neighbour, 1, 0, "10:00"))
    undo(desk, change)
    assert desk.place(1).starts_at == desk.moment(0, "10:00")
    assert neighbour.place(1).starts_at == desk.moment(0, "10:50")


def test_what_was_booked_is_free_again(desk, audited):
    change = whole_course(desk)
    undo(desk, change)
    assert desk.statuses() == ["PLANNED"] * 8
    ended = set(Appointment.objects.values_list("status", "cancel_reason", "previous_status"))
    assert ended == {("CANCELLED", "UNDONE", "")}
    assert audited()[8:] == ["session.booking_undone"] * 8
    whole_course(desk)
    with pytest.raises(StatusRefused):
        undo_status(
            appointment=change.lines.earliest("pk").appointment, by=desk.reception, at=desk.now
        )


def test_an_act_of_both_kinds_is_taken_back_whole(desk):
    desk.book(1, 0)
    undo(desk, place(desk, at(desk, 1, 2), at(desk, 2, 9)))
    assert days(desk) == [0]
    assert desk.statuses()[:2] == ["BOOKED", "PLANNED"]
    assert desk.window(2) == (7, 7, 10)


def test_a_new_course_that_is_taken_back_ends(clinic):
    change = book_new_course(**clinic, placements=new_places(clinic, 0, 7, 14))
    undo_change(change=change, by=clinic["by"], at=clinic["at"] + MINUTE)
    course = TreatmentCourse.objects.get()
    assert (course.status, course.status_reason) == (
        "DISCONTINUED",
        "Taken back a moment after booking.",
    )
    assert not Appointment.objects.live().exists()


def test_a_course_that_has_ended_meanwhile_is_not_taken_back(clinic):
    change = book_new_course(**clinic, placements=new_places(clinic, 0, 7, 14))
    TreatmentCourse.objects.update(
        status="LAPSED", status_reason="No answer", ended_at=clinic["at"]
    )
    act = lambda: undo_change(  # noqa: E731
        change=change, by=clinic["by"], at=clinic["at"] + MINUTE
    )
    assert "This course is lapsed" in refused(act, UndoRefused).problem


def test_the_reason_of_a_late_session_is_kept_but_excuses_nothing_any_more(desk):
    desk.book(1, 0)
    undo(desk, place(desk, at(desk, 2, 12, late_reason=AWAY), by=desk.practitioner))
    assert Deviation.everything.get().session == desk.session(2)
    assert not Deviation.objects.exists()
    assert desk.session(2).excused_days == 0
    refused(lambda: desk.book(2, 12), LateReasonMissing)


def test_what_was_taken_back_is_not_done_again_by_the_same_key(desk):
    key = uuid4()
    change = place(desk, at(desk, 1, 0), key=key)
    undo(desk, change)
    again = refused(lambda: place(desk, at(desk, 1, 0), key=key), TakenBack)
    assert again.problem == "This was taken back. Check the times, then book again."
    assert not Appointment.objects.live().exists()


def test_no_session_goes_back_to_a_day_that_was_closed_meanwhile(desk):
    desk.book(1, 0)
    change = place(desk, at(desk, 1, 3))
    close_days(
        sites=[desk.site],
        starts_on=desk.day(0),
        ends_on=desk.day(0),
        reason="Burst pipe",
        by=desk.reception,
        at=desk.now,
    )
    said = refused(lambda: undo(desk, change), UndoRefused)
    assert said.problem == "Session 1 cannot go back. Closed: Burst pipe."
    assert desk.place(1).starts_at == desk.moment(3)


def test_undoing_twice_changes_nothing_more(desk):
    change = whole_course(desk)
    undo(desk, change)
    before = everything()
    assert undo(desk, change, after=timedelta(hours=1)).undone_at == desk.now + MINUTE
    assert everything() == before


def test_undo_ends_after_two_minutes(desk):
    change = whole_course(desk)
    late = refused(lambda: undo(desk, change, after=2 * MINUTE + timedelta(seconds=1)), UndoRefused)
    assert late.problem == "It is too late to undo this. Move or cancel the sessions instead."
    undo(desk, change, after=2 * MINUTE)


def test_somebody_else_who_books_may_undo(desk):
    change = whole_course(desk)
    gone = UserFactory(reception=True, is_active=False)
    answer = refused(lambda: undo(desk, change, by=gone), UndoRefused)
    assert answer.problem == "Only somebody who books sessions can undo this."
    undo(desk, change, by=UserFactory(admin=True))


def _move(desk):
    desk.book(8, 118)


def _cancel(desk):
    cancel_appointment(appointment=desk.place(8), reason="CLINIC", by=desk.reception, at=desk.now)


@pytest.mark.parametrize("meddle", [_move, _cancel])
def test_what_has_changed_since_is_not_undone(desk, meddle):
    change = whole_course(desk)
    meddle(desk)
    answer = refused(lambda: undo(desk, change), UndoRefused)
    assert answer.problem == "Session 8 has changed since, so this can no longer be undone."


def test_an_old_place_that_was_given_away_is_not_taken_back(desk):
    desk.book(1, 0)
    change = place(desk, at(desk, 1, 1))
    desk.neighbour().book(1, 0)
    answer = refused(lambda: undo(desk, change), UndoRefused)
    assert answer.problem == "A time was given away meanwhile, so this can no longer be undone."


def test_a_session_booked_since_is_not_brought_too_close(desk):
    desk.book(1, 2)
    change = place(desk, at(desk, 1, 0))
    desk.book(2, 7)
    answer = refused(lambda: undo(desk, change), UndoRefused)
    assert "Session 2 would then be 2 days too early." in answer.problem


def _refuse_writes(table):
    """Let the database refuse every change of `table` for a reason of its own."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TEMP TRIGGER refuser BEFORE UPDATE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'something else'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
                "RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'something else'; "
                "END $body$; "
                f"CREATE TRIGGER refuser BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse()"
            )


def test_another_trouble_of_the_database_is_not_called_a_given_away_time(desk):
    change = whole_course(desk)
    with transaction.atomic():
        _refuse_writes("treatment_sessions_appointment")
        with pytest.raises(IntegrityError, match="something else"):
            undo(desk, change)
        transaction.set_rollback(True)


def test_a_moved_session_of_a_suspended_course_still_goes_back(desk):
    desk.book(1, 0)
    change = place(desk, at(desk, 1, 1))
    suspend_course(course=desk.course, reason="Unwell", by=desk.practitioner, at=desk.now)
    undo(desk, change)
    assert days(desk) == [0]
