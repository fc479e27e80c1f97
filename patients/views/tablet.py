"""The health questions on a device that a patient holds. Nobody reads earlier answers there."""

from uuid import UUID, uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meso_clinic.core.access import requires, signed_in
from meso_clinic.core.actions import note_handed_over
from meso_clinic.core.handover import HandOver, hand_over, handed_over, mark_sent
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next
from meso_clinic.core.roles import Right
from patients.actions import ScreeningIncomplete, ScreeningRefused, record_screening
from patients.domain.screening import Part, is_asked
from patients.forms.screening import HandOverForm, Questionnaire
from patients.models import Patient, ScreeningQuestion
from patients.page import alerts
from patients.views.screening import CHANGED, NAMES, PARTS


@require_http_methods(["GET", "POST"])
@requires(Right.HAND_OVER)
def screening_hand_over(request: ClinicRequest, pk: int) -> HttpResponse:
    """Choose the questions, then lock the device to them."""
    patient = get_object_or_404(Patient, pk=pk)
    back = safe_next(request, reverse("patients:patient-detail", args=[pk]))
    was_asked = patient.screenings.filter(part=Part.FULL).exists()
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        initial={"part": Part.SHORT if was_asked else Part.FULL},
    )
    if form.is_valid() and _questions(Part(form.cleaned_data["part"])):
        part = NAMES[Part(form.cleaned_data["part"])]
        path = reverse("patients:screening-tablet", args=[pk, part])
        note_handed_over(patient_id=pk, by=request.user, at=timezone.now())
        hand_over(request, HandOver(path=path, back=back, patient_id=pk, key=str(uuid4())))
        return redirect(path)
    if form.is_bound and not form.errors:
        form.add_error("part", _("None of these questions is asked at this clinic now."))
    context = {
        "patient": patient,
        "alerts": alerts(request, patient),
        "form": form,
        "next_url": back,
    }
    status = 422 if form.is_bound else 200
    return render(request, "patients/screening_hand_over.html", context, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def screening_tablet(request: ClinicRequest, pk: int, part: str) -> HttpResponse:
    """Show the form that the device was handed over for, and nothing else. The lock is the right."""
    held = handed_over(request)
    if held is None:
        return redirect("core:home")
    if held.is_sent:
        return render(request, "patients/screening_thanks.html")
    patient = get_object_or_404(Patient, pk=pk)
    if request.method == "GET":
        return _show(request, _asked(patient, part, held))
    asked = _asked(patient, part, held, request.POST)
    if request.POST.get("patient") != str(pk) or not asked.head.is_valid():
        return _show(request, _asked(patient, part, held), status=409, problem=str(CHANGED))
    if request.POST.get("shown") != asked.head["shown"].initial:
        return _changed(request, patient, part, held)
    if not asked.is_valid():
        return _show(request, asked, status=422)
    try:
        record_screening(
            patient=patient,
            part=asked.part,
            answers=asked.answers,
            # Not the form's: the device was handed over for one filling in.
            key=UUID(held.key),
            is_by_patient=True,
            by=request.user,
            at=timezone.now(),
        )
    except (ScreeningIncomplete, ScreeningRefused):
        return _changed(request, patient, part, held)
    mark_sent(request)
    return redirect_page(request, request.path)


def _questions(part: Part) -> list[ScreeningQuestion]:
    return [
        question
        for question in ScreeningQuestion.objects.in_use()
        if is_asked(question.facts, part, is_by_patient=True)
    ]


def _asked(
    patient: Patient, part: str, held: HandOver, posted: QueryDict | None = None
) -> Questionnaire:
    return Questionnaire(
        patient=patient,
        part=PARTS[part],
        questions=_questions(PARTS[part]),
        last={},
        posted=posted,
        key=UUID(held.key),
        is_by_patient=True,
    )


def _changed(request: ClinicRequest, patient: Patient, part: str, held: HandOver) -> HttpResponse:
    asked = _asked(patient, part, held).as_typed(request.POST)
    return _show(request, asked, status=409, problem=str(CHANGED))


def _show(
    request: ClinicRequest, asked: Questionnaire, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {
        "patient": asked.patient,
        "asked": asked,
        "problem": problem,
        "errors": asked.errors,
    }
    return render(request, "patients/screening_tablet.html", context, status=status)
