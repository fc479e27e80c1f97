"""Free time: what is left of working hours when appointments are taken away.

Spans are pairs of aware datetimes, start included and end not. Everything is compared as instants,
so that a day on which clocks change loses and doubles nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

_UTC = ZoneInfo("UTC")


class Span(NamedTuple):
    """A stretch of time from `start` to before `end`, both aware and in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A bookable time with a practitioner in a room."""

    starts_at: datetime
    ends_at: datetime
    practitioner: int
    room: int


def wall_span(day: date, starts: time, ends: time, zone: ZoneInfo) -> Span | None:
    """Return the instants from `starts` to `ends` on the wall clock of `zone` on `day`.

    A time that a clock change skips is taken where the clock lands; hours that vanish whole give
    None. Midnight as `ends` means the end of the day.
    """
    end_day = day + timedelta(days=1) if ends == time.min else day
    start = datetime.combine(day, starts, zone).astimezone(_UTC)
    end = datetime.combine(end_day, ends, zone).astimezone(_UTC)
    return Span(start, end) if start < end else None


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time as `spans` in order, with touching and overlapping ones joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def subtract(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """Return the time of `spans` that is in none of `taken`, in order."""
    left: list[Span] = []
    holes = merge(taken)
    first = 0
    for span in merge(spans):
        start = span.start
        while first < len(holes) and holes[first].end <= start:
            first += 1
        for hole in islice(holes, first, None):
            if hole.start >= span.end:
                break
            if hole.start > start:
                left.append(Span(start, hole.start))
            start = max(start, hole.end)
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(left)


def fits(spans: Sequence[Span], wanted: Span) -> bool:
    """Whether `wanted` lies inside one of `spans`."""
    return any(span.start <= wanted.start and wanted.end <= span.end for span in spans)


GRID = timedelta(minutes=5)


def round_up(moment: datetime) -> datetime:
    """Return the first moment on the 5-minute grid that is not before `moment`."""
    past = timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment if not past else moment - past + GRID
