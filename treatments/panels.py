"""The treatments app's own part of the patient's page."""

from typing import Any

from django.utils import timezone

from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.models import Patient
from patients.registry import Panel
from treatments.selectors.consents import read_standings


def _consents(request: ClinicRequest, patient: Patient) -> dict[str, Any] | None:
    """Return the running courses whose consent is asked for here; None if there is none."""
    courses = list(patient.courses.filter(ended_at=None).with_people().order_by("-planned_at"))
    standings = read_standings(courses, at=timezone.now())
    rows = [(course, standings[course.pk]) for course in courses]
    asked = [row for row in rows if row[1].is_asked]
    return {"courses": asked} if asked else None


CONSENTS = Panel(
    order=7,
    area="side",
    template="treatments/_patient_consents.html",
    context=_consents,
    right=Right.SEE_COURSES,
)
