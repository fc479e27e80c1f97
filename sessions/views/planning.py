"""Planning a new course: every change proposes all its times again, one click books them."""

from collections import Counter
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clinic.selectors import current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast
from meso_clinic.core.models import User
from patients.models import Patient
from sessions import planner_words as words
from sessions.actions.booking import (
    BookingRefused,
    LateReasonMissing,
    SlotTaken,
    TakenBack,
)
from sessions.actions.planning import NewPlace, book_new_course, plan_course
from sessions.models import ScheduleChange
from sessions.selectors.plan_page import PlanPage
from sessions.views.planner import Planner, is_number
from sessions.views.replanning import UNDO_SECONDS
from treatments.actions.courses import CoursePlan, CourseRefused, PlanRefused
from treatments.models import Indication, TreatmentCourse


@require_http_methods(["GET", "POST"])
@requires(Right.PLAN_COURSE)
def course_plan(request: ClinicRequest, patient_pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=patient_pk)
    indication = _indication(request)
    if indication is None:
        return render(request, "sessions/plan_no_indication.html", {"patient": patient})
    planner = Planner(request, patient, indication, current_site(request), timezone.now())
    page = planner.plan()
    if request.method == "GET":
        return planner.answer(page)
    if page is None or not planner.form.is_valid():
        return planner.answer(page, _stuck_problem(page), status=422)
    if "draft" in request.POST:
        return _keep_as_draft(planner, page)
    if problems := _unready(planner, page):
        return planner.answer(page, problems, status=422)
    return _book(planner, page)


def _indication(request: ClinicRequest) -> Indication | None:
    offered = Indication.objects.active().select_related("protocol")
    asked = request.POST.get("indication") or request.GET.get("indication") or ""
    chosen = offered.filter(pk=int(asked)).first() if is_number(asked) else None
    return chosen or offered.first()


def _stuck_problem(page: PlanPage | None) -> tuple[tuple[str, str], ...]:
    stuck = page.stuck_at if page else None
    if stuck is None:
        return ()
    return ((f"s{stuck}", _("Session %(number)s has no time. Choose a fix.") % {"number": stuck}),)


def _unready(planner: Planner, page: PlanPage) -> tuple[tuple[str, str], ...]:
    """Say why the times as they were shown cannot be booked; nothing if they can be tried."""
    shown, numbers = planner.typed.get("shown"), range(1, page.total + 1)
    if shown is not None and shown != planner.form.settings:
        return (("chain-h", _("The settings have changed. Check the times, then book them.")),)
    if missing := next((n for n in numbers if n not in planner.places), None):
        said = _("Session %(number)s had no time. Check the one it has now, then book.")
        again = ((f"s{missing}", said % {"number": missing}),)
        return _stuck_problem(page) or again
    return ()


def _book(planner: Planner, page: PlanPage) -> HttpResponse:
    try:
        change = _book_course(planner, page)
    except TakenBack as refused:
        planner.key = uuid4()
        return planner.answer(page, (("chain-h", refused.problem),), status=409)
    except LateReasonMissing as refused:
        target = f"id_late-{refused.number}-reason"
        return planner.answer(page, ((target, refused.problem),), status=422)
    except BookingRefused as refused:
        return _offer_again(planner, page, refused)
    except (PlanRefused, CourseRefused) as refused:
        return _refuse(planner, page, refused)
    return _tell(planner, change)


def _book_course(planner: Planner, page: PlanPage) -> ScheduleChange:
    places = {n: planner.places[n] for n in range(1, page.total + 1)}
    people = Counter(place.practitioner for place in places.values())
    usual = planner.form.cleaned_data["practitioner"] or people.most_common(1)[0][0]
    return book_new_course(
        plan=_plan_of(planner, usual),
        placements=[
            NewPlace(
                number=number,
                practitioner=place.practitioner,
                room=place.room,
                starts_at=place.starts_at,
                late_reason=planner.late_form(number).late_reason,
            )
            for number, place in places.items()
        ],
        key=planner.key,
        by=planner.request.user,
        at=planner.now,
    )


def _plan_of(planner: Planner, practitioner: User) -> CoursePlan:
    data = planner.form.cleaned_data
    return CoursePlan(
        patient=planner.patient,
        indication=data["indication"],
        site=planner.site,
        practitioner=practitioner,
        total_sessions=data["total_sessions"],
        initial_sessions=planner.form.initial_sessions,
        first_on=data["first_on"],
        goals=data["goals"],
        product=data["product"],
    )


def _offer_again(planner: Planner, page: PlanPage, refused: BookingRefused) -> HttpResponse:
    """Show the nearest other time of the session that was refused; all others stay as they were."""
    number = refused.number
    if number is None or number not in planner.places:
        return planner.answer(page, (("chain-h", refused.problem),), status=422)
    is_taken = isinstance(refused, SlotTaken)
    found = planner.plan_without(number)
    said = refused.problem
    if found and is_taken:
        said = words.lost_words(number, planner.places[number], found.proposal, found.moved, said)
    return planner.answer(found, ((f"s{number}", said),), status=409 if is_taken else 422)


def _refuse(planner: Planner, page: PlanPage, refused: PlanRefused | CourseRefused) -> HttpResponse:
    said = refused.problems if isinstance(refused, PlanRefused) else [refused.problem]
    problems = tuple(("planner", problem) for problem in said)
    return planner.answer(page, problems, status=422)


def _tell(planner: Planner, change: ScheduleChange) -> HttpResponse:
    count = change.lines.count()
    toast(
        planner.request,
        ngettext("%(count)s session booked.", "%(count)s sessions booked.", count)
        % {"count": count},
        undo_url=reverse("sessions:change-undo", args=[change.pk]),
        undo_seconds=UNDO_SECONDS,
    )
    return redirect("patients:patient-detail", planner.patient.pk)


def _keep_as_draft(planner: Planner, page: PlanPage) -> HttpResponse:
    try:
        course: TreatmentCourse = plan_course(
            plan=_plan_of(planner, page.proposal.practitioner),
            by=planner.request.user,
            at=planner.now,
        )
    except PlanRefused as refused:
        return _refuse(planner, page, refused)
    toast(planner.request, _("The plan is kept as a draft. Nothing is booked."))
    return redirect("sessions:course-detail", course.pk)
