"""Free time as bits: a stretch of time is one integer, a bit for every 5 minutes.

Bits stand for instants counted from the timeline's origin, never for the wall clock, so that a day
on which clocks change has 276 or 300 of them instead of 288, and none is lost, doubled or shifted.
Whole calendars are compared with a few operations on long integers; `docs/bench.md` shows what
that is worth beside lists of spans and beside the database.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sessions.domain.free_time import GRID, Span

_STEP_MINUTES = GRID // timedelta(minutes=1)


def steps_in(minutes: int) -> int:
    """Return how many steps `minutes` need, the last one perhaps not wholly."""
    return -(-minutes // _STEP_MINUTES)


@dataclass(frozen=True, slots=True)
class Timeline:
    """`length` steps of 5 minutes from `origin` on, an aware moment on the grid, in UTC.

    In a zone of its own Python would count on the wall clock, and a clock change would shift it.
    """

    origin: datetime
    length: int

    @classmethod
    def over(cls, span: Span) -> Self:
        """Return the timeline that holds `span`, whose ends are on the grid."""
        return cls(span.start, (span.end - span.start) // GRID)

    @property
    def all(self) -> int:
        """Every bit there is."""
        return (1 << self.length) - 1

    def index(self, moment: datetime) -> int:
        """Return the step that holds `moment` (aware); negative before the origin."""
        return (moment - self.origin) // GRID

    def moment(self, index: int) -> datetime:
        """Return when step `index` begins."""
        return self.origin + GRID * index

    def inside(self, spans: Iterable[Span]) -> int:
        """Return the steps that lie wholly in one of `spans`: what they offer."""
        return self._bits((self._index_up(span.start), self.index(span.end)) for span in spans)

    def touched(self, spans: Iterable[Span]) -> int:
        """Return the steps that share time with one of `spans`: what they take."""
        return self._bits(
            (self.index(span.start), self._index_up(span.end))
            for span in spans
            if span.start < span.end
        )

    def _index_up(self, moment: datetime) -> int:
        return -((self.origin - moment) // GRID)

    def _bits(self, stretches: Iterable[tuple[int, int]]) -> int:
        bits = 0
        for first, end in stretches:
            first, end = max(first, 0), min(end, self.length)
            if first < end:
                bits |= ((1 << (end - first)) - 1) << first
        return bits


def runs(free: int, steps: int) -> int:
    """Return the steps of `free` at which `steps` free ones in a row begin."""
    known = 1
    while known < steps:
        more = min(known, steps - known)
        free &= free >> more
        known += more
    return free


def part(bits: int, first: int, end: int) -> int:
    """Return the bits from `first` (0 or more) to before `end`, moved down to begin at 0."""
    return (bits >> first) & ((1 << (end - first)) - 1)


def lowest(bits: int) -> int:
    """Return the first step of `bits`, which holds at least one."""
    return (bits & -bits).bit_length() - 1


def indexes(bits: int) -> Iterator[int]:
    """Yield the steps of `bits` in order."""
    while bits:
        yield lowest(bits)
        bits &= bits - 1


def nearest(bits: int, first: int, end: int) -> tuple[int, int] | None:
    """Return the step of `bits` nearest to those from `first` to before `end`, and how far off.

    `first` may lie before the timeline, and an `end` that is not after it means that step alone.
    The earliest one inside is 0 off; of two equally far, the earlier. None if there is no step.
    """
    if not bits:
        return None
    split = max(first, 0)
    from_first = bits >> split << split
    if from_first and lowest(from_first) < end:
        return lowest(from_first), 0
    before = bits & ((1 << split) - 1)
    options = []
    if before:
        latest = before.bit_length() - 1
        options.append((first - latest, latest))
    if from_first:
        options.append((lowest(from_first) - max(end - 1, first), lowest(from_first)))
    off, step = min(options)
    return step, off


def joined(stretches: Sequence[tuple[int, int]]) -> int:
    """Return the bits of `stretches`, pairs of bits and length, one after the other.

    Neighbours are joined in pairs, again and again: a year of days then costs little more than its
    length, where shifting each day to its place would move the whole year each time.
    """
    parts = list(stretches)
    while len(parts) > 1:
        pairs = zip(parts[::2], [*parts[1::2], (0, 0)], strict=False)
        parts = [(low | high << length, length + more) for (low, length), (high, more) in pairs]
    return parts[0][0] if parts else 0
