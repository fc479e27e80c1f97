"""What else may keep a session from beginning: gates, each from the app that knows of it."""

from collections.abc import Callable

from sessions.models import Appointment

Gate = Callable[[Appointment], str]
"""Returns in one sentence why the session of an appointment may not begin, "" if it may."""

_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Add a gate; called from `AppConfig.ready()`."""
    if gate not in _gates:
        _gates.append(gate)


def start_problem(appointment: Appointment) -> str:
    """Return why the session of `appointment`, whose rows are locked, may not begin, "" if it may.

    Consultations and reviews pass every gate: somebody has to look at the patient.
    """
    if appointment.session_id is None:
        return ""
    return next((problem for gate in _gates if (problem := gate(appointment))), "")
