"""A recall of lots: how each patient stands, and how long infections are watched for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# [S41]: atypical mycobacteria showed 1 to 12 weeks after the injection.
WATCH: Final = timedelta(weeks=12)


class Reach(StrEnum):
    """How a patient stands, in the order in which a call goes on."""

    UNREACHED = "UNREACHED"
    REACHED = "REACHED"
    SYMPTOMATIC = "SYMPTOMATIC"
    REFERRED = "REFERRED"


# What is seen in a patient, and where the patient was sent, is said in words.
NEEDS_WORDS: Final = frozenset({Reach.SYMPTOMATIC, Reach.REFERRED})


@dataclass(frozen=True, slots=True)
class Counts:
    """How many patients stand how; `untried` of them were never called."""

    unreached: int = 0
    reached: int = 0
    symptomatic: int = 0
    referred: int = 0
    untried: int = 0

    @property
    def all(self) -> int:
        """Every patient that was touched."""
        return self.unreached + self.reached + self.symptomatic + self.referred


def watch_until(last_used_on: date) -> date:
    """Return the day until which infections are watched for, after the last use of a lot."""
    return last_used_on + WATCH


def after_attempt(before: str, attempt: str) -> Reach:
    """Return how a patient stands after an attempt.

    A call that nobody took leaves what an earlier one found. What is said can be corrected.
    """
    return Reach(before) if attempt == Reach.UNREACHED else Reach(attempt)


def needs_words(attempt: str) -> bool:
    """Whether an attempt says nothing without words."""
    return attempt in NEEDS_WORDS


def count_reach(contacts: Iterable[tuple[str, int]]) -> Counts:
    """Return the counts of contacts, given as how each stands and how many attempts were made."""
    found = dict.fromkeys(Reach, 0)
    untried = 0
    for reach, attempts in contacts:
        found[Reach(reach)] += 1
        untried += attempts == 0
    return Counts(
        unreached=found[Reach.UNREACHED],
        reached=found[Reach.REACHED],
        symptomatic=found[Reach.SYMPTOMATIC],
        referred=found[Reach.REFERRED],
        untried=untried,
    )
