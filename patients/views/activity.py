"""Two tabs of a patient: the papers there are, and what was done."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients import registry
from patients.models import Patient
from patients.page import patient_head
from patients.selectors import activity_of

LONGEST_KEY = 18


@require_GET
@requires(Right.SEE_COURSES)
def patient_documents(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient.objects.with_live_allergies(), pk=pk)
    context = {
        **patient_head(request, patient, tab="patients:patient-documents"),
        "documents": registry.documents(request, patient),
    }
    return render(request, "patients/documents.html", context)


@require_GET
@requires(Right.SEE_CLINICAL)
def patient_activity(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient.objects.with_live_allergies(), pk=pk)
    context = {
        **patient_head(request, patient, tab="patients:patient-activity"),
        "activity": activity_of(patient, before=_key(request.GET.get("before", ""))),
        "is_first": "before" not in request.GET,
    }
    return render(request, "patients/activity.html", context)


def _key(typed: str) -> int | None:
    """Return the primary key that an address names; None for what cannot be one."""
    is_key = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_KEY
    return int(typed) if is_key else None
