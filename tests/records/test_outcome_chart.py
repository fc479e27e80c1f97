"""The drawing of a scale: steps for grades, lines for measurements, everything inside."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.domain.outcome_chart import Point, draw_chart
from records.domain.scales import SCALES

FIRST = date(2026, 3, 2)


def points(*values):
    """Values four weeks apart."""
    return [Point(FIRST + timedelta(days=28 * n), Decimal(value)) for n, value in enumerate(values)]


def test_a_measurement_is_a_line():
    chart = draw_chart(SCALES["circumference_cm"], [("", points("92", "90", "89"))], [])
    [line] = chart.lines
    assert len(line.strokes) == 2
    assert [(one.x1, one.x2) for one in line.strokes] == [("10", "52.5"), ("52.5", "95")]
    assert float(line.dots[0].y) < float(line.dots[2].y)


def test_grades_are_steps():
    chart = draw_chart(SCALES["nm"], [("", points("3", "2"))], [])
    along, down = chart.lines[0].strokes
    assert along.y1 == along.y2
    assert down.x1 == down.x2
    assert [level for _y, level in chart.grid] == [0, 1, 2, 3]


def test_sessions_stand_below_and_widen_the_time():
    last = FIRST + timedelta(days=56)
    chart = draw_chart(SCALES["nm"], [("", points("3"))], [(1, FIRST), (2, last)])
    assert [(mark.number, mark.x) for mark in chart.sessions] == [(1, "10"), (2, "95")]
    assert (chart.first_on, chart.last_on) == (FIRST, last)


def test_a_page_that_reads_from_the_right_is_mirrored():
    chart = draw_chart(SCALES["nm"], [("", points("3", "2"))], [], rtl=True)
    assert [dot.x for dot in chart.lines[0].dots] == ["90", "5"]


def test_left_and_right_are_lines_of_their_own():
    rows = [("Left", points("3", "2")), ("Right", points("4", "4"))]
    chart = draw_chart(SCALES["wsrs"], rows, [])
    assert [(line.number, line.name) for line in chart.lines] == [(1, "Left"), (2, "Right")]
    assert [line.is_square for line in chart.lines] == [False, True]
    assert not any(line.is_triangle for line in chart.lines)


def test_one_day_is_named_once():
    assert draw_chart(SCALES["nm"], [("", points("3"))], []).is_one_day
    assert not draw_chart(SCALES["nm"], [("", points("3", "2"))], []).is_one_day


def test_nothing_cannot_be_drawn():
    with pytest.raises(ValueError, match="min"):
        draw_chart(SCALES["nm"], [], [])


@given(st.data())
def test_every_value_lies_inside_the_drawing(data):
    scale = SCALES[data.draw(st.sampled_from(list(SCALES)))]
    values = data.draw(
        st.lists(st.decimals(scale.least, scale.most, places=1), min_size=1, max_size=8)
    )
    chart = draw_chart(scale, [("", points(*values))], [])
    for dot in chart.lines[0].dots:
        assert 10 <= float(dot.x) <= 95
        assert 26 <= float(dot.y) <= 148
    levels = [level for _y, level in chart.grid]
    assert 2 <= len(levels) <= 8
    assert levels == sorted(set(levels))
    assert all(26 <= float(y) <= 148 for y, _level in chart.grid)
