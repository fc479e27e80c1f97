"""Today: the day of a site as a list, and the clicks that run it."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.forms import model_to_dict
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.middleware import tells_no_time
from clinic.selectors import current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import (
    ClinicRequest,
    going_back,
    render_page_or_fragment,
    safe_next,
    toast,
    toast_problem,
)
from meso_clinic.core.privacy import is_private, name_for
from meso_clinic.core.roles import Role
from meso_clinic.core.versions import clinic_version, digest
from sessions.actions import status
from sessions.forms import CancelForm
from sessions.models import Appointment
from sessions.selectors.board import read_board
from sessions.selectors.day import (
    FILTERS,
    groups,
    in_state,
    next_open_day,
    read_day,
    with_initials,
)
from sessions.selectors.leaving import leaving_without_next

ONE_DAY = timedelta(days=1)
# How long the Undo of a status is offered.
UNDO_SECONDS = 60


@require_GET
@requires(Right.SEE_DAY)
@tells_no_time
def day_changes(request: ClinicRequest) -> HttpResponse:
    version = clinic_version(timezone.now())
    if request.headers.get("If-None-Match") == f'"{version}"':
        return HttpResponseNotModified()
    return HttpResponse(headers={"ETag": f'"{version}"', "Cache-Control": "no-store"})


@require_GET
@requires(Right.SEE_DAY)
def day(request: ClinicRequest) -> HttpResponse:
    now = timezone.now()
    # Before anything is read: what changes meanwhile must make another version.
    version = clinic_version(now)
    context = _context(request, now)
    group = request.GET.get("group", "")
    if group:
        context["group"] = next((each for each in context["groups"] if each.key == group), None)
        return render(request, "sessions/_day_rows.html", context)
    tag = _looks(request, context)
    if request.headers.get("If-None-Match") == f'"{tag}"':
        return HttpResponseNotModified(headers={"X-Version": version})
    context |= {"version": version, "tag": tag, "now": now.astimezone(context["day"].site.zone)}
    return render_page_or_fragment(request, "sessions/day.html", "sessions/_day.html", context)


def _looks(request: ClinicRequest, context: dict[str, Any]) -> str:
    """Return a word that is equal for pages that look the same to the same person."""
    upcoming = context["next_open"]
    seen = context | {
        # The line of now moves by itself.
        "calendar": {**(context["calendar"] or {}), "now": None},
        "next_open": upcoming and upcoming.starts_at,
    }
    site = model_to_dict(context["day"].site)
    return digest(seen, site, request.user.pk, sorted(request.user.roles), get_language())


def _context(request: ClinicRequest, now: datetime) -> dict[str, Any]:
    """Return all that the page shows, in values that are equal when it looks the same."""
    site = current_site(request)
    today = now.astimezone(site.zone).date()
    on = _asked_day(request.GET.get("date", ""), today)
    mine = request.user if _is_mine(request) else None
    shown = read_day(site=site, on=on, now=now, practitioner=mine)
    if is_private(request):
        shown = with_initials(shown)
    state = request.GET.get("status", "")
    view = "list" if request.GET.get("view") == "list" else "board"
    is_board = view == "board" and not state and bool(shown.rows or not shown.closure)
    upcoming = None if shown.rows else next_open_day(site, on, practitioner=mine)
    return {
        "day": shown,
        "leaving": leaving_without_next(shown.rows) if on == today else (),
        "calendar": read_board(shown, now=now, practitioner=mine) if is_board else None,
        "view": view,
        "groups": groups(
            in_state(shown.rows, state),
            now=now,
            today=today,
            on=on,
            may_treat=request.user.has_right(Right.WRITE_RECORD),
        ),
        "open_groups": sorted(request.GET.getlist("open")),
        "filters": [
            (word, str(label), icon, tone, shown.counts[word])
            for word, label, icon, tone in FILTERS
        ],
        "status": state,
        "is_mine": mine is not None,
        "can_be_mine": Role.CLINICIAN in request.user.roles,
        "is_today": on == today,
        "is_private": is_private(request),
        "today": today,
        "previous": on - ONE_DAY,
        "next": on + ONE_DAY,
        "next_open": upcoming,
        "next_day": f"{_day_of(upcoming):%Y-%m-%d}" if upcoming else "",
        "cancel_reasons": Appointment.CancelReason.to_choose(),
        "here": _here(request),
    }


def _here(request: ClinicRequest) -> str:
    """Return the address of the page as it stands, with the groups that are unfolded."""
    asked = request.GET.copy()
    if group := asked.pop("group", None):
        asked.setlistdefault("open").extend(group)
    return f"{request.path}?{asked.urlencode()}"


def _asked_day(typed: str, today: date) -> date:
    try:
        asked = parse_date(typed)
    except ValueError:
        asked = None
    # A year from now on either side is as far as a day is ever looked at.
    if asked is None or not date(2000, 1, 1) <= asked <= date(2199, 12, 30):
        return today
    return asked


def _is_mine(request: ClinicRequest) -> bool:
    return request.GET.get("mine") == "1" and Role.CLINICIAN in request.user.roles


@require_POST
@requires(Right.RUN_DAY)
def check_in(request: ClinicRequest, pk: int) -> HttpResponse:
    return _change(request, pk, status.check_in, _("%(name)s is checked in."))


@require_POST
@requires(Right.WRITE_RECORD)
def start(request: ClinicRequest, pk: int) -> HttpResponse:
    appointment = _appointment(pk)
    answer = _change(request, pk, status.start_appointment, _("%(name)s is in treatment."))
    appointment.refresh_from_db()
    begun = appointment.status == Appointment.Status.IN_TREATMENT
    if request.POST.get("open") and begun and appointment.session_id:
        return redirect(reverse("records:record-step", args=[appointment.session_id, "checks"]))
    return answer


@require_POST
@requires(Right.RUN_DAY)
def no_show(request: ClinicRequest, pk: int) -> HttpResponse:
    sentence = _("%(name)s did not come. The session needs a new time.")
    return _change(request, pk, status.mark_no_show, sentence, plain=_("%(name)s did not come."))


@require_POST
@requires(Right.RUN_DAY)
def cancel(request: ClinicRequest, pk: int) -> HttpResponse:
    form = CancelForm(request.POST)
    if not form.is_valid():
        toast_problem(request, _("Choose why the appointment is cancelled."))
        return redirect(safe_next(request, reverse("sessions:day")))
    return _change(
        request,
        pk,
        status.cancel_appointment,
        _("%(name)s is cancelled. The session needs a new time."),
        plain=_("%(name)s is cancelled."),
        **form.cleaned_data,
    )


@require_POST
@requires(Right.RUN_DAY)
def undo(request: ClinicRequest, pk: int) -> HttpResponse:
    # A form sends it as a field, a toast in its address.
    seen = request.POST.get("seen") or request.GET.get("seen", "")
    sentence = _("%(name)s is as before.")
    return _change(request, pk, status.undo_status, sentence, is_undo=True, seen=seen)


def _appointment(pk: int) -> Appointment:
    return get_object_or_404(Appointment.objects.with_people(), pk=pk)


def _change(
    request: ClinicRequest,
    pk: int,
    action: Any,
    sentence: str,
    *,
    plain: str = "",
    is_undo: bool = False,
    **details: Any,
) -> HttpResponse:
    """Do one click and say so in `sentence`; in `plain` of a visit that belongs to no course."""
    appointment = _appointment(pk)
    if appointment.session_id is None:
        sentence = plain or sentence
    back = safe_next(request, f"{reverse('sessions:day')}?date={_day_of(appointment):%Y-%m-%d}")
    try:
        done = action(appointment=appointment, by=request.user, at=timezone.now(), **details)
    except status.StatusRefused as refused:
        toast_problem(request, refused.problem)
    else:
        toast(
            request,
            sentence % {"name": name_for(request, appointment.patient.full_name)},
            undo_url="" if is_undo else going_back(request, undo_address(done), back),
            undo_seconds=0 if is_undo else UNDO_SECONDS,
        )
    return redirect(back)


def undo_address(appointment: Appointment) -> str:
    """Return the address that takes the last change of `appointment` back, and no later one."""
    page = reverse("sessions:appointment-undo", args=[appointment.pk])
    return f"{page}?{urlencode({'seen': status.mark_of(appointment)})}"


def _day_of(appointment: Appointment) -> date:
    return appointment.starts_at.astimezone(appointment.room.site.zone).date()
