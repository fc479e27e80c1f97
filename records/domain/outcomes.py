"""When results are scored, what a difference means, and when a course is to be looked at again.

Days are days of the site. Sources are listed in `docs/clinical-sources.md` under "Outcome days":
all days here are clinic settings.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from records.domain.scale_shapes import Direction, Scale

# Clinic settings: no publication was found that sets a day.
BASELINE_DAYS: Final = 14
END_AFTER: Final = timedelta(days=28)
FOLLOW_UP_MONTHS: Final = (3, 6)
HAIR_MONTHS: Final = (3, 6, 12)
PIGMENT_EVERY: Final = timedelta(days=28)
# Hair cannot be judged earlier; until the second of these months it is only looked at again.
HAIR_JUDGED_MONTHS: Final = (3, 6)


class Occasion(StrEnum):
    """What a score is for. Months count from the last session, of hair loss from the first."""

    BASELINE = "BASELINE"
    MID_COURSE = "MID_COURSE"
    END = "END"
    MONTHS_3 = "MONTHS_3"
    MONTHS_6 = "MONTHS_6"
    MONTHS_12 = "MONTHS_12"
    OTHER = "OTHER"


_AFTER_MONTHS: Final = {3: Occasion.MONTHS_3, 6: Occasion.MONTHS_6, 12: Occasion.MONTHS_12}


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDates:
    """What decides when a course is scored.

    `first_on` is the day of the first session: delivered, or else the day it stands on, never
    before today. `delivered` holds the delivered days, in order. `initial_ended_on` is the last of
    the initial phase once none of it is open and monthly sessions follow; `ended_on` is the last
    of all once the course is over.
    """

    first_on: date
    delivered: tuple[date, ...] = ()
    initial_ended_on: date | None = None
    ended_on: date | None = None
    is_over: bool = False
    is_hair: bool = False

    @property
    def is_begun(self) -> bool:
        """Whether a session was delivered."""
        return bool(self.delivered)


@dataclass(frozen=True, slots=True)
class Due:
    """An occasion and the days on which it is asked for; `until_on` is None while it stays open."""

    occasion: Occasion
    from_on: date
    until_on: date | None


class DueState(StrEnum):
    """How it is with an occasion on a day."""

    DONE = "DONE"
    AHEAD = "AHEAD"
    DUE = "DUE"
    MISSED = "MISSED"


class BaselineState(StrEnum):
    """How it is with the scores from before the first session."""

    NOT_ASKED = "NOT_ASKED"
    COMPLETE = "COMPLETE"
    AHEAD = "AHEAD"
    DUE = "DUE"
    MISSING = "MISSING"


def due_dates(course: CourseDates) -> list[Due]:
    """Return the occasions that can be dated by now, in their order."""
    baseline = Due(Occasion.BASELINE, baseline_opens(course.first_on), course.first_on)
    later = _hair_starts(course) if course.is_hair else _starts(course)
    return [baseline, *_until_the_next(later)]


def baseline_opens(first_on: date) -> date:
    """Return the first day on which a baseline of a course that begins on `first_on` counts."""
    return first_on - timedelta(days=BASELINE_DAYS)


def counts_as_baseline(assessed_on: date, course: CourseDates) -> bool:
    """Whether a value of that day is from shortly before the first session."""
    return baseline_opens(course.first_on) <= assessed_on <= course.first_on


def _hair_starts(course: CourseDates) -> list[tuple[Occasion, date]]:
    if not course.delivered:
        return []
    began = course.delivered[0]
    return [(_AFTER_MONTHS[n], began + relativedelta(months=n)) for n in HAIR_MONTHS]


def _starts(course: CourseDates) -> list[tuple[Occasion, date]]:
    starts = []
    if course.initial_ended_on:
        # Not on the day itself: a treated skin is swollen.
        starts.append((Occasion.MID_COURSE, course.initial_ended_on + timedelta(days=1)))
    if course.ended_on:
        starts.append((Occasion.END, course.ended_on + END_AFTER))
        for months in FOLLOW_UP_MONTHS:
            on = course.ended_on + relativedelta(months=months)
            starts.append((_AFTER_MONTHS[months], on))
    return starts


def _until_the_next(starts: list[tuple[Occasion, date]]) -> list[Due]:
    """Let each be asked for until the next begins; the last follow-up as long as the one before."""
    found = []
    for place, (occasion, on) in enumerate(starts):
        until: date | None = None
        if place + 1 < len(starts):
            until = starts[place + 1][1] - timedelta(days=1)
        elif occasion in _AFTER_MONTHS.values():
            until = on + (on - starts[place - 1][1])
        found.append(Due(occasion, on, until))
    return found


def due_state(due: Due, today: date, *, is_done: bool) -> DueState:
    """Return how it is with `due` on `today`."""
    if is_done:
        return DueState.DONE
    if today < due.from_on:
        return DueState.AHEAD
    if due.until_on is None or today <= due.until_on:
        return DueState.DUE
    return DueState.MISSED


def pigment_due_on(scored: Iterable[date], course: CourseDates) -> date | None:
    """Return from when pigment is to be scored again, None if it is not or the course is over."""
    last = max(scored, default=None)
    return None if last is None or course.is_over else last + PIGMENT_EVERY


def missing_groups(
    groups: Sequence[tuple[str, ...]], scored: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    """Return the groups of which no scale was scored: one of each group is enough."""
    return tuple(group for group in groups if not set(group) & set(scored))


def baseline_state(
    groups: Sequence[tuple[str, ...]],
    scored: Iterable[tuple[str, date]],
    course: CourseDates,
    today: date,
) -> BaselineState:
    """Return how it is on `today` with the baseline; `scored` are scales and days of its values."""
    if not groups:
        return BaselineState.NOT_ASKED
    fresh = {code for code, on in scored if counts_as_baseline(on, course)}
    if not missing_groups(groups, fresh):
        return BaselineState.COMPLETE
    if course.is_begun:
        return BaselineState.MISSING
    if course.is_over:
        return BaselineState.NOT_ASKED
    opens = baseline_opens(course.first_on)
    return BaselineState.AHEAD if today < opens else BaselineState.DUE


class Trend(StrEnum):
    """What a difference means. DIFFERENT is a change of what has no better or worse."""

    BETTER = "BETTER"
    WORSE = "WORSE"
    SAME = "SAME"
    DIFFERENT = "DIFFERENT"


@dataclass(frozen=True, slots=True)
class Change:
    """From one value of a scale to a later one. `percent` is None where it means nothing."""

    first: Decimal
    last: Decimal
    trend: Trend
    percent: int | None

    @property
    def difference(self) -> Decimal:
        """By how much it rose, in the unit of the scale."""
        return self.last - self.first


def compare(scale: Scale, first: Decimal, last: Decimal) -> Change:
    """Return what it means that a value of `scale` went from `first` to `last`."""
    return Change(first, last, _trend(scale, first, last), _percent(scale, first, last))


def _trend(scale: Scale, first: Decimal, last: Decimal) -> Trend:
    rise = last - first
    if abs(rise) <= max(scale.noise, first * scale.noise_percent / 100):
        return Trend.SAME
    if scale.better is Direction.CONTEXT:
        return Trend.DIFFERENT
    return Trend.BETTER if (rise > 0) is (scale.better is Direction.HIGHER) else Trend.WORSE


def _percent(scale: Scale, first: Decimal, last: Decimal) -> int | None:
    """Return the rise in whole percent of `first`, for scales with a real zero only."""
    if not scale.is_ratio or not first:
        return None
    return int(((last - first) / first * 100).quantize(Decimal(1), ROUND_HALF_UP))


class Advice(StrEnum):
    """What the scores say about going on."""

    NONE = "NONE"
    GO_ON = "GO_ON"
    REVIEW = "REVIEW"
    REVIEW_OR_STOP = "REVIEW_OR_STOP"


def judged_from(course: CourseDates) -> date | None:
    """Return the first day whose scores can say that nothing changed, None while there is none."""
    if course.is_hair:
        began = course.delivered[0] if course.delivered else None
        return began + relativedelta(months=HAIR_JUDGED_MONTHS[0]) if began else None
    ended = course.initial_ended_on
    return ended + timedelta(days=1) if ended else None


def advise(changes: Sequence[tuple[date, Change]], course: CourseDates) -> Advice:
    """Return what `changes` since before the course, each with the day of its value, ask for.

    Without one measurable change for the better after the initial phase, the course is looked at
    again or stopped; one of hair loss no earlier than its months. A course that is over is not
    judged: there is nothing to stop.
    """
    from_on = judged_from(course)
    judged = [(on, change) for on, change in changes if from_on and on >= from_on]
    if course.is_over or not judged:
        return Advice.NONE
    if any(change.trend is Trend.BETTER for _on, change in judged):
        return Advice.GO_ON
    if course.is_hair:
        slow = course.delivered[0] + relativedelta(months=HAIR_JUDGED_MONTHS[1])
        if max(on for on, _change in judged) < slow:
            return Advice.REVIEW
    return Advice.REVIEW_OR_STOP
