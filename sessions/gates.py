"""What has to stand before a session begins. Apps above this one add what they know of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from treatments.consent_words import open_words
from treatments.models import TreatmentCourse
from treatments.screening_words import refusal_words
from treatments.selectors.consents import read_standing
from treatments.selectors.screening import read_screening

Refusal: TypeAlias = Callable[[TreatmentCourse, datetime], str]
"""Says in one or two sentences why a session of the course cannot begin now; "" if it can."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A question that is asked, in `order`, each time before a session begins."""

    order: int
    refusal: Refusal


_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Ask `gate` from now on."""
    _gates[:] = sorted({*_gates, gate}, key=lambda known: known.order)


def first_refusal(course: TreatmentCourse, *, at: datetime) -> str:
    """Return why no session of `course` can begin at `at` (aware), "" if nothing stands against it."""
    return next((words for gate in _gates if (words := gate.refusal(course, at))), "")


def _consent(course: TreatmentCourse, at: datetime) -> str:
    standing = read_standing(course, at=at)
    return open_words(standing) if standing.is_open else ""


def _screening(course: TreatmentCourse, at: datetime) -> str:
    verdict = read_screening(course, at=at, is_session_day=True)
    return "" if verdict.may_start else refusal_words(verdict)


CONSENT = Gate(10, _consent)
SCREENING = Gate(20, _screening)
