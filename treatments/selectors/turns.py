"""What became known of a patient's health, after which consent is talked through again.

Each is an expression over `TreatmentCourse`. A finding that keeps a session from beginning does so
by itself; these are of findings that a prescriber signed off, or that went away.
"""

from typing import Final

from django.db.models import Exists, OuterRef, Subquery

from patients.models import ScreeningAnswer
from treatments.models import Clearance

PREGNANCY: Final = "pregnancy"


def newest_cleared_finding() -> Subquery:
    """When the newest answer was first given of those that a prescriber signed off for the course."""
    found = Clearance.objects.filter(course=OuterRef("pk"), answer__isnull=False)
    newest = found.order_by("-answer__unchanged_since")
    return Subquery(newest.values("answer__unchanged_since")[:1])


def newest_pregnancy_ruled_out() -> Subquery:
    """When a pregnancy of the patient was last ruled out that could not be before."""
    said = ScreeningAnswer.objects.filter(question__code=PREGNANCY)
    doubt = said.exclude(value=ScreeningAnswer.Value.NO).filter(
        patient=OuterRef("patient"), answered_at__lt=OuterRef("unchanged_since")
    )
    ruled_out = said.filter(
        Exists(doubt), patient=OuterRef("patient"), value=ScreeningAnswer.Value.NO
    )
    return Subquery(ruled_out.order_by("-unchanged_since").values("unchanged_since")[:1])
