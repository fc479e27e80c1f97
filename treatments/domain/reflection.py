"""Time to think between the explanation of a treatment and its first session."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# A clinic's setting: guidance asks for enough time, in proportion to the risk [S52]; hours [PK].
HOURS: Final = 24
MOST_HOURS: Final = 336

# What cannot be taken back easily: fat that is dissolved, and the patient's own blood [S52][PK].
_INDICATIONS: Final = frozenset({"body_sculpting"})
_PRODUCT_CLASSES: Final = frozenset({"detergent", "autologous"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionFacts:
    """What decides about the time to reflect before the first session of a course.

    `explained` are moments (aware) at which the treatment was explained. `is_waived` says that a
    prescriber signed that it begins earlier, `is_begun` that a session was delivered.
    """

    indication: str
    product_class: str
    explained: tuple[datetime, ...]
    hours: int
    is_waived: bool = False
    is_begun: bool = False


@dataclass(frozen=True, slots=True)
class Reflection:
    """Time to reflect that is not over; `ends_at` is None while nobody has explained anything."""

    ends_at: datetime | None = None


def needs_reflection(indication: str, product_class: str) -> bool:
    """Whether a course of the indication (its slug) with that planned product asks for time."""
    return indication in _INDICATIONS or product_class in _PRODUCT_CLASSES


def time_to_reflect(facts: ReflectionFacts, *, at: datetime) -> Reflection | None:
    """Return the time to reflect that keeps the first session from beginning at `at`, None if none.

    It runs from the first explanation; at its end it is over.
    """
    if facts.is_begun or facts.is_waived or facts.hours == 0:
        return None
    if not needs_reflection(facts.indication, facts.product_class):
        return None
    ends_at = _ends_at(facts.explained, facts.hours)
    return None if ends_at is not None and at >= ends_at else Reflection(ends_at)


def _ends_at(explained: Iterable[datetime], hours: int) -> datetime | None:
    first = min(explained, default=None)
    return None if first is None else first + timedelta(hours=hours)
