"""Today: the day of a site as a list, and the clicks that run it."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.selectors import clinic_profile, current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import (
    ClinicRequest,
    render_page_or_fragment,
    safe_next,
    toast,
    toast_problem,
)
from meso_clinic.core.roles import Role
from sessions.actions import status
from sessions.forms import CancelForm
from sessions.models import Appointment
from sessions.selectors.board import read_board
from sessions.selectors.day import FILTERS, groups, in_state, next_open_day, read_day

ONE_DAY = timedelta(days=1)


@require_GET
@requires(Right.SEE_DAY)
def day(request: ClinicRequest) -> HttpResponse:
    now, site = timezone.now(), current_site(request)
    today = now.astimezone(site.zone).date()
    on = _asked_day(request.GET.get("date", ""), today)
    is_mine = _is_mine(request)
    shown = read_day(
        site=site,
        on=on,
        now=now,
        profile=clinic_profile(),
        practitioner=request.user if is_mine else None,
    )
    state = request.GET.get("status", "")
    view = "list" if request.GET.get("view") == "list" else "board"
    upcoming = None
    if not shown.rows:
        upcoming = next_open_day(site, on, practitioner=request.user if is_mine else None)
    context: dict[str, Any] = {
        "day": shown,
        "board": read_board(shown, now=now) if view == "board" and not state else None,
        "view": view,
        "groups": groups(in_state(shown.rows, state), now=now, today=today, on=on),
        "filters": [
            (word, label, icon, tone, shown.counts[word]) for word, label, icon, tone in FILTERS
        ],
        "status": state,
        "is_mine": is_mine,
        "can_be_mine": Role.CLINICIAN in request.user.roles,
        "is_today": on == today,
        "today": today,
        "now": now.astimezone(site.zone),
        "previous": on - ONE_DAY,
        "next": on + ONE_DAY,
        "next_open": upcoming,
        "next_day": f"{_day_of(upcoming):%Y-%m-%d}" if upcoming else "",
        "cancel_reasons": Appointment.CancelReason.to_choose(),
        "here": request.get_full_path(),
    }
    return render_page_or_fragment(request, "sessions/day.html", "sessions/_day.html", context)


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
    return _change(
        request, pk, status.mark_no_show, _("%(name)s did not come. The session needs a new time.")
    )


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
        **form.cleaned_data,
    )


@require_POST
@requires(Right.RUN_DAY)
def undo(request: ClinicRequest, pk: int) -> HttpResponse:
    return _change(request, pk, status.undo_status, _("%(name)s is as before."), is_undo=True)


def _appointment(pk: int) -> Appointment:
    return get_object_or_404(Appointment.objects.with_people(), pk=pk)


def _change(
    request: ClinicRequest,
    pk: int,
    action: Any,
    sentence: str,
    *,
    is_undo: bool = False,
    **details: Any,
) -> HttpResponse:
    appointment = _appointment(pk)
    back = safe_next(request, f"{reverse('sessions:day')}?date={_day_of(appointment):%Y-%m-%d}")
    try:
        action(appointment=appointment, by=request.user, at=timezone.now(), **details)
    except status.StatusRefused as refused:
        toast_problem(request, refused.problem)
    else:
        undo_url = "" if is_undo else reverse("sessions:appointment-undo", args=[pk])
        toast(request, sentence % {"name": appointment.patient.full_name}, undo_url=undo_url)
    return redirect(back)


def _day_of(appointment: Appointment) -> date:
    return appointment.starts_at.astimezone(appointment.room.site.zone).date()
