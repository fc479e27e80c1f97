"""The scale under the interval ruler: from days to percentages of the drawing's width."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

SCREEN_WIDTH: Final = 1150
PAPER_WIDTH: Final = 688
"""Widths in pixels that the drawing usually gets; they only decide whether the scale breaks."""

NARROWEST_WEEK: Final = 30
"""Pixels. A week must be this wide, or dots of weekly sessions would touch."""

WIDEST_WEEKLY_PART: Final = 0.6
"""Share of the axis that the weekly part may take when the scale breaks."""

HALF_DAY: Final = 0.45
"""A window or a closure covers its first and last day, so it reaches half a day beyond each."""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of days: `x` is its left edge, `text_x` where its label starts."""

    x: str
    width: str
    is_bad: bool = False
    label: str = ""
    text_x: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns a day into a percentage; from `break_on` on, the days are narrower."""

    first: date
    last: date
    pad: float
    rtl: bool
    break_on: date | None = None
    break_at: float = 0.0

    def at(self, on: date, shift: float = 0.0) -> float:
        """Return the unmirrored position of `on`, moved by `shift` days, kept within 0 to 100."""
        days = (on - self.first).days + shift
        whole = max((self.last - self.first).days, 1)
        if self.break_on is None:
            place = self.pad + days / whole * (100 - 2 * self.pad)
        else:
            before = (self.break_on - self.first).days
            if days <= before:
                place = self.pad + days / before * (self.break_at - self.pad)
            else:
                rest = (days - before) / (whole - before)
                place = self.break_at + rest * (100 - self.pad - self.break_at)
        return min(max(place, 0.0), 100.0)

    def covers(self, on: date) -> bool:
        """Whether `on` is on the line."""
        return self.first <= on <= self.last

    def x(self, place: float) -> str:
        """Return `place` as text, mirrored in right-to-left pages."""
        return percent(100 - place if self.rtl else place)

    def band(
        self, starts_on: date, ends_on: date, *, is_bad: bool = False, label: str = ""
    ) -> Band:
        """Return the stretch from `starts_on` to `ends_on`, both included and cut at the ends."""
        start = self.at(max(starts_on, self.first), -HALF_DAY)
        end = self.at(min(ends_on, self.last), HALF_DAY)
        left = 100 - end if self.rtl else start
        return Band(percent(left), percent(end - start), is_bad, label, self.x(start))


def percent(value: float) -> str:
    """Return a percentage as text, with at most three decimals and no sign for zero."""
    return f"{round(value, 3) + 0.0:.3f}".rstrip("0").rstrip(".")


def scale_for(days: Sequence[date], *, break_on: date | None, rtl: bool, paper: bool) -> Scale:
    """Return the scale from the first to the last of `days`, at least a week long.

    If a week would be too narrow, the scale breaks at `break_on`: the days before it get the
    room that weekly sessions need, and the rest share what is left.
    """
    first = min(days, default=date(2000, 1, 1))
    last = max([*days, first + timedelta(days=7)])
    pad = 1.75 if paper else 1.1
    week = NARROWEST_WEEK / (PAPER_WIDTH if paper else SCREEN_WIDTH) * 100
    room = 100 - 2 * pad
    if break_on is None or room / (last - first).days * 7 >= week:
        return Scale(first, last, pad, rtl)
    weekly_part = min((break_on - first).days / 7 * week, room * WIDEST_WEEKLY_PART)
    return Scale(first, last, pad, rtl, break_on, pad + weekly_part)
