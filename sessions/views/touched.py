"""The appointments that a closure, an absence or a room leaves without their ground, moved at once."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clinic.models import Site
from clinic.selectors import current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from sessions import planner_words
from sessions.actions import booking
from sessions.forms import MoveTouchedForm, TouchedFilterForm
from sessions.models import ScheduleChange, TreatmentSession
from sessions.selectors.asking import Place
from sessions.selectors.fixes import explain
from sessions.selectors.replanning import Replan, read_all_places
from sessions.selectors.touched import MOST_COURSES, sessions_by_key, touched_plan
from sessions.views.replanning import UNDO_SECONDS

PREFIX = "place-"
# More than MOST_COURSES courses of 15 sessions are never sent by our own page.
MOST_PLACES = MOST_COURSES * 15


@require_http_methods(["GET", "POST"])
@requires(Right.BOOK)
def touched_list(request: ClinicRequest) -> HttpResponse:
    site = _site(request)
    if request.method == "GET":
        return _page(request, site)
    try:
        places = _sent_places(request)
    except ValueError:
        return _page(request, site, problem=_("Choose one of the times."), status=422)
    sessions = sessions_by_key(places)
    form = MoveTouchedForm(
        request.POST, courses=sorted({session.course_id for session in sessions.values()})
    )
    if not form.is_valid():
        problem = str(next(iter(form.errors.values()))[0])
        return _page(request, site, problem=problem, status=422)
    try:
        change = _move(request, form, sessions, places)
    except booking.BookingRefused as refused:
        status = 409 if isinstance(refused, booking.SlotTaken) else 422
        return _page(request, site, problem=_refusal_words(refused), status=status)
    _say(request, change)
    return redirect_page(request, request.get_full_path())


def _site(request: ClinicRequest) -> Site:
    """Return the site that is asked for, else the one the person works at."""
    asked = request.GET.get("site", "")
    if asked.isdecimal() and len(asked) < 19:
        site: Site = get_object_or_404(Site.objects.open(), pk=int(asked))
        return site
    return current_site(request)


def _sent_places(request: ClinicRequest) -> dict[int, Place]:
    """Return the places that were shown, by primary key of the session."""
    sent = {
        int(name.removeprefix(PREFIX)): text
        for name, text in request.POST.items()
        if name.startswith(PREFIX) and isinstance(text, str)
    }
    if len(sent) > MOST_PLACES or any(not 0 < key < 2**63 for key in sent):
        raise ValueError(len(sent))
    return read_all_places(sent, now=timezone.now())


def _move(
    request: ClinicRequest,
    form: MoveTouchedForm,
    sessions: dict[int, TreatmentSession],
    places: dict[int, Place],
) -> ScheduleChange:
    wanted = set(form.cleaned_data["course"])
    return booking.place_sessions(
        placements=[
            booking.Placement(
                session=session,
                practitioner=places[key].practitioner,
                room=places[key].room,
                starts_at=places[key].starts_at,
            )
            for key, session in sorted(sessions.items())
            if session.course_id in wanted
        ],
        key=form.cleaned_data["key"],
        reason=ScheduleChange.Reason.CLINIC,
        by=request.user,
        at=timezone.now(),
    )


def _refusal_words(refused: booking.BookingRefused) -> str:
    """Say whose session it is about, and that all of it waits."""
    waits = _("Nothing was moved.")
    if refused.session is None:
        return f"{refused.problem} {waits}"
    name = refused.session.course.patient.full_name
    return f"{name}: {refused.problem} {waits}"


def _say(request: ClinicRequest, change: ScheduleChange) -> None:
    count = change.lines.count()
    words = ngettext(
        "%(count)s appointment re-planned.", "%(count)s appointments re-planned.", count
    )
    toast(
        request,
        words % {"count": count},
        undo_url=reverse("sessions:change-undo", args=[change.pk]),
        undo_seconds=UNDO_SECONDS,
    )


def _page(
    request: ClinicRequest, site: Site, *, problem: str = "", status: int = 200
) -> HttpResponse:
    filters = TouchedFilterForm(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    plan = touched_plan(
        site,
        timezone.now(),
        practitioner=asked.get("practitioner"),
        first=asked.get("first"),
        last=asked.get("last"),
    )
    ticked = set(request.POST.getlist("course")) if request.method == "POST" else None
    context: dict[str, Any] = {
        "site": site,
        "filters": filters,
        "plan": plan,
        "rows": [
            (each, _stuck_words(each.found), ticked is None or str(each.course.pk) in ticked)
            for each in plan.courses
        ],
        "most": MOST_COURSES,
        "key": uuid4(),
        "problem": problem,
    }
    if not filters.is_valid():
        status = 422
    return render(request, "sessions/touched.html", context, status=status)


def _stuck_words(found: Replan) -> str:
    explanation = explain(found.ask, found.proposal)
    return planner_words.explanation_words(explanation, found.proposal) if explanation else ""
