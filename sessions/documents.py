"""The papers of this app on the patient's tab of documents."""

from django.urls import reverse
from django.utils.translation import gettext as _

from meso_clinic.core.http import ClinicRequest
from patients.models import Patient
from patients.registry import Document, DocumentLink


def plans(_request: ClinicRequest, patient: Patient) -> list[Document]:
    """Return the plan of each course, which everybody may print (1 query)."""
    return [
        Document(
            at=course.planned_at,
            title=_("Plan of the course"),
            about=course.indication.name,
            links=(DocumentLink(_("Print"), reverse("sessions:course-print", args=[course.pk])),),
        )
        for course in patient.courses.select_related("indication")
    ]
