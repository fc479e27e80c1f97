"""The papers of this app on the patient's tab of documents."""

from django.urls import reverse
from django.utils.translation import gettext as _

from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.models import Patient
from patients.registry import Document, DocumentLink
from treatments.consent_words import unit_words
from treatments.models import Consent


def consents(request: ClinicRequest, patient: Patient) -> list[Document]:
    """Return what the patient has signed, for people who take consent (1 query)."""
    if not request.user.has_right(Right.TAKE_CONSENT):
        return []
    signed = patient.consents.select_related("course__indication").defer("text", "signature")
    return [_consent(consent) for consent in signed]


def _consent(consent: Consent) -> Document:
    title = _("Consent: %(unit)s") if consent.is_given else _("Declined: %(unit)s")
    return Document(
        at=consent.signed_at,
        title=title % {"unit": unit_words(consent.unit)},
        about=consent.course.indication.name if consent.course else _("All courses"),
        links=(
            DocumentLink(_("Read"), reverse("treatments:consent-detail", args=[consent.pk])),
            DocumentLink(_("PDF"), reverse("treatments:consent-pdf", args=[consent.pk])),
        ),
    )
