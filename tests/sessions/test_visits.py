"""Consultations and reviews: booked and moved by the rules of the calendar, and taken back."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.actions import close_days
from sessions.actions.booking import BookingRefused, MovedMeanwhile, SlotTaken, TakenBack
from sessions.actions.status import (
    StatusRefused,
    cancel_appointment,
    check_in,
    finish_visit,
    start_appointment,
    undo_status,
)
from sessions.actions.undoing import UndoRefused, undo_change
from sessions.actions.visits import book_visit, move_visit
from sessions.models import Appointment, ScheduleChange
from sessions.selectors.asking import Place
from sessions.selectors.checking import find_violations
from tests.factories.clinic import RoomFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import IndicationFactory
from tests.sessions.acts import MINUTE, refused
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db


def book(desk, after=0, clock="10:00", **changes):
    return book_visit(
        **{
            "kind": "CONSULTATION",
            "patient": desk.course.patient,
            "practitioner": desk.practitioner,
            "room": desk.room,
            "starts_at": desk.moment(after, clock),
            "minutes": 30,
            "key": uuid4(),
            "by": desk.reception,
            "at": desk.now,
            **changes,
        }
    )


def move(desk, appointment, after=0, clock="11:00", **changes):
    return move_visit(
        **{
            "appointment": appointment,
            "practitioner": desk.practitioner,
            "room": desk.room,
            "starts_at": desk.moment(after, clock),
            "key": uuid4(),
            "by": desk.reception,
            "at": desk.now,
            **changes,
        }
    )


def visit(desk, *args, **changes):
    return book(desk, *args, **changes).lines.get().appointment


def clean(desk):
    return list(find_violations(desk.now, Counter())) == []


def test_a_consultation_is_booked_without_a_session(desk, audited):
    change = book(desk)
    line = change.lines.get()
    held = line.appointment
    assert (change.kind, line.was_starts_at) == ("BOOKED", None)
    assert (held.kind, held.session, held.status) == ("CONSULTATION", None, "BOOKED")
    assert (held.starts_at, held.ends_at) == (desk.moment(0), desk.moment(0, "10:30"))
    assert (held.held_from, held.held_until) == (held.starts_at, held.ends_at)
    assert (held.patient, held.booked_by) == (desk.course.patient, desk.reception)
    assert audited() == ["visit.booked"]
    assert clean(desk)


def test_a_review_is_moved_and_keeps_its_length(desk, audited):
    held = visit(desk, kind="REVIEW", minutes=15)
    change = move(desk, held, 3, "11:00", reason="PATIENT")
    held.refresh_from_db()
    assert (held.starts_at, held.ends_at) == (desk.moment(3, "11:00"), desk.moment(3, "11:15"))
    line = change.lines.get()
    assert (change.kind, change.reason) == ("MOVED", "PATIENT")
    assert (line.was_starts_at, line.was_room) == (desk.moment(0), desk.room)
    assert audited() == ["visit.booked", "visit.moved"]
    assert clean(desk)


def test_the_same_key_books_once_and_moves_once(desk):
    key, other = uuid4(), uuid4()
    assert book(desk, key=key) == book(desk, 1, key=key)
    held = Appointment.objects.get()
    assert move(desk, held, 1, key=other) == move(desk, held, 2, key=other)
    held.refresh_from_db()
    assert held.starts_at == desk.moment(1, "11:00")
    assert ScheduleChange.objects.count() == 2


def test_a_move_to_the_place_it_has_changes_nothing(desk, audited):
    held = visit(desk)
    change = move(desk, held, 0, "10:00")
    assert not change.lines.exists()
    assert audited() == ["visit.booked"]


@pytest.mark.parametrize("kind", ["SESSION", "", "PARTY"])
def test_what_is_no_visit_is_not_booked_as_one(desk, kind):
    said = refused(lambda: book(desk, kind=kind))
    assert said.problem == "Choose what the appointment is for."


@pytest.mark.parametrize("minutes", [0, -5, 7, 245])
def test_a_length_off_the_grid_is_refused(desk, minutes):
    said = refused(lambda: book(desk, minutes=minutes))
    assert said.problem == "Choose a length from 5 to 240 minutes, in steps of 5."


def test_hours_rooms_and_the_clock_are_checked(desk):
    def says(**changes):
        return refused(lambda: book(desk, **changes)).problem

    name = desk.practitioner.display_name
    assert says(starts_at=desk.moment(0, "16:45")) == (
        f"{name} does not work then. Choose another time."
    )
    assert says(starts_at=desk.moment(0, "10:03")) == "Times are on the 5 minutes, like 10:05."
    assert says(starts_at=desk.moment(-1)) == "This time has passed. Choose a later one."
    gone = RoomFactory(site=desk.site, is_active=False)
    assert says(room=gone) == f"{gone} is not set up for this. Choose another room."
    nobody = UserFactory(reception=True)
    assert "gives no sessions any more" in says(practitioner=nobody)
    close_days(
        sites=[desk.site],
        starts_on=desk.day(0),
        ends_on=desk.day(0),
        reason="Burst pipe",
        by=desk.reception,
        at=desk.now,
    )
    assert says() == f"{desk.site} is closed on that day: Burst pipe. Choose another day."


def test_a_room_set_up_for_an_indication_suits_a_talk(desk):
    desk.room.indications.add(IndicationFactory())
    assert visit(desk).room == desk.room


def test_a_taken_time_is_answered_with_the_next_free_one(desk):
    desk.book(1, 0)
    said = refused(lambda: book(desk, 0, "10:20", patient=PatientFactory()), SlotTaken)
    assert said.problem == "10:20 was taken a moment ago. Next free: 10:50."
    assert said.session is None
    assert said.next_free.ends_at - said.next_free.starts_at == timedelta(minutes=30)


def test_the_patient_is_not_in_two_places(desk):
    desk.book(1, 0)
    other = UserFactory(clinician=True)
    works_every_day(other, desk.site)
    room = RoomFactory(site=desk.site)
    refused(lambda: book(desk, 0, "10:45", practitioner=other, room=room), SlotTaken)
    assert visit(desk, 0, "10:50", practitioner=other, room=room).status == "BOOKED"


def test_the_buffers_of_a_session_are_heeded(desk):
    desk.course.buffer_after_minutes = 10
    desk.course.save(update_fields=["buffer_after_minutes"])
    desk.book(1, 0)
    said = refused(lambda: book(desk, 0, "10:50", patient=PatientFactory()), SlotTaken)
    assert said.problem == "10:50 was taken a moment ago. Next free: 11:00."


def test_a_session_meets_a_consultation(desk):
    visit(desk, 0, "10:30", patient=PatientFactory())
    said = refused(lambda: desk.book(1, 0), SlotTaken)
    assert said.problem == "10:00 was taken a moment ago. Next free: 11:00."


def test_sessions_do_not_move_as_visits(desk):
    held = desk.book(1, 0)
    said = refused(lambda: move(desk, held))
    assert said.problem == "A session moves with its course. Use “Move session”."


def test_what_has_begun_or_ended_does_not_move(desk):
    held = visit(desk)
    check_in(appointment=held, by=desk.reception, at=desk.moment(0))
    said = refused(lambda: move(desk, held))
    assert said.problem == "This appointment is “waiting”, so it cannot be moved."


def test_an_unknown_reason_is_refused(desk):
    held = visit(desk)
    refused(lambda: move(desk, held, reason="BORED"))


def test_a_booking_is_taken_back(desk, audited):
    key = uuid4()
    change = book(desk, key=key)
    undo_change(change=change, by=desk.reception, at=desk.now + MINUTE)
    held = Appointment.objects.get()
    assert (held.status, held.cancel_reason) == ("CANCELLED", "UNDONE")
    assert audited() == ["visit.booked", "visit.booking_undone"]
    refused(lambda: book(desk, key=key), TakenBack)
    assert visit(desk).status == "BOOKED"


def test_a_move_is_taken_back(desk, audited):
    held = visit(desk, minutes=45)
    change = move(desk, held, 2, "12:00")
    undo_change(change=change, by=desk.reception, at=desk.now + MINUTE)
    held.refresh_from_db()
    assert (held.starts_at, held.minutes) == (desk.moment(0), 45)
    assert audited()[-1] == "visit.move_undone"
    assert clean(desk)


def test_what_changed_since_is_not_taken_back(desk):
    change = book(desk)
    held = change.lines.get().appointment
    cancel_appointment(appointment=held, reason="CLINIC", by=desk.reception, at=desk.now)
    said = refused(
        lambda: undo_change(change=change, by=desk.reception, at=desk.now + MINUTE), UndoRefused
    )
    assert said.problem == "The appointment has changed since, so this can no longer be undone."


def test_nothing_goes_back_to_a_day_closed_meanwhile(desk):
    change = move(desk, visit(desk), 2)
    close_days(
        sites=[desk.site],
        starts_on=desk.day(0),
        ends_on=desk.day(0),
        reason="Burst pipe",
        by=desk.reception,
        at=desk.now,
    )
    said = refused(
        lambda: undo_change(change=change, by=desk.reception, at=desk.now + MINUTE), UndoRefused
    )
    assert said.problem == "The appointment cannot go back. Closed: Burst pipe."


def test_a_visit_is_finished_by_a_click_and_that_is_taken_back(desk, audited):
    held = visit(desk)
    check_in(appointment=held, by=desk.reception, at=desk.moment(0))
    start_appointment(appointment=held, by=desk.practitioner, at=desk.moment(0))
    finish_visit(appointment=held, by=desk.practitioner, at=desk.moment(0, "10:20"))
    held.refresh_from_db()
    assert (held.status, held.previous_status) == ("DONE", "IN_TREATMENT")
    undo_status(appointment=held, by=desk.reception, at=desk.moment(0, "10:21"))
    held.refresh_from_db()
    assert held.status == "IN_TREATMENT"
    assert audited()[1:] == ["appointment.status_changed"] * 3 + ["appointment.status_undone"]
    assert clean(desk)


def test_a_visit_needs_no_start_to_be_done(desk):
    held = visit(desk)
    with pytest.raises(StatusRefused):
        finish_visit(appointment=held, by=desk.reception, at=desk.moment(0))
    check_in(appointment=held, by=desk.reception, at=desk.moment(0))
    finish_visit(appointment=held, by=desk.reception, at=desk.moment(0, "10:20"))
    held.refresh_from_db()
    assert held.status == "DONE"


def test_a_session_is_finished_by_its_record_only(desk):
    desk.book(1, 0)
    desk.arrive(1)
    with pytest.raises(StatusRefused, match="signing its record"):
        finish_visit(appointment=desk.place(1), by=desk.practitioner, at=desk.moment(0))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["book", "move", "cancel", "session"]),
            st.integers(0, 3),
            st.integers(0, 23),
            st.integers(1, 12),
            st.booleans(),
        ),
        max_size=14,
    )
)
def test_whatever_is_booked_and_moved_the_schedule_is_clean(db, acts):
    """Nobody is in two places, and a visit stays as long as it was booked."""
    with transaction.atomic():
        _live(acts)
        transaction.set_rollback(True)


def _live(acts):
    desk = Desk(total_sessions=3, initial_sessions=3)
    people, lengths = [desk.course.patient, PatientFactory()], {}
    for what, day, step, fives, second in acts:
        clock = f"{9 + step // 6}:{step % 6 * 10:02}"
        booked = Appointment.objects.filter(status="BOOKED", session=None).order_by("pk")
        held = booked[fives % 3 :].first()
        try:
            if what == "book":
                made = visit(desk, day, clock, minutes=5 * fives, patient=people[second])
                lengths[made.pk] = 5 * fives
            elif what == "session":
                desk.book(1, day, clock)
            elif held and what == "move":
                move(desk, held, day, clock)
            elif held:
                cancel_appointment(
                    appointment=held, reason="PATIENT", by=desk.reception, at=desk.now
                )
        except BookingRefused:
            continue
    assert clean(desk)
    assert {made.pk: made.minutes for made in Appointment.objects.filter(session=None)} == lengths


def test_a_visit_moved_meanwhile_stays_there(desk):
    held = visit(desk)
    was = Place(held.starts_at, held.practitioner, held.room).value
    move(desk, held, 3)
    with pytest.raises(MovedMeanwhile, match=r"This appointment was moved to Sun 29 Nov, 11:00"):
        move(desk, held, 1, was=was)
    move(desk, held, 3, was=was)
    held.refresh_from_db()
    assert held.starts_at == desk.moment(3, "11:00")
