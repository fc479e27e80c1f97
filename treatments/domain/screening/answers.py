"""What a rule finds in an answer, and the sign-off that lets a session begin all the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateutil.relativedelta import relativedelta

from patients.domain.screening import SINCE_LAST_TIME, Value
from treatments.domain.screening.facts import Answer, Clearance, CourseFacts
from treatments.domain.screening.rules import Level, Rule
from treatments.domain.screening.verdict import Finding, Reason


@dataclass(frozen=True, slots=True)
class Case:
    """What an answer is weighed with: the course, the sign-offs it has, and the day."""

    facts: CourseFacts
    clearances: Sequence[Clearance]
    today: date


def graver(rule: Rule, answer: Answer | None, noted: Answer | None, case: Case) -> Finding | None:
    """Return what `rule` finds in the newest answer, or in the one that a clinician took before.

    A grave answer is not forgotten because it is old: it counts until it is asked again.
    """
    newest = _find(rule, answer, case)
    if noted is None or not _still_counts(noted, case.facts):
        return newest
    before = _find(rule, noted, case)
    if before is None or (newest and newest.outcome.severity >= before.outcome.severity):
        return newest
    return replace(before, contested_by=answer)


def _still_counts(noted: Answer, facts: CourseFacts) -> bool:
    """Whether `noted` is not only about the time before the last session."""
    if noted.question not in SINCE_LAST_TIME or facts.last_session_on is None:
        return True
    return noted.answered_on > facts.last_session_on


def _find(rule: Rule, answer: Answer | None, case: Case) -> Finding | None:
    """Return what `rule` finds in the answer to its question, or in the age."""
    if reason := _reason(rule, answer, case):
        return _finding(rule, reason, answer, case)
    return None


def _reason(rule: Rule, answer: Answer | None, case: Case) -> Reason | None:
    if rule.above_age is not None:
        age = relativedelta(case.today, case.facts.born_on).years
        return Reason.AGE if age > rule.above_age else None
    if answer is None:
        return None
    if answer.value is Value.UNKNOWN:
        return Reason.NOT_KNOWN
    is_found = answer.value is rule.trigger and rule.is_in_time(answer.day, case.today)
    return Reason.ANSWER if is_found else None


def _finding(rule: Rule, reason: Reason, answer: Answer | None, case: Case) -> Finding:
    return Finding(
        reason=reason,
        level=rule.level,
        question=rule.question,
        rule=rule.code,
        words=rule.words,
        answer=answer,
        until=rule.until(answer.day) if answer else None,
        clearance=_lifting(rule, answer, case),
        is_about_products=rule.is_about_products,
        zone=rule.zone,
    )


def _lifting(rule: Rule, answer: Answer | None, case: Case) -> Clearance | None:
    """Return the sign-off that stands for this answer: not withdrawn, in time, not older than it."""
    if rule.level is not Level.SIGNOFF:
        return None
    standing = [
        one
        for one in case.clearances
        if one.rule == rule.code
        and one.stands_on(case.today)
        and _is_about_what_was_said(one, rule, answer, case.facts)
    ]
    return max(standing, key=lambda one: (one.at, one.pk), default=None)


def _is_about_what_was_said(
    clearance: Clearance, rule: Rule, answer: Answer | None, facts: CourseFacts
) -> bool:
    """Whether `clearance` was given for this answer, and not for an older one."""
    last = facts.last_session_on
    if rule.question in SINCE_LAST_TIME and last is not None and clearance.given_on <= last:
        # A yes in the same words tells of something new.
        return False
    return answer is None or clearance.at >= answer.unchanged_since
