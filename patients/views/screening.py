"""The health questions of one patient: ask them, and read what was answered."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast
from meso_clinic.core.roles import Right
from patients.actions import ScreeningIncomplete, ScreeningRefused, record_screening
from patients.domain.asking import Last, due, part_due
from patients.domain.screening import Part, Value
from patients.forms.screening import Questionnaire
from patients.models import Patient, Screening, ScreeningAnswer, ScreeningQuestion
from patients.page import alerts, patient_head
from patients.selectors import contested_answers, newest_answers

NO_TO_ALL = "no_to_all"
PARTS = {"full": Part.FULL, "short": Part.SHORT, "open": Part.SOME}
NAMES = {part: name for name, part in PARTS.items()}
_PART_WORDS = {
    "full": gettext_lazy("All questions"),
    "short": gettext_lazy("Anything changed?"),
    "open": gettext_lazy("What is open"),
}
CHANGED = gettext_lazy(
    "The questions were changed since this page was loaded. What you typed is still here. "
    "Check the answers, then send them again."
)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CLINICAL)
def screening_fill(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=pk)
    if request.method == "POST":
        return _send(request, patient)
    part, asked = PARTS.get(request.GET.get("part", "")), request.GET.getlist("ask")
    return _show(request, _questionnaire(patient, part, asked))


def _send(request: ClinicRequest, patient: Patient) -> HttpResponse:
    part = PARTS.get(request.POST.get("part", ""), Part.FULL)
    # Whatever else it says, a form that was made for another patient is kept for nobody.
    if request.POST.get("patient") != str(patient.pk):
        problem = _("This form was made for another patient. Nothing was saved.")
        return _show(request, _questionnaire(patient, part), status=409, problem=problem)
    asked = _posted(request, patient, part)
    if asked is None:
        asked = _questionnaire(patient, part).as_typed(request.POST)
        return _show(request, asked, status=409, problem=str(CHANGED))
    if NO_TO_ALL in request.POST and part is Part.SHORT:
        return _show(request, asked.as_typed(request.POST, no_to_the_rest=True))
    if not asked.is_valid():
        return _show(request, asked, status=422)
    try:
        record_screening(
            patient=patient,
            part=asked.part,
            answers=asked.answers,
            key=asked.key,
            by=request.user,
            at=timezone.now(),
        )
    except (ScreeningIncomplete, ScreeningRefused):
        # Every question of the page has its answer, so the clinic asks others by now.
        asked = _questionnaire(patient, part).as_typed(request.POST)
        return _show(request, asked, status=409, problem=str(CHANGED))
    toast(request, _("The answers are saved."))
    return redirect_page(request, _next(request, patient))


def _questionnaire(patient: Patient, part: Part | None, codes: Sequence[str] = ()) -> Questionnaire:
    """Return the questions of `part` without answers, or of what is due if that is None.

    With `codes` they are those questions, if the clinic asks them.
    """
    last = newest_answers(patient)
    in_use = list(ScreeningQuestion.objects.in_use())
    known = {code: _last(answer) for code, answer in last.items()}
    facts, today = [question.facts for question in in_use], timezone.localdate()
    # Of somebody new everything is open: that is the full questionnaire.
    if part is None or (part is Part.SOME and not known):
        part = part_due(facts, known, today=today)
    chosen = [question for question in in_use if question.code in codes]
    if chosen:
        part = Part.SOME
    elif part is Part.FULL:
        chosen = in_use
    elif part is Part.SHORT:
        chosen = [question for question in in_use if question.is_short]
    else:
        open_ones = due(facts, known, today=today)
        chosen = [question for question in in_use if question.code in open_ones]
    return Questionnaire(patient=patient, part=part, questions=chosen, last=last, key=uuid4())


def _posted(request: ClinicRequest, patient: Patient, part: Part) -> Questionnaire | None:
    """Return the questions that stood on the page, with the answers; None if one is not asked now."""
    wanted = request.POST.get("shown", "").split(",")
    in_use = {str(question.pk): question for question in ScreeningQuestion.objects.in_use()}
    if not wanted or any(pk not in in_use for pk in wanted):
        return None
    asked = Questionnaire(
        patient=patient,
        part=part,
        questions=[question for pk, question in in_use.items() if pk in wanted],
        last=newest_answers(patient),
        posted=request.POST,
    )
    return asked if asked.head.is_valid() else None


def _last(answer: ScreeningAnswer) -> Last:
    return Last(Value(answer.value), timezone.localdate(answer.answered_at))


def _show(
    request: ClinicRequest, asked: Questionnaire, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {
        "patient": asked.patient,
        "alerts": alerts(request, asked.patient),
        "asked": asked,
        "part": NAMES[asked.part],
        "parts": [(name, _PART_WORDS[name], PARTS[name] is asked.part) for name in PARTS],
        "can_say_no_to_all": asked.part is Part.SHORT,
        "problem": problem,
        "errors": asked.errors,
        "next_url": _next(request, asked.patient),
    }
    return render(request, "patients/screening_fill.html", context, status=status)


def _next(request: ClinicRequest, patient: Patient) -> str:
    return safe_next(request, reverse("patients:screening-list", args=[patient.pk]))


@require_GET
@requires(Right.SEE_CLINICAL)
def screening_list(request: ClinicRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient.objects.with_live_allergies(), pk=pk)
    filled = patient.screenings.select_related("by").annotate(
        yes_count=Count("answers", filter=Q(answers__value=Value.YES)),
        unknown_count=Count("answers", filter=Q(answers__value=Value.UNKNOWN)),
    )
    newest = newest_answers(patient).values()
    context = {
        **patient_head(request, patient, tab="patients:screening-list"),
        "screenings": filled.order_by("-completed_at", "-pk"),
        "contested": contested_answers(patient),
        "noted": [answer for answer in newest if answer.value != Value.NO],
        "is_asked": ScreeningQuestion.objects.in_use().exists(),
    }
    return render(request, "patients/screening_list.html", context)


@require_GET
@requires(Right.SEE_CLINICAL)
def screening_detail(request: ClinicRequest, pk: int, screening_pk: int) -> HttpResponse:
    screening = get_object_or_404(
        Screening.objects.select_related("patient", "by"), pk=screening_pk, patient_id=pk
    )
    answers = screening.answers.select_related("question").order_by("question__position", "pk")
    context: dict[str, Any] = {
        "screening": screening,
        "patient": screening.patient,
        "alerts": alerts(request, screening.patient),
        "answers": answers,
    }
    return render(request, "patients/screening_detail.html", context)
