"""The records app's own parts of the patient's page."""

from typing import Any

from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.models import Patient
from patients.registry import Panel
from records.selectors.photos import course_lines, has_refused


def _photos(request: ClinicRequest, patient: Patient) -> dict[str, Any] | None:
    """Return the running courses with their photos; None if there is none."""
    courses = patient.courses.filter(ended_at=None).with_people().order_by("-planned_at", "-pk")
    lines = course_lines(list(courses))
    if not lines:
        return None
    return {"lines": lines, "is_refused": has_refused(patient.pk)}


PHOTOS = Panel(
    order=8,
    area="side",
    template="records/_patient_photos.html",
    context=_photos,
    right=Right.SEE_CLINICAL,
)
