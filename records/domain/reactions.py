"""When a reaction is a red flag, who has to look at it by when, and what may be said of it later."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import IntEnum, StrEnum
from typing import Final

from records.domain.reaction_kinds import BY_CODE, SAME_DAY, ReactionKind

ANAPHYLAXIS: Final = "anaphylaxis"


class Grade(IntEnum):
    """How bad it is, after the common terminology criteria [S46]."""

    MILD = 1
    MODERATE = 2
    SEVERE = 3
    LIFE_THREATENING = 4
    DEATH = 5


class Outcome(StrEnum):
    """How it went. Only what is ongoing is open."""

    ONGOING = "ONGOING"
    RESOLVED = "RESOLVED"
    SEQUELAE = "SEQUELAE"
    UNKNOWN = "UNKNOWN"
    DIED = "DIED"


# From here on a prescriber has to look at it, and from here on treatment stops: [PK].
REVIEW_FROM: Final = Grade.MODERATE
RED_FROM: Final = Grade.SEVERE
# How soon a prescriber has to look at it: [PK].
REVIEW_WITHIN: Final = timedelta(hours=24)
# A look that is further away than this is not on anybody's list yet: [PK].
LISTED_BEFORE: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionState:
    """What is known of a reaction now. `asked_at` is aware; `follow_up_on` is a day of its site.

    `is_reviewed` says whether a prescriber has seen it as bad as it is; `asked_at` is when it was
    reported, or when it got worse than a prescriber had seen it. `is_looked_at` says whether anybody
    looked at it since it was told.
    """

    grade: int
    is_red_flag: bool
    outcome: Outcome
    asked_at: datetime
    is_reviewed: bool = False
    is_looked_at: bool = False
    follow_up_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.outcome is Outcome.ONGOING

    @property
    def stops_treatment(self) -> bool:
        """Whether no session of the patient may begin."""
        return self.is_open and self.is_red_flag


def is_red_flag(code: str, grade: int, *, has_sign: bool) -> bool:
    """Whether a reaction of that kind and grade is a red flag; `has_sign`: its own sign was seen."""
    return has_sign or grade >= RED_FROM or BY_CODE[code].is_always_red


def bars_products(code: str, grade: int) -> bool:
    """Whether what was given before it is never given to the patient again: [S65], [PK]."""
    is_grave = grade >= Grade.LIFE_THREATENING
    return code == ANAPHYLAXIS or (BY_CODE[code].is_allergy and is_grave)


def is_expected(kind: ReactionKind, grade: int, days_after: int | None, *, has_sign: bool) -> bool:
    """Whether patients are told of it beforehand: common, no worse than moderate, at its usual time.

    `days_after` counts from the injection; None if it is not known which one.
    """
    first, last = kind.onset_days
    in_time = (
        days_after is not None and first <= days_after and (last is None or days_after <= last)
    )
    is_red = is_red_flag(kind.code, grade, has_sign=has_sign)
    return kind.is_common and in_time and not is_red


def is_review_asked(grade: int, *, is_red_flag: bool) -> bool:
    """Whether a prescriber has to look at a reaction of that grade."""
    return is_red_flag or grade >= REVIEW_FROM


def review_due_at(state: ReactionState) -> datetime | None:
    """Return by when a prescriber has to look at it; None if nobody has to, or somebody did."""
    asks = is_review_asked(state.grade, is_red_flag=state.is_red_flag)
    if not state.is_open or state.is_reviewed or not asks:
        return None
    return state.asked_at + REVIEW_WITHIN


def is_follow_up_due(state: ReactionState, today: date) -> bool:
    """Whether the day has come on which somebody wanted to look again."""
    return state.is_open and state.follow_up_on is not None and state.follow_up_on <= today


class Asked(StrEnum):
    """Who or what asks for a look."""

    PRESCRIBER = "PRESCRIBER"
    KIND = "KIND"
    WANTED = "WANTED"


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a patient that is due `at` (aware)."""

    asked: Asked
    at: datetime

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been taken by `now` (aware)."""
        return self.at < now


def kind_look_at(kind: ReactionKind, state: ReactionState, *, zone: tzinfo) -> datetime | None:
    """Return by when somebody looks again, by the kind of reaction; None once somebody did."""
    if not state.is_open or state.is_looked_at:
        return None
    if kind.look_within_hours == SAME_DAY:
        return _end_of(state.asked_at.astimezone(zone).date(), zone)
    return state.asked_at + timedelta(hours=kind.look_within_hours)


def next_look(
    kind: ReactionKind, state: ReactionState, *, now: datetime, zone: tzinfo
) -> Look | None:
    """Return the look that is due next or overdue at `now` (aware); None if nobody has to yet.

    A prescriber's comes before all others, and may be due earlier by the kind of reaction.
    """
    by_kind = kind_look_at(kind, state, zone=zone)
    by_prescriber = review_due_at(state)
    if by_prescriber is not None:
        return Look(Asked.PRESCRIBER, min(by_prescriber, by_kind or by_prescriber))
    found = []
    if by_kind is not None and by_kind - now <= LISTED_BEFORE:
        found.append(Look(Asked.KIND, by_kind))
    if state.follow_up_on and is_follow_up_due(state, now.astimezone(zone).date()):
        found.append(Look(Asked.WANTED, _end_of(state.follow_up_on, zone)))
    return min(found, key=lambda look: look.at, default=None)


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(23, 59), zone)


class Misfit(StrEnum):
    """Why a grade, an outcome and its day do not belong together."""

    RESOLVED_WITHOUT_DAY = "RESOLVED_WITHOUT_DAY"
    DAY_BUT_ONGOING = "DAY_BUT_ONGOING"
    DAY_IN_FUTURE = "DAY_IN_FUTURE"
    DAY_BEFORE_ONSET = "DAY_BEFORE_ONSET"
    DEATH_WITHOUT_GRADE = "DEATH_WITHOUT_GRADE"
    GRADE_WITHOUT_DEATH = "GRADE_WITHOUT_DEATH"


def misfits(
    *, grade: int, outcome: str, resolved_on: date | None, onset_on: date, today: date
) -> list[Misfit]:
    """Return what does not fit together, nothing if it does."""
    found = []
    if outcome == Outcome.RESOLVED and resolved_on is None:
        found.append(Misfit.RESOLVED_WITHOUT_DAY)
    if outcome == Outcome.ONGOING and resolved_on is not None:
        found.append(Misfit.DAY_BUT_ONGOING)
    if resolved_on is not None and resolved_on > today:
        found.append(Misfit.DAY_IN_FUTURE)
    if resolved_on is not None and resolved_on < onset_on:
        found.append(Misfit.DAY_BEFORE_ONSET)
    if outcome == Outcome.DIED and grade != Grade.DEATH:
        found.append(Misfit.DEATH_WITHOUT_GRADE)
    if grade == Grade.DEATH and outcome != Outcome.DIED:
        found.append(Misfit.GRADE_WITHOUT_DEATH)
    return found
