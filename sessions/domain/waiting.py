"""Who on the waiting list would take a time, and whom to call first.

A time suits if it is earlier than the one the patient has, if the patient's wishes allow it, and
if the rules of the course do. Days are dates of the site's own time zone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sessions.domain.booking import Finding, Rule, Verdict, judge_all
from sessions.domain.windows import Cadence, Step, Window, chain

ALL_DAY = (0, 24)

Rank: TypeAlias = tuple[bool, bool, date, date, bool, int]


class Obstacle(StrEnum):
    """Why a time does not suit; the first that applies."""

    NOT_EARLIER = "NOT_EARLIER"
    PERSON = "PERSON"
    WEEKDAY = "WEEKDAY"
    TIME_OF_DAY = "TIME_OF_DAY"
    NOTICE = "NOTICE"
    UNTIL = "UNTIL"
    WINDOW = "WINDOW"


class Asks(StrEnum):
    """What booking the time takes beside one click."""

    NOTHING = ""
    REASON = "REASON"
    REPLAN = "REPLAN"


@dataclass(frozen=True, slots=True)
class Taking:
    """What a patient would take. Without practitioner, weekdays or a last day, any will do.

    `hours` are full hours of the wall clock, from and to before; the practitioner is a primary key.
    """

    practitioner: int | None = None
    weekdays: frozenset[int] = frozenset()
    hours: tuple[int, int] = ALL_DAY
    notice: timedelta = timedelta()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class InCourse:
    """Session `number` of a course as it stands. `explained` are days late with a reason, by number."""

    cadence: Cadence
    first_on: date
    steps: Sequence[Step]
    number: int
    explained: Mapping[int, int] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        """The window that the session has now."""
        links = chain(self.cadence, self.first_on, self.steps)
        return next(link.window for link in links if link.step.number == self.number)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on the list, by `key`, who waits since a day.

    `booked_at` (aware) is the time they have, None if they have none. Without `course` it is a
    visit of another kind, which has no window. `prefers` is the patient's practitioner of choice.
    """

    key: int
    since: date
    taking: Taking
    booked_at: datetime | None = None
    course: InCourse | None = None
    prefers: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that is free, from `starts_at` (aware) on, at a site in `zone`."""

    starts_at: datetime
    practitioner: int
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        """The start on the site's wall clock."""
        return self.starts_at.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a time suits somebody (`obstacle` None), and what booking it takes."""

    obstacle: Obstacle | None = None
    asks: Asks = Asks.NOTHING

    @property
    def suits(self) -> bool:
        """Whether they would take it."""
        return self.obstacle is None


def answer(waiting: Waiting, offer: Offer, now: datetime) -> Answer:
    """Say whether `waiting` would take `offer` at `now` (aware)."""
    obstacle = time_obstacle(waiting, offer, now)
    if obstacle is not None:
        return Answer(obstacle)
    return day_answer(waiting, offer.local.date(), now.astimezone(offer.zone).date())


def time_obstacle(waiting: Waiting, offer: Offer, now: datetime) -> Obstacle | None:
    """Say what the patient's own wishes and present time have against `offer`."""
    taking, local = waiting.taking, offer.local
    # Two clocks of one zone would be compared by what they show, and one hour a year shows twice.
    starts_at = offer.starts_at.astimezone(UTC)
    begins, ends = taking.hours
    if waiting.booked_at is not None and starts_at >= waiting.booked_at.astimezone(UTC):
        return Obstacle.NOT_EARLIER
    if taking.practitioner not in (None, offer.practitioner):
        return Obstacle.PERSON
    if taking.weekdays and local.weekday() not in taking.weekdays:
        return Obstacle.WEEKDAY
    if not begins <= local.hour < ends:
        return Obstacle.TIME_OF_DAY
    if starts_at < now.astimezone(UTC) + taking.notice:
        return Obstacle.NOTICE
    if taking.until is not None and local.date() > taking.until:
        return Obstacle.UNTIL
    return None


def day_answer(waiting: Waiting, on: date, today: date) -> Answer:
    """Say what the rules of the course have against the day `on`.

    A day before the window never suits. One after it suits only who is overdue anyhow, and takes a
    clinician's reason. A day that leaves other sessions too close or too late takes a re-plan.
    """
    course = waiting.course
    if course is None:
        return Answer()
    found = {
        each.number: each
        for each in judge_all(
            course.cadence,
            course.first_on,
            course.steps,
            {course.number: on},
            explained=course.explained,
        )
    }
    own = found.pop(course.number).judgement
    if own.verdict is Verdict.REFUSED:
        return Answer(Obstacle.WINDOW)
    if own.rule is Rule.TOO_LATE and not is_overdue(waiting, today):
        return Answer(Obstacle.WINDOW)
    if _refuses(found.values()):
        return Answer(asks=Asks.REPLAN)
    return Answer(asks=Asks.REASON if own.rule is Rule.TOO_LATE else Asks.NOTHING)


def _refuses(found: Iterable[Finding]) -> bool:
    return any(each.judgement.verdict is Verdict.REFUSED for each in found)


def is_overdue(waiting: Waiting, today: date) -> bool:
    """Whether the window is over, or will be by the day that is booked."""
    course = waiting.course
    if course is None:
        return False
    booked_on = next(step.booked_on for step in course.steps if step.number == course.number)
    return course.window.days_late(max(today, booked_on or today)) > 0


def rank(waiting: Waiting, practitioner: int, today: date) -> Rank:
    """Return what `waiting` is sorted by, for a time with `practitioner`: the smallest first.

    1. Overdue first: every further day is one more past the window.
    2. Then those without a time: they can still lose their window, the others only wait longer.
    3. Then the window that closes first; visits without a window come after those with one.
    4. Then whoever waits longest, in days.
    5. Then patients who prefer this practitioner.
    6. Last the entry that was added first, so that no two are ever equal.
    """
    latest = waiting.course.window.latest if waiting.course else None
    return (
        not is_overdue(waiting, today),
        waiting.booked_at is not None,
        latest or date.max,
        waiting.since,
        waiting.prefers != practitioner,
        waiting.key,
    )
