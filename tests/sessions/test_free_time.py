"""Free time: what is left of working hours, across midnights and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.free_time import (
    GRID,
    Resource,
    Slot,
    Span,
    fits,
    merge,
    slots,
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


# Slots


def resource(key, hours="9:00-17:00", busy=""):
    return Resource(key, merge(spans(hours)), merge(spans(busy)))


def offered(practitioner, rooms=None, patient="", not_before="0:00", length=50, step=30):
    return slots(
        [practitioner],
        [resource(7, "0:00-24:00")] if rooms is None else rooms,
        spans(patient),
        length=timedelta(minutes=length),
        step=timedelta(minutes=step),
        not_before=at(not_before),
    )


def clocks(found):
    return [f"{slot.starts_at:%H:%M}" for slot in found]


def test_a_free_stretch_offers_its_beginning_and_then_every_step():
    assert clocks(offered(resource(1, "9:00-11:00"))) == ["09:00", "09:30", "10:00"]


def test_the_end_of_an_appointment_is_where_the_next_one_may_begin():
    assert clocks(offered(resource(1, "9:00-11:40", busy="9:00-9:50"))) == [
        "09:50",
        "10:20",
        "10:50",
    ]


def test_a_stretch_shorter_than_the_session_offers_nothing():
    assert offered(resource(1, "9:00-9:45")) == []


def test_a_patient_is_not_offered_the_time_of_another_appointment():
    found = offered(resource(1, "9:00-12:00"), patient="9:30-10:30")
    assert clocks(found) == ["10:30", "11:00"]


def test_a_slot_names_the_first_room_that_is_free():
    rooms = [resource(7, busy="9:00-9:50"), resource(8)]
    found = offered(resource(1, "9:00-10:50"), rooms)
    assert [slot.room for slot in found] == [8, 8, 7]
    assert found[0] == Slot(at("9:00"), at("9:50"), practitioner=1, room=8)


def test_nothing_is_offered_without_a_room():
    assert offered(resource(1), rooms=[]) == []
    assert offered(resource(1, "9:00-10:00"), rooms=[resource(7, busy="9:30-10:00")]) == []


def test_nothing_is_offered_before_now_and_what_is_offered_then_is_on_the_grid():
    assert clocks(offered(resource(1, "9:00-11:00"), not_before="9:07")) == [
        "09:10",
        "09:40",
        "10:10",
    ]
    assert clocks(offered(resource(1, "9:00-11:00"), not_before="9:10")) == [
        "09:10",
        "09:40",
        "10:10",
    ]


def test_a_stretch_that_begins_off_the_grid_is_offered_from_the_next_five_minutes_on():
    # A session of 47 minutes leaves such a stretch, and booking refuses times off the grid.
    assert clocks(offered(resource(1, "9:00-11:00", busy="9:00-9:47"))) == ["09:50"]


def test_times_of_all_practitioners_come_in_order():
    found = slots(
        [resource(1, "10:00-11:00"), resource(2, "9:00-10:00")],
        [resource(7, "0:00-24:00")],
        (),
        length=timedelta(minutes=50),
        step=timedelta(minutes=30),
        not_before=at("0:00"),
    )
    assert [(slot.practitioner, f"{slot.starts_at:%H:%M}") for slot in found] == [
        (2, "09:00"),
        (1, "10:00"),
    ]


@given(
    hours=drawn_spans,
    busy=drawn_spans,
    room_busy=drawn_spans,
    patient_busy=drawn_spans,
    length=st.integers(10, 240),
    not_before=minutes,
)
def test_slots_are_free_for_everybody_and_no_beginning_is_forgotten(
    hours, busy, room_busy, patient_busy, length, not_before
):
    practitioner = Resource(1, merge(hours), merge(busy))
    room = Resource(7, (Span(MONDAY, MONDAY + timedelta(days=1)),), merge(room_busy))
    long, now = timedelta(minutes=length), MONDAY + timedelta(minutes=not_before)
    found = slots(
        [practitioner],
        [room],
        patient_busy,
        length=long,
        step=timedelta(minutes=30),
        not_before=now,
    )
    for slot in found:
        wanted = Span(slot.starts_at, slot.ends_at)
        assert wanted.end - wanted.start == long
        assert wanted.start >= now
        assert wanted.start.timestamp() % GRID.total_seconds() == 0
        assert fits(practitioner.open, wanted)
        for taken in (*busy, *room_busy, *patient_busy):
            assert not (taken.start < wanted.end and wanted.start < taken.end) or (
                taken.start == taken.end
            )
    starts = {slot.starts_at for slot in found}
    for stretch in subtract(practitioner.free, patient_busy):
        begin = max(stretch.start, now)
        begin += timedelta(seconds=-begin.timestamp() % GRID.total_seconds())
        whole = Span(begin, begin + long)
        if whole.end <= stretch.end and fits(room.free, whole):
            assert begin in starts


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
