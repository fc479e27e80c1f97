"""Courses: plan one, see one, list them, stop and resume them, print the plan."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.selectors import clinic_profile, current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import (
    ClinicRequest,
    render_page_or_fragment,
    safe_next,
    toast,
    toast_problem,
)
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.actions import stopping
from sessions.actions.planning import plan_course
from sessions.domain.windows import plan
from sessions.forms import PlanCourseForm, StopCourseForm
from sessions.selectors.chain import course_chain, course_chains
from sessions.selectors.courses import COURSE_FILTERS, listed_courses
from sessions.selectors.drawing import draw_course, draw_plan
from treatments.actions import courses as course_actions
from treatments.models import Assessment, Indication, TreatmentCourse

PAGE_SIZE = 25


@require_http_methods(["GET", "POST"])
@requires(Right.PLAN_COURSE)
def course_plan(request: ClinicRequest, patient_pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=patient_pk)
    site = current_site(request)
    today = timezone.now().astimezone(site.zone).date()
    indication = _indication(request)
    if indication is None:
        return render(request, "sessions/plan_no_indication.html", {"patient": patient})
    typed = request.POST if request.method == "POST" else request.GET
    form = PlanCourseForm(
        _with_protocol(request, typed, indication, patient, today),
        indication=indication,
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        return _plan(request, form, patient)
    is_sent = request.method == "POST"
    context: dict[str, Any] = {
        "patient": patient,
        "form": form,
        "indication": indication,
        "revision": indication.revisions.newest_first().first(),
        "protocol": indication.protocol,
        "drawn": _drawn(form, site, today) if form.is_valid() else None,
        "assessment": _assessment(patient, indication),
        "show_errors": is_sent or bool(typed),
    }
    return render_page_or_fragment(
        request,
        "sessions/course_plan.html",
        "sessions/_planner.html",
        context,
        status=422 if is_sent else 200,
    )


def _indication(request: ClinicRequest) -> Indication | None:
    offered = Indication.objects.active().select_related("protocol")
    asked = request.POST.get("indication") or request.GET.get("indication") or ""
    chosen = (
        offered.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    )
    return chosen or offered.first()


def _with_protocol(
    request: ClinicRequest, typed: Any, indication: Indication, patient: Patient, today: Any
) -> dict[str, Any]:
    """Return what was typed; the protocol fills in what was not, or all when it was changed."""
    protocol = indication.protocol
    practitioner = patient.preferred_practitioner_id or (
        request.user.pk if request.user.is_clinician else None
    )
    values: dict[str, Any] = {
        "indication": indication.pk,
        "total_sessions": protocol.total_sessions,
        "monthly_from": protocol.initial_sessions + 1,
        "first_on": today.isoformat(),
        "practitioner": practitioner or _first_practitioner(),
    }
    # The chain's numbers belong to the indication they were shown for.
    follows_protocol = typed.get("numbers_of", str(indication.pk)) != str(indication.pk)
    kept = {"first_on", "practitioner", "goals"} if follows_protocol else set(typed)
    typed_values = {key: typed[key] for key in typed if key in kept and key != "indication"}
    values |= typed_values
    total, monthly = str(values["total_sessions"]), str(values["monthly_from"])
    if (
        total.isdecimal()
        and monthly.isdecimal()
        and len(total) < 3
        and int(monthly) > int(total) + 1
    ):
        values["monthly_from"] = int(total) + 1
    return values


def _first_practitioner() -> int | None:
    first = User.objects.practitioners().first()
    return first.pk if first else None


def _drawn(form: PlanCourseForm, site: Any, today: Any) -> Any:
    cadence = form.cadence()
    links = plan(cadence, form.cleaned_data["first_on"])
    return draw_plan(links, cadence, site=site, today=today, rtl=get_language_bidi())


def _assessment(patient: Patient, indication: Indication) -> Assessment | None:
    """Return the newest assessment; for hair loss and the like only a specialist's counts."""
    found = patient.assessments.filter(indication=indication)
    if indication.needs_specialist:
        found = found.filter(kind=Assessment.Kind.SPECIALIST)
    return found.order_by("-assessed_on", "-pk").first()


def _plan(request: ClinicRequest, form: PlanCourseForm, patient: Patient) -> HttpResponse:
    data, now = form.cleaned_data, timezone.now()
    course = plan_course(
        patient=patient,
        indication=data["indication"],
        site=current_site(request),
        practitioner=data["practitioner"],
        total_sessions=data["total_sessions"],
        initial_sessions=form.initial_sessions,
        first_on=data["first_on"],
        goals=data["goals"],
        product=data["product"],
        by=request.user,
        at=now,
    )
    _activate(request, course)
    return redirect("sessions:course-detail", course.pk)


def _activate(request: ClinicRequest, course: TreatmentCourse) -> None:
    try:
        course_actions.activate_course(course=course, by=request.user, at=timezone.now())
    except course_actions.SpecialistConsultationMissing:
        toast_problem(
            request,
            _("The plan is kept as a draft. Record the specialist consultation to activate it."),
        )
    except course_actions.CourseRefused as refused:
        toast_problem(request, refused.problem)
    else:
        toast(request, _("The course is active. Choose a time for its sessions."))


@require_GET
@requires(Right.SEE_COURSES)
def course_list(request: ClinicRequest) -> HttpResponse:
    today = timezone.now().astimezone(current_site(request).zone).date()
    shown = request.GET.get("status", "")
    courses = listed_courses(shown, today=today)
    page = Paginator(courses, PAGE_SIZE).get_page(request.GET.get("page"))
    return render_page_or_fragment(
        request,
        "sessions/course_list.html",
        "sessions/_course_list.html",
        {
            "page": page,
            "chains": course_chains(list(page.object_list)),
            "filters": COURSE_FILTERS,
            "status": shown,
            "today": today,
        },
    )


@require_POST
@requires(Right.PLAN_COURSE)
def course_activate(request: ClinicRequest, pk: int) -> HttpResponse:
    _activate(request, _course(pk))
    return redirect("sessions:course-detail", pk)


@require_http_methods(["GET", "POST"])
@requires(Right.DECIDE_COURSE)
def course_stop(request: ClinicRequest, pk: int, how: str) -> HttpResponse:
    """Suspend or discontinue a course, with a reason."""
    course = _course(pk)
    form = StopCourseForm(request.POST or None)
    if form.is_valid():
        act = {
            "suspend": stopping.suspend_course,
            "stop": stopping.stop_course,
        }[how]
        try:
            act(
                course=course,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except course_actions.CourseRefused as refused:
            form.add_error(None, refused.problem)
        else:
            toast(
                request,
                _("The course is suspended.") if how == "suspend" else _("The course is stopped."),
            )
            return redirect("sessions:course-detail", pk)
    return render(
        request,
        "sessions/course_stop.html",
        {"course": course, "form": form, "is_suspend": how == "suspend"},
        status=422 if form.is_bound else 200,
    )


@require_POST
@requires(Right.DECIDE_COURSE)
def course_resume(request: ClinicRequest, pk: int) -> HttpResponse:
    try:
        course_actions.resume_course(course=_course(pk), by=request.user, at=timezone.now())
    except course_actions.CourseRefused as refused:
        toast_problem(request, refused.problem)
    else:
        toast(request, _("The course goes on."))
    return redirect(safe_next(request, reverse("sessions:course-detail", args=[pk])))


@require_GET
@requires(Right.SEE_COURSES)
def course_print(request: ClinicRequest, pk: int) -> HttpResponse:
    chain = course_chain(_course(pk))
    course = chain.course
    return render(
        request,
        "sessions/course_print.html",
        {
            "course": course,
            "chain": chain,
            "drawn": draw_course(chain, today=None, paper=True, rtl=get_language_bidi()),
            "assessment": _assessment(course.patient, course.indication),
            "profile": clinic_profile(),
            "printed_at": timezone.now(),
            "today": timezone.now().astimezone(course.site.zone).date(),
            "is_long": course.total_sessions > 9,
        },
    )


def _course(pk: int) -> TreatmentCourse:
    return get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)
