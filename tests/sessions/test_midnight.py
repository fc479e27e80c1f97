"""Hours end before midnight, so no place takes time from two days; and the nights clocks change."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from sessions.actions.booking import BookingRefused
from tests.factories.clinic import works_every_day
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db
LAST = time(23, 59, 59, 999999)
# In London clocks go back at 2:00 on the first and forward at 1:00 on the second.
AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)


@pytest.fixture
def night(db):
    """Return a function that opens a desk with hours to the last moment of a day and from its first."""

    def desk(until=2, **course):
        desk = Desk(hours=(time(0), time(until)), **course)
        works_every_day(desk.practitioner, desk.site, time(20), LAST)
        return desk

    return desk


def refused(desk, after, clock="10:00", **changes):
    with pytest.raises(BookingRefused) as refusal:
        desk.book(1, after, clock, at=desk.moment(-3), **changes)
    return "does not work then" in refusal.value.problem


def test_no_hours_end_at_midnight(night):
    desk = night()
    with pytest.raises(IntegrityError, match="shift_ends_after_it_starts"), transaction.atomic():
        works_every_day(desk.practitioner, desk.site, time(20), time(0))


@pytest.mark.parametrize("sunday", [AUTUMN, SPRING, date(2026, 11, 29)])
@pytest.mark.parametrize("after", [-1, 0])
def test_no_session_goes_over_midnight(night, sunday, after):
    desk = night(first_on=sunday)
    assert refused(desk, after, "23:30")
    assert desk.book(1, after, "23:05", at=desk.moment(-3)).ends_at == desk.moment(after, "23:55")


@pytest.mark.parametrize("sunday", [AUTUMN, SPRING, date(2026, 11, 29)])
def test_no_buffer_goes_over_midnight(night, sunday):
    desk = night(until=4, first_on=sunday, buffer_before_minutes=10, buffer_after_minutes=10)
    assert refused(desk, 0, "0:05")
    assert refused(desk, 0, "23:05")
    assert desk.book(1, 0, "0:10", at=desk.moment(-3)).held_from == desk.moment(0, "0:00")


def test_the_hour_that_comes_twice_is_worked_twice(night):
    desk = night(first_on=AUTUMN)
    second_time = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 1:10 for the second time
    place = desk.book(1, 0, starts_at=second_time, at=desk.moment(-3))
    assert place.ends_at == desk.moment(0, "2:00")


def test_the_hour_that_never_comes_is_not_worked(night):
    desk = night(first_on=SPRING)
    # When the clock should read 1:00 it reads 2:00, and work is over.
    assert refused(desk, 0, starts_at=datetime(2027, 3, 28, 0, 15, tzinfo=UTC))
    place = desk.book(1, 0, "0:10", at=desk.moment(-3))
    assert place.ends_at == datetime(2027, 3, 28, 1, tzinfo=UTC)
