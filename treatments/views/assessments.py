"""What a doctor found: clinicians put it on record before a course starts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast
from meso_clinic.core.roles import Right
from patients.models import Patient
from patients.page import alerts
from treatments.actions.courses import record_assessment
from treatments.forms.assessment import AssessmentForm
from treatments.models import Assessment, Indication


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CLINICAL)
def assessment_add(request: ClinicRequest, patient_pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=patient_pk)
    next_url = safe_next(request, reverse("patients:patient-detail", args=[patient.pk]))
    form = AssessmentForm(
        request.POST if request.method == "POST" else None,
        today=timezone.localdate(),
        initial=_initial(request.GET.get("indication", "")),
    )
    if form.is_valid():
        record_assessment(patient=patient, by=request.user, at=timezone.now(), **form.cleaned_data)
        toast(request, _("The consultation is recorded."))
        return redirect_page(request, next_url)
    context = {
        "patient": patient,
        "alerts": alerts(request, patient),
        "form": form,
        "next_url": next_url,
    }
    status = 422 if form.is_bound else 200
    return render(request, "treatments/assessment_add.html", context, status=status)


def _initial(slug: str) -> dict[str, Any]:
    """Return what the form begins with when a page asks for the indication called `slug`."""
    indication = Indication.objects.active().filter(slug=slug).first()
    needs_specialist = indication is not None and indication.needs_specialist
    kind = Assessment.Kind.SPECIALIST if needs_specialist else Assessment.Kind.GENERAL
    return {"indication": slug, "kind": kind, "assessed_on": timezone.localdate()}
