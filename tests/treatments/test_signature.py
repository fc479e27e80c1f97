"""A drawn signature becomes harmless path data."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.domain.signature import (
    HEIGHT,
    MOST_POINTS,
    WIDTH,
    DrawingTooLong,
    NotADrawing,
    signature_path,
)


@pytest.mark.parametrize(
    ("strokes", "path"),
    [
        ([], ""),
        ([[]], ""),
        ([[[1, 2]]], "M1 2L1 2"),
        ([[[1, 2], [3.6, 4]], [[5, 6]]], "M1 2L4 4M5 6L5 6"),
        ([[[-9, 999], [601, 3]]], "M0 200L600 3"),
    ],
)
def test_strokes_become_lines_in_the_box(strokes, path):
    assert signature_path(strokes) == path


@pytest.mark.parametrize(
    "drawing",
    [
        None,
        "M0 0",
        {"a": 1},
        ["M0 0"],
        [["M0 0"]],
        [[[1]]],
        [[[1, 2, 3]]],
        [[["1", "2"]]],
        [[[True, 2]]],
        [[[None, 2]]],
        [[[float("nan"), 2]]],
        [[[float("inf"), 2]]],
        [[['1"/><script>', 2]]],
    ],
)
def test_what_is_no_drawing_is_refused(drawing):
    with pytest.raises(NotADrawing):
        signature_path(drawing)


def test_a_drawing_without_end_is_refused():
    assert signature_path([[[1, 1]] * MOST_POINTS])
    with pytest.raises(DrawingTooLong):
        signature_path([[[1, 1]]] * (MOST_POINTS + 1))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=40
)
POINTS = st.lists(st.lists(st.integers() | st.floats(), min_size=2, max_size=2))


@given(ANYTHING | st.lists(POINTS))
def test_a_path_never_holds_anything_but_whole_numbers_in_the_box(drawing):
    try:
        path = signature_path(drawing)
    except NotADrawing:
        return
    assert re.fullmatch(r"([ML]\d+ \d+)*", path)
    numbers = [int(number) for number in re.findall(r"\d+", path)]
    assert all(x <= WIDTH for x in numbers[::2])
    assert all(y <= HEIGHT for y in numbers[1::2])


def test_a_huge_number_is_no_reason_to_stumble():
    assert signature_path([[[10**400, -(10**400)]]]) == f"M{WIDTH} 0L{WIDTH} 0"
