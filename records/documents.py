"""The papers of this app on the patient's tab of documents."""

from django.urls import reverse
from django.utils.translation import gettext as _

from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.models import Patient
from patients.registry import Document, DocumentLink
from records.models import SessionRecord


def signed_records(request: ClinicRequest, patient: Patient) -> list[Document]:
    """Return the signed records of the patient's sessions, for clinicians (1 query)."""
    if not request.user.has_right(Right.SEE_CLINICAL):
        return []
    signed = SessionRecord.objects.filter(
        session__course__patient=patient, signed_at__isnull=False
    ).select_related("session__course__indication")
    return [
        Document(
            at=record.signed_at,
            title=_("Record of session %(number)s") % {"number": record.session.number},
            about=record.session.course.indication.name,
            links=(
                DocumentLink(_("Read"), reverse("records:record-detail", args=[record.session_id])),
            ),
        )
        for record in signed
        if record.signed_at is not None
    ]
