"""One appointment: its panel and page, its move, and where it may be dropped on the calendar."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.selectors import clinic_profile
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import (
    ClinicRequest,
    going_back,
    redirect_page,
    render_page_or_fragment,
    safe_next,
    toast,
    toast_problem,
)
from meso_clinic.core.privacy import name_for
from patients.page import alerts
from patients.recent import note_opened
from sessions import planner_words
from sessions.actions import booking, status
from sessions.actions.visits import move_visit
from sessions.domain.booking import Verdict
from sessions.forms_appointments import MoveForm, TargetForm, TargetsForm
from sessions.models import Appointment, ScheduleChange
from sessions.replan_words import button_words, clock_words, done_words
from sessions.selectors.appointments import read_visit
from sessions.selectors.asking import Place
from sessions.selectors.calendar_rows import ROOM
from sessions.selectors.changes import lines_of
from sessions.selectors.moving import Moving, Preview, moving, preview, read_targets
from sessions.selectors.replanning import read_all_places
from sessions.views.day import undo_address
from sessions.words import judgement_words

# How long the Undo of a move, or of a status, is offered.
UNDO_SECONDS = 60
DAYS_SHOWN = 7
FURTHEST = timedelta(days=730)
ANYBODY = "any"
PREFIX = "place-"
WAS = "was-"


@require_GET
@requires(Right.SEE_DAY)
def appointment_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    appointment = _appointment(pk)
    note_opened(request, appointment.patient_id)
    shown = read_visit(
        appointment, now=timezone.now(), late_after=clinic_profile().late_after_minutes
    )
    context: dict[str, Any] = {
        "visit": shown,
        "appointment": appointment,
        "patient": appointment.patient,
        "alerts": alerts(request, appointment.patient),
        "here": reverse("sessions:appointment-detail", args=[pk]),
        "day_url": _day_url(appointment.room.site.zone, appointment.starts_at),
        "cancel_reasons": Appointment.CancelReason.to_choose(),
    }
    return render_page_or_fragment(
        request, "sessions/appointment.html", "sessions/_appointment.html", context
    )


def _appointment(pk: int) -> Appointment:
    found: Appointment = get_object_or_404(
        Appointment.objects.with_people().select_related(
            "session__course__practitioner",
            "session__course__site",
            "session__course__patient",
            "session__course__revision",
            "patient",
            "practitioner",
            "room__site",
            "session__course__indication",
        ),
        pk=pk,
    )
    return found


def _day_url(zone: Any, moment: datetime) -> str:
    return f"{reverse('sessions:day')}?date={moment.astimezone(zone):%Y-%m-%d}"


@require_POST
@requires(Right.RUN_DAY)
def appointment_finish(request: ClinicRequest, pk: int) -> HttpResponse:
    appointment = _appointment(pk)
    back = safe_next(request, _day_url(appointment.room.site.zone, appointment.starts_at))
    try:
        done = status.finish_visit(appointment=appointment, by=request.user, at=timezone.now())
    except status.StatusRefused as refused:
        toast_problem(request, refused.problem)
    else:
        toast(
            request,
            _("%(name)s is done.") % {"name": name_for(request, appointment.patient.full_name)},
            undo_url=going_back(request, undo_address(done), back),
            undo_seconds=UNDO_SECONDS,
        )
    return redirect(back)


@require_GET
@requires(Right.BOOK)
def appointment_targets(request: ClinicRequest, pk: int) -> JsonResponse:
    form = TargetsForm({"start": request.GET.get("from"), "days": request.GET.get("days")})
    if not form.is_valid():
        problem = str(next(iter(form.errors.values()))[0])
        return JsonResponse({"window": None, "free": {}, "why": problem}, status=422)
    move = moving(_appointment(pk))
    if problem := _stays_words(move):
        return JsonResponse({"window": None, "free": {}, "why": problem})
    first = form.cleaned_data["start"]
    last = first + timedelta(days=(form.cleaned_data["days"] or 1) - 1)
    found = read_targets(
        move,
        first=first,
        last=last,
        now=timezone.now(),
        by_room=request.GET.get("by") == ROOM,
    )
    return JsonResponse({**found, "why": _window_words(move)})


def _window_words(move: Moving) -> str:
    """Say which days a session may be on, "" if any."""
    row = move.row
    if row is None or move.bounds is None:
        return ""
    return _("Session %(number)s. %(allowed)s") % {
        "number": row.session.number,
        "allowed": planner_words.window_words(row.link.window),
    }


def _stays_words(move: Moving) -> str:
    """Say why the appointment cannot move, "" if it can."""
    held = move.appointment
    if held.status != Appointment.Status.BOOKED:
        return _("This appointment is “%(status)s”, so it cannot be moved.") % {
            "status": held.get_status_display().lower()
        }
    if move.chain is not None and not move.chain.course.is_active:
        return _("This course is %(status)s, so its sessions cannot be booked.") % {
            "status": move.chain.course.state_words
        }
    return ""


@require_http_methods(["GET", "POST"])
@requires(Right.BOOK)
def appointment_move(request: ClinicRequest, pk: int) -> HttpResponse:
    move = moving(_appointment(pk))
    if problem := _stays_words(move):
        toast_problem(request, problem)
        return redirect_page(request, "sessions:appointment-detail", pk)
    if request.method == "POST":
        return _carry_out(request, move)
    if "to" not in request.GET:
        if move.row is not None:
            # The picker of the course shows the whole window, and what moves along.
            return redirect_page(request, "sessions:session-book", move.row.session.pk)
        return _times_page(request, move)
    return _preview_page(request, move)


def _preview_page(
    request: ClinicRequest, move: Moving, *, problem: str = "", status: int = 200
) -> HttpResponse:
    form = TargetForm(request.GET)
    if not form.is_valid():
        said = problem or str(next(iter(form.errors.values()))[0])
        return _times_page(request, move, problem=said, status=status if problem else 422)
    asked, zone = form.cleaned_data, move.appointment.room.site.zone
    shown = preview(
        move,
        asked["to"].replace(tzinfo=zone),
        asked["practitioner"] or move.appointment.practitioner,
        now=timezone.now(),
        room=asked["room"].pk if asked["room"] else None,
    )
    context: dict[str, Any] = {
        **_head(request, move),
        "preview": shown,
        "problem": problem,
        "refusal": "" if shown.place else _refusal_words(shown),
        "nearest_query": _query_of(request, shown.nearest) if shown.nearest else "",
        "form": MoveForm(initial={"why": ""}),
        "key": uuid4(),
        "button": _button(shown),
        "late_url": _late_url(request, shown),
        "replan_url": _replan_url(move),
    }
    return render_page_or_fragment(
        request,
        "sessions/appointment_move.html",
        "sessions/_appointment_move.html",
        context,
        status=status,
    )


def _head(request: ClinicRequest, move: Moving) -> dict[str, Any]:
    return {
        "appointment": move.appointment,
        "patient": move.appointment.patient,
        "was": move.place,
        "window": planner_words.window_words(move.window) if move.window else "",
        "here": request.get_full_path(),
        "next": safe_next(request, ""),
    }


def _refusal_words(shown: Preview) -> str:
    """Say why the appointment cannot be where it was dropped."""
    move, zone = shown.moving, shown.moving.appointment.room.site.zone
    if shown.judgement is not None and move.row is not None and move.window is not None:
        return judgement_words(shown.judgement, number=move.row.session.number, window=move.window)
    return _("%(when)s is not free. %(why)s") % {
        "when": clock_words(shown.wished, zone),
        "why": planner_words.obstacle_words(
            shown.obstacle, shown.closure, shown.person.display_name
        ),
    }


def _query_of(request: ClinicRequest, place: Place) -> str:
    """Return the address of the preview of `place`."""
    asked = {
        "to": f"{place.local:%Y-%m-%dT%H:%M}",
        "practitioner": place.practitioner.pk,
        "next": safe_next(request, ""),
    }
    return urlencode({name: value for name, value in asked.items() if value})


def _button(shown: Preview) -> str:
    """Return what the button does: "Move 1, re-plan 3"."""
    found = shown.found
    if found is None or shown.moving.row is None:
        return _("Move to %(when)s") % {
            "when": clock_words(shown.wished, shown.moving.appointment.room.site.zone)
        }
    return button_words(
        booked=[row.number for row in found.booked],
        moved=[row.number for row in found.moved if row.is_changed],
        number=shown.moving.row.session.number,
    )


def _replan_url(move: Moving) -> str:
    if move.row is None or move.chain is None:
        return ""
    page = reverse("sessions:course-replan", args=[move.chain.course.pk])
    return f"{page}?from={move.row.session.number}"


def _late_url(request: ClinicRequest, shown: Preview) -> str:
    """Return where a clinician gives the reason for a late day, "" if that is no way."""
    judgement = shown.judgement
    is_late = judgement is not None and judgement.verdict is Verdict.NEEDS_REASON
    if not is_late or not request.user.has_right(Right.BOOK_LATE):
        return ""
    return f"{_replan_url(shown.moving)}&late=1"


def _times_page(
    request: ClinicRequest, move: Moving, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Show the free times of a week, day by day."""
    now, site = timezone.now(), move.appointment.room.site
    first = _first_day(request, move, now.astimezone(site.zone).date())
    last = first + timedelta(days=DAYS_SHOWN - 1)
    free = move.free(first, last, now)
    anybody = request.GET.get("with") == ANYBODY
    own = move.appointment.practitioner_id
    people = list(free.people) if anybody or own not in free.people else [own]
    days = [
        (
            day,
            free.on_day(people, day),
            planner_words.obstacle_words(
                free.openings.obstacle(people[0], day) if people else None,
                free.closure(day),
                move.appointment.practitioner.display_name,
            ),
        )
        for day in free.openings.days
    ]
    context: dict[str, Any] = {
        **_head(request, move),
        "problem": problem,
        "days": days,
        "anybody": anybody,
        "key": uuid4(),
        "first": first,
        "earlier": max(first - timedelta(days=DAYS_SHOWN), now.astimezone(site.zone).date()),
        "later": last + timedelta(days=1),
        "is_first": first <= now.astimezone(site.zone).date(),
    }
    return render_page_or_fragment(
        request,
        "sessions/appointment_times.html",
        "sessions/_appointment_times.html",
        context,
        status=status,
    )


def _first_day(request: ClinicRequest, move: Moving, today: date) -> date:
    form = TargetsForm({"start": request.GET.get("from")})
    if form.is_valid():
        asked: date = form.cleaned_data["start"]
        return max(today, min(asked, today + FURTHEST))
    return max(today, move.place.on)


def _carry_out(request: ClinicRequest, move: Moving) -> HttpResponse:
    form = MoveForm(request.POST)
    try:
        places = _sent_places(request, move)
    except ValueError:
        return _preview_page(request, move, problem=_("Choose one of the times."), status=422)
    if not form.is_valid():
        said = str(next(iter(form.errors.values()))[0])
        return _preview_page(request, move, problem=said, status=422)
    try:
        change = _write(request, form, move, places)
    except booking.MovedMeanwhile as moved:
        now = moving(_appointment(move.appointment.pk))
        return _preview_page(request, now, problem=moved.problem, status=409)
    except booking.BookingRefused as refused:
        taken = isinstance(refused, booking.SlotTaken)
        status = 409 if taken else 422
        return _preview_page(request, move, problem=refused.problem, status=status)
    lines = lines_of(change)
    own = next(iter(places.values()))
    back = safe_next(request, _day_url(own.room.site.zone, own.starts_at))
    undo = reverse("sessions:change-undo", args=[change.pk])
    toast(
        request,
        _done(request, move, own, lines),
        undo_url=f"{undo}?{urlencode({'next': back})}" if lines else "",
        undo_seconds=UNDO_SECONDS,
    )
    return redirect_page(request, back)


def _sent_places(request: ClinicRequest, move: Moving) -> dict[int, Place]:
    """Return the places that were shown, by number of the session; 0 is what is no session.

    The one of the appointment itself is first. Raises ValueError.
    """
    own = move.row.session.number if move.row else 0
    numbers = [own, *(n for n in _numbers(move) if n != own)]
    sent = {n: text for n in numbers if (text := request.POST.get(f"{PREFIX}{n}"))}
    if own not in sent:
        raise ValueError(own)
    places = read_all_places(sent, now=timezone.now())
    return {number: places[number] for number in sent}


def _numbers(move: Moving) -> list[int]:
    return [row.session.number for row in move.chain.rows] if move.chain else []


def _write(
    request: ClinicRequest, form: MoveForm, move: Moving, places: dict[int, Place]
) -> ScheduleChange:
    by, at = request.user, timezone.now()
    key, why = form.cleaned_data["key"], form.cleaned_data["why"]
    was = {number: request.POST.get(f"{WAS}{number}") for number in places}
    if move.chain is None:
        [place] = places.values()
        return move_visit(
            appointment=move.appointment,
            practitioner=place.practitioner,
            room=place.room,
            starts_at=place.starts_at,
            key=key,
            was=was[0],
            reason=why,
            by=by,
            at=at,
        )
    sessions = {row.session.number: row.session for row in move.chain.rows}
    return booking.place_sessions(
        placements=[
            booking.Placement(
                sessions[number],
                place.practitioner,
                place.room,
                place.starts_at,
                was=was[number],
            )
            for number, place in sorted(places.items())
        ],
        key=key,
        reason=why,
        by=by,
        at=at,
    )


def _done(request: ClinicRequest, move: Moving, place: Place, lines: list[Any]) -> str:
    if move.row is None:
        return _("%(name)s: moved to %(when)s.") % {
            "name": name_for(request, move.appointment.patient.full_name),
            "when": clock_words(place.starts_at, place.room.site.zone),
        }
    numbers: dict[bool, list[int]] = {True: [], False: []}
    for line in lines:
        numbers[line.was_starts_at is None].append(line.appointment.session.number)
    return done_words(booked=numbers[True], moved=numbers[False], number=move.row.session.number)
