"""Whether sessions may be booked on their days: too early never, too late with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from sessions.domain.windows import Cadence, Link, Step, Window, chain

# A patient who stands at the desk may be given the time that began a moment ago.
WALK_IN = timedelta(minutes=15)


class Verdict(StrEnum):
    """What the rules say to a day."""

    ALLOWED = "allowed"
    NEEDS_REASON = "needs_reason"
    REFUSED = "refused"


class Rule(StrEnum):
    """The rule a verdict rests on."""

    IN_WINDOW = "in_window"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    PUSHES_NEXT = "pushes_next"
    LEAVES_LATE = "leaves_late"
    ONE_BEFORE_OPEN = "one_before_open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a day. `days` is how early or late it is, `other` the session in the way."""

    verdict: Verdict
    rule: Rule
    days: int = 0
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say to session `number`, whose window would be `window`."""

    number: int
    judgement: Judgement
    window: Window


_ALLOWED = Judgement(Verdict.ALLOWED, Rule.IN_WINDOW)


def judge(
    cadence: Cadence,
    first_on: date,
    steps: Sequence[Step],
    number: int,
    day: date,
    *,
    explained: Mapping[int, int] = MappingProxyType({}),
) -> Judgement:
    """Judge booking (or moving) session `number` to `day`, all other sessions staying as they are.

    A day that would leave the next session too early, or late without a reason on record, is
    refused as well; `explained` says how many days late a session may be by such a reason.
    """
    findings = judge_all(cadence, first_on, steps, {number: day}, explained=explained)
    own = next(found.judgement for found in findings if found.number == number)
    others = (found.judgement for found in findings if found.number != number)
    return own if own.verdict is Verdict.REFUSED else next(others, own)


def judge_all(
    cadence: Cadence,
    first_on: date,
    steps: Sequence[Step],
    placed: Mapping[int, date],
    *,
    explained: Mapping[int, int] = MappingProxyType({}),
) -> list[Finding]:
    """Judge booking (or moving) the sessions of `placed` (number to day) in one act.

    Returns a finding for each of them, and one for each session that stays and that the act would
    leave too early, or late without a reason on record; in order of number. A session needs the one
    before it delivered, booked or placed, because nothing else opens its window.
    """
    moved = [
        replace(step, booked_on=placed.get(step.number, step.booked_on))
        if not step.delivered_on
        else step
        for step in steps
    ]
    findings: list[Finding] = []
    opener: tuple[Step, Step] | None = None
    for was, now in zip(
        chain(cadence, first_on, steps), chain(cadence, first_on, moved), strict=True
    ):
        number = now.step.number
        judgement = (
            _judge_placed(now, opener[1] if opener else None)
            if number in placed
            else _judge_staying(was, now, opener, explained=explained.get(number, 0))
        )
        if judgement is not None:
            findings.append(Finding(number, judgement, now.window))
        if not now.step.is_skipped:
            opener = was.step, now.step
    return findings


def _judge_placed(link: Link, before: Step | None) -> Judgement:
    """Judge a session of the act; `before` is the one whose day opens its window."""
    if link.step.delivered_on or link.step.is_skipped:
        return Judgement(Verdict.REFUSED, Rule.DONE)
    if before and before.fixed_on is None:
        return Judgement(Verdict.REFUSED, Rule.ONE_BEFORE_OPEN, other=before.number)
    if early := link.window.days_early(link.on):
        return Judgement(Verdict.REFUSED, Rule.TOO_EARLY, days=early)
    if late := link.window.days_late(link.on):
        return Judgement(Verdict.NEEDS_REASON, Rule.TOO_LATE, days=late)
    return _ALLOWED


def _judge_staying(
    was: Link, now: Link, opener: tuple[Step, Step] | None, *, explained: int
) -> Judgement | None:
    """Judge a session that stays where it is, if the act moves the day that opens its window.

    `opener` is the session that opens the window, as it was and as it will be.
    """
    stands = now.step.fixed_on and not now.step.is_skipped
    if not stands or opener is None:
        return None
    opened, opens = opener[0].fixed_on, opener[1].fixed_on
    if opens is None or opens == opened:
        return None
    number = now.step.number
    if early := now.window.days_early(now.on):
        return Judgement(Verdict.REFUSED, Rule.PUSHES_NEXT, days=early, other=number)
    late = now.window.days_late(now.on)
    # Nothing had opened its window: then it was not late either.
    late_before = was.window.days_late(was.on) if opened else 0
    if late > max(late_before, explained) and not now.step.delivered_on:
        return Judgement(Verdict.REFUSED, Rule.LEAVES_LATE, days=late, other=number)
    return None


@dataclass(frozen=True, slots=True)
class Hold:
    """What an appointment holds: its practitioner and room with the buffers, its patient without.

    People and rooms are primary keys, times are aware.
    """

    practitioner: int
    room: int
    patient: int
    starts_at: datetime
    ends_at: datetime
    held_from: datetime
    held_until: datetime

    def collides(self, other: "Hold") -> bool:
        """Whether both hold somebody, or a room, at one moment."""
        shares = self.practitioner == other.practitioner or self.room == other.room
        if shares and self.held_from < other.held_until and other.held_from < self.held_until:
            return True
        same_patient = self.patient == other.patient
        return same_patient and self.starts_at < other.ends_at and other.starts_at < self.ends_at
