"""What has to stand before a session begins: gates, each from the app that knows of it."""

from collections.abc import Callable
from datetime import datetime

from sessions.models import Appointment, TreatmentSession
from treatments.consent_words import open_words, too_early_words
from treatments.screening_words import refusal_words
from treatments.selectors.consents import read_standing
from treatments.selectors.screening import read_screening

Gate = Callable[[TreatmentSession, datetime], str]
"""Returns in a sentence or two why a session may not begin at a moment (aware), "" if it may."""

_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Add a gate behind the others; called from `AppConfig.ready()`."""
    if gate not in _gates:
        _gates.append(gate)


def start_problem(appointment: Appointment, *, at: datetime) -> str:
    """Return why the session of `appointment`, whose rows are locked, may not begin, "" if it may.

    Consultations and reviews pass every gate: somebody has to look at the patient.
    """
    session = appointment.session
    if session is None:
        return ""
    return next((problem for gate in _gates if (problem := gate(session, at))), "")


def consent_problem(session: TreatmentSession, at: datetime) -> str:
    """Return which consent is open, or that the patient still has time to think about it."""
    standing = read_standing(session.course, at=at)
    if standing.is_open:
        return open_words(standing)
    if standing.reflection is not None:
        return too_early_words(standing.reflection, session.course.site.zone)
    return ""


def screening_problem(session: TreatmentSession, at: datetime) -> str:
    """Return what comes next, if the health questions keep the session from beginning."""
    verdict = read_screening(session.course, at=at, is_session_day=True)
    return "" if verdict.may_start else refusal_words(verdict)
