"""The interval ruler: mirrored, ordered, and never outside its drawing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.gap_ruler import gap_ruler
from sessions.domain.ruler import (
    CourseRuler,
    RulerClosure,
    RulerEvent,
    RulerSession,
    SessionState,
    course_ruler,
)
from sessions.domain.ruler_scale import percent
from sessions.templatetags.ruler import course_label, gap_label

FIRST = date(2026, 11, 26)


def chain(
    steps: list[int], *, first: date = FIRST, state: SessionState = "booked"
) -> list[RulerSession]:
    """Sessions `steps` days apart; steps of three weeks or more have a monthly window."""
    sessions = [RulerSession(1, first, state, None, None, None)]
    for number, step in enumerate(steps, start=2):
        before = sessions[-1].on
        assert before is not None
        low, high = (28, 35) if step >= 21 else (7, 10)
        sessions.append(
            RulerSession(
                number,
                before + timedelta(days=step),
                state,
                before + timedelta(days=low),
                before + timedelta(days=high),
                step,
                gap_is_outside=not low <= step <= high,
            )
        )
    return sessions


EIGHT = [7, 7, 7, 7, 28, 28, 28]


def places(ruler: CourseRuler) -> list[float]:
    """Every position of the drawing, bands by both edges."""
    single = [
        *(dot.x for dot in ruler.dots),
        *(gap.x for gap in ruler.gaps),
        *(month.x for month in ruler.months),
        *ruler.weeks,
        *ruler.events,
        *(x for x in (ruler.today_x, ruler.break_x) if x),
    ]
    bands = [*ruler.windows, *ruler.closures]
    edges = [float(band.x) + float(band.width) for band in bands]
    return [*map(float, single), *(float(band.x) for band in bands), *edges]


def test_first_session_and_last_possible_day_stand_at_the_ends() -> None:
    ruler = course_ruler(chain(EIGHT), today=None)
    assert ruler.dots[0].x == "1.1"
    last_window = ruler.windows[-1]
    assert float(last_window.x) + float(last_window.width) == pytest.approx(99.27, abs=0.01)
    assert ruler.break_x == ""


def test_months_and_weeks_are_marked() -> None:
    ruler = course_ruler(chain(EIGHT), today=None)
    lines = [month.on for month in ruler.months if month.has_line]
    assert lines == [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)]
    assert ruler.weeks[0] == percent(1.1 + 4 * 97.8 / 119)
    assert not ruler.months[0].has_label, "November has five days on this line, no room for a name"


def test_gaps_stand_halfway_and_keep_what_is_outside() -> None:
    ruler = course_ruler(chain([7, 12]), today=None)
    middle = (float(ruler.dots[0].x) + float(ruler.dots[1].x)) / 2
    assert float(ruler.gaps[0].x) == pytest.approx(middle, abs=0.001)
    assert [(gap.days, gap.is_outside) for gap in ruler.gaps] == [(7, False), (12, True)]


def test_today_and_no_shows_are_marked_only_on_the_line() -> None:
    inside, outside = FIRST + timedelta(days=3), FIRST - timedelta(days=3)
    events = [RulerEvent(inside), RulerEvent(outside)]
    ruler = course_ruler(chain(EIGHT), today=inside, events=events)
    assert len(ruler.events) == 1
    assert ruler.today_x == ruler.events[0]
    assert course_ruler(chain(EIGHT), today=outside).today_x == ""


def test_closures_are_cut_to_the_line_and_labelled_once_where_they_crowd() -> None:
    closures = [
        RulerClosure(date(2026, 12, 25), date(2026, 12, 28), "Closed 25 to 28 Dec"),
        RulerClosure(date(2027, 1, 1), date(2027, 1, 1), "Closed 1 Jan"),
        RulerClosure(date(2026, 1, 1), date(2026, 2, 1), "Closed long ago"),
    ]
    ruler = course_ruler(chain(EIGHT), today=None, closures=closures)
    assert [band.label for band in ruler.closures] == ["Closed 25 to 28 Dec", ""]


def test_a_long_course_on_paper_gets_a_smaller_scale_for_its_months() -> None:
    ruler = course_ruler(chain([7] * 8 + [28] * 6), today=None, paper=True)
    assert ruler.break_x
    weekly = float(ruler.dots[1].x) - float(ruler.dots[0].x)
    monthly = float(ruler.dots[-1].x) - float(ruler.dots[-2].x)
    assert weekly * 6.88 == pytest.approx(30, abs=0.1)
    assert monthly < weekly * 4


def test_a_course_without_days_is_counted_and_not_drawn() -> None:
    ruler = course_ruler([RulerSession(1, None, "planned", None, None, None)], today=FIRST)
    assert (ruler.total, ruler.dots, ruler.windows) == (1, (), ())


def test_words_tell_count_range_and_problem() -> None:
    sessions = [*chain([7])[:1], *chain([7], state="problem")[1:]]
    assert course_label(course_ruler(sessions, today=None)) == (
        "Course ruler. 2 sessions from 26 November 2026 to 3 December 2026. "
        "Session 2 has no time. The list below has the same dates."
    )


def test_weekly_and_monthly_gaps_have_their_own_axis() -> None:
    weekly = gap_ruler(gap_days=7, min_days=7, max_days=10, state="booked")
    assert (weekly.window_x, weekly.window_width, weekly.mark_x) == ("46.571", "27.429", "50")
    monthly = gap_ruler(gap_days=28, min_days=28, max_days=35, state="planned")
    assert (monthly.window_x, monthly.mark_x, monthly.is_provisional) == ("31.714", "34", True)


def test_gap_words_say_by_how_many_days_the_window_is_missed() -> None:
    late = gap_ruler(gap_days=12, min_days=7, max_days=10, state="done")
    assert late.mark_is_bad
    assert gap_label(late) == "12 days. Allowed: 7 to 10 days. 2 days late."
    unset = gap_ruler(gap_days=None, min_days=7, max_days=10, state="problem")
    assert (unset.mark_x, unset.is_bad) == ("", True)
    assert gap_label(unset) == "No time yet. Allowed: 7 to 10 days."


a_step = st.one_of(st.integers(1, 20), st.integers(21, 400))
steps = st.lists(a_step, max_size=14)
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
lengths = st.integers(0, 40)
closures = st.lists(
    st.builds(
        lambda on, length: RulerClosure(on, on + timedelta(days=length), "Closed"), days, lengths
    ),
    max_size=5,
)


@given(steps=steps, first=days, today=days, closures=closures, paper=st.booleans())
def test_nothing_lies_outside_the_drawing_and_sessions_keep_their_order(
    steps: list[int], first: date, today: date, closures: list[RulerClosure], paper: bool
) -> None:
    sessions = chain(steps, first=first)
    ruler = course_ruler(sessions, today=today, closures=closures, paper=paper)
    assert all(0 <= place <= 100.001 for place in places(ruler))
    assert all(float(band.width) >= 0 for band in (*ruler.windows, *ruler.closures))
    dots = [float(dot.x) for dot in ruler.dots]
    assert dots == sorted(dots)


@given(steps=steps, first=days, closures=closures, paper=st.booleans())
def test_right_to_left_is_the_mirror_image(
    steps: list[int], first: date, closures: list[RulerClosure], paper: bool
) -> None:
    sessions = chain(steps, first=first)
    left = course_ruler(sessions, today=first, closures=closures, paper=paper)
    right = course_ruler(sessions, today=first, closures=closures, paper=paper, rtl=True)
    mirrored = [100 - float(dot.x) for dot in left.dots]
    assert [float(dot.x) for dot in right.dots] == pytest.approx(mirrored, abs=0.002)
    for band, twin in zip(left.windows, right.windows, strict=True):
        edge = 100 - float(band.x) - float(band.width)
        assert float(twin.x) == pytest.approx(edge, abs=0.002)


@given(
    gap=st.none() | st.integers(0, 700),
    low=st.integers(1, 200),
    room=st.integers(0, 30),
    rtl=st.booleans(),
)
def test_a_gap_ruler_holds_any_gap_and_window(
    gap: int | None, low: int, room: int, rtl: bool
) -> None:
    ruler = gap_ruler(gap_days=gap, min_days=low, max_days=low + room, state="booked", rtl=rtl)
    start = float(ruler.window_x)
    marks = [start, start + float(ruler.window_width), *(float(tick.x) for tick in ruler.ticks)]
    if ruler.mark_x:
        marks.append(float(ruler.mark_x))
    assert all(0 <= mark <= 100.001 for mark in marks)
    assert ruler.mark_is_bad == (gap is not None and not low <= gap <= low + room)
