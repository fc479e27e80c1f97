"""The patients app's own parts of the patient's page."""

from typing import Any

from clinic.models import Weekday
from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.languages import language_name
from patients.models import Patient
from patients.registry import Panel
from patients.selectors import live_allergies


def _allergies(request: ClinicRequest, patient: Patient) -> dict[str, Any]:
    return {"allergies": live_allergies(patient)}


def _details(request: ClinicRequest, patient: Patient) -> dict[str, Any]:
    return {
        "weekdays": [Weekday(day).label for day in patient.preferred_weekdays],
        "language_name": language_name(patient.language),
    }


ALLERGIES = Panel(
    order=10,
    area="side",
    template="patients/_allergies.html",
    context=_allergies,
    right=Right.SEE_CLINICAL,
)
DETAILS = Panel(order=90, area="side", template="patients/_details.html", context=_details)
