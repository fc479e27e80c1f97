"""What apps above know that makes consent be talked through again, such as a severe reaction.

The apps fill this in their `AppConfig.ready()`. Each source is an expression of the database over
a course, so that no course and no source costs a query.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import OuterRef, Subquery
from django.db.models.expressions import Combinable

from treatments.domain.consents import State, Turn
from treatments.models import ConsentReopening

_PREFIX: Final = "turned_at_"
_BY_HAND_AT: Final = "reopened_at"
_BY_HAND_WHY: Final = "reopened_because"


@dataclass(frozen=True, slots=True)
class TurnSource:
    """`newest` makes an expression over `TreatmentCourse`: when it last happened, null for never."""

    state: State
    newest: Callable[[], Combinable]


_sources: list[TurnSource] = []


def register_turn(source: TurnSource) -> None:
    """Add a source; called from `AppConfig.ready()`."""
    if source not in _sources:
        _sources.append(source)


def turn_columns() -> dict[str, Combinable]:
    """Return what a query over courses is annotated with, by name."""
    reopened = ConsentReopening.objects.filter(course=OuterRef("pk")).order_by("-at", "-pk")
    columns: dict[str, Combinable] = {
        _BY_HAND_AT: Subquery(reopened.values("at")[:1]),
        _BY_HAND_WHY: Subquery(reopened.values("reason")[:1]),
    }
    return columns | {f"{_PREFIX}{n}": one.newest() for n, one in enumerate(_sources)}


def read_turns(row: dict[str, Any]) -> tuple[Turn, ...]:
    """Return what happened to the course of `row`, which has the columns of `turn_columns`."""
    found: Iterable[tuple[State, datetime | None]] = [
        (source.state, row[f"{_PREFIX}{n}"]) for n, source in enumerate(_sources)
    ]
    turns = [Turn(state, at) for state, at in found if at is not None]
    if row[_BY_HAND_AT] is not None:
        turns.append(Turn(State(row[_BY_HAND_WHY]), row[_BY_HAND_AT]))
    return tuple(turns)
