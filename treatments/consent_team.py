"""Who gives the next session of a course, and where: what only the app of appointments knows.

That app fills this in its `AppConfig.ready()`. Everything is an expression of the database over a
course, so that no course costs a query.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models.expressions import Combinable

from treatments.domain.consents import Team

_SITE: Final = "next_site"
_PRACTITIONER: Final = "next_practitioner"
_IS_KNOWN: Final = "is_next_practitioner_known"


@dataclass(frozen=True, slots=True)
class TeamSource:
    """Each makes an expression over `TreatmentCourse` about the next session that is booked.

    `site` and `practitioner` are null without one; `is_known` says that they treated it before.
    """

    site: Callable[[], Combinable]
    practitioner: Callable[[], Combinable]
    is_known: Callable[[], Combinable]


_sources: list[TeamSource] = []


def set_team_source(source: TeamSource) -> None:
    """Say where to read it; called from `AppConfig.ready()`."""
    _sources[:] = [source]


def team_columns() -> dict[str, Combinable]:
    """Return what a query over courses is annotated with, by name."""
    [source] = _sources
    return {
        _SITE: source.site(),
        _PRACTITIONER: source.practitioner(),
        _IS_KNOWN: source.is_known(),
    }


def read_team(row: dict[str, Any]) -> Team | None:
    """Return who gives the next session of the course of `row`, which has those columns."""
    if row[_SITE] is None:
        return None
    return Team(site=row[_SITE], practitioner=row[_PRACTITIONER], is_known=bool(row[_IS_KNOWN]))
