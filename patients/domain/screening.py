"""The health questionnaire: what an answer may be, and which answers a filling in needs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

# Asked about the time since the last session: an answer from before it is about something else.
SINCE_LAST_TIME: Final = frozenset({"reaction_last", "medicines_changed", "allergy_new"})


class Value(StrEnum):
    """An answer. A patient who does not know has not said no."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"


class Kind(StrEnum):
    """What a "yes" is asked further."""

    YES_NO = "YES_NO"
    DAY = "DAY"
    WORDS = "WORDS"


class Part(StrEnum):
    """Which questions one filling in is made of."""

    FULL = "FULL"
    SHORT = "SHORT"
    SOME = "SOME"


class Gap(StrEnum):
    """What is wrong with an answer."""

    MISSING = "MISSING"
    WORDS_MISSING = "WORDS_MISSING"
    MORE_WITHOUT_YES = "MORE_WITHOUT_YES"
    DAY_NOT_ASKED = "DAY_NOT_ASKED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, as far as it decides who has to answer it and what a yes needs."""

    code: str
    kind: Kind
    is_short: bool
    is_for_clinician: bool


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given. A yes without a day goes on still."""

    value: Value
    day: date | None = None
    words: str = ""

    def says_the_same(self, other: "Given") -> bool:
        """Whether nothing changed; capitals and spaces do not count."""
        mine, others = (" ".join(one.words.casefold().split()) for one in (self, other))
        return (self.value, self.day, mine) == (other.value, other.day, others)


def contests(noted: Given, told: Given) -> bool:
    """Whether what a patient told takes away from the yes that a clinician noted before.

    Nobody drops such a yes unseen: it counts until a clinician asks again.
    """
    return noted.value is Value.YES and (told.value is not Value.YES or told.day != noted.day)


def is_asked(question: Asked, part: Part, *, is_by_patient: bool) -> bool:
    """Whether `part` needs an answer to `question`. With Part.SOME nothing is needed."""
    if is_by_patient and question.is_for_clinician:
        return False
    return part is Part.FULL or (part is Part.SHORT and question.is_short)


def find_gap(question: Asked, given: Given | None) -> Gap | None:
    """Return what is wrong with the answer to `question`, None if nothing is."""
    if given is None:
        return Gap.MISSING
    if given.value is not Value.YES:
        return Gap.MORE_WITHOUT_YES if given.day else None
    if given.day and question.kind is not Kind.DAY:
        return Gap.DAY_NOT_ASKED
    if question.kind is Kind.WORDS and not given.words.strip():
        return Gap.WORDS_MISSING
    return None
