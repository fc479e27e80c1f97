"""Corners of the rulers: sessions without a day or a gap, and marks of each look."""

from datetime import date

import pytest

from sessions.domain.gap_ruler import gap_ruler
from sessions.domain.ruler import RulerSession, course_ruler

FIRST, SECOND = date(2026, 11, 26), date(2026, 12, 3)


def test_a_session_without_a_day_is_counted_and_not_drawn():
    sessions = [
        RulerSession(1, FIRST, "done", None, None, None),
        RulerSession(2, None, "planned", None, None, None),
    ]
    ruler = course_ruler(sessions, today=None)
    assert (ruler.total, len(ruler.dots)) == (2, 1)


def test_a_gap_there_is_nothing_to_tell_about_has_no_number():
    sessions = [
        RulerSession(1, FIRST, "done", None, None, None),
        RulerSession(2, SECOND, "skipped", None, None, None),
    ]
    ruler = course_ruler(sessions, today=None)
    assert len(ruler.dots) == 2
    assert ruler.gaps == ()


@pytest.mark.parametrize(
    ("gap_days", "state", "look"),
    [(7, "booked", ""), (7, "planned", "prov"), (12, "planned", "bad"), (6, "booked", "bad")],
)
def test_a_mark_looks_bad_before_it_looks_provisional(gap_days, state, look):
    ruler = gap_ruler(gap_days=gap_days, min_days=7, max_days=10, state=state)
    assert ruler.mark_class == look
