"""Acts over many sessions: booked or moved whole, done once, refused with names."""

from datetime import time
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions.actions.booking import BookingRefused, LateReasonMissing, SlotTaken
from sessions.models import Appointment
from tests.factories.clinic import ClosureFactory, RoomFactory, works_every_day
from tests.factories.core import UserFactory
from tests.sessions.acts import DAYS, at, days, everything, place, refused, whole_course
from tests.sessions.desk import Desk
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db


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
