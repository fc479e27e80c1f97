"""Is this the same person? How alike a new identity is to one that is known."""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from patients.domain.searching import fold

# Chosen so that one slip in a usual word ("Penhalow") is alike and another name is not.
ALIKE = 0.8


class Reason(StrEnum):
    """Why two identities may be one person; the strongest first."""

    BIRTH_AND_NAMES = "birth_and_names"
    PHONE_AND_NAMES = "phone_and_names"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is compared: the names as written, the birth date, and phones as digits alone."""

    names: str
    born_on: date
    phones: frozenset[str] = frozenset()


def likeness(new: Identity, known: Identity) -> Reason | None:
    """Return why `new` and `known` may be the same person, or None if nothing says so."""
    alike = names_alike(new.names, known.names)
    if alike and new.born_on == known.born_on:
        return Reason.BIRTH_AND_NAMES
    if (new.phones & known.phones) - {""}:
        return Reason.PHONE_AND_NAMES if alike else Reason.PHONE
    return None


def names_alike(one: str, other: str) -> bool:
    """Whether each word of the shorter name has its like in the longer one, in any order."""
    fewer, more = sorted((fold(one).split(), fold(other).split()), key=len)
    left = list(more)
    for word in fewer:
        like = max(left, key=lambda known: _ratio(word, known))
        if _ratio(word, like) < ALIKE:
            return False
        left.remove(like)
    return bool(fewer)


def _ratio(one: str, other: str) -> float:
    return 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()
