"""Weeks of bits are always those of the appointments, whoever wrote them and whoever reads."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction

from sessions.domain.free_time import Span
from sessions.domain.timeline import Timeline, indexes
from sessions.models import Appointment, BusyWeek, ScheduleChangeLine
from sessions.selectors.busy import read_busy
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db(transaction=True)

LINE = Timeline.over(Span(datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 1, 10, tzinfo=UTC)))


@pytest.fixture
def desk():
    with transaction.atomic():
        return Desk(total_sessions=3, initial_sessions=3)


def read(desk):
    return read_busy([("P", desk.practitioner.pk), ("R", desk.room.pk)], LINE)


def from_appointments(field, key):
    held = Appointment.objects.live().filter(**{field: key})
    return LINE.touched(Span(*span) for span in held.values_list("held_from", "held_until"))


def is_right(desk):
    busy = read(desk)
    return busy["P", desk.practitioner.pk] == from_appointments(
        "practitioner", desk.practitioner.pk
    ) and busy["R", desk.room.pk] == from_appointments("room", desk.room.pk)


def test_a_free_calendar_has_no_bits(desk):
    assert read(desk) == {("P", desk.practitioner.pk): 0, ("R", desk.room.pk): 0}


def test_a_booking_takes_its_steps(desk):
    desk.book(1, 0, "10:00")
    taken = list(indexes(read(desk)["P", desk.practitioner.pk]))
    assert len(taken) == 10
    assert LINE.moment(taken[0]) == desk.moment(0, "10:00")


def test_every_kind_of_write_is_noticed(desk):
    assert is_right(desk)
    place = desk.book(1, 0, "10:00")
    assert is_right(desk)
    desk.book(1, 3, "11:00")
    assert is_right(desk)
    Appointment.objects.filter(pk=place.pk).update(status="CANCELLED", cancel_reason="PATIENT")
    assert is_right(desk)
    ScheduleChangeLine.objects.all().delete()
    Appointment.objects.filter(pk=place.pk).delete()
    assert is_right(desk)
    assert read(desk)["P", desk.practitioner.pk] == 0


def test_an_appointment_over_the_turn_of_a_week_is_in_both(desk):
    # Weeks of seconds turn on Thursdays at midnight, universal time.
    Appointment.objects.filter(pk=desk.book(1, 0, "10:00").pk).update(
        starts_at=datetime(2026, 12, 2, 23, 50, tzinfo=UTC),
        ends_at=datetime(2026, 12, 3, 0, 40, tzinfo=UTC),
        held_from=datetime(2026, 12, 2, 23, 40, tzinfo=UTC),
        held_until=datetime(2026, 12, 3, 0, 50, tzinfo=UTC),
    )
    assert is_right(desk)
    assert len(list(indexes(read(desk)["R", desk.room.pk]))) == 14


def test_ready_weeks_take_one_query(desk, django_assert_num_queries):
    desk.book(1, 0)
    read(desk)
    with django_assert_num_queries(1):
        read(desk)


def test_a_change_makes_only_its_own_weeks_again(desk, django_assert_num_queries):
    read(desk)
    desk.book(1, 0)
    read(desk)
    stale = BusyWeek.objects.exclude(bits_of=0).values_list("week", flat=True)
    assert len(set(stale)) == 1


def test_a_write_between_reading_and_keeping_leaves_no_wrong_bits(desk, monkeypatch):
    """The reader saw the calendar empty; before it keeps that, somebody books."""
    from sessions.selectors import busy

    keep = busy._keep
    made = []

    def book_first(weeks, counts):
        monkeypatch.setattr(busy, "_keep", keep)
        thread = threading.Thread(target=book_elsewhere)
        thread.start()
        thread.join()
        keep(weeks, counts)
        made.append(weeks)

    def book_elsewhere():
        try:
            desk.book(1, 0)
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":
        # Its one writer waits for the transaction that keeps, so it books before that begins.
        monkeypatch.setattr(busy, "transaction", _Booking(busy.transaction, book_elsewhere))
    else:
        monkeypatch.setattr(busy, "_keep", book_first)
    read(desk)
    assert Appointment.objects.count() == 1
    assert is_right(desk)


class _Booking:
    """Lets somebody else book just before a transaction begins."""

    def __init__(self, real, book):
        self.real, self.book, self.done = real, book, False

    def atomic(self):
        if not self.done:
            self.done = True
            thread = threading.Thread(target=self.book)
            thread.start()
            thread.join()
        return self.real.atomic()


def test_nothing_is_kept_inside_somebodys_transaction(desk):
    BusyWeek.objects.all().delete()
    with transaction.atomic():
        read(desk)
    assert not BusyWeek.objects.exists()
    read(desk)
    assert BusyWeek.objects.exists()


def test_a_locked_week_is_not_waited_for(desk):
    """Whoever books holds the lock; the reader answers without keeping anything."""
    read(desk)
    held, go_on = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            desk.book(1, 0)
            held.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=hold)
    BusyWeek.objects.update(bits_of=-1)
    thread.start()
    held.wait(10)
    assert read(desk)["P", desk.practitioner.pk] == 0
    assert not go_on.is_set()
    assert set(BusyWeek.objects.values_list("bits_of", flat=True)) == {-1}
    go_on.set()
    thread.join()
    assert is_right(desk)


def test_a_week_that_cannot_be_kept_is_answered_all_the_same(desk, monkeypatch):
    from sessions.selectors import busy

    def fail(*_args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(busy, "_keep", fail)
    desk.book(1, 0)
    assert is_right(desk)


def test_time_outside_the_line_is_left_out(desk):
    desk.book(1, 0, "10:00")
    short = Timeline.over(
        Span(desk.moment(0, "10:30").astimezone(UTC), desk.moment(0, "12:00").astimezone(UTC))
    )
    busy = read_busy([("P", desk.practitioner.pk)], short)
    assert list(indexes(busy["P", desk.practitioner.pk])) == [0, 1, 2, 3]
    assert short.moment(4) == desk.moment(0, "10:50")
    assert timedelta(0) == short.moment(0) - short.origin
