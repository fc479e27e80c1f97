"""A filled questionnaire as a PDF, black on white."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from clinic.models import ClinicProfile
from meso_clinic.core.pdf import make_pdf
from meso_clinic.core.templatetags.clinic_format import date_long, wall_time
from patients.models import Screening, ScreeningAnswer
from patients.templatetags.screening import answer_words, filled_by

TEMPLATE: Final = "patients/screening.typ"
_TYPST_PAPER: Final = {"a4": "a4", "letter": "us-letter"}


def by_group(answers: Iterable[ScreeningAnswer]) -> list[tuple[str, list[ScreeningAnswer]]]:
    """Return `answers`, which are in the order of their questions, with the name of each group."""
    return [
        (rows[0].question.get_group_display(), rows)
        for _code, found in groupby(answers, key=lambda answer: answer.question.group)
        if (rows := list(found))
    ]


def screening_pdf(
    screening: Screening,
    answers: Iterable[ScreeningAnswer],
    *,
    profile: ClinicProfile,
    paper: str,
) -> bytes:
    """Return `screening` (with its people) on `paper`, "a4" or "letter".

    Call it outside a transaction.
    """
    return make_pdf(
        TEMPLATE,
        {
            "lang": (get_language() or "en").partition("-")[0],
            "dir": "rtl" if get_language_bidi() else "ltr",
            "paper": _TYPST_PAPER[paper],
            "clinic": profile.name,
            "title": _("Health questions"),
            "facts": _facts(screening),
            "groups": [_group(name, rows) for name, rows in by_group(answers)],
            "footer": _("The questions stand as they were asked."),
            "page": _("Page {n} of {m}"),
        },
    )


def _facts(screening: Screening) -> list[list[str]]:
    patient = screening.patient
    at = screening.completed_at
    return [
        [_("Patient"), patient.full_name],
        [_("Born"), date_long(patient.born_on)],
        [_("Record"), patient.record_number],
        [_("Questions"), screening.get_part_display()],
        [_("Answered"), f"{date_long(at)}, {wall_time(at)}"],
        [_("Filled in"), filled_by(screening)],
    ]


def _group(name: str, rows: list[ScreeningAnswer]) -> dict[str, Any]:
    return {"name": name, "rows": [[row.asked, answer_words(row)] for row in rows]}
