"""The day's clicks and their Undo."""

from datetime import timedelta

import pytest

from meso_clinic.core.models import AuditEvent
from sessions.actions import stopping
from sessions.actions.status import (
    StatusRefused,
    cancel_appointment,
    check_in,
    mark_no_show,
    mark_of,
    start_appointment,
    undo_status,
)
from sessions.models import Appointment, TreatmentSession
from tests.factories.sessions import AppointmentFactory
from tests.sessions.desk import AWAY
from treatments.actions.courses import CourseRefused
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(desk):
    return desk.book(1, 0)


@pytest.fixture
def do(desk):
    """Call an action on a place as the desk does, at 10:05 unless told otherwise."""

    def call(action, place, clock="10:05", after=0, **more):
        if action is cancel_appointment:
            more = {"reason": "PATIENT", **more}
        # Reception starts no treatment, so it takes no start back.
        by = desk.practitioner if action is undo_status else desk.reception
        more = {"by": by, **more}
        return action(appointment=place, at=desk.moment(after, clock), **more)

    return call


def state(place):
    row = Appointment.objects.select_related("session").get(pk=place.pk)
    return row.status, row.previous_status, row.session and row.session.status


def everything():
    """Return all rows that a click writes."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Appointment, TreatmentSession, AuditEvent)
    ]


def refused(call):
    """Return why `call` was refused, and make sure that it left nothing behind."""
    before = everything()
    with pytest.raises(StatusRefused) as refusal:
        call()
    assert everything() == before
    return refusal.value.problem


# The clicks


def test_a_visit_from_booking_to_treatment(desk, place, do, audited):
    do(check_in, place)
    assert state(place) == ("ARRIVED", "BOOKED", "ARRIVED")
    do(start_appointment, place, "10:12")
    assert state(place) == ("IN_TREATMENT", "ARRIVED", "IN_TREATMENT")
    kept = Appointment.objects.get(pk=place.pk)
    assert kept.status_since == desk.moment(0, "10:12")
    assert audited() == ["session.booked", *["appointment.status_changed"] * 2]


def test_a_no_show_ends_the_place_and_leaves_the_session_to_book(place, do):
    do(mark_no_show, place)
    assert state(place) == ("NO_SHOW", "BOOKED", "PLANNED")


def test_cancelling_keeps_the_reason_and_leaves_the_session_to_book(place, do):
    do(cancel_appointment, place, "9:00", reason="UNWELL", words="Has a cold.")
    kept = Appointment.objects.get(pk=place.pk)
    assert (kept.cancel_reason, kept.cancel_words) == ("UNWELL", "Has a cold.")
    assert state(place) == ("CANCELLED", "BOOKED", "PLANNED")


def test_somebody_who_waits_may_still_be_cancelled(place, do):
    do(check_in, place)
    do(cancel_appointment, place)
    assert state(place) == ("CANCELLED", "ARRIVED", "PLANNED")


@pytest.mark.parametrize("end", [mark_no_show, cancel_appointment])
def test_a_place_that_ends_gives_the_windows_back(desk, place, do, end):
    do(end, desk.book(1, 5), after=5)
    assert desk.window(2) == (7, 7, 10)


def test_a_consultation_has_a_day_of_its_own(desk, do):
    visit = AppointmentFactory(consultation=True, of=desk.session(1))
    do(check_in, visit)
    do(start_appointment, visit)
    assert state(visit) == ("IN_TREATMENT", "ARRIVED", None)
    do(undo_status, visit)
    assert state(visit) == ("ARRIVED", "BOOKED", None)


def test_an_old_page_does_not_overwrite_what_happened_since(place, do):
    stale = Appointment.objects.get(pk=place.pk)
    do(cancel_appointment, place, "9:00")
    problem = refused(lambda: do(check_in, stale))
    assert problem == ("This appointment is already “cancelled”. Load the page again to see it.")


@pytest.mark.parametrize(
    ("steps", "action"),
    [
        ([], start_appointment),
        ([check_in], check_in),
        ([check_in], mark_no_show),
        ([check_in, start_appointment], cancel_appointment),
        ([check_in, start_appointment], check_in),
        ([mark_no_show], check_in),
        ([mark_no_show], cancel_appointment),
        ([cancel_appointment], check_in),
        ([cancel_appointment], mark_no_show),
    ],
)
def test_what_the_table_does_not_know_is_refused(place, do, audited, steps, action):
    for step in steps:
        do(step, place)
    lines = audited()
    assert "is already" in refused(lambda: do(action, place))
    assert audited() == lines


def test_a_no_show_is_refused_before_its_time(place, do):
    problem = refused(lambda: do(mark_no_show, place, "9:59"))
    assert problem == "It is not time yet. Cancel the appointment instead."
    do(mark_no_show, place, "10:00")


@pytest.mark.parametrize("reason", ["", "BORED"])
def test_cancelling_needs_a_known_reason(place, do, reason):
    problem = refused(lambda: do(cancel_appointment, place, reason=reason))
    assert problem == "Choose why the appointment is cancelled."


# Undo


@pytest.mark.parametrize("action", [check_in, mark_no_show, cancel_appointment])
def test_each_click_on_a_booked_place_is_taken_back(desk, place, do, audited, action):
    do(action, place)
    do(undo_status, place, "10:30")
    assert state(place) == ("BOOKED", "", "BOOKED")
    kept = Appointment.objects.get(pk=place.pk)
    assert (kept.cancel_reason, kept.cancel_words) == ("", "")
    assert kept.status_since == desk.moment(0, "10:30")
    assert audited()[-2:] == ["appointment.status_changed", "appointment.status_undone"]


@pytest.mark.parametrize("action", [start_appointment, cancel_appointment])
def test_each_click_on_somebody_who_waits_is_taken_back(place, do, action):
    do(check_in, place)
    do(action, place)
    do(undo_status, place)
    assert state(place) == ("ARRIVED", "BOOKED", "ARRIVED")


def test_only_the_last_click_is_taken_back(place, do):
    do(check_in, place)
    do(undo_status, place)
    assert refused(lambda: do(undo_status, place)) == "This can no longer be undone."


def test_undo_ends_the_next_morning(place, do):
    do(mark_no_show, place, "10:30")
    problem = refused(lambda: do(undo_status, place, "8:00", after=1))
    assert problem == "This can no longer be undone."


def test_undoing_a_cancellation_brings_the_windows_back(desk, place, do):
    place = desk.book(1, 5)
    do(cancel_appointment, place)
    assert desk.window(2) == (7, 7, 10)
    do(undo_status, place)
    assert desk.window(2) == (12, 12, 15)


def test_a_time_that_was_given_away_is_not_taken_back(desk, place, do):
    do(cancel_appointment, place, "9:00")
    desk.neighbour().book(1, 0, at=desk.moment(0, "9:05"))
    problem = refused(lambda: do(undo_status, place, "9:10"))
    assert problem == "The time was given away meanwhile. Book a new one."
    assert state(place) == ("CANCELLED", "BOOKED", "PLANNED")


def test_a_session_that_was_booked_anew_keeps_its_new_time(desk, place, do):
    do(cancel_appointment, place, "9:00")
    again = desk.book(1, 1, at=desk.moment(0, "9:05"))
    problem = refused(lambda: do(undo_status, place, "9:10"))
    assert problem == "This session has a new time already."
    assert desk.place(1) == again


def test_a_chain_that_moved_on_keeps_an_old_place_from_coming_back(desk, place, do):
    second = desk.book(2, 7)
    do(cancel_appointment, second, "9:00")
    desk.book(1, 2)
    problem = refused(lambda: do(undo_status, second, "9:10"))
    assert problem == ("Session 2 would be 2 days too early. Its window opens on Sat 5 Dec 2026.")


def test_a_place_whose_predecessor_is_gone_does_not_come_back(desk, place, do):
    second = desk.book(2, 7)
    do(cancel_appointment, second, "9:00")
    do(cancel_appointment, place, "9:00")
    problem = refused(lambda: do(undo_status, second, "9:10"))
    assert problem == "Book session 1 first: it opens this window."


def test_a_late_place_comes_back_with_the_reason_it_had(desk, place, do):
    late = desk.book(2, 12, by=desk.practitioner, late_reason=AWAY)
    do(cancel_appointment, late, "9:00")
    do(undo_status, late, "9:10")
    assert state(late) == ("BOOKED", "", "BOOKED")


def test_a_place_that_became_late_does_not_come_back_without_a_reason(desk, place, do):
    desk.book(1, 5)
    second = desk.book(2, 15)
    do(cancel_appointment, second, "9:00")
    desk.book(1, 0)
    problem = refused(lambda: do(undo_status, second, "9:10"))
    assert "Session 2 would be 5 days late" in problem


def test_a_place_of_a_course_that_stopped_does_not_come_back(desk, place, do):
    do(cancel_appointment, place, "9:00")
    TreatmentCourse.objects.filter(pk=desk.course.pk).update(
        status="SUSPENDED", status_reason="Unwell"
    )
    problem = refused(lambda: do(undo_status, place, "9:10"))
    assert problem == "This course is suspended, so its sessions cannot be booked."


def test_a_consultation_that_was_cancelled_comes_back(desk, do):
    visit = AppointmentFactory(consultation=True, of=desk.session(1))
    do(cancel_appointment, visit)
    do(undo_status, visit)
    assert state(visit) == ("BOOKED", "", None)


def test_what_was_undone_may_happen_again(desk, place, do):
    do(check_in, place)
    do(undo_status, place)
    do(mark_no_show, place, "10:30")
    assert state(place) == ("NO_SHOW", "BOOKED", "PLANNED")
    again = desk.book(1, 1, at=place.starts_at + timedelta(minutes=45))
    assert state(again) == ("BOOKED", "", "BOOKED")


def test_nobody_is_checked_in_before_the_day(desk):
    place = desk.book(1, 2)
    with pytest.raises(StatusRefused, match="This appointment is on Sat 28 Nov 2026"):
        check_in(appointment=place, by=desk.reception, at=desk.moment(0))


def test_every_click_of_a_visit_is_taken_back_one_by_one(desk):
    place = desk.book(1, 0)
    arrived, started = desk.moment(0, "9:55"), desk.moment(0, "10:05")
    check_in(appointment=place, by=desk.reception, at=arrived)
    start_appointment(appointment=place, by=desk.practitioner, at=started)
    undo_status(appointment=place, by=desk.practitioner, at=started)
    place.refresh_from_db()
    assert (place.status, place.arrived_at) == ("ARRIVED", arrived)
    undo_status(appointment=place, by=desk.reception, at=started)
    place.refresh_from_db()
    assert (place.status, place.arrived_at) == ("BOOKED", None)


def test_a_course_that_does_not_run_is_not_treated(desk):
    place = desk.book(1, 0)
    stopping.suspend_course(
        course=desk.course, reason="Cold sore", by=desk.practitioner, at=desk.now
    )
    with pytest.raises(StatusRefused, match="This course is suspended"):
        check_in(appointment=place, by=desk.reception, at=desk.moment(0))


def test_stopping_a_course_gives_its_booked_times_back(desk):
    desk.book(1, 0)
    second = desk.book(2, 7)
    stopping.stop_course(course=desk.course, reason="Moves", by=desk.practitioner, at=desk.now)
    second.refresh_from_db()
    assert (second.status, second.cancel_words) == ("CANCELLED", "The course was stopped.")
    assert not desk.course.sessions.filter(appointments__status="BOOKED").exists()


@pytest.mark.parametrize("stop", [stopping.stop_course, stopping.suspend_course])
def test_a_course_is_not_stopped_while_its_patient_is_here(desk, stop):
    desk.book(1, 0)
    desk.arrive(1)
    with pytest.raises(CourseRefused, match="Session 1 is under way"):
        stop(course=desk.course, reason="Moves", by=desk.practitioner, at=desk.moment(0))
    desk.course.refresh_from_db()
    assert desk.course.is_active


def test_undo_takes_back_the_change_that_was_seen_and_no_other(desk, place, do):
    seen = mark_of(do(check_in, place))
    later = mark_of(do(start_appointment, place))
    problem = refused(lambda: do(undo_status, place, seen=seen))
    assert problem == "Nothing was undone: this appointment is “in treatment” now."
    do(undo_status, place, seen=later)
    problem = refused(lambda: do(undo_status, place, seen=later))
    assert problem == "Nothing was undone: this appointment is “waiting” now."


def test_reception_does_not_take_a_start_back(desk, place, do):
    do(check_in, place)
    do(start_appointment, place)
    problem = refused(lambda: do(undo_status, place, by=desk.reception))
    assert problem == "Only a clinician can undo the start of a treatment."
