"""Time to reflect before a first session."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast, toast_problem
from meso_clinic.core.roles import Right
from patients.page import alerts
from treatments.actions.reflection import ReflectionRefused, note_explanation, waive_reflection
from treatments.forms.consents import WaiverForm
from treatments.models import TreatmentCourse


@require_POST
@requires(Right.TAKE_CONSENT)
def explain(request: ClinicRequest, course_pk: int) -> HttpResponse:
    """Note that the treatment was explained now."""
    course = _course(course_pk)
    if request.POST.get("patient") != str(course.patient_id):
        problem = _("This form was made for another patient. Nothing was noted.")
        return _page(request, course, WaiverForm(initial=_initial(course)), 409, problem)
    try:
        note_explanation(course=course, by=request.user, at=timezone.now())
    except ReflectionRefused as refused:
        toast_problem(request, refused.problem)
    else:
        toast(request, _("It is noted that the treatment was explained now."))
    return redirect_page(request, "treatments:consent-list", course.pk)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_CONSENT)
def begin_earlier(request: ClinicRequest, course_pk: int) -> HttpResponse:
    """Let a prescriber sign that the first session begins before time to reflect is over."""
    course = _course(course_pk)
    if not request.user.is_prescriber:
        raise PermissionDenied(_("Only a prescriber can sign that a session begins earlier."))
    if request.method == "GET":
        return _page(request, course, WaiverForm(initial=_initial(course)))
    if request.POST.get("patient") != str(course.patient_id):
        problem = _("This form was made for another patient. Nothing was signed.")
        return _page(request, course, WaiverForm(initial=_initial(course)), 409, problem)
    form = WaiverForm(request.POST)
    if not form.is_valid():
        return _page(request, course, form, 422)
    try:
        waive_reflection(
            course=course, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except ReflectionRefused as refused:
        return _page(request, course, form, 409, refused.problem)
    toast(request, _("It is signed that the first session may begin earlier."))
    return redirect_page(request, "treatments:consent-list", course.pk)


def _course(pk: int) -> TreatmentCourse:
    return get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)


def _initial(course: TreatmentCourse) -> dict[str, int]:
    return {"patient": course.patient_id}


def _page(
    request: ClinicRequest,
    course: TreatmentCourse,
    form: WaiverForm,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    context = {
        "course": course,
        "patient": course.patient,
        "alerts": alerts(request, course.patient),
        "form": form,
        "problem": problem,
    }
    return render(request, "treatments/reflection_waive.html", context, status=status)
