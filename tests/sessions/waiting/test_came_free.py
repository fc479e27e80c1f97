"""What came free, and who would take it."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import Closure
from sessions.actions.status import cancel_appointment, undo_status
from sessions.actions.undoing import undo_change
from sessions.actions.visits import book_visit, move_visit
from sessions.actions.waiting import Wish, add_visit
from sessions.domain.waiting import Asks
from sessions.models import Appointment, ScheduleChange
from sessions.selectors.waiting.lists import read_came_free
from sessions.selectors.waiting.rows import sessions_to_wait_for
from tests.factories.clinic import ClosureFactory, RoomFactory, ShiftFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db


def number(desk):
    return desk.course.patient.record_number


def cancel(desk, session=2, at=None, **changes):
    return cancel_appointment(
        **{
            "appointment": desk.place(session),
            "reason": "PATIENT",
            "by": desk.reception,
            "at": at or desk.now,
            **changes,
        }
    )


def fill(waits, after, *clocks):
    """Book the practitioner's times on a day with other patients."""
    made = []
    for clock in clocks:
        other = waits.desk.neighbour(first_on=waits.desk.day(after))
        other.book(1, 0, clock, at=waits.desk.now)
        made.append(other)
    return made


@pytest.fixture
def mina(waits, desk):
    """Somebody who has day 8 at 15:00 and would come earlier, from day 7 on."""
    waits.started(desk)
    desk.now = desk.moment(1, "8:00")
    waits.add(desk)
    return desk


def test_nothing_is_read_when_nobody_waits(desk, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert read_came_free(desk.site, desk.now) == ()


def test_little_is_read_when_nothing_came_free(mina, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert read_came_free(mina.site, mina.now + timedelta(days=2)) == ()


def test_a_cancelled_time_is_offered_to_those_whose_window_holds_it(waits, mina):
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    assert waits.free() == [("03 10:00", mina.practitioner.pk, [number(mina)])]
    (match,) = waits.read().came_free[0].matches
    assert match.is_one_click
    assert match.place.starts_at == mina.moment(7)
    assert match.place.room == mina.room


@pytest.mark.parametrize("after", [6, 9])
def test_a_time_outside_the_window_or_no_earlier_is_offered_to_nobody(waits, mina, after):
    (gone,) = fill(waits, after, "10:00")
    cancel(gone, 1, at=mina.now)
    assert waits.free() == []


def test_undoing_the_cancellation_takes_the_news_back(waits, mina):
    (gone,) = fill(waits, 7, "10:00")
    ended = cancel(gone, 1, at=mina.now)
    undo_status(appointment=ended, by=mina.reception, at=mina.now)
    assert waits.free() == []


def test_a_time_that_was_given_away_again_is_gone(waits, mina):
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    fill(waits, 7, "10:00")
    assert waits.free() == []


def test_news_are_a_day_old_at_most_and_never_of_a_time_that_has_passed(waits, mina):
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    assert waits.free(mina.now + timedelta(hours=23))
    assert waits.free(mina.now + timedelta(hours=25)) == []


def test_the_rest_of_a_time_that_runs_already_is_too_short(waits, mina):
    fill(waits, 7, "10:50")
    (gone,) = fill(waits, 7, "10:00")
    now = mina.moment(7, "10:20")
    cancel(gone, 1, at=now)
    assert waits.free(now) == []


def test_a_move_leaves_its_old_time_and_an_undone_one_its_new_one(waits, mina):
    (other,) = fill(waits, 7, "10:00")
    other.book(1, 2, "11:00", at=mina.now)
    assert waits.free() == [("03 10:00", mina.practitioner.pk, [number(mina)])]
    change = ScheduleChange.objects.latest("pk")
    undo_change(change=change, by=mina.reception, at=mina.now)
    assert waits.free() == []
    other.book(1, 0, "12:00", at=mina.now)
    undo_change(change=ScheduleChange.objects.latest("pk"), by=mina.reception, at=mina.now)
    assert waits.free() == [("03 12:00", mina.practitioner.pk, [number(mina)])]


def test_a_change_of_room_alone_frees_nobodys_time(waits, mina):
    (other,) = fill(waits, 7, "10:00")
    other.book(1, 0, "10:00", room=RoomFactory(site=mina.site), at=mina.now)
    assert waits.free() == []


def test_a_move_at_another_site_is_no_news_here(waits, mina):
    room = RoomFactory()
    works_every_day(mina.practitioner, room.site, time(17), time(20))
    (other,) = fill(waits, 7, "10:00")
    other.book(1, 0, "18:00", room=room, at=mina.now)
    other.book(1, 0, "19:00", room=room, at=mina.now)
    assert [when for when, _who, _takers in waits.free()] == ["03 10:00"]


def test_an_undone_booking_is_a_time_that_came_free(waits, mina):
    fill(waits, 7, "10:00")
    undo_change(change=ScheduleChange.objects.latest("pk"), by=mina.reception, at=mina.now)
    assert [when for when, _who, _takers in waits.free()] == ["03 10:00"]


def test_a_moved_consultation_frees_its_time_as_well(waits, mina):
    change = book_visit(
        kind="CONSULTATION",
        patient=PatientFactory(),
        practitioner=mina.practitioner,
        room=mina.room,
        starts_at=mina.moment(7, "10:00"),
        minutes=60,
        key=uuid4(),
        by=mina.reception,
        at=mina.now,
    )
    move_visit(
        appointment=change.lines.get().appointment,
        practitioner=mina.practitioner,
        room=mina.room,
        starts_at=mina.moment(9, "10:00"),
        key=uuid4(),
        by=mina.reception,
        at=mina.now,
    )
    assert [when for when, _who, _takers in waits.free()] == ["03 10:00"]


def test_touching_times_of_one_person_are_told_once(waits, mina):
    for gone in fill(waits, 7, "10:00", "10:50"):
        cancel(gone, 1, at=mina.now)
    assert waits.free() == [("03 10:00", mina.practitioner.pk, [number(mina)])]


def test_a_gap_that_is_too_short_grows_with_the_free_time_beside_it(waits, mina):
    # The consultation of half an hour leaves room for 50 minutes, with what was free before it.
    fill(waits, 7, "10:30")
    change = book_visit(
        kind="CONSULTATION",
        patient=PatientFactory(),
        practitioner=mina.practitioner,
        room=mina.room,
        starts_at=mina.moment(7, "10:00"),
        minutes=30,
        key=uuid4(),
        by=mina.reception,
        at=mina.now,
    )
    cancel_appointment(
        appointment=change.lines.get().appointment,
        reason="PATIENT",
        by=mina.reception,
        at=mina.now,
    )
    (free,) = waits.read().came_free
    assert free.starts_at == mina.moment(7, "10:00")
    assert free.matches[0].place.starts_at == mina.moment(7, "9:40")


def test_wishes_choose_among_the_times(waits, mina):
    entry = waits.read().rows[0].entry
    entry.time_of_day = "AFTERNOON"
    entry.save()
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    assert waits.free() == []
    assert waits.read().earliest[entry.pk].place.starts_at == mina.moment(7, "12:00")


def test_the_one_without_a_time_is_called_first(waits, mina):
    other = waits.started(mina.neighbour(), after=None, first="10:00")
    waits.add(other, at=mina.now)
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    assert waits.free() == [("03 10:00", mina.practitioner.pk, [number(other), number(mina)])]


def test_what_moves_others_along_says_so(waits, mina):
    mina.book(3, 18, "10:00")
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    (match,) = waits.read().came_free[0].matches
    assert match.asks is Asks.REPLAN
    assert not match.is_one_click


def test_whoever_is_overdue_is_offered_a_time_with_a_reason(waits, mina):
    late = waits.started(mina.neighbour(), after=None, first="10:00")
    waits.add(late, at=mina.now)
    now = mina.moment(12, "8:00")
    rows = {row.entry.patient.record_number: row for row in waits.read(now).rows}
    assert rows[number(late)].is_overdue
    match = waits.read(now).earliest[rows[number(late)].entry.pk]
    assert (match.asks, match.place.starts_at) == (Asks.REASON, mina.moment(12, "9:00"))


def test_a_consultation_fits_a_short_gap_and_moves_if_it_is_booked(waits, mina):
    patient = PatientFactory()
    entry = add_visit(
        patient=patient,
        kind="CONSULTATION",
        minutes=30,
        site=mina.site,
        wish=Wish(),
        by=mina.reception,
        at=mina.now,
    )
    assert waits.read().earliest[entry.pk].place.starts_at == mina.moment(1, "9:00")
    book_visit(
        kind="CONSULTATION",
        patient=patient,
        practitioner=mina.practitioner,
        room=mina.room,
        starts_at=mina.moment(1, "9:00"),
        minutes=30,
        key=uuid4(),
        by=mina.reception,
        at=mina.now,
    )
    row = next(row for row in waits.read().rows if row.entry == entry)
    assert row.held
    assert row.held.starts_at == mina.moment(1, "9:00")
    assert row.window is None
    assert row.course is None
    assert entry.pk not in waits.read().earliest


def test_new_hours_and_an_opened_day_show_as_the_first_free_time(waits, mina):
    entry = waits.read().rows[0].entry
    ClosureFactory(site=mina.site, starts_on=mina.day(7), ends_on=mina.day(7))
    mina.practitioner.shifts.filter(weekday=mina.day(8).weekday()).delete()
    assert entry.pk not in waits.read().earliest
    ShiftFactory(
        practitioner=mina.practitioner,
        site=mina.site,
        weekday=mina.day(8).weekday(),
        starts=time(13),
        ends=time(16),
    )
    assert waits.read().earliest[entry.pk].place.starts_at == mina.moment(8, "13:00")
    Closure.objects.all().delete()
    assert waits.read().earliest[entry.pk].place.starts_at == mina.moment(7, "9:00")


def test_only_the_wished_person_is_offered(waits, mina):
    omar = UserFactory(clinician=True)
    works_every_day(omar, mina.site)
    entry = waits.read().rows[0].entry
    entry.practitioner = omar
    entry.save()
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    assert waits.free() == []
    assert waits.read().earliest[entry.pk].place.practitioner == omar
    omar.is_active = False
    omar.save()
    assert waits.read().earliest == {}


def test_time_of_somebody_who_left_is_offered_to_nobody(waits, mina):
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    mina.practitioner.is_active = False
    mina.practitioner.save()
    assert waits.free() == []


def test_without_a_room_nothing_is_free(waits, mina):
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    mina.site.rooms.update(is_active=False)
    assert waits.free() == []
    assert waits.read().earliest == {}


def test_a_suspended_course_waits_but_gets_nothing(waits, mina):
    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    mina.course.__class__.objects.filter(pk=mina.course.pk).update(
        status="SUSPENDED", status_reason="Abroad."
    )
    found = waits.read()
    assert not found.rows[0].may_be_given
    assert (found.came_free, found.earliest) == ((), {})


def test_what_was_given_meanwhile_is_off_the_list(waits, mina):
    Appointment.objects.filter(session=mina.session(2)).update(status="ARRIVED")
    mina.course.sessions.filter(number=2).update(status="ARRIVED")
    assert not waits.read().rows[0].may_be_given
    mina.deliver(2, 8)
    assert waits.read(mina.moment(8, "19:00")).rows == ()


def test_an_entry_is_not_shown_after_its_last_day(waits, mina):
    entry = waits.read().rows[0].entry
    entry.until = mina.day(2)
    entry.save()
    assert waits.read(mina.moment(2, "16:00")).rows
    assert waits.read(mina.moment(3, "1:00")).rows == ()


def test_the_page_and_the_line_ask_as_much_for_one_as_for_many(waits, mina):
    def queries(read):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            read()
        return len(caught)

    def came_free():
        return read_came_free(mina.site, mina.now)

    (gone,) = fill(waits, 7, "10:00")
    cancel(gone, 1, at=mina.now)
    waits.read()
    few, few_lines = queries(waits.read), queries(came_free)
    for clock in ("11:00", "12:00", "13:00"):
        waits.add(waits.started(mina.neighbour(), after=None, first=clock), at=mina.now)
        (gone,) = fill(waits, 7, clock)
        cancel(gone, 1, at=mina.now)
    waits.read()
    assert (queries(waits.read), queries(came_free)) == (few, few_lines)
    assert few <= 16
    assert len(came_free()) == 4


def test_sessions_of_running_courses_can_be_waited_for(mina):
    numbers = [each.number for each in sessions_to_wait_for(mina.course.patient)]
    assert numbers == [2, 3, 4, 5, 6, 7, 8]
