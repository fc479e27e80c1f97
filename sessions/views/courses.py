"""Courses: start one, list them, stop and resume them, print the plan."""

from collections.abc import Callable

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
from sessions.actions import stopping
from sessions.forms import StopCourseForm
from sessions.selectors.chain import course_chain, course_chains
from sessions.selectors.courses import COURSE_FILTERS, listed_courses, newest_assessment
from sessions.selectors.drawing import draw_course
from treatments.actions import courses as course_actions
from treatments.models import TreatmentCourse

PAGE_SIZE = 25


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


def decide(
    request: ClinicRequest,
    course: TreatmentCourse,
    act: Callable[..., TreatmentCourse],
    *,
    done: str,
) -> bool:
    """Do `act` to `course` and say `done`, or why it was refused; return whether it was done."""
    try:
        act(course=course, by=request.user, at=timezone.now())
    except course_actions.CourseRefused as refused:
        toast_problem(request, refused.problem)
        return False
    toast(request, done)
    return True


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
    decide(request, _course(pk), course_actions.resume_course, done=_("The course goes on."))
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
            "assessment": newest_assessment(course.patient, course.indication),
            "profile": clinic_profile(),
            "printed_at": timezone.now(),
            "today": timezone.now().astimezone(course.site.zone).date(),
            "is_long": course.total_sessions > 9,
        },
    )


def _course(pk: int) -> TreatmentCourse:
    return get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)
