"""The day sheet as a PDF, for the folder, the printer and the day the network is down."""

from dataclasses import asdict
from typing import Final

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from meso_clinic.core.pdf import make_pdf
from sessions.day_sheet_words import Paper, SheetWords

TEMPLATE: Final = "sessions/day_sheet.typ"
_TYPST_PAPER: Final = {Paper.A4: "a4", Paper.LETTER: "us-letter"}


def day_sheet_pdf(words: SheetWords, *, paper: Paper) -> bytes:
    """Return the sheet on `paper`, in the language that is active. Call it outside a transaction."""
    return make_pdf(
        TEMPLATE,
        {
            "lang": (get_language() or "en").partition("-")[0],
            "dir": "rtl" if get_language_bidi() else "ltr",
            "paper": _TYPST_PAPER[paper],
            "words": _words(),
            "sheet": asdict(words),
        },
    )


def _words() -> dict[str, str]:
    """Return what the template says of its own; {n} and {m} stand for the page and how many."""
    return {
        "here": _("Here"),
        "time": _("Time"),
        "to": _("to"),
        "patient": _("Patient"),
        "phone": _("Phone"),
        "what": _("For"),
        "room": _("Room"),
        "with": _("With"),
        "arrived": _("Arrived"),
        "started": _("Started"),
        "left": _("Left"),
        "notes": _("Notes"),
        "free": _("Free"),
        "born": _("born"),
        "ended": _("Does not take place"),
        "private": _("Names are on this sheet: shred it after the day."),
        "page": _("Page {n} of {m}"),
    }
