"""Free time as bits, held against plain sets of steps and against the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.free_time import GRID, Span, wall_span
from sessions.domain.timeline import (
    Timeline,
    indexes,
    joined,
    lowest,
    nearest,
    part,
    runs,
    steps_in,
)

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
DAY = Timeline(MONDAY, 288)
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2036, 12, 31)
BERLIN = ZoneInfo("Europe/Berlin")


def bits_of(steps):
    """Return the bits of a set of steps."""
    return sum(1 << step for step in steps)


def steps_of(bits):
    """Return the set of steps of `bits`, read without the code under test."""
    return {place for place, digit in enumerate(reversed(f"{bits:b}")) if digit == "1"}


def at(clock, seconds=0):
    """Return the moment of Monday at `clock`, "9:30"."""
    hours, minutes = clock.split(":")
    return MONDAY + timedelta(hours=int(hours), minutes=int(minutes), seconds=seconds)


step_sets = st.sets(st.integers(0, 120), max_size=60)
# From before the day to after it, down to the microsecond, and often on the grid.
moments = st.one_of(
    st.integers(-12, 300).map(lambda step: MONDAY + GRID * step),
    st.integers(-(10**9), 25 * 3600 * 10**6).map(
        lambda part: MONDAY + timedelta(microseconds=part)
    ),
)
drawn_spans = st.lists(st.builds(Span, moments, moments), max_size=5)


def held(span, step):
    """Whether `step` of Monday lies wholly in `span`."""
    begins = MONDAY + GRID * step
    return span.start <= begins and begins + GRID <= span.end


def shared(span, step):
    """Whether `step` of Monday and `span` have time in common."""
    begins = MONDAY + GRID * step
    return max(span.start, begins) < min(span.end, begins + GRID)


# Steps and moments


@pytest.mark.parametrize(
    ("minutes", "steps"), [(0, 0), (1, 1), (5, 1), (6, 2), (47, 10), (50, 10), (240, 48)]
)
def test_minutes_need_whole_steps(minutes, steps):
    assert steps_in(minutes) == steps


def test_a_timeline_over_a_span_has_a_step_for_every_five_minutes():
    assert Timeline.over(Span(at("9:00"), at("10:00"))) == Timeline(at("9:00"), 12)
    assert Timeline.over(Span(at("9:00"), at("9:00"))).all == 0
    assert Timeline(MONDAY, 3).all == 0b111


@given(moments)
def test_a_step_holds_the_moments_from_its_beginning_to_the_next_one(moment):
    step = DAY.index(moment)
    assert DAY.moment(step) <= moment < DAY.moment(step + 1)


@given(st.integers(-1000, 200_000))
def test_a_step_and_its_beginning_belong_together(step):
    assert DAY.index(DAY.moment(step)) == step


def test_a_moment_of_another_zone_is_the_same_step():
    assert DAY.index(datetime(2026, 11, 30, 10, tzinfo=BERLIN)) == DAY.index(at("9:00"))


# Spans


@given(drawn_spans)
def test_inside_are_the_steps_that_a_span_offers_whole(spans):
    expected = {step for step in range(288) if any(held(span, step) for span in spans)}
    assert steps_of(DAY.inside(spans)) == expected


@given(drawn_spans)
def test_touched_are_the_steps_that_a_span_takes_time_of(spans):
    expected = {step for step in range(288) if any(shared(span, step) for span in spans)}
    assert steps_of(DAY.touched(spans)) == expected


@pytest.mark.parametrize(
    ("start", "end", "inside", "touched"),
    [
        (at("0:05"), at("0:20"), {1, 2, 3}, {1, 2, 3}),
        (at("0:07"), at("0:22"), {2, 3}, {1, 2, 3, 4}),
        (at("0:05", seconds=1), at("0:20", seconds=1), {2, 3}, {1, 2, 3, 4}),
        (at("0:06"), at("0:09"), set(), {1}),
        (at("0:07"), at("0:07"), set(), set()),
        (at("0:20"), at("0:05"), set(), set()),
        (at("0:00") - timedelta(hours=9), at("0:10"), {0, 1}, {0, 1}),
        (at("23:50"), at("33:00"), {286, 287}, {286, 287}),
        (at("24:00"), at("25:00"), set(), set()),
    ],
)
def test_off_the_grid_what_is_offered_shrinks_and_what_is_taken_grows(start, end, inside, touched):
    span = Span(start, end)
    assert steps_of(DAY.inside([span])) == inside
    assert steps_of(DAY.touched([span])) == touched


def test_part_of_a_second_offers_no_step_and_takes_one():
    moment = timedelta(microseconds=1)
    assert steps_of(DAY.inside([Span(MONDAY + moment, at("0:10"))])) == {1}
    assert steps_of(DAY.touched([Span(MONDAY, at("0:05") + moment)])) == {0, 1}


# Bits


@given(step_sets, st.integers(1, 40))
def test_runs_begin_where_enough_free_steps_follow(free, steps):
    expected = {step for step in free if set(range(step, step + steps)) <= free}
    assert steps_of(runs(bits_of(free), steps)) == expected


@given(step_sets, st.integers(0, 130), st.integers(0, 130))
def test_a_part_is_moved_down_to_begin_at_zero(steps, first, length):
    end = first + length
    expected = {step - first for step in steps if first <= step < end}
    assert steps_of(part(bits_of(steps), first, end)) == expected


@given(step_sets)
def test_the_steps_of_bits_come_in_order(steps):
    assert list(indexes(bits_of(steps))) == sorted(steps)
    if steps:
        assert lowest(bits_of(steps)) == min(steps)


@given(step_sets, st.integers(-20, 130), st.integers(-30, 140))
def test_the_nearest_step_is_the_least_far_off_and_then_the_earliest(steps, first, end):
    last = max(end - 1, first)
    off = {step: max(first - step, step - last, 0) for step in steps}
    expected = min(((step, off[step]) for step in steps), key=lambda pair: pair[::-1], default=None)
    assert nearest(bits_of(steps), first, end) == expected


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ({3, 12, 15, 40}, (12, 0)),
        ({3, 25}, (25, 6)),
        ({4, 25}, (4, 6)),
        ({8, 22}, (8, 2)),
        ({9}, (9, 1)),
        ({20}, (20, 1)),
        (set(), None),
    ],
)
def test_the_nearest_step_to_those_from_10_to_before_20(steps, found):
    assert nearest(bits_of(steps), 10, 20) == found


@given(st.lists(st.lists(st.booleans(), max_size=20), max_size=12))
def test_joined_stretches_follow_one_another(stretches):
    pairs = [
        (bits_of(place for place, free in enumerate(stretch) if free), len(stretch))
        for stretch in stretches
    ]
    whole = [free for stretch in stretches for free in stretch]
    assert steps_of(joined(pairs)) == {place for place, free in enumerate(whole) if free}


# Clock changes

# How often the clocks change from 2026 to 2036; in Morocco around every Ramadan, twice in 2030.
CHANGES = {
    "Europe/Berlin": 22,
    "America/New_York": 22,
    "Australia/Lord_Howe": 22,
    "Africa/Casablanca": 24,
    "Asia/Kolkata": 0,
    "Pacific/Kiritimati": 0,
    "UTC": 0,
}


def every_day():
    for number in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1):
        yield date.fromordinal(number)


def whole_timeline(zone):
    """Return the timeline of all eleven years in `zone`."""
    begins = datetime.combine(FIRST_DAY, time.min, zone).astimezone(UTC)
    ends = datetime.combine(LAST_DAY + timedelta(days=1), time.min, zone).astimezone(UTC)
    return Timeline.over(Span(begins, ends))


def on_the_wall(day, first_hour, end_hour, zone, minutes):
    """Return the moments every `minutes` between two hours on the wall, read off the clock itself.

    A time that a change skips is none, and one that it repeats is two.
    """
    found = set()
    for minute in range(first_hour * 60, end_hour * 60, minutes):
        wall = datetime.combine(day, time(minute // 60, minute % 60))
        for fold in (0, 1):
            moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
                found.add(moment)
    return found


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize(("starts", "ends"), [(time.min, time.min), (time(1), time(4))])
def test_every_day_has_as_many_free_steps_as_time_passes(name, starts, ends):
    zone = ZoneInfo(name)
    line = whole_timeline(zone)
    changed, seen, total = 0, 0, 0
    for day in every_day():
        span = wall_span(day, starts, ends, zone)
        free = line.inside([span])
        passed = (span.end - span.start) // GRID
        assert free.bit_count() == passed
        assert free == line.touched([span])
        assert part(free, line.index(span.start), line.index(span.end)) == (1 << passed) - 1
        wall = (ends.hour or 24) - starts.hour
        changed += passed != wall * 12
        seen, total = seen | free, total + passed
    assert changed == CHANGES[name]
    # No step belongs to two days, and days without end or beginning leave none out.
    assert seen.bit_count() == total
    if ends == time.min:
        assert seen == line.all


@pytest.mark.parametrize("name", CHANGES)
def test_every_step_is_one_time_on_the_wall_and_the_way_back_leads_to_it(name):
    # Every hour of every day, and every five minutes of the days on which clocks change.
    zone = ZoneInfo(name)
    line = whole_timeline(zone)
    for day in every_day():
        span = wall_span(day, time.min, time.min, zone)
        first, end = line.index(span.start), line.index(span.end)
        assert line.moment(first) == span.start
        every = 12 if end - first == 288 else 1
        for step in range(first, end, every):
            wall = line.moment(step).astimezone(zone)
            assert wall.date() == day
            assert line.index(wall.astimezone(UTC)) == step


@pytest.mark.parametrize("name", [name for name, times in CHANGES.items() if times])
def test_on_the_day_of_a_change_the_steps_are_what_the_clock_shows(name):
    zone = ZoneInfo(name)
    for day in every_day():
        whole = wall_span(day, time.min, time.min, zone)
        if whole.end - whole.start == timedelta(days=1):
            continue
        line = Timeline.over(whole)
        assert {line.moment(step) for step in indexes(line.all)} == on_the_wall(day, 0, 24, zone, 5)
        night = line.inside([wall_span(day, time(1), time(4), zone)])
        clock = on_the_wall(day, 1, 4, zone, 5)
        assert {line.moment(step) for step in indexes(night)} == clock
        starts = {line.moment(step) for step in indexes(runs(night, steps_in(50)))}
        assert starts == {
            moment for moment in clock if all(moment + GRID * more in clock for more in range(10))
        }


@pytest.mark.parametrize(
    ("name", "day", "steps"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 276),
        ("Europe/Berlin", date(2026, 10, 25), 300),
        ("Australia/Lord_Howe", date(2026, 4, 5), 294),
        ("Australia/Lord_Howe", date(2026, 10, 4), 282),
    ],
)
def test_the_day_of_a_change_has_fewer_or_more_steps(name, day, steps):
    assert Timeline.over(wall_span(day, time.min, time.min, ZoneInfo(name))).length == steps
