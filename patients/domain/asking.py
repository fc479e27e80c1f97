"""Which questions to put to a patient now, of those that the clinic asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from patients.domain.screening import Asked, Part, Value


@dataclass(frozen=True, slots=True)
class Last:
    """The newest answer to a question, and the day of it."""

    value: Value
    answered_on: date


def due(asked: Sequence[Asked], last: Mapping[str, Last], *, today: date) -> tuple[str, ...]:
    """Return the codes of the questions that are open on `today`, in the order of `asked`.

    Open is what was never answered, what was not known, and what is asked at every session but was
    not answered on this day. How old an answer may be is not decided here.
    """
    return tuple(question.code for question in asked if _is_open(question, last, today))


def part_due(asked: Sequence[Asked], last: Mapping[str, Last], *, today: date) -> Part:
    """Return what to begin with: everything, what is open, or "Anything changed?"."""
    if not any(question.code in last for question in asked):
        return Part.FULL
    is_short = {question.code: question.is_short for question in asked}
    is_more = any(not is_short[code] for code in due(asked, last, today=today))
    return Part.SOME if is_more else Part.SHORT


def _is_open(question: Asked, last: Mapping[str, Last], today: date) -> bool:
    known = last.get(question.code)
    if known is None or known.value is Value.UNKNOWN:
        return True
    return question.is_short and known.answered_on != today
