"""The waiting list: who would take an earlier time, what came free, and one click to book it."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.models import Site
from clinic.selectors import current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import (
    ClinicRequest,
    going_back,
    safe_next,
    toast,
    toast_problem,
    wants_fragment,
)
from meso_clinic.core.privacy import name_for
from patients.models import Patient
from sessions.actions import undoing, waiting
from sessions.actions.booking import BookingRefused, SlotTaken
from sessions.domain.visits import USUAL_MINUTES, VisitKind
from sessions.forms_waiting import AddForm, BookWaitingForm, WishForm
from sessions.models import ScheduleChange, TreatmentSession, WaitlistCall, WaitlistEntry
from sessions.replan_words import clock_words
from sessions.selectors.waiting.lists import read_came_free, read_waiting_list
from sessions.selectors.waiting.rows import sessions_to_wait_for
from sessions.waiting_words import booked_words, came_free_lines, taking_words, what_words
from sessions.words import session_words

# How long the Undo of a booking is offered.
UNDO_SECONDS = 60
SESSION = "session-"


@require_GET
@requires(Right.BOOK)
def waiting_list(request: ClinicRequest) -> HttpResponse:
    return _page(request)


@require_GET
@requires(Right.SEE_DAY)
def came_free(request: ClinicRequest) -> HttpResponse:
    """Answer what came free as the lines that stand on top of the day; a page goes to the list."""
    if not wants_fragment(request):
        return redirect("sessions:waiting-list")
    now, site = timezone.now(), current_site(request)
    lines = came_free_lines(read_came_free(site, now), site, now)
    return render(request, "sessions/_came_free.html", {"came_free": lines})


def _page(request: ClinicRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    now, site = timezone.now(), current_site(request)
    context: dict[str, Any] = {
        "site": site,
        "list": read_waiting_list(site, now),
        "today": now.astimezone(site.zone).date(),
        # One act for each button of this page, however often it is pressed.
        "new_key": uuid4,
        "problem": problem,
    }
    return render(request, "sessions/waiting.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Right.BOOK)
def waiting_add(request: ClinicRequest, patient_pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=patient_pk)
    site = current_site(request)
    sessions = {f"{SESSION}{each.pk}": each for each in sessions_to_wait_for(patient)}
    form = AddForm(
        request.POST if request.method == "POST" else None,
        choices=_choices(sessions),
        today=_today(site),
        initial=_first_wishes(request, patient, sessions),
    )
    if form.is_valid():
        try:
            _add(request, patient, site, form, sessions)
        except waiting.WaitlistRefused as refused:
            form.add_error(None, refused.problem)
        else:
            return redirect(_back(request))
    return _form_page(request, patient, form)


def _choices(sessions: dict[str, TreatmentSession]) -> list[tuple[str, str]]:
    return [
        *(
            (
                value,
                session_words(
                    session.course.indication.name, session.number, session.course.total_sessions
                ),
            )
            for value, session in sessions.items()
        ),
        *((kind.value, _kind_words(kind)) for kind in VisitKind),
    ]


def _kind_words(kind: VisitKind) -> str:
    names = {VisitKind.CONSULTATION: _("Consultation"), VisitKind.REVIEW: _("Review")}
    return names[kind]


def _first_wishes(
    request: HttpRequest, patient: Patient, sessions: dict[str, TreatmentSession]
) -> dict[str, Any]:
    """Return what the form begins with: the session asked for, and what the patient prefers."""
    asked = f"{SESSION}{request.GET.get('session', '')}"
    return {
        "what": asked if asked in sessions else next(iter(sessions), VisitKind.CONSULTATION.value),
        "weekdays": patient.preferred_weekdays,
        "time_of_day": patient.preferred_time,
        "notice_hours": 2,
    }


def _add(
    request: ClinicRequest,
    patient: Patient,
    site: Site,
    form: AddForm,
    sessions: dict[str, TreatmentSession],
) -> None:
    what, now = form.cleaned_data["what"], timezone.now()
    if what in sessions:
        entry = waiting.add_session(session=sessions[what], wish=form.wish, by=request.user, at=now)
    else:
        entry = waiting.add_visit(
            patient=patient,
            kind=what,
            minutes=USUAL_MINUTES[VisitKind(what)],
            site=site,
            wish=form.wish,
            by=request.user,
            at=now,
        )
    sentence = _("%(name)s is on the waiting list.")
    if entry.site_id != site.pk:
        sentence = _("%(name)s is on the waiting list of %(site)s.")
    undo = reverse("sessions:waiting-withdraw", args=[entry.pk])
    toast(
        request,
        sentence % {"name": name_for(request, patient.full_name), "site": entry.site.name},
        undo_url=going_back(request, undo, _back(request)),
        undo_seconds=UNDO_SECONDS,
    )


def _back(request: ClinicRequest) -> str:
    return safe_next(request, reverse("sessions:waiting-list"))


@require_http_methods(["GET", "POST"])
@requires(Right.BOOK)
def waiting_edit(request: ClinicRequest, pk: int) -> HttpResponse:
    entry = _entry(pk)
    form = WishForm(
        request.POST if request.method == "POST" else None,
        today=_today(entry.site),
        initial={
            "practitioner": entry.practitioner,
            "weekdays": entry.weekdays,
            "time_of_day": entry.time_of_day,
            "notice_hours": entry.notice_hours,
            "until": entry.until,
        },
    )
    if form.is_valid():
        try:
            waiting.change_wish(
                entry=entry,
                wish=form.wish,
                seen=request.POST.get("seen", ""),
                by=request.user,
                at=timezone.now(),
            )
        except waiting.WishChanged as refused:
            entry = _entry(pk)
            form.add_error(None, f"{refused.problem} {_now_words(entry)}")
            return _form_page(request, entry.patient, form, entry, status=409)
        except waiting.WaitlistRefused as refused:
            form.add_error(None, refused.problem)
        else:
            toast(request, _("The entry is changed."))
            return redirect("sessions:waiting-list")
    return _form_page(request, entry.patient, form, entry)


def _now_words(entry: WaitlistEntry) -> str:
    return _("It says now: %(wish)s") % {"wish": taking_words(entry)}


def _form_page(
    request: ClinicRequest,
    patient: Patient,
    form: WishForm,
    entry: WaitlistEntry | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    context = {
        "patient": patient,
        "form": form,
        "entry": entry,
        "seen": waiting.wish_mark(entry) if entry else "",
        "what": what_words(entry) if entry else "",
        "back": safe_next(request, reverse("sessions:waiting-list")),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(
        request, "sessions/waiting_form.html", context, status=status if form.is_bound else 200
    )


@require_POST
@requires(Right.BOOK)
def waiting_book(request: ClinicRequest, pk: int) -> HttpResponse:
    entry, form = _entry(pk), BookWaitingForm(request.POST)
    if not form.is_valid():
        return _page(request, problem=form.problem, status=422)
    starts_at, practitioner, room = form.cleaned_data["slot"]
    try:
        entry = waiting.book_entry(
            entry=entry,
            practitioner=practitioner,
            room=room,
            starts_at=starts_at,
            key=form.cleaned_data["key"],
            by=request.user,
            at=timezone.now(),
        )
    except SlotTaken as taken:
        return _page(request, problem=_named(request, entry, taken.problem), status=409)
    except BookingRefused as refused:
        return _page(request, problem=_named(request, entry, refused.problem), status=422)
    except waiting.WaitlistRefused as refused:
        return _page(request, problem=_said(request, entry, refused), status=409)
    toast(
        request,
        booked_words(
            name_for(request, entry.patient.full_name),
            clock_words(starts_at, room.site.zone),
            practitioner.display_name,
        ),
        undo_url=reverse("sessions:waiting-undo", args=[entry.change_id]),
        undo_seconds=UNDO_SECONDS,
    )
    return redirect(safe_next(request, reverse("sessions:waiting-list")))


def _named(request: ClinicRequest, entry: WaitlistEntry, problem: str) -> str:
    return f"{name_for(request, entry.patient.full_name)}: {problem}"


def _said(request: ClinicRequest, entry: WaitlistEntry, refused: waiting.WaitlistRefused) -> str:
    """Return the sentence of `refused` with the patient as this screen names people."""
    name = entry.patient.full_name
    return refused.problem.replace(name, name_for(request, name))


@require_POST
@requires(Right.BOOK)
def waiting_undo(request: ClinicRequest, change_pk: int) -> HttpResponse:
    """Take a booking from the list back: the time is as it was, and the patient waits again."""
    change = get_object_or_404(ScheduleChange, pk=change_pk)
    try:
        undoing.undo_change(change=change, by=request.user, at=timezone.now())
    except undoing.UndoRefused as refused:
        toast_problem(request, refused.problem)
    else:
        toast(request, _("It is as before, and the patient waits again."))
    return redirect(safe_next(request, reverse("sessions:waiting-list")))


@require_POST
@requires(Right.BOOK)
def waiting_withdraw(request: ClinicRequest, pk: int) -> HttpResponse:
    entry = _entry(pk)
    try:
        waiting.withdraw_entry(entry=entry, by=request.user, at=timezone.now())
    except waiting.WaitlistRefused as refused:
        return _page(request, problem=_said(request, entry, refused), status=409)
    toast(
        request,
        _("%(name)s is off the waiting list.")
        % {"name": name_for(request, entry.patient.full_name)},
        undo_url=reverse("sessions:waiting-return", args=[pk]),
        undo_seconds=UNDO_SECONDS,
    )
    return redirect(_back(request))


@require_POST
@requires(Right.BOOK)
def waiting_return(request: ClinicRequest, pk: int) -> HttpResponse:
    entry = _entry(pk)
    try:
        waiting.return_entry(entry=entry, by=request.user, at=timezone.now())
    except waiting.WaitlistRefused as refused:
        return _page(request, problem=_said(request, entry, refused), status=409)
    name = name_for(request, entry.patient.full_name)
    toast(request, _("%(name)s is on the waiting list again.") % {"name": name})
    return redirect("sessions:waiting-list")


@require_POST
@requires(Right.BOOK)
def waiting_call(request: ClinicRequest, pk: int) -> HttpResponse:
    entry = _entry(pk)
    try:
        call = waiting.note_call(entry=entry, by=request.user, at=timezone.now())
    except waiting.WaitlistRefused as refused:
        return _page(request, problem=_said(request, entry, refused), status=409)
    toast(
        request,
        _("Noted: %(name)s did not answer.") % {"name": name_for(request, entry.patient.full_name)},
        undo_url=reverse("sessions:waiting-call-undo", args=[call.pk]),
        undo_seconds=UNDO_SECONDS,
    )
    return redirect("sessions:waiting-list")


@require_POST
@requires(Right.BOOK)
def waiting_call_undo(request: ClinicRequest, pk: int) -> HttpResponse:
    call = WaitlistCall.objects.select_related("entry__patient").filter(pk=pk).first()
    if call is not None:
        try:
            waiting.undo_call(call=call, by=request.user, at=timezone.now())
        except waiting.WaitlistRefused as refused:
            return _page(request, problem=_said(request, call.entry, refused), status=409)
    toast(request, _("The note of the call is gone."))
    return redirect("sessions:waiting-list")


def _entry(pk: int) -> WaitlistEntry:
    return get_object_or_404(WaitlistEntry.objects.with_people(), pk=pk)


def _today(site: Site) -> date:
    now: datetime = timezone.now()
    return now.astimezone(site.zone).date()
