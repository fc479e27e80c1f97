"""The page on which staff take a device back that a patient was given."""

from allauth.account.forms import LoginForm
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from meso_clinic.core import actions, handover
from meso_clinic.core.access import signed_in
from meso_clinic.core.http import ClinicRequest, redirect_page


@require_http_methods(["GET", "POST"])
@signed_in
def take_back(request: ClinicRequest) -> HttpResponse:
    held = handover.handed_over(request)
    if held is None:
        return redirect_page(request, "core:home")
    # The form of the login page: it counts wrong passwords over all devices.
    form = LoginForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        handover.take_back(request, form.user)
        actions.note_taken_back(patient_id=held.patient_id, by=form.user, at=timezone.now())
        return redirect_page(request, held.back)
    status = 422 if form.is_bound else 200
    return render(request, "core/take_back.html", {"form": form, "held": held}, status=status)
