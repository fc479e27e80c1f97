"""The papers of this app on the patient's tab of documents."""

from django.urls import reverse
from django.utils.translation import gettext as _

from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.models import Patient
from patients.registry import Document, DocumentLink


def questionnaires(request: ClinicRequest, patient: Patient) -> list[Document]:
    """Return what the patient was asked about their health, for clinicians (1 query)."""
    if not request.user.has_right(Right.SEE_CLINICAL):
        return []
    return [
        Document(
            at=screening.completed_at,
            title=_("Health questions"),
            about=screening.get_part_display(),
            links=tuple(
                DocumentLink(label, reverse(f"patients:{name}", args=[patient.pk, screening.pk]))
                for label, name in (
                    (_("Read"), "screening-detail"),
                    (_("Print"), "screening-print"),
                    (_("PDF"), "screening-pdf"),
                )
            ),
        )
        for screening in patient.screenings.all()
    ]
