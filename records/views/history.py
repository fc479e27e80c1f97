"""What a patient was given, session by session, and the photos of all courses."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from patients.models import Patient
from patients.page import patient_head
from records.selectors.history import given_sessions, missed_appointments
from records.selectors.photos import course_lines, has_refused


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


@require_GET
@requires(Right.SEE_CLINICAL)
def patient_photos(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient.objects.with_live_allergies(), pk=pk)
    courses = patient.courses.with_people().order_by("-planned_at", "-pk")
    context = {
        **patient_head(request, patient, tab="records:patient-photos"),
        "lines": course_lines(list(courses)),
        "is_refused": has_refused(patient.pk),
    }
    return render(request, "records/patient_photos.html", context)
