"""What a record's pages say of amounts while it is filled in."""

from typing import Any

from django.template.loader import render_to_string

from meso_clinic.core.http import ClinicRequest
from records.domain.readiness import cautions, vitals_wanted
from records.views.record_page import RecordPage
from records.wording import problem_sentence


def findings(page: RecordPage) -> dict[str, Any]:
    """Return what to look at again, and the lidocaine of the session if there is any."""
    dose = page.facts.lidocaine(page.day)
    found = [*vitals_wanted(page.facts), *cautions(page.facts, on=page.day)]
    return {
        "cautions": [problem_sentence(one) for one in found],
        "lidocaine": dose if dose.mg else None,
    }


def stops_part(request: ClinicRequest, page: RecordPage) -> dict[str, str]:
    """Return why nobody is treated today as a part of the page."""
    return {"stops": render_to_string("records/_stops.html", {"stops": page.stops}, request)}


def findings_part(request: ClinicRequest, page: RecordPage) -> dict[str, str]:
    """Return the findings as a part of the page."""
    return {"findings": render_to_string("records/_findings.html", findings(page), request)}
