"""What a patient was given, session by session."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from patients.models import Patient
from patients.page import patient_head
from records.selectors.history import given_sessions, missed_appointments


@require_GET
@requires(Right.SEE_CLINICAL)
def patient_sessions(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient.objects.with_live_allergies(), pk=pk)
    context = {
        **patient_head(request, patient, tab="records:patient-sessions"),
        "given": given_sessions(patient),
        "missed": missed_appointments(patient),
    }
    return render(request, "records/patient_sessions.html", context)
