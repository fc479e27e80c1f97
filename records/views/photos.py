"""The pages of photos: of a course, of one photo, and two side by side."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast
from patients.page import alerts
from records.actions.photos import (
    PhotoRefused,
    withdraw_photo,
)
from records.domain.photos import BY_CODE
from records.forms.photos import (
    CompareForm,
    WithdrawForm,
)
from records.photo_words import (
    baseline_problem,
    consent_problem,
    photo_name,
)
from records.selectors import photos as selectors
from records.selectors.photos import CoursePhotos
from sessions.models import TreatmentSession
from treatments.models import TreatmentCourse


@require_GET
@requires(Right.SEE_CLINICAL)
def course_photos_page(request: ClinicRequest, course_pk: int) -> HttpResponse:
    course, now = course_or_404(course_pk), timezone.now()
    found = selectors.course_photos(course)
    sessions = list(course.sessions.order_by("number"))
    first = next((session for session in sessions if session.number == 1), None)
    consent = selectors.read_photo_consent(course, at=now)
    sets = [one for one in selectors.photo_sets(found, sessions) if one.coverage.is_begun]
    context = {
        **page_head(request, course),
        "sets": [(one, found.declined(one.session).values()) for one in reversed(sets)],
        "consent": consent,
        "consent_problem": consent_problem(consent),
        "baseline_problem": "" if consent.is_refused else _baseline(found, first),
        "next_session": _next_session(course, sessions),
        "can_compare": bool(selectors.photos_by_view(found)),
    }
    with in_its_zone(course):
        return render(request, "records/photos_course.html", context)


@require_GET
@requires(Right.SEE_CLINICAL)
def photo_detail(request: ClinicRequest, key: UUID) -> HttpResponse:
    photo = get_object_or_404(selectors.visible_photo(key))
    consent = selectors.read_photo_consent(photo.course, at=timezone.now())
    context = {
        **page_head(request, photo.course),
        "photo": photo,
        "name": photo_name(photo),
        "uses": consent.uses,
    }
    with in_its_zone(photo.course):
        return render(request, "records/photo_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
def photo_withdraw(request: ClinicRequest, key: UUID) -> HttpResponse:
    photo = get_object_or_404(selectors.visible_photo(key))
    is_sent = request.method == "POST"
    initial = {"patient": photo.patient_id}
    form = WithdrawForm(request.POST if is_sent else None, initial=initial)
    status = 422 if is_sent else 200
    if is_sent and request.POST.get("patient") != str(photo.patient_id):
        form.add_error(None, other_patient())
        status = 409
    elif form.is_valid():
        try:
            withdraw_photo(
                photo=photo,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except PhotoRefused as refused:
            form.add_error(None, refused.problem)
            status = 409
        else:
            toast(request, _("The photo is withdrawn. Nobody sees it any more."))
            return redirect("records:course-photos", photo.course_id)
    context = {
        **page_head(request, photo.course),
        "photo": photo,
        "name": photo_name(photo),
        "form": form,
    }
    return render(request, "records/photo_withdraw.html", context, status=status)


@require_GET
@requires(Right.SEE_CLINICAL)
def photo_compare(request: ClinicRequest, course_pk: int) -> HttpResponse:
    """Show two photos of one view, at first the oldest and the newest."""
    course = course_or_404(course_pk)
    by_view = selectors.photos_by_view(selectors.course_photos(course))
    view = BY_CODE.get(request.GET.get("view", ""))
    if view not in by_view:
        view = next(iter(by_view), None)
    context = {**page_head(request, course), "views": by_view.keys(), "view": view}
    if view is not None:
        left, right = CompareForm(request.GET).chosen(by_view[view])
        context |= {"photos": by_view[view], "left": left, "right": right}
    with in_its_zone(course):
        return render(request, "records/photo_compare.html", context)


def course_or_404(pk: int) -> TreatmentCourse:
    """Return the course with that key, or answer 404."""
    return get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)


def page_head(request: ClinicRequest, course: TreatmentCourse) -> dict[str, Any]:
    """Return what the top of every page of photos shows."""
    return {
        "course": course,
        "patient": course.patient,
        "alerts": alerts(request, course.patient),
    }


def in_its_zone(course: TreatmentCourse) -> AbstractContextManager[Any]:
    """Let times be those of the site of `course`."""
    return timezone.override(course.site.zone)


def _baseline(found: CoursePhotos, first: TreatmentSession | None) -> str:
    return baseline_problem(selectors.baseline(found, first))


def _next_session(
    course: TreatmentCourse, sessions: list[TreatmentSession]
) -> TreatmentSession | None:
    """Return the session that is photographed next: the first that is neither done nor skipped."""
    if course.is_ended:
        return None
    over = {TreatmentSession.Status.DONE, TreatmentSession.Status.SKIPPED}
    return next((session for session in sessions if session.status not in over), None)


def other_patient() -> str:
    """Return what a form says that was made for somebody else."""
    return _("This form was made for another patient. Nothing was kept.")
