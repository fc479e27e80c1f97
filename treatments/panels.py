"""The treatments app's own part of the patient's page."""

from typing import Any, TypeAlias

from django.utils import timezone
from django.utils.translation import gettext as _

from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.models import Patient, ScreeningQuestion
from patients.registry import Alert, Panel
from treatments.domain.screening.verdict import Outcome, State, Verdict
from treatments.models import TreatmentCourse
from treatments.screening_words import finding_sentence
from treatments.selectors.consents import read_standings
from treatments.selectors.screening import read_screenings


def _consents(request: ClinicRequest, patient: Patient) -> dict[str, Any] | None:
    """Return the running courses whose consent is asked for here; None if there is none."""
    courses = list(patient.courses.filter(ended_at=None).with_people().order_by("-planned_at"))
    standings = read_standings(courses, at=timezone.now())
    rows = [(course, standings[course.pk]) for course in courses]
    asked = [row for row in rows if row[1].is_asked]
    return {"courses": asked} if asked else None


CONSENTS = Panel(
    order=7,
    area="side",
    template="treatments/_patient_consents.html",
    context=_consents,
    right=Right.SEE_COURSES,
)

_Verdicts: TypeAlias = list[tuple[TreatmentCourse, Verdict]]


def _screening(request: ClinicRequest, patient: Patient) -> dict[str, Any] | None:
    """Return how it is with the health questions; None in a clinic that asks none here."""
    if not ScreeningQuestion.objects.in_use().exists():
        return None
    newest = patient.screenings.order_by("-completed_at", "-pk").first()
    return {
        "courses": _verdicts(request, patient),
        "asked_on": newest.completed_at if newest else None,
    }


def screening_alerts(request: ClinicRequest, patient: Patient) -> list[Alert]:
    """Return what must not be treated now; who may not read about health learns of a hold alone."""
    verdicts = [verdict for _course, verdict in _verdicts(request, patient)]
    if not request.user.has_right(Right.SEE_CLINICAL):
        is_held = any(verdict.state is State.HOLD for verdict in verdicts)
        return [Alert("stop", _("Clinical hold"))] if is_held else []
    sentences = {
        finding_sentence(finding): None
        for verdict in verdicts
        for finding in verdict.findings
        if finding.outcome is Outcome.MUST_NOT
    }
    return [Alert("stop", sentence) for sentence in sentences]


def _verdicts(request: ClinicRequest, patient: Patient) -> _Verdicts:
    """Return how it is with each running course, read once for all parts of a page."""
    kept: _Verdicts | None = getattr(request, "_screening_verdicts", None)
    if kept is None:
        courses = list(patient.courses.filter(ended_at=None).with_people().order_by("-planned_at"))
        verdicts = read_screenings(courses, at=timezone.now())
        kept = [(course, verdicts[course.pk]) for course in courses]
        request._screening_verdicts = kept  # type: ignore[attr-defined]
    return kept


SCREENING = Panel(
    order=6,
    area="side",
    template="treatments/_patient_screening.html",
    context=_screening,
    right=Right.SEE_COURSES,
)
