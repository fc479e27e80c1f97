"""Weekly hours overlap or do not."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.domain.hours import WeeklySpan, first_overlap

MORNING = WeeklySpan(0, time(9), time(13))


@pytest.mark.parametrize(
    ("weekday", "starts", "ends", "overlaps"),
    [
        (0, time(12), time(14), True),
        (0, time(8), time(18), True),
        (0, time(10), time(11), True),
        (0, time(13), time(17), False),
        (0, time(7), time(9), False),
        (1, time(9), time(13), False),
    ],
)
def test_hours_that_only_touch_do_not_overlap(weekday, starts, ends, overlaps):
    assert WeeklySpan(weekday, starts, ends).overlaps(MORNING) is overlaps


def test_the_earliest_overlap_is_named():
    afternoon = WeeklySpan(0, time(14), time(18))
    whole_day = WeeklySpan(0, time(8), time(20))
    assert first_overlap(whole_day, [afternoon, MORNING]) == MORNING
    assert first_overlap(WeeklySpan(2, time(8), time(20)), [afternoon, MORNING]) is None


@pytest.mark.parametrize("weekday", [-1, 7])
def test_there_is_no_such_weekday(weekday):
    with pytest.raises(ValueError, match="weekday"):
        WeeklySpan(weekday, time(9), time(10))


def test_hours_end_after_they_start():
    with pytest.raises(ValueError, match="end after"):
        WeeklySpan(0, time(10), time(10))


spans = st.builds(
    lambda weekday, times: WeeklySpan(weekday, min(times), max(times)),
    st.integers(0, 6),
    st.lists(st.times(), min_size=2, max_size=2, unique=True),
)


@given(spans, spans)
def test_overlap_is_mutual_and_means_a_shared_moment(one, other):
    assert one.overlaps(other) == other.overlaps(one)
    shared = max(one.starts, other.starts) < min(one.ends, other.ends)
    assert one.overlaps(other) == (shared and one.weekday == other.weekday)
