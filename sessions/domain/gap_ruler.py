"""Geometry of the small ruler in a session's row: one gap in days, and the window it must hit."""

from dataclasses import dataclass
from typing import Final

from sessions.domain.ruler import SessionState
from sessions.domain.ruler_scale import percent

PAD: Final = 2.0
LABEL_ROOM: Final = 9.0
"""Percent of the width. Two numbers closer than this would run into each other."""


@dataclass(frozen=True, slots=True)
class GapTick:
    """A day on the axis; the ends of the window are taller and carry their number."""

    x: str
    is_end: bool


@dataclass(frozen=True, slots=True)
class GapNumber:
    """A number of days under the axis."""

    x: str
    days: int


@dataclass(frozen=True, slots=True)
class GapRuler:
    """A gap ready to be drawn. `mark_x` is "" while there is no gap to show."""

    window_x: str
    window_width: str
    is_bad: bool
    ticks: tuple[GapTick, ...]
    numbers: tuple[GapNumber, ...]
    mark_x: str
    mark_is_bad: bool
    is_provisional: bool
    gap_days: int | None
    min_days: int
    max_days: int
    axis_start: str = percent(PAD)
    axis_end: str = percent(100 - PAD)

    @property
    def mark_class(self) -> str:
        """Return how the mark looks: bad outside the window, provisional while not booked."""
        if self.mark_is_bad:
            return "bad"
        return "prov" if self.is_provisional else ""


def gap_ruler(
    *,
    gap_days: int | None,
    min_days: int,
    max_days: int,
    state: SessionState,
    rtl: bool = False,
) -> GapRuler:
    """Return the drawing of a gap and its window.

    The axis runs from 0 to 14 days for a weekly window and from 21 to 42 for a monthly one. A
    longer minimum, such as a product's, moves it, and a gap outside it makes it longer.
    """
    low, high = _axis(gap_days, min_days, max_days)
    unit = (100 - 2 * PAD) / (high - low)

    def place(days: float) -> float:
        along = PAD + (days - low) * unit
        return 100 - along if rtl else along

    start = max(min_days - 0.5, float(low))
    end = min(max_days + 0.5, float(high))
    ends = [min_days]
    if max_days > min_days and (max_days - min_days) * unit >= LABEL_ROOM:
        ends.append(max_days)
    days = sorted({*range(low, high + 1, _tick_step(high - low)), min_days, max_days})
    return GapRuler(
        window_x=percent(place(end if rtl else start)),
        window_width=percent((end - start) * unit),
        is_bad=state == "problem",
        ticks=tuple(GapTick(percent(place(each)), each in (min_days, max_days)) for each in days),
        numbers=tuple(GapNumber(percent(place(each)), each) for each in ends),
        mark_x="" if gap_days is None else percent(place(gap_days)),
        mark_is_bad=gap_days is not None and not min_days <= gap_days <= max_days,
        is_provisional=state in ("planned", "skipped"),
        gap_days=gap_days,
        min_days=min_days,
        max_days=max_days,
    )


def _axis(gap_days: int | None, min_days: int, max_days: int) -> tuple[int, int]:
    """Return the first and last day of the axis; it holds the window, the gap and some room."""
    if max_days <= 14:
        low, high = 0, 14
    elif min_days >= 21 and max_days <= 42:
        low, high = 21, 42
    else:
        low, high = max(min_days - 7, 0), max_days + 7
    if gap_days is not None:
        low, high = min(low, gap_days), max(high, gap_days)
    return low, high


def _tick_step(span: int) -> int:
    """Return the days from tick to tick: a day, a week or four weeks, as the span allows."""
    if span <= 45:
        return 1
    return 7 if span <= 190 else 28
