"""What the answers about health mean for a course, and a prescriber's sign-off."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.roles import Right
from patients.page import alerts
from treatments.actions.screening import (
    AnswerChangedMeanwhile,
    ClearanceRefused,
    give_clearance,
    withdraw_clearance,
)
from treatments.domain.screening.facts import CLEARANCE_DAYS
from treatments.domain.screening.verdict import Finding, Outcome, Verdict
from treatments.forms.screening import SignOffForm, WhyForm
from treatments.models import Clearance, TreatmentCourse
from treatments.screening_words import finding_sentence
from treatments.selectors.may_start import (
    FindingRow,
    finding_rows,
    has_session_today,
    past_clearances,
)
from treatments.selectors.screening import read_screening

# A longer list of open questions is folded.
SHORT_LIST = 10
_HEADINGS = {
    Outcome.MAY_START: gettext_lazy("May start"),
    Outcome.SIGN_OFF_NEEDED: gettext_lazy("Sign-off needed by a prescriber"),
    Outcome.INCOMPLETE: gettext_lazy("Questions are open"),
    Outcome.MUST_NOT: gettext_lazy("Must not start"),
}
_TONES = {
    Outcome.MAY_START: "ok",
    Outcome.SIGN_OFF_NEEDED: "warn",
    Outcome.INCOMPLETE: "warn",
    Outcome.MUST_NOT: "stop",
}


@require_GET
@requires(Right.SEE_CLINICAL)
def may_start(request: ClinicRequest, course_pk: int) -> HttpResponse:
    return _show(request, _course(course_pk))


@require_GET
@requires(Right.SEE_COURSES)
def may_start_data(request: ClinicRequest, course_pk: int) -> HttpResponse:
    """Return the same verdict as data; who may not read about health gets the state alone."""
    verdict = _verdict(_course(course_pk), timezone.now())
    answer: dict[str, Any] = {"may_start": verdict.may_start, "state": verdict.state.lower()}
    if request.user.has_right(Right.SEE_CLINICAL):
        answer["outcome"] = verdict.outcome.lower()
        answer["findings"] = [_finding_data(finding) for finding in verdict.findings]
        answer["avoid"] = [_finding_data(finding) for finding in verdict.avoid]
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "level": finding.level.lower(),
        "reason": finding.reason.lower(),
        "rule": finding.rule,
        "question": finding.question,
        "zone": finding.zone,
        "says": finding_sentence(finding),
        "until": finding.until,
        "is_signed_off": finding.clearance is not None,
        "lifted_by": finding.lift.lower(),
    }


def _verdict(course: TreatmentCourse, now: datetime) -> Verdict:
    return read_screening(course, at=now, is_session_day=has_session_today(course, at=now))


@require_POST
@requires(Right.SEE_CLINICAL)
def clearance_give(request: ClinicRequest, course_pk: int) -> HttpResponse:
    course = _course(course_pk)
    _only_prescribers(request)
    if request.POST.get("course") != str(course.pk):
        problem = _("This form was made for another course. Nothing was signed off.")
        return _show(request, course, status=409, problem=problem)
    form = SignOffForm(request.POST)
    if not form.is_valid():
        return _show(request, course, form, status=422)
    data = form.cleaned_data
    try:
        give_clearance(
            course=course,
            rule=data["rule"],
            answer=data["answer"],
            reason=data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except AnswerChangedMeanwhile as refused:
        return _show(request, course, status=409, problem=refused.problem)
    except ClearanceRefused as refused:
        return _show(request, course, status=422, problem=refused.problem)
    toast(request, _("It is signed off."))
    return redirect_page(request, "treatments:may-start", course.pk)


@require_http_methods(["GET", "POST"])
@requires(Right.SEE_CLINICAL)
def clearance_withdraw(request: ClinicRequest, pk: int) -> HttpResponse:
    clearance = get_object_or_404(
        Clearance.objects.select_related("course__patient", "rule", "by"), pk=pk
    )
    _only_prescribers(request)
    form = WhyForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            withdraw_clearance(
                clearance=clearance,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except ClearanceRefused as refused:
            form.add_error(None, refused.problem)
            status = 409
        else:
            toast(request, _("The sign-off is taken back."))
            return redirect_page(request, "treatments:may-start", clearance.course_id)
    patient = clearance.course.patient
    context = {
        "clearance": clearance,
        "patient": patient,
        "alerts": alerts(request, patient),
        "form": form,
        "back_url": reverse("treatments:may-start", args=[clearance.course_id]),
    }
    return render(request, "treatments/clearance_withdraw.html", context, status=status)


def _course(pk: int) -> TreatmentCourse:
    return get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)


def _only_prescribers(request: ClinicRequest) -> None:
    if not request.user.is_prescriber:
        raise PermissionDenied(_("Only a prescriber can sign off or take a sign-off back."))


def _show(
    request: ClinicRequest,
    course: TreatmentCourse,
    typed: SignOffForm | None = None,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    now = timezone.now()
    verdict = _verdict(course, now)
    to_ask = finding_rows(one for one in verdict.to_ask if not one.rule)
    asking = {row.finding for row in to_ask}
    findings = finding_rows(one for one in verdict.findings if one not in asking)
    can_sign = request.user.is_prescriber and not course.is_ended
    context: dict[str, Any] = {
        "course": course,
        "patient": course.patient,
        "alerts": alerts(request, course.patient),
        "verdict": verdict,
        "heading": _HEADINGS[verdict.outcome],
        "tone": _TONES[verdict.outcome],
        "rows": [(row, _sign_off(row, course, typed) if can_sign else None) for row in findings],
        "to_ask": to_ask,
        "opens_list": len(to_ask) <= SHORT_LIST,
        "avoid": [
            (row, _sign_off(row, course, typed) if can_sign else None)
            for row in finding_rows(verdict.avoid)
        ],
        "clearances": list(past_clearances(course)),
        "ends_on": now.astimezone(course.site.zone).date() + timedelta(days=CLEARANCE_DAYS - 1),
        "typed": typed,
        "problem": problem,
    }
    return render(request, "treatments/may_start.html", context, status=status)


def _sign_off(
    row: FindingRow, course: TreatmentCourse, typed: SignOffForm | None
) -> SignOffForm | None:
    """Return the form that signs `row` off, with what was typed in it; None if nothing is to sign."""
    if not row.finding.needs_prescriber:
        return None
    if typed is not None and typed["rule"].value() == row.finding.rule:
        return typed
    return SignOffForm(
        initial={"course": course.pk, "rule": row.finding.rule, "answer": row.answer_pk}
    )
