"""A day as a line of minutes: nothing is lost, doubled or shifted when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions.domain.day_axis import DayAxis

# The days of 2026 on which clocks change, half an hour in one place, at midnight in others.
CHANGES = [
    ("Europe/London", date(2026, 3, 29), 60),
    ("Europe/London", date(2026, 10, 25), -60),
    ("America/New_York", date(2026, 3, 8), 60),
    ("America/New_York", date(2026, 11, 1), -60),
    ("Australia/Lord_Howe", date(2026, 4, 5), -30),
    ("Australia/Lord_Howe", date(2026, 10, 4), 30),
    ("Asia/Beirut", date(2026, 3, 29), 60),
    ("Asia/Beirut", date(2026, 10, 24), -60),
    ("America/Havana", date(2026, 3, 8), 60),
    ("America/Havana", date(2026, 11, 1), -60),
    ("Pacific/Auckland", date(2026, 9, 27), 60),
    ("Pacific/Auckland", date(2026, 4, 5), -60),
]


def quarters(axis):
    count = int((axis.ends - axis.begins) / timedelta(minutes=15))
    return [axis.begins + n * timedelta(minutes=15) for n in range(count)]


@pytest.mark.parametrize(("name", "day", "shift"), CHANGES)
def test_a_day_drawn_alone_has_the_hours_it_really_has(name, day, shift):
    zone = ZoneInfo(name)
    axis = DayAxis.of(day, zone, [datetime(2026, 1, 1, tzinfo=UTC)], is_alone=True)
    early = DayAxis.of(day, zone, [axis.begins], is_alone=True)
    assert early.shift == shift
    if early.is_elapsed:
        assert early.length == 24 * 60 - shift
        assert [early.minute(one) for one in quarters(early)] == list(range(0, early.length, 15))
    for moment in quarters(early):
        assert early.clock(early.minute(moment)) == f"{moment.astimezone(zone):%H:%M}"


@pytest.mark.parametrize(("name", "day", "shift"), CHANGES)
def test_in_a_week_things_stand_at_the_wall_clock_and_last_as_long_as_they_do(name, day, shift):
    zone = ZoneInfo(name)
    axis = DayAxis.of(day, zone, [datetime.combine(day, datetime.min.time(), zone)], is_alone=False)
    assert axis.length == 24 * 60
    for moment in quarters(axis):
        start, end = axis.minutes(moment, moment + timedelta(minutes=45))
        assert axis.clock(start) == f"{moment.astimezone(zone):%H:%M}"
        assert end - start >= 45


def test_a_usual_day_is_the_wall_clock():
    zone = ZoneInfo("Europe/London")
    axis = DayAxis.of(date(2026, 11, 24), zone, [], is_alone=True)
    assert axis.clock_change is None
    moment = datetime(2026, 11, 24, 9, 40, tzinfo=zone)
    assert axis.clock(axis.minute(moment)) == "09:40"
    assert axis.minutes(moment, moment + timedelta(minutes=30)) == (580, 610)


def test_what_is_after_the_change_stands_at_the_wall_clock_also_on_a_day_drawn_alone():
    zone = ZoneInfo("Europe/London")
    nine = datetime(2026, 10, 25, 9, tzinfo=zone)
    axis = DayAxis.of(date(2026, 10, 25), zone, [nine.astimezone(UTC)], is_alone=True)
    assert not axis.is_elapsed
    assert axis.minutes(nine.astimezone(UTC), nine.astimezone(UTC) + timedelta(hours=1)) == (
        540,
        600,
    )


def test_the_end_of_the_last_hour_is_24_on_the_line():
    zone = ZoneInfo("Europe/London")
    axis = DayAxis.of(date(2026, 11, 24), zone, [], is_alone=True)
    assert axis.clock(24 * 60) == "24:00"
    assert axis.clock(24 * 60 + 15) == "00:15"
