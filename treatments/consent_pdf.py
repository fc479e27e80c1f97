"""A signed consent as a PDF: a copy for the patient to take home."""

from typing import Any, Final

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from clinic.models import ClinicProfile
from meso_clinic.core.pdf import make_pdf
from meso_clinic.core.templatetags.clinic_format import date_long, wall_time
from patients.languages import direction, language_name
from treatments.domain.notes import timed_notes
from treatments.domain.signature import HEIGHT, WIDTH
from treatments.models import Consent

TEMPLATE: Final = "treatments/consent.typ"


def consent_pdf(consent: Consent, *, profile: ClinicProfile) -> bytes:
    """Return `consent` (with its people) on paper. Call it outside a transaction."""
    title, *paragraphs = consent.text.split("\n")
    shown = [[note.when, note.words] for note in timed_notes("\n".join(paragraphs))]
    return make_pdf(
        TEMPLATE,
        {
            "lang": (get_language() or "en").partition("-")[0],
            "dir": "rtl" if get_language_bidi() else "ltr",
            "clinic": profile.name,
            "text_lang": consent.template.language,
            "text_dir": direction(consent.template.language),
            "title": title,
            "paragraphs": shown[: -consent.own_lines],
            "own_paragraphs": shown[-consent.own_lines :],
            "decision": _("I agree.") if consent.is_given else _("I do not agree."),
            "facts": _facts(consent),
            "signature": _drawing(consent),
            "signature_alt": _("Signature of %(name)s") % {"name": consent.signed_name},
            "revoked": _revoked(consent),
            "footer": _("Text version %(version)s, %(language)s. SHA-256 %(hash)s")
            % {
                "version": consent.template.version,
                "language": language_name(consent.template.language),
                "hash": consent.text_sha256,
            },
            "page": _("Page {n} of {m}"),
        },
    )


def _facts(consent: Consent) -> list[list[str]]:
    patient = consent.patient
    facts = [
        [_("Patient"), patient.full_name],
        [_("Born"), date_long(patient.born_on)],
        [_("Record"), patient.record_number],
        [_("Signed by"), consent.signed_name],
        [_("Signed"), f"{date_long(consent.signed_at)}, {wall_time(consent.signed_at)}"],
        [_("Explained by"), consent.taken_by.display_name],
    ]
    if consent.site:
        facts.append([_("Site"), consent.site.name])
    if consent.interpreter:
        facts.append([_("Interpreter"), consent.interpreter])
    if consent.witness:
        facts.append([_("Witness"), consent.witness])
    return facts


def _drawing(consent: Consent) -> str:
    """Return the drawn signature as an SVG picture, "" if there is none."""
    if not consent.signature:
        return ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{consent.signature}" fill="none" stroke="#000" stroke-width="3" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def _revoked(consent: Consent) -> str:
    revocation: Any = getattr(consent, "revocation", None)
    if revocation is None:
        return ""
    return _("Taken back on %(day)s.") % {"day": date_long(revocation.at)}
