"""Which questions have to be asked, or asked again, because their answers are missing or too old."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from treatments.domain.screening.facts import Answer, CourseFacts, Question
from treatments.domain.screening.rules import Level
from treatments.domain.screening.verdict import Finding, Reason

# Clinic settings [PK]: no publication was found that sets a number.
MONTHS_VALID: Final = 6
DAYS_OF_GAP: Final = 42


def to_ask(
    questions: Sequence[Question], answers: Mapping[str, Answer], facts: CourseFacts, today: date
) -> list[Finding]:
    """Return a finding for each question that has no answer, or one that is too old."""
    found = []
    for question in questions:
        answer = answers.get(question.code)
        if reason := _why(question, answer, facts, today):
            found.append(
                Finding(reason=reason, level=Level.BLOCK, question=question.code, answer=answer)
            )
    return found


def _why(
    question: Question, answer: Answer | None, facts: CourseFacts, today: date
) -> Reason | None:
    if answer is None:
        return Reason.NOT_ANSWERED
    if today >= answer.answered_on + relativedelta(months=MONTHS_VALID):
        return Reason.TOO_OLD
    if _is_from_before_gap(answer.answered_on, facts.last_session_on, today):
        return Reason.AFTER_GAP
    if question.is_short and facts.is_session_day and answer.answered_on != today:
        return Reason.NOT_TODAY
    return None


def _is_from_before_gap(answered_on: date, last_session_on: date | None, today: date) -> bool:
    """Whether the patient stayed away for too long, and the answer is from before that was over."""
    if last_session_on is None:
        return False
    too_long = last_session_on + timedelta(days=DAYS_OF_GAP)
    return today > too_long and answered_on <= too_long
