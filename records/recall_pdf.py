"""The report of a recall as a PDF, for the authority and the folder."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Final

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from clinic.models import ClinicProfile
from meso_clinic.core.pdf import make_pdf
from records.domain.recalls import Counts
from records.models import Recall, RecallContact
from records.recall_words import count_words, report_facts, report_lines

TEMPLATE: Final = "records/recall.typ"


def recall_pdf(
    recall: Recall, *, counts: Counts, contacts: Sequence[RecallContact], profile: ClinicProfile
) -> bytes:
    """Return the report of `recall` with its `contacts`. Call it outside a transaction."""
    return make_pdf(
        TEMPLATE,
        {
            "lang": (get_language() or "en").partition("-")[0],
            "dir": "rtl" if get_language_bidi() else "ltr",
            "clinic": profile.name,
            "title": _("Recall %(number)s") % {"number": recall.pk},
            "open": _("This recall is still open.") if recall.is_open else "",
            "facts": [list(fact) for fact in report_facts(recall)],
            "counts": [[label, str(count)] for label, count in count_words(counts)],
            "patients": _("Patients"),
            "headings": column_headings(),
            "lines": [list(astuple(line)) for line in report_lines(contacts)],
            "none": _("No patient was touched."),
            "private": _("Names are on this paper: keep it with the records."),
            "page": _("Page {n} of {m}"),
        },
    )


def column_headings() -> list[str]:
    """Return the headings of the report's table, on paper and in the file."""
    return [
        _("Record"),
        _("Patient"),
        _("State"),
        _("Where it went"),
        _("Last call"),
        _("Watch until"),
    ]
