"""When each session of a course may happen.

A course is a chain: the window of a session opens when the session before was delivered. Words
after vaccination forecasting (HL7 ImmDS): earliest, due, latest; past its latest day a session
is overdue. Days are dates of the site's own time zone, never blocks of 24 hours.

Source of the numbers: `treatments/domain/limits.py`.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Gap:
    """The fewest and the most days from one session to the next."""

    min_days: int
    max_days: int

    def __post_init__(self) -> None:
        if not 1 <= self.min_days <= self.max_days:
            raise ValueError(f"a gap runs from at least one day to no fewer: {self}")


@dataclass(frozen=True, slots=True)
class Cadence:
    """How a course repeats: `initial` sessions with the initial gap, the others monthly.

    `product_min_days` is the planned product's own least interval; it wins where it is larger.
    """

    total: int
    initial: int
    initial_gap: Gap
    monthly_gap: Gap
    product_min_days: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.initial <= self.total:
            raise ValueError(f"the initial sessions are some or all of the course: {self}")

    def is_monthly(self, number: int) -> bool:
        """Whether session `number` follows a monthly gap: the first one after the initial phase."""
        return number > self.initial

    def gap_before(self, number: int) -> Gap:
        """Return the gap before session `number` (2 or more), with the product's interval heeded.

        A larger product interval moves the whole window and keeps its width, so that there is
        always a choice of days.
        """
        gap = self.monthly_gap if self.is_monthly(number) else self.initial_gap
        delay = max(0, self.product_min_days - gap.min_days)
        return Gap(gap.min_days + delay, gap.max_days + delay)


@dataclass(frozen=True, slots=True)
class Window:
    """The days a session may fall on. `earliest` and `latest` are None for the first session."""

    due: date
    earliest: date | None = None
    latest: date | None = None

    def days_early(self, day: date) -> int:
        """How many days `day` lies before the window; 0 if it does not."""
        return max(0, (self.earliest - day).days) if self.earliest else 0

    def days_late(self, day: date) -> int:
        """How many days `day` lies after the window; 0 if it does not."""
        return max(0, (day - self.latest).days) if self.latest else 0

    def holds(self, day: date) -> bool:
        """Whether `day` lies inside."""
        return not self.days_early(day) and not self.days_late(day)


@dataclass(frozen=True, slots=True)
class Step:
    """What is known of one session: when it was delivered, or is booked, or that it is skipped."""

    number: int
    delivered_on: date | None = None
    booked_on: date | None = None
    is_skipped: bool = False

    @property
    def fixed_on(self) -> date | None:
        """The day the later windows count from: delivered, else booked, else unknown."""
        return self.delivered_on or self.booked_on


@dataclass(frozen=True, slots=True)
class Link:
    """One session of the chain with its window and the day it stands on.

    `on` is the delivered or booked day, else the due day. `gap_days` counts from the session
    before that was not skipped; None for the first.
    """

    step: Step
    window: Window
    on: date
    gap_days: int | None

    @property
    def is_early(self) -> bool:
        """Whether it stands before its window."""
        return self.window.days_early(self.on) > 0

    @property
    def is_late(self) -> bool:
        """Whether it stands after its window."""
        return self.window.days_late(self.on) > 0


def window_after(cadence: Cadence, number: int, previous_on: date) -> Window:
    """Return the window of session `number` (2 or more) when the one before is on `previous_on`.

    Initial sessions are due on the first allowed day: the same weekday where the gap is a week.
    Monthly ones are due on the same day next month, clamped to the month's end and to the window.
    """
    gap = cadence.gap_before(number)
    earliest = previous_on + timedelta(days=gap.min_days)
    latest = previous_on + timedelta(days=gap.max_days)
    due = earliest
    if cadence.is_monthly(number):
        due = min(max(same_day_next_month(previous_on), earliest), latest)
    return Window(due=due, earliest=earliest, latest=latest)


def same_day_next_month(day: date) -> date:
    """Return `day` one month on, or that month's last day where it is too short."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def chain(cadence: Cadence, first_on: date, steps: Sequence[Step]) -> list[Link]:
    """Return every session with its window, in order.

    `first_on` is the planned day of the first session; `steps` are all sessions, by number.
    A skipped session passes its predecessor's day on: the gap runs from the last one that counts.
    """
    links: list[Link] = []
    previous_on: date | None = None
    for step in steps:
        if previous_on is None:
            window = Window(due=step.fixed_on or first_on)
        else:
            window = window_after(cadence, step.number, previous_on)
        on = step.fixed_on or window.due
        gap_days = (on - previous_on).days if previous_on is not None else None
        links.append(Link(step=step, window=window, on=on, gap_days=gap_days))
        if not step.is_skipped:
            previous_on = on
    return links


def plan(cadence: Cadence, first_on: date) -> list[Link]:
    """Return the chain of a course of which nothing is booked yet."""
    return chain(cadence, first_on, [Step(number) for number in range(1, cadence.total + 1)])
