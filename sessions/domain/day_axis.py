"""A day as a line of minutes on which the calendar places things, also when clocks change.

On a usual day the minute of the line is that of the wall clock. On a day with a clock change an
hour of the wall clock is missing, or comes twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTES_OF_A_DAY = 24 * 60
_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(2 * MINUTES_OF_A_DAY + 1))
_MINUTE = timedelta(minutes=1)
_QUARTER = timedelta(minutes=15)


def clock(minute: int) -> str:
    """Return a minute of the line as "09:40"; a 25th hour is "24:00" to "25:00"."""
    return _CLOCK[minute]


@dataclass(frozen=True, slots=True)
class DayAxis:
    """The line of `day`, which lasts from `begins` to before `ends` (aware, in UTC).

    `clock_change` is the moment at which clocks change, if they do, `changes_at` the minute of the
    wall clock before it and `shift` by how many minutes they go forward (less than 0: back).
    Things on the line are placed by the minutes that have gone by since the day began if it
    `is_elapsed`, else by the wall clock.
    """

    day: date
    zone: ZoneInfo
    begins: datetime
    ends: datetime
    clock_change: datetime | None = None
    changes_at: int = 0
    shift: int = 0
    is_elapsed: bool = True

    @classmethod
    def of(
        cls, day: date, zone: ZoneInfo, starts: Iterable[datetime], *, is_alone: bool
    ) -> "DayAxis":
        """Return the line of `day` in `zone` for things that begin at `starts` (aware).

        A day that is drawn alone gets the hours it really has where something is seen before its
        clocks change; in all other cases the wall clock serves.
        """
        begins, ends = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        shift = MINUTES_OF_A_DAY - int((ends - begins) / _MINUTE)
        if not shift:
            return cls(day, zone, begins, ends)
        change = _change(begins, ends, zone)
        is_before = any(begins <= start < change for start in starts)
        return cls(
            day=day,
            zone=zone,
            begins=begins,
            ends=ends,
            clock_change=change,
            changes_at=int((change - begins) / _MINUTE),
            shift=shift,
            is_elapsed=is_alone and is_before,
        )

    @property
    def length(self) -> int:
        """How many minutes the line has."""
        if self.is_elapsed:
            return int((self.ends - self.begins) / _MINUTE)
        return MINUTES_OF_A_DAY

    def minute(self, moment: datetime) -> int:
        """Return where `moment` (aware) is on the line."""
        gone = int((moment - self.begins) / _MINUTE)
        if self.clock_change is None or self.is_elapsed or moment < self.clock_change:
            return gone
        return gone + self.shift

    def minutes(self, start: datetime, end: datetime) -> tuple[int, int]:
        """Return from where to where a span lies on the line: never shorter than it lasts."""
        first = self.minute(start)
        if self.clock_change is None or self.is_elapsed or start >= self.clock_change:
            return first, first + int((end - start) / _MINUTE)
        return first, max(self.minute(end), first + int((end - start) / _MINUTE))

    def clock(self, minute: int) -> str:
        """Return what the wall clock shows at a minute of the line: "09:40"."""
        if self.clock_change is not None and self.is_elapsed and minute >= self.changes_at:
            minute += self.shift
        return _CLOCK[minute % MINUTES_OF_A_DAY if minute > MINUTES_OF_A_DAY else minute]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _change(begins: datetime, ends: datetime, zone: ZoneInfo) -> datetime:
    """Return the first quarter of an hour after which clocks show another distance from UTC."""
    count = int((ends - begins) / _QUARTER)
    moments = [begins + n * _QUARTER for n in range(count + 1)]
    changes = (
        after
        for before, after in pairwise(moments)
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset()
    )
    # Where clocks skip midnight, the day begins with the change.
    return next(changes, begins)
