"""Whether a session may be booked on a day: too early never, too late with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sessions.domain.windows import Cadence, Link, Step, chain


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
    ONE_BEFORE_OPEN = "one_before_open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a day. `days` is how early or late it is, `other` the session in the way."""

    verdict: Verdict
    rule: Rule
    days: int = 0
    other: int | None = None


def judge(
    cadence: Cadence, first_on: date, steps: Sequence[Step], number: int, day: date
) -> Judgement:
    """Judge booking (or moving) session `number` to `day`, all other sessions staying as they are.

    A session needs the one before it delivered or booked, because nothing else opens its window.
    A day that would bring a later booked or delivered session too close is refused as well:
    that one would be too early.
    """
    own = next(step for step in steps if step.number == number)
    if own.delivered_on or own.is_skipped:
        return Judgement(Verdict.REFUSED, Rule.DONE)
    before = [step for step in steps if step.number < number and not step.is_skipped]
    if before and before[-1].fixed_on is None:
        return Judgement(Verdict.REFUSED, Rule.ONE_BEFORE_OPEN, other=before[-1].number)
    moved = [replace(step, booked_on=day) if step.number == number else step for step in steps]
    links = {link.step.number: link for link in chain(cadence, first_on, moved)}
    window = links[number].window
    if early := window.days_early(day):
        return Judgement(Verdict.REFUSED, Rule.TOO_EARLY, days=early)
    if pushed := _brought_too_close(links, number):
        early = pushed.window.days_early(pushed.on)
        return Judgement(Verdict.REFUSED, Rule.PUSHES_NEXT, days=early, other=pushed.step.number)
    if late := window.days_late(day):
        return Judgement(Verdict.NEEDS_REASON, Rule.TOO_LATE, days=late)
    return Judgement(Verdict.ALLOWED, Rule.IN_WINDOW)


def _brought_too_close(links: dict[int, Link], number: int) -> Link | None:
    """Return the next session that stands, if it would now stand before its window."""
    for later in sorted(links):
        link = links[later]
        if later > number and not link.step.is_skipped:
            return link if link.step.fixed_on and link.is_early else None
    return None
