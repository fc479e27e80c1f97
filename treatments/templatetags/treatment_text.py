"""The disclaimer, recovery notes and care sheet. Every surface of a plan uses these tags.

A tag that has nothing to say raises: a plan without its disclaimer must never be shown.
"""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from clinic.models import ClinicProfile
from treatments.domain import catalogue
from treatments.domain.notes import lines, timed_notes
from treatments.models import IndicationRevision

register = template.Library()


class TextMissing(Exception):
    """A plan has no disclaimer or no recovery notes to show."""


@register.inclusion_tag("treatments/_disclaimer.html")
def disclaimer(revision: IndicationRevision) -> dict[str, Any]:
    """Render "Talk to a doctor before you start" with the text that cannot be removed."""
    return _disclaimer(revision)


@register.inclusion_tag("treatments/_recovery_notes.html")
def recovery_notes(revision: IndicationRevision) -> dict[str, Any]:
    """Render the recovery notes of `revision` with its version and date."""
    return {"revision": revision, "notes": _notes(revision)}


@register.inclusion_tag("treatments/_care_sheet.html")
def care_sheet(revision: IndicationRevision, clinic: ClinicProfile) -> dict[str, Any]:
    """Render what the patient takes home: recovery, when to get help, whom to call, disclaimer."""
    return {
        **_disclaimer(revision),
        "notes": _notes(revision),
        "aftercare": lines(revision.aftercare),
        "signs": lines(revision.when_to_call),
        "emergency": _(catalogue.EMERGENCY_TEXT),
        "clinic": clinic,
    }


def _disclaimer(revision: IndicationRevision) -> dict[str, Any]:
    if not (catalogue.DISCLAIMER_HEADING.strip() and catalogue.DISCLAIMER_TEXT.strip()):
        raise TextMissing("the disclaimer is empty")
    return {
        "heading": _(catalogue.DISCLAIMER_HEADING),
        "text": _(catalogue.DISCLAIMER_TEXT),
        "addition": revision.disclaimer_addition,
    }


def _notes(revision: IndicationRevision) -> list[Any]:
    notes = timed_notes(revision.recovery_notes)
    if not notes:
        raise TextMissing(f"revision {revision.pk} has no recovery notes")
    return notes
