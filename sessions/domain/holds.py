"""What the schedule check asks of a practitioner's, a room's or a patient's calendar."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

STEP_SECONDS: Final = 5 * 60
WEEK_STEPS: Final = 7 * 24 * 12


class Hold(NamedTuple):
    """Time that a live appointment takes, from `begins` to before `ends` (aware)."""

    appointment: int
    begins: datetime
    ends: datetime


def overlaps(holds: Iterable[Hold]) -> Iterator[tuple[Hold, Hold]]:
    """Yield each of `holds` (in order of their begin) that shares time with one before it.

    The one before is the one that ends last.
    """
    last: Hold | None = None
    for hold in holds:
        if last is not None and hold.begins < last.ends:
            yield last, hold
        if last is None or hold.ends > last.ends:
            last = hold


def busy_weeks(holds: Iterable[Hold]) -> dict[int, int]:
    """Return the busy 5-minute steps of each week as the bits of a number, the first the lowest.

    Weeks are counted from 1970-01-01 00:00 UTC. A step is busy if a hold shares time with it.
    """
    weeks: dict[int, int] = defaultdict(int)
    for hold in holds:
        step = int(hold.begins.timestamp() // STEP_SECONDS)
        end = -int(-hold.ends.timestamp() // STEP_SECONDS)
        while step < end:
            week, first = divmod(step, WEEK_STEPS)
            upto = min(end - week * WEEK_STEPS, WEEK_STEPS)
            weeks[week] |= ((1 << (upto - first)) - 1) << first
            step = (week + 1) * WEEK_STEPS
    return weeks
