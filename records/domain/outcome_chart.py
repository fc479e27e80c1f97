"""A scale over the time of a course as it is drawn: percentages across, pixels down.

Grades are drawn as steps, because between two grades there is nothing; measurements as lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Final

from records.domain.scale_shapes import Scale

HEIGHT: Final = 212
_TOP, _BOTTOM = 26, 148
SESSIONS_Y: Final = 172
_LEFT, _RIGHT = 10.0, 95.0
_MOST_LINES: Final = 8


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Dot:
    """A value as it is drawn."""

    x: str
    y: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of values: its dots, and the strokes between them. `number` sets its look, from 1."""

    number: int
    name: str
    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]

    @property
    def is_square(self) -> bool:
        """Whether its dots are squares: colour alone tells nothing apart."""
        return self.number == 2

    @property
    def is_triangle(self) -> bool:
        """Whether its dots are triangles."""
        return self.number > 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A delivered session below the axis."""

    x: str
    number: int


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn for one scale."""

    lines: tuple[Line, ...]
    grid: tuple[tuple[str, Decimal], ...]
    sessions: tuple[Mark, ...]
    first_on: date
    last_on: date
    start_x: str
    end_x: str
    is_rtl: bool

    @property
    def is_one_day(self) -> bool:
        """Whether everything happened on one day."""
        return self.first_on == self.last_on


@dataclass(frozen=True, slots=True)
class _Axes:
    first: date
    last: date
    low: Decimal
    high: Decimal
    rtl: bool

    def x(self, on: date) -> str:
        whole = max((self.last - self.first).days, 1)
        place = _LEFT + (on - self.first).days / whole * (_RIGHT - _LEFT)
        return _text(100 - place if self.rtl else place)

    def y(self, value: Decimal) -> str:
        share = float((value - self.low) / (self.high - self.low))
        return _text(_BOTTOM - share * (_BOTTOM - _TOP))


def draw_chart(
    scale: Scale,
    rows: Sequence[tuple[str, Sequence[Point]]],
    sessions: Iterable[tuple[int, date]],
    *,
    rtl: bool = False,
) -> Chart:
    """Draw `rows` of `scale`, each with its name and its points in order, and the sessions by day.

    Raises ValueError without a single point.
    """
    points = [point for _name, own in rows for point in own]
    marks = list(sessions)
    days = [point.on for point in points] + [on for _number, on in marks]
    low, high, grid = _levels(scale, [point.value for point in points])
    axes = _Axes(min(days), max(days), low, high, rtl)
    return Chart(
        lines=tuple(_line(n, name, own, axes, scale) for n, (name, own) in enumerate(rows, 1)),
        grid=tuple((axes.y(level), level) for level in grid),
        sessions=tuple(Mark(axes.x(on), number) for number, on in marks),
        first_on=axes.first,
        last_on=axes.last,
        start_x=axes.x(axes.first),
        end_x=axes.x(axes.last),
        is_rtl=rtl,
    )


def _line(number: int, name: str, points: Sequence[Point], axes: _Axes, scale: Scale) -> Line:
    dots = tuple(Dot(axes.x(point.on), axes.y(point.value), point.value) for point in points)
    strokes: list[Stroke] = []
    for one, other in pairwise(dots):
        if scale.is_ratio:
            strokes.append(Stroke(one.x, one.y, other.x, other.y))
        else:
            strokes.append(Stroke(one.x, one.y, other.x, one.y))
            strokes.append(Stroke(other.x, one.y, other.x, other.y))
    return Line(number, name, dots, tuple(strokes))


def _levels(
    scale: Scale, values: Sequence[Decimal]
) -> tuple[Decimal, Decimal, tuple[Decimal, ...]]:
    """Return the lowest and the highest value of the drawing, and the levels with a line."""
    if not scale.is_ratio:
        low, high = scale.range
        if scale.grades and len(scale.grades) <= _MOST_LINES:
            return low, high, tuple(grade.value for grade in scale.grades)
    else:
        low, high = min(values), max(values)
        room = max((high - low) / 4, scale.noise * 2, high / 20, scale.step)
        low, high = max(low - room, Decimal(0)), high + room
    step = _round_step((high - low) / 6)
    first = (low / step).to_integral_value(ROUND_CEILING)
    levels = [step * (first + n) for n in range(_MOST_LINES) if step * (first + n) <= high]
    return low, high, tuple(levels)


def _round_step(size: Decimal) -> Decimal:
    """Return the smallest of 1, 2, 5, 10, … that is at least `size`, also below 1."""
    power = Decimal(1).scaleb(size.adjusted())
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= size)


def _text(value: float) -> str:
    """Return a number as an attribute: at most two decimals, never in a local spelling."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
