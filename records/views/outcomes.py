"""Outcomes of a course: what is due, scoring, the drawings, correcting, printing."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.selectors import clinic_profile
from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast
from meso_clinic.core.roles import Right
from patients.page import alerts
from records.actions.outcomes import OutcomeRefused, correct_outcome, record_outcomes
from records.domain.outcomes import Advice
from records.forms.outcomes import CorrectionForm, SittingForm, score_forms
from records.models import Occasion, OutcomeAssessment, Rater
from records.outcome_words import ADVICE_WORDS, plain, value_words
from records.selectors.outcome_page import due_rows, read_sections, where_words
from records.selectors.outcomes import CourseOutcomes, offered_scales, read_outcomes
from treatments.models import TreatmentCourse


@require_GET
@requires(Right.SEE_CLINICAL)
def outcome_list(request: ClinicRequest, course_pk: int) -> HttpResponse:
    read = _read(_course(course_pk))
    context = {
        **_head(request, read),
        "sections": read_sections(read, rtl=get_language_bidi()),
        "dues": due_rows(read),
        "is_judged": read.advice in {Advice.REVIEW, Advice.REVIEW_OR_STOP},
        "advice": ADVICE_WORDS.get(read.advice, ""),
    }
    return render(request, "records/outcome_list.html", context)


@require_GET
@requires(Right.SEE_CLINICAL)
def outcome_print(request: ClinicRequest, course_pk: int) -> HttpResponse:
    read = _read(_course(course_pk))
    context = {
        **_head(request, read),
        "sections": read_sections(read, rtl=get_language_bidi()),
        "profile": clinic_profile(),
        "printed_at": timezone.now(),
    }
    return render(request, "records/outcome_print.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
def outcome_add(request: ClinicRequest, course_pk: int) -> HttpResponse:
    read = _read(_course(course_pk))
    is_more = "more" in request.GET or "more" in request.POST
    if request.method == "GET":
        return _add_page(request, read, _sitting_form(request, read), is_more=is_more)
    # A form that was made for another patient is never kept here, whatever else it says.
    if request.POST.get("patient") != str(read.course.patient_id):
        problem = _("This form was made for another patient. Nothing was kept.")
        form = _sitting_form(request, read)
        return _add_page(request, read, form, is_more=is_more, problem=problem, status=409)
    form = _sitting_form(request, read, request.POST)
    parts = score_forms(offered_scales(read, is_more=is_more), request.POST)
    # Each is looked at, so that each says what is wrong.
    answers = [one.is_valid() for _scale, forms in parts for one in forms]
    if form.is_valid() and all(answers):
        try:
            record_outcomes(
                course=read.course,
                sitting=form.sitting,
                scores=[score for _s, forms in parts for one in forms for score in one.scores],
                key=form.cleaned_data["key"],
                by=request.user,
                at=timezone.now(),
            )
        except OutcomeRefused as refused:
            form.add_error(refused.field, refused.problem)
        else:
            toast(request, _("The scores are kept."))
            return redirect_page(request, _next(request, read))
    return _add_page(request, read, form, parts=parts, is_more=is_more, status=422)


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
def outcome_correct(request: ClinicRequest, pk: int) -> HttpResponse:
    outcome = get_object_or_404(OutcomeAssessment.objects.with_people(), pk=pk)
    read = _read(outcome.course)
    form = _correction_form(request, read, outcome)
    if outcome.is_replaced:
        problem = _("This value was corrected already. Correct the newer one.")
        return _correct_page(request, read, outcome, form, status=409, problem=problem)
    if request.method == "GET":
        return _correct_page(request, read, outcome, form)
    if request.POST.get("patient") != str(read.course.patient_id):
        problem = _("This form was made for another patient. Nothing was kept.")
        return _correct_page(request, read, outcome, form, status=409, problem=problem)
    form = _correction_form(request, read, outcome, request.POST)
    if form.is_valid():
        try:
            correct_outcome(
                outcome=outcome,
                sitting=form.sitting,
                value=form.cleaned_data["value"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except OutcomeRefused as refused:
            form.add_error(refused.field, refused.problem)
        else:
            toast(request, _("The value is corrected. The old one stays readable."))
            return redirect_page(request, _list_url(read))
    return _correct_page(request, read, outcome, form, status=422)


def _correct_page(
    request: ClinicRequest,
    read: CourseOutcomes,
    outcome: OutcomeAssessment,
    form: CorrectionForm,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    context = {
        **_head(request, read),
        "outcome": outcome,
        "scale": outcome.known_scale,
        "where": where_words(outcome),
        "words": value_words(outcome.known_scale, outcome.value, outcome.label),
        "form": form,
        "problem": problem,
    }
    return render(request, "records/outcome_correct.html", context, status=status)


def _course(pk: int) -> TreatmentCourse:
    return get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)


def _read(course: TreatmentCourse) -> CourseOutcomes:
    today = timezone.now().astimezone(course.site.zone).date()
    return read_outcomes([course], today=today)[course.pk]


def _head(request: ClinicRequest, read: CourseOutcomes) -> dict[str, Any]:
    return {
        "read": read,
        "course": read.course,
        "patient": read.course.patient,
        "alerts": alerts(request, read.course.patient),
        "list_url": _list_url(read),
    }


def _list_url(read: CourseOutcomes) -> str:
    return reverse("records:outcome-list", args=[read.course.pk])


def _next(request: ClinicRequest, read: CourseOutcomes) -> str:
    return safe_next(request, _list_url(read))


def _sitting_form(
    request: ClinicRequest, read: CourseOutcomes, posted: QueryDict | None = None
) -> SittingForm:
    rated = [one.rated_by for one in read.before.values() if one.rater != Rater.PATIENT]
    rater = rated[-1].display_name if rated and rated[-1] else ""
    return SittingForm(
        posted,
        today=read.today,
        rater=rater,
        initial={
            "occasion": _wanted(request, read),
            "assessed_on": read.today,
            "rated_by": request.user.pk,
            "patient": read.course.patient_id,
            "key": uuid4(),
        },
    )


def _wanted(request: ClinicRequest, read: CourseOutcomes) -> str:
    """Return the occasion that was asked for, or the one that is due, or "other"."""
    asked = request.GET.get("occasion", "")
    if asked in Occasion.values:
        return asked
    return read.due_now[0].occasion if read.due_now else Occasion.OTHER


def _correction_form(
    request: ClinicRequest,
    read: CourseOutcomes,
    outcome: OutcomeAssessment,
    posted: QueryDict | None = None,
) -> CorrectionForm:
    initial = {
        "value": plain(outcome.value),
        "occasion": outcome.occasion,
        "assessed_on": outcome.assessed_on,
        "rated_by": outcome.rated_by_id or request.user.pk,
        "is_before_session": outcome.is_before_session,
        "notes": outcome.notes,
        "patient": read.course.patient_id,
    }
    return CorrectionForm(posted, today=read.today, scale=outcome.known_scale, initial=initial)


def _add_page(
    request: ClinicRequest,
    read: CourseOutcomes,
    form: SittingForm,
    *,
    parts: Any = None,
    is_more: bool,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    if parts is None:
        parts = score_forms(_shown_scales(read, str(form["occasion"].value()), is_more=is_more))
    context = {
        **_head(request, read),
        "form": form,
        "parts": parts,
        "is_more": is_more,
        "problem": problem,
        "has_errors": bool(form.errors) or any(one.errors for _s, own in parts for one in own),
        "next_url": _next(request, read),
    }
    return render(request, "records/outcome_add.html", context, status=status)


def _shown_scales(read: CourseOutcomes, occasion: str, *, is_more: bool) -> list[Any]:
    """Return the scales to fill in, for a baseline without those that compare with before."""
    scales = offered_scales(read, is_more=is_more)
    is_baseline = occasion == Occasion.BASELINE
    return [scale for scale in scales if scale.at_baseline or not is_baseline]
