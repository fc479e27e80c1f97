"""What the schedule check reads of a course, and the windows as it counts them itself.

Nothing here is shared with `windows.py`: a check that used the planner's own arithmetic would
repeat its mistakes. Days are dates of the site's own time zone.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple


# Tuples, because a large clinic has a million of each.
class PlaceFact(NamedTuple):
    """A live appointment of a session. `on` is its day at its site."""

    pk: int
    status: str
    starts_at: datetime
    on: date
    patient_id: int


class SessionFact(NamedTuple):
    """A stored session with its live appointments and the kinds of its deviations."""

    number: int
    status: str
    delivered_on: date | None
    earliest_on: date | None
    due_on: date
    latest_on: date | None
    places: tuple[PlaceFact, ...] = ()
    deviations: frozenset[str] = frozenset()

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.status in {"DONE", "SKIPPED"}

    @property
    def fixed_on(self) -> date | None:
        """The day that later windows count from: delivered, else booked, else unknown."""
        return self.delivered_on or (self.places[0].on if self.places else None)


class CountedWindow(NamedTuple):
    """The window of a session; without bounds where no session before it counts.

    `opened_by` is the session it counts from.
    """

    earliest: date | None
    due: date
    latest: date | None
    opened_by: SessionFact | None

    def days_early(self, day: date) -> int:
        """How many days `day` lies before the window; 0 if it does not."""
        return max(0, (self.earliest - day).days) if self.earliest else 0

    def days_late(self, day: date) -> int:
        """How many days `day` lies after the window; 0 if it does not."""
        return max(0, (day - self.latest).days) if self.latest else 0


class Numbers(NamedTuple):
    """The numbers that a course keeps: how many sessions, how many whole days apart."""

    total: int
    initial: int
    initial_min: int
    initial_max: int
    monthly_min: int
    monthly_max: int
    product_min: int

    def gap_before(self, number: int) -> tuple[int, int]:
        """Return the fewest and the most days before session `number`.

        A product's larger interval moves the gap and keeps its width.
        """
        fewest, most = (
            (self.monthly_min, self.monthly_max)
            if number > self.initial
            else (self.initial_min, self.initial_max)
        )
        delay = max(0, self.product_min - fewest)
        return fewest + delay, most + delay


@dataclass(frozen=True)
class CourseFact:
    """A course as it is stored, at the moment `at` (aware); `today` is its day at the site.

    `consulted_on` are the days of the specialist consultations on record when it was activated.
    """

    pk: int
    record_number: str
    patient_id: int
    status: str
    first_on: date
    numbers: Numbers
    needs_specialist: bool
    activated_on: date | None
    consulted_on: tuple[date, ...]
    sessions: tuple[SessionFact, ...]
    at: datetime
    today: date

    @property
    def has_ended(self) -> bool:
        """Whether nothing more may happen in it."""
        return self.status in {"COMPLETED", "DISCONTINUED", "LAPSED"}

    @cached_property
    def counted(self) -> tuple[tuple[SessionFact, CountedWindow], ...]:
        """Every session with its window, in order."""
        return tuple(_count(self))

    def names(self, session: SessionFact | None = None) -> str:
        """Return what a sentence begins with: the course, its record number, the session."""
        course = f"Course {self.pk} of {self.record_number}"
        return f"{course}, session {session.number}" if session else course


def _count(course: CourseFact) -> Iterator[tuple[SessionFact, CountedWindow]]:
    before: SessionFact | None = None
    before_on = course.first_on
    for session in course.sessions:
        if before is None:
            window = CountedWindow(None, session.fixed_on or course.first_on, None, None)
        else:
            window = _window_after(course.numbers, session.number, before, before_on)
        yield session, window
        if session.status != "SKIPPED":
            before, before_on = session, session.fixed_on or window.due


def _window_after(
    numbers: Numbers, number: int, before: SessionFact, before_on: date
) -> CountedWindow:
    fewest, most = numbers.gap_before(number)
    earliest, latest = before_on + timedelta(days=fewest), before_on + timedelta(days=most)
    due = earliest
    if number > numbers.initial:
        due = min(max(same_day_next_month(before_on), earliest), latest)
    return CountedWindow(earliest, due, latest, before)


def same_day_next_month(day: date) -> date:
    """Return the same day of the month after; the month's last day where it is shorter."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
