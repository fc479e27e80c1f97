"""Leaving a session out, adding one after a long gap, and ending a course whose patient stayed away."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast, toast_problem
from sessions.actions import extending, lapsing, skipping
from sessions.forms import SkipSessionForm
from sessions.models import Deviation, TreatmentSession
from sessions.selectors.chain import course_chain
from sessions.views.courses import decide
from sessions.views.replanning import UNDO_SECONDS
from treatments.models import TreatmentCourse


@require_http_methods(["GET", "POST"])
@requires(Right.BOOK_LATE)
def session_skip(request: ClinicRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(
        TreatmentSession.objects.select_related(
            "course__patient", "course__indication", "course__site"
        ),
        pk=pk,
    )
    form = SkipSessionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            skip = skipping.skip_session(
                session=session,
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                by=request.user,
                at=timezone.now(),
            )
        except skipping.SkipRefused as refused:
            form.add_error(None, refused.problem)
        else:
            _tell_skipped(request, skip)
            _tell_misplaced(request, session.course)
            return redirect("sessions:course-detail", session.course_id)
    return render(
        request,
        "sessions/course_skip.html",
        {"session": session, "course": session.course, "form": form},
        status=422 if form.is_bound else 200,
    )


def _tell_skipped(request: ClinicRequest, skip: Deviation) -> None:
    """Say it, with Undo unless the course has ended with it: that is final."""
    course = TreatmentCourse.objects.get(pk=skip.session.course_id)
    undo = reverse("sessions:change-undo", args=[skip.change_id]) if course.is_active else ""
    toast(
        request,
        _("Session %(number)s is skipped.") % {"number": skip.session.number},
        undo_url=undo,
        undo_seconds=UNDO_SECONDS if undo else 0,
    )


def _tell_misplaced(request: ClinicRequest, course: TreatmentCourse) -> None:
    """A booked session may stand too late now that the gap before it is longer."""
    misplaced = [row for row in course_chain(course).rows if row.is_out_of_window]
    if misplaced:
        toast_problem(
            request,
            _("Session %(number)s now stands outside its window. Give it a new time.")
            % {"number": misplaced[0].session.number},
        )


@require_POST
@requires(Right.DECIDE_COURSE)
def course_lapse(request: ClinicRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(TreatmentCourse, pk=pk)
    decide(request, course, lapsing.lapse_course, done=_("The course has ended as lapsed."))
    return redirect("sessions:course-detail", pk)


@require_POST
@requires(Right.DECIDE_COURSE)
def course_add_session(request: ClinicRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(TreatmentCourse, pk=pk)
    if decide(
        request, course, extending.add_initial_session, done=_("The course has one session more.")
    ):
        _tell_misplaced(request, course)
    return redirect("sessions:course-detail", pk)
