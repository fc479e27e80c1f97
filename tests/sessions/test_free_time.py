"""Free time: what is left of working hours, across midnights and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.free_time import (
    Span,
    fits,
    merge,
    subtract,
    wall_span,
)

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2036, 12, 31)
BERLIN, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")

# How often the clocks change from 2026 to 2036: twice a year, or never.
CHANGES = {
    "Europe/Berlin": 22,
    "America/New_York": 22,
    "Australia/Lord_Howe": 22,
    "Asia/Kolkata": 0,
    "Pacific/Kiritimati": 0,
    "UTC": 0,
}


def at(clock):
    """Return the moment of Monday at `clock`, "9:30"."""
    hours, minutes = clock.split(":")
    return MONDAY + timedelta(hours=int(hours), minutes=int(minutes))


def span(words):
    """Return Monday's span of "9:00-12:30"."""
    start, end = words.split("-")
    return Span(at(start), at(end))


def spans(words):
    return tuple(span(each) for each in words.split())


# Merging and subtracting


@pytest.mark.parametrize(
    ("given_spans", "merged"),
    [
        ("", ""),
        ("9:00-10:00", "9:00-10:00"),
        ("11:00-12:00 9:00-10:00", "9:00-10:00 11:00-12:00"),
        ("9:00-10:00 10:00-11:00", "9:00-11:00"),
        ("9:00-12:00 10:00-11:00", "9:00-12:00"),
        ("9:00-9:00 10:00-9:00", ""),
    ],
)
def test_merging_joins_what_touches_and_drops_what_is_empty(given_spans, merged):
    assert merge(spans(given_spans)) == spans(merged)


@pytest.mark.parametrize(
    ("hours", "taken", "left"),
    [
        ("9:00-17:00", "", "9:00-17:00"),
        ("9:00-17:00", "12:00-13:00", "9:00-12:00 13:00-17:00"),
        ("9:00-17:00", "8:00-10:00", "10:00-17:00"),
        ("9:00-17:00", "16:00-18:00", "9:00-16:00"),
        ("9:00-17:00", "9:00-17:00", ""),
        ("9:00-17:00", "8:00-18:00", ""),
        ("9:00-12:00 13:00-17:00", "11:00-14:00", "9:00-11:00 14:00-17:00"),
        ("9:00-17:00", "10:00-11:00 11:00-12:00", "9:00-10:00 12:00-17:00"),
        ("9:00-17:00", "7:00-9:00 17:00-18:00", "9:00-17:00"),
    ],
)
def test_subtracting_leaves_what_is_not_taken(hours, taken, left):
    assert subtract(spans(hours), spans(taken)) == spans(left)


def test_a_span_fits_inside_one_stretch_only():
    hours = spans("9:00-12:00 13:00-17:00")
    assert fits(hours, span("9:00-12:00"))
    assert fits(hours, span("13:10-14:00"))
    assert not fits(hours, span("11:30-13:30"))
    assert not fits(hours, span("8:55-9:30"))
    assert not fits((), span("9:00-9:30"))


minutes = st.integers(0, 24 * 60)
drawn_spans = st.lists(
    st.tuples(minutes, minutes).map(
        lambda pair: Span(
            MONDAY + timedelta(minutes=min(pair)), MONDAY + timedelta(minutes=max(pair))
        )
    ),
    max_size=6,
)


def covered(parts):
    """Return every minute of Monday that `parts` hold."""
    return {
        minute
        for minute in range(24 * 60)
        if any(part.start <= MONDAY + timedelta(minutes=minute) < part.end for part in parts)
    }


@given(drawn_spans)
def test_merging_changes_no_minute_and_leaves_gaps_between(parts):
    merged = merge(parts)
    assert covered(merged) == covered(parts)
    assert all(before.end < after.start for before, after in pairwise(merged))


@given(drawn_spans, drawn_spans)
def test_subtracting_leaves_exactly_the_minutes_that_are_not_taken(parts, taken):
    left = subtract(parts, taken)
    assert covered(left) == covered(parts) - covered(taken)
    assert all(part.start < part.end for part in left)


# Clock changes


def every_day():
    day = FIRST_DAY
    while day <= LAST_DAY:
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("name", CHANGES)
def test_working_hours_are_as_long_as_the_clock_on_the_wall_says(name):
    zone = ZoneInfo(name)
    changed = 0
    for day in every_day():
        working = wall_span(day, time(9), time(17, 30), zone)
        assert working is not None
        # Clocks change at night, so that a working day has the length it says.
        assert working.end - working.start == timedelta(hours=8, minutes=30)
        assert working.start.astimezone(zone).time() == time(9)
        whole = wall_span(day, time.min, time.min, zone)
        assert whole is not None
        changed += whole.end - whole.start != timedelta(days=1)
    assert changed == CHANGES[name]


@pytest.mark.parametrize("name", CHANGES)
def test_days_follow_each_other_without_a_gap_and_without_an_overlap(name):
    zone = ZoneInfo(name)
    whole = [wall_span(day, time.min, time.min, zone) for day in every_day()]
    assert all(
        before is not None and after is not None and before.end == after.start
        for before, after in pairwise(whole)
    )


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, date(2026, 3, 29), 23),
        (BERLIN, date(2026, 10, 25), 25),
        (LORD_HOWE, date(2026, 4, 5), 24.5),
        (LORD_HOWE, date(2026, 10, 4), 23.5),
    ],
)
def test_the_day_of_a_change_is_shorter_or_longer(zone, day, hours):
    whole = wall_span(day, time.min, time.min, zone)
    assert whole is not None
    assert whole.end - whole.start == timedelta(hours=hours)


def test_hours_over_a_change_lose_or_gain_what_the_clock_does():
    spring = wall_span(date(2026, 3, 29), time(1), time(4), BERLIN)
    autumn = wall_span(date(2026, 10, 25), time(1), time(4), BERLIN)
    assert spring is not None
    assert autumn is not None
    assert spring.end - spring.start == timedelta(hours=2)
    assert autumn.end - autumn.start == timedelta(hours=4)


def test_hours_that_end_where_the_clock_lands_are_no_hours():
    assert wall_span(date(2026, 3, 29), time(2, 30), time(3), BERLIN) is None


def test_hours_end_at_midnight_of_their_own_day():
    late = wall_span(date(2026, 11, 30), time(20), time.min, BERLIN)
    assert late == Span(
        datetime(2026, 11, 30, 19, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)
    )


@given(
    st.sampled_from(sorted(CHANGES)),
    st.dates(FIRST_DAY, LAST_DAY),
    st.integers(0, 23),
    st.integers(1, 12),
)
def test_a_span_differs_from_the_wall_clock_only_by_a_change_inside_it(name, day, hour, hours):
    zone = ZoneInfo(name)
    end_hour = hour + hours
    if end_hour > 23:
        end_hour = 0
    wall = timedelta(hours=(end_hour or 24) - hour)
    found = wall_span(day, time(hour), time(end_hour), zone)
    if found is None:  # hours that a change takes away whole
        assert wall <= timedelta(hours=1)
        return
    shift = found.end.astimezone(zone).utcoffset() - found.start.astimezone(zone).utcoffset()
    real = found.end - found.start
    starts_on_the_clock = found.start.astimezone(zone).time() == time(hour)
    ends_on_the_clock = found.end.astimezone(zone).time() == time(end_hour)
    if starts_on_the_clock and ends_on_the_clock:
        assert real == wall - shift
    else:  # a time that does not exist on that day
        assert abs(real - wall) <= timedelta(hours=1)
