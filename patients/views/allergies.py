"""What a patient must not get: clinicians write it down and withdraw it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.roles import Right
from patients.actions import (
    AllergyAlreadyWithdrawn,
    OnlyAPrescriberLifts,
    record_allergy,
    withdraw_allergy,
)
from patients.domain.allergens import ALLERGENS
from patients.forms.allergy import AllergyForm, WithdrawAllergyForm
from patients.models import Allergy, Patient
from patients.page import alerts


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CLINICAL)
def allergy_add(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=pk)
    asked = request.GET.get("allergen", "")
    initial = {"allergen": asked, "substance": _(ALLERGENS[asked])} if asked in ALLERGENS else {}
    form = AllergyForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        record_allergy(patient=patient, by=request.user, at=timezone.now(), **form.cleaned_data)
        toast(request, _("The allergy is recorded."))
        return redirect_page(request, "patients:patient-detail", pk)
    context = {"patient": patient, "alerts": alerts(request, patient), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "patients/allergy_add.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CLINICAL)
def allergy_withdraw(request: ClinicRequest, pk: int, allergy_pk: int) -> HttpResponse:
    allergy = get_object_or_404(
        Allergy.objects.select_related("patient", "noted_by"), pk=allergy_pk, patient_id=pk
    )
    form = WithdrawAllergyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw_allergy(
                allergy=allergy,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except OnlyAPrescriberLifts:
            form.add_error(None, _("Only a prescriber lets a product be given again."))
        except AllergyAlreadyWithdrawn:
            toast(request, _("The allergy was withdrawn already."))
            return redirect_page(request, "patients:patient-detail", pk)
        else:
            toast(request, _("The allergy is withdrawn."))
            return redirect_page(request, "patients:patient-detail", pk)
    context = {
        "patient": allergy.patient,
        "alerts": alerts(request, allergy.patient),
        "allergy": allergy,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "patients/allergy_withdraw.html", context, status=status)
