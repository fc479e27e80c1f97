"""Which zones a course was treated on: what only the app of records knows.

That app fills this in its `AppConfig.ready()`.
"""

from collections.abc import Callable

from treatments.models import TreatmentCourse

Source = Callable[[TreatmentCourse], list[str]]

_sources: list[Source] = []


def set_treated_zones(source: Source) -> None:
    """Say where to read it; called from `AppConfig.ready()`."""
    _sources[:] = [source]


def treated_zones(course: TreatmentCourse) -> list[str]:
    """Return the codes of the zones that `course` was treated on, each once, signed or not (1 query)."""
    [source] = _sources
    return source(course)
