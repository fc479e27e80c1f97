"""Delivering a session: its day counts, later windows follow, and it never moves again."""

from datetime import UTC, datetime, time

import pytest

from meso_clinic.core.models import AuditEvent
from sessions.actions.booking import BookingRefused, LateReason
from sessions.actions.delivery import DeliveryRefused
from sessions.actions.status import StatusRefused, cancel_appointment, undo_status
from sessions.models import Appointment, Deviation, TreatmentSession
from tests.sessions.desk import AWAY, Desk
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrived(desk):
    """A desk whose first patient is checked in."""
    desk.book(1, 0)
    desk.arrive(1)
    return desk


def everything():
    """Return all rows that a delivery writes."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Appointment, TreatmentSession, Deviation, TreatmentCourse, AuditEvent)
    ]


def refused(deliver):
    """Return the refusal, and make sure that it left nothing behind."""
    before = everything()
    with pytest.raises(DeliveryRefused) as refusal:
        deliver()
    assert everything() == before
    return refusal.value


def test_a_delivered_session_and_its_place_are_done(arrived):
    arrived.deliver(1, 0)
    session = arrived.session(1)
    assert (session.status, session.delivered_on) == ("DONE", arrived.day(0))
    place = arrived.place(1)
    assert (place.status, place.previous_status) == ("DONE", "")
    assert place.status_since == arrived.moment(0, "18:00")
    assert arrived.course.status == "ACTIVE"


def test_the_day_of_delivery_moves_the_windows_that_follow(arrived):
    assert arrived.window(2) == (7, 7, 10)
    arrived.deliver(1, 2)
    assert arrived.session(1).delivered_on == arrived.day(2)
    assert arrived.window(2) == (9, 9, 12)
    assert arrived.window(3) == (16, 16, 19)


def test_the_first_monthly_window_opens_from_the_last_initial_session():
    desk = Desk(total_sessions=3, initial_sessions=1)
    desk.give(1, 0)
    # From 26 November: 28 to 35 days, and due on 26 December.
    assert desk.window(2) == (28, 30, 35)
    desk.give(2, 29)
    assert desk.window(3) == (57, 60, 64)


def test_a_done_session_keeps_the_window_it_was_delivered_in(desk):
    desk.give(1, 0)
    desk.give(2, 9)
    assert desk.window(2) == (7, 7, 10)


def test_a_delivery_entered_the_next_morning_counts_on_its_own_day(arrived):
    arrived.deliver(1, 0, at=arrived.moment(1, "8:00"))
    assert arrived.window(2) == (7, 7, 10)


def test_a_booked_session_after_a_late_delivery_stays_and_shows_as_early(arrived):
    place = arrived.book(2, 7)
    arrived.deliver(1, 2)
    assert arrived.place(2).starts_at == place.starts_at
    assert arrived.window(2) == (9, 9, 12)


def test_delivery_writes_no_line_of_its_own(arrived, audited):
    # It is one part of signing a record, and that is what the audit trail names.
    lines = audited()
    arrived.deliver(1, 0)
    assert audited() == lines


# The day


def test_a_session_too_early_is_refused(arrived):
    arrived.book(2, 7)
    arrived.deliver(1, 2)
    arrived.arrive(2)
    refusal = refused(lambda: arrived.deliver(2, 8))
    assert refusal.problem == "Session 2 would be 1 day too early."
    assert not refusal.needs_reason


def test_a_late_session_asks_for_a_reason(desk):
    desk.give(1, 0)
    desk.book(2, 10)
    desk.arrive(2)
    refusal = refused(lambda: desk.deliver(2, 12))
    assert refusal.problem == "Session 2 is 2 days late. Choose a reason and say why."
    assert refusal.needs_reason


@pytest.mark.parametrize("reason", [LateReason("TRAVEL", ""), LateReason("", "Words.")])
def test_an_incomplete_reason_is_no_reason(desk, reason):
    desk.give(1, 0)
    desk.book(2, 10)
    desk.arrive(2)
    assert refused(lambda: desk.deliver(2, 12, late_reason=reason)).needs_reason


def test_a_late_session_with_a_reason_keeps_it(desk):
    desk.give(1, 0)
    desk.book(2, 10)
    desk.arrive(2)
    desk.deliver(2, 12, late_reason=AWAY)
    kept = Deviation.objects.get()
    assert (kept.session, kept.days_late, kept.reason) == (desk.session(2), 2, "TRAVEL")
    assert (kept.by, kept.at) == (desk.practitioner, desk.moment(12, "18:00"))
    assert desk.window(3) == (19, 19, 22)


def test_a_session_that_was_booked_late_has_its_reason_already(desk):
    desk.give(1, 0)
    desk.book(2, 12, by=desk.practitioner, late_reason=AWAY)
    desk.arrive(2)
    desk.deliver(2, 12)
    assert Deviation.objects.count() == 1


def test_the_day_cannot_be_in_the_future(arrived):
    refusal = refused(lambda: arrived.deliver(1, 1, at=arrived.moment(0, "18:00")))
    assert refusal.problem == "The day of the session cannot be in the future."


def test_today_is_the_day_of_the_site():
    desk = Desk(site__timezone="America/New_York", hours=(time(9), time(22)))
    desk.book(1, 0, "19:30")
    desk.arrive(1)
    evening = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    refused(lambda: desk.deliver(1, 1, at=evening))
    desk.deliver(1, 0, at=evening)
    assert desk.window(2) == (7, 7, 10)


# The order


def test_a_session_without_a_place_is_not_delivered(desk):
    assert refused(lambda: desk.deliver(1, 0)).problem == (
        "This session has no appointment. Book it first."
    )


def test_a_cancelled_place_is_none(arrived):
    cancel_appointment(
        appointment=arrived.place(1), reason="UNWELL", by=arrived.reception, at=arrived.now
    )
    assert "no appointment" in refused(lambda: arrived.deliver(1, 0)).problem


def test_a_patient_is_checked_in_first(desk):
    desk.book(1, 0)
    assert refused(lambda: desk.deliver(1, 0)).problem == (
        "Session 1 is “booked”. Check the patient in first."
    )


def test_sessions_are_delivered_in_their_order(desk):
    desk.book(1, 0)
    desk.book(2, 7)
    desk.arrive(2)
    assert refused(lambda: desk.deliver(2, 7)).problem == (
        "Session 1 comes first and is not finished."
    )


def test_a_session_is_delivered_once(arrived):
    arrived.deliver(1, 0)
    assert refused(lambda: arrived.deliver(1, 0)).problem == (
        "Session 1 is “done”. Check the patient in first."
    )


def test_a_skipped_session_does_not_hold_the_next_one_up(desk):
    desk.give(1, 0)
    desk.course.sessions.filter(number=2).update(status="SKIPPED")
    desk.give(3, 7)
    assert desk.statuses()[:3] == ["DONE", "SKIPPED", "DONE"]


def test_a_course_that_stopped_takes_no_delivery(arrived):
    session = arrived.session(1)
    assert session.course.is_active
    TreatmentCourse.objects.filter(pk=arrived.course.pk).update(
        status="SUSPENDED", status_reason="Unwell"
    )
    refusal = refused(lambda: arrived.deliver(1, 0, session=session))
    assert refusal.problem == "This course is suspended, so no session of it can be signed."


# The end of the course


def test_the_last_session_completes_the_course(audited):
    desk = Desk(total_sessions=3, initial_sessions=3)
    for number, after in ((1, 0), (2, 8), (3, 15)):
        assert TreatmentCourse.objects.get().status == "ACTIVE"
        desk.give(number, after)
    course = TreatmentCourse.objects.get()
    assert (course.status, course.ended_at) == ("COMPLETED", desk.moment(15, "18:00"))
    assert desk.statuses() == ["DONE"] * 3
    assert audited()[-1] == "course.completed"
    assert audited().count("course.completed") == 1


def test_a_skipped_last_session_does_not_keep_the_course_open():
    desk = Desk(total_sessions=3, initial_sessions=3)
    desk.course.sessions.filter(number=3).update(status="SKIPPED")
    desk.give(1, 0)
    desk.give(2, 7)
    assert TreatmentCourse.objects.get().status == "COMPLETED"


# Done is done


def test_a_done_session_is_neither_moved_nor_cancelled_nor_undone(arrived):
    arrived.deliver(1, 0)
    place = arrived.place(1)
    with pytest.raises(BookingRefused, match="Session 1 has begun, so it cannot be moved"):
        arrived.book(1, 3)
    with pytest.raises(StatusRefused, match="already “done”"):
        cancel_appointment(appointment=place, reason="CLINIC", by=arrived.reception, at=arrived.now)
    with pytest.raises(StatusRefused, match="can no longer be undone"):
        undo_status(appointment=place, by=arrived.reception, at=arrived.moment(0, "18:01"))
    assert (arrived.session(1).status, arrived.place(1).status) == ("DONE", "DONE")
