"""Weekly working hours: nobody works in two places at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class WeeklySpan:
    """Hours on one weekday (0 is Monday) in wall-clock time; holds its start and not its end."""

    weekday: int
    starts: time
    ends: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"a weekday is 0 to 6: {self.weekday}")
        if self.ends <= self.starts:
            raise ValueError(f"working hours end after they start: {self.starts} to {self.ends}")

    def overlaps(self, other: "WeeklySpan") -> bool:
        """Whether the two share a moment; hours that only touch do not."""
        return (
            self.weekday == other.weekday and self.starts < other.ends and other.starts < self.ends
        )


def first_overlap(wanted: WeeklySpan, known: Iterable[WeeklySpan]) -> WeeklySpan | None:
    """Return the earliest of `known` that shares a moment with `wanted`, or None."""
    clashes = [span for span in known if wanted.overlaps(span)]
    return min(clashes, key=lambda span: span.starts, default=None)
