"""Register, show and change a patient."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from clinic.selectors import clinic_profile
from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast
from meso_clinic.core.roles import Right
from patients import registry
from patients.actions import PatientChangedMeanwhile, change_patient, register_patient
from patients.domain.duplicates import Reason
from patients.forms.patient import EditPatientForm, RegisterPatientForm
from patients.models import Patient
from patients.page import patient_head, plan_url
from patients.recent import note_opened
from patients.registry import Area
from patients.selectors import Duplicate, possible_duplicates

PREFILLED = ("given_names", "family_names", "phone", "born_on")
DEFAULTS = {"language": "en", "contact_by": Patient.Contact.SMS, "preferred_time": "ANY"}
PLAN, PAGE = "plan", "page"

_REASON_WORDS = {
    Reason.BIRTH_AND_NAMES: gettext_lazy("Same date of birth and a similar name."),
    Reason.PHONE_AND_NAMES: gettext_lazy("Same phone number and a similar name."),
    Reason.PHONE: gettext_lazy("Same phone number."),
}


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_PATIENTS)
def patient_register(request: ClinicRequest) -> HttpResponse:
    typed = {name: request.GET[name] for name in PREFILLED if name in request.GET}
    form = RegisterPatientForm(
        request.POST if request.method == "POST" else None,
        initial=DEFAULTS | typed,
        today=timezone.localdate(),
        country=clinic_profile().country,
    )
    duplicates: list[Duplicate] = []
    if form.is_valid():
        duplicates = _unseen_duplicates(form)
        if not duplicates:
            return _register(request, form)
    context = {
        "form": form,
        "cards": [(found.patient, _REASON_WORDS[found.reason]) for found in duplicates],
        "seen": ",".join(str(found.patient.pk) for found in duplicates),
        "then": request.POST.get("then", PLAN),
        "next": safe_next(request, ""),
        "can_plan": bool(registry.next_step()) and request.user.has_right(Right.PLAN_COURSE),
    }
    status = 422 if form.is_bound else 200
    return render(request, "patients/register.html", context, status=status)


@require_GET
@requires(Right.SEE_PATIENTS)
def patient_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(
        Patient.objects.select_related("preferred_practitioner").with_live_allergies(), pk=pk
    )
    context = {
        **patient_head(request, patient, tab="patients:patient-detail"),
        "top_panels": _drawn(request, patient, "top"),
        "main_panels": _drawn(request, patient, "main"),
        "side_panels": _drawn(request, patient, "side"),
    }
    note_opened(request, patient.pk)
    return render(request, "patients/detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_PATIENTS)
def patient_edit(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient.objects.select_related("preferred_practitioner"), pk=pk)
    form = _edit_form(request, patient)
    context: dict[str, Any] = {"patient": patient, "form": form, "version": patient.version}
    status = 422 if form.is_bound else 200
    if form.is_valid():
        fields = {**form.cleaned_data}
        version = fields.pop("version")
        try:
            change_patient(
                patient=patient, version=version, by=request.user, at=timezone.now(), **fields
            )
        except PatientChangedMeanwhile as conflict:
            # Saving again is a decision made in sight of what the other person wrote.
            current, status = conflict.current, 409
            context |= {"differences": form.differences(current), "version": current.version}
        if not context.get("differences"):
            toast(request, _("The details are saved."))
            return redirect_page(request, "patients:patient-detail", pk)
    elif form.is_bound:
        context["version"] = request.POST.get("version", "")
    return render(request, "patients/edit.html", context, status=status)


def _unseen_duplicates(form: RegisterPatientForm) -> list[Duplicate]:
    """Return possible duplicates, all of them, if there is one that was not shown before."""
    typed = form.cleaned_data
    found = possible_duplicates(
        names=f"{typed['given_names']} {typed['family_names']}",
        born_on=typed["born_on"],
        phones=[typed["phone"], typed["other_phone"]],
        country=form.country,
    )
    seen = set(typed["seen"].split(","))
    return [] if {str(known.patient.pk) for known in found} <= seen else found


def _register(request: ClinicRequest, form: RegisterPatientForm) -> HttpResponse:
    fields = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    patient = register_patient(by=request.user, at=timezone.now(), **fields)
    toast(
        request,
        _("%(name)s is registered as %(number)s.")
        % {"name": patient.full_name, "number": patient.record_number},
    )
    if wanted := safe_next(request, ""):
        # Whoever sent somebody here goes on with the new patient.
        return redirect_page(
            request, f"{wanted}{'&' if '?' in wanted else '?'}patient={patient.pk}"
        )
    page = reverse("patients:patient-detail", args=[patient.pk])
    wants_plan = request.POST.get("then", PLAN) == PLAN
    return redirect_page(request, (wants_plan and plan_url(request, patient)) or page)


def _edit_form(request: ClinicRequest, patient: Patient) -> EditPatientForm:
    names = [name for name in EditPatientForm.base_fields if name != "version"]
    return EditPatientForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(patient, name) for name in names},
        patient=patient,
        today=timezone.localdate(),
        country=clinic_profile().country,
    )


def _drawn(request: ClinicRequest, patient: Patient, area: Area) -> list[SafeString]:
    drawn = []
    for panel in registry.panels(area):
        context = panel.context(request, patient) if request.user.has_right(panel.right) else None
        if context is not None:
            drawn.append(render_to_string(panel.template, {"patient": patient, **context}, request))
    return drawn
