"""Taking back what was done to the calendar a moment ago."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast, toast_problem
from sessions.actions import undoing
from sessions.models import Deviation, ScheduleChange, ScheduleChangeLine
from sessions.replan_words import undone_words
from sessions.selectors.changes import lines_of, skip_of


@require_POST
@requires(Right.BOOK)
def change_undo(request: ClinicRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(ScheduleChange.objects.select_related("new_course"), pk=pk)
    lines, skip = lines_of(change), skip_of(change)
    try:
        undoing.undo_change(change=change, by=request.user, at=timezone.now())
    except undoing.UndoRefused as refused:
        toast_problem(request, refused.problem)
    else:
        toast(request, undone_words(change, lines, skip))
    change.refresh_from_db(fields=["undone_at"])
    return redirect_page(request, safe_next(request, _where(change, lines, skip)))


def _where(change: ScheduleChange, lines: list[ScheduleChangeLine], skip: Deviation | None) -> str:
    """Return the page to go to: the course, the patient if it is gone, the list if it is several."""
    course = change.new_course
    if course is not None and change.undone_at is not None:
        return reverse("patients:patient-detail", args=[course.patient_id])
    courses = {line.appointment.session.course_id for line in lines if line.appointment.session}
    if course is not None:
        courses.add(course.pk)
    if skip is not None:
        courses.add(skip.session.course_id)
    if len(courses) == 1:
        return reverse("sessions:course-detail", args=[courses.pop()])
    if not courses and lines:
        return reverse("sessions:appointment-detail", args=[lines[0].appointment_id])
    return reverse("sessions:touched")
