"""Moving a session with what it does to the ones after it, and booking the rest of a course."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast, toast_problem
from sessions import planner_words
from sessions.actions import booking
from sessions.forms import ReplanForm
from sessions.models import ScheduleChange
from sessions.replan_words import (
    button_words,
    clock_words,
    done_words,
)
from sessions.selectors.asking import Place
from sessions.selectors.chain import CourseChain, course_chain
from sessions.selectors.changes import lines_of
from sessions.selectors.fixes import Fix, explain, find_fixes, other_times
from sessions.selectors.proposals import Proposal
from sessions.selectors.replanning import (
    Replan,
    draw_replan,
    first_to_replan,
    is_free,
    read_all_places,
    replan,
    replan_with_fix,
    replan_with_places,
    row_of,
)
from treatments.models import TreatmentCourse

ANYBODY = "any"
# How long the Undo of a change is offered.
UNDO_SECONDS = 60
# The days of a monthly window, the widest there is: a time on any of them is one click away.
MOST_UNFOLDED = 8


@require_http_methods(["GET", "POST"])
@requires(Right.BOOK)
def course_replan(request: ClinicRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)
    chain = course_chain(course)
    number = _number(request, chain)
    if problem := _problem(chain, number):
        toast_problem(request, problem)
        return redirect("sessions:course-detail", pk)
    if request.method == "POST":
        return _carry_out(request, chain, number)
    form = ReplanForm(initial=request.GET.dict())
    found = replan(chain, number, now=timezone.now(), whole="all" in request.GET)
    if request.GET.get("place"):
        return _preview(request, chain, found, form)
    return _page(request, _with_fix(request, found), form)


def _number(request: ClinicRequest, chain: CourseChain) -> int:
    """Return the number of the session that is asked for, else of the first that is open."""
    asked = request.GET.get("from", "")
    return int(asked) if asked.isdecimal() and len(asked) < 4 else first_to_replan(chain)


def _problem(chain: CourseChain, number: int) -> str:
    """Say why nothing can be moved, "" if something can."""
    row, course = row_of(chain, number), chain.course
    if not course.is_active:
        return _("This course is %(status)s, so its sessions cannot be booked.") % {
            "status": course.state_words
        }
    if row is None:
        return _("This course has no session %(number)s.") % {"number": number}
    if not row.session.is_open:
        return _("Session %(number)s is finished, so it never moves.") % {"number": number}
    if row.appointment and not row.is_movable:
        return _("Session %(number)s has begun, so it cannot be moved.") % {"number": number}
    return ""


def _preview(
    request: ClinicRequest, chain: CourseChain, found: Replan, form: ReplanForm
) -> HttpResponse:
    """Show what the chosen place would change."""
    try:
        typed = {found.number: request.GET["place"]}
        place = read_all_places(typed, now=timezone.now())[found.number]
    except ValueError:
        return _page(request, found, form, problem=_("Choose one of the times."), status=422)
    if not is_free(found, place):
        when = clock_words(place.starts_at, place.room.site.zone)
        words = _("%(when)s is not free any more. Choose another time.") % {"when": when}
        return _page(request, found, form, problem=words, status=409)
    whole = "all" in request.GET
    chosen = replan(chain, found.number, now=timezone.now(), place=place, whole=whole)
    return _page(request, _with_fix(request, chosen), form)


def _with_fix(request: ClinicRequest, found: Replan) -> Replan:
    asked = request.GET.get("fix", "")
    return replan_with_fix(found, int(asked)) if asked.isdecimal() and len(asked) < 3 else found


def _carry_out(request: ClinicRequest, chain: CourseChain, number: int) -> HttpResponse:
    now, form = timezone.now(), ReplanForm(request.POST)
    try:
        places = _shown_places(request, chain)
    except ValueError:
        found = replan(chain, number, now=now)
        return _page(request, found, form, problem=_("Choose one of the times."), status=422)
    if not form.is_valid():
        return _page(request, replan_with_places(chain, number, places, now=now), form, status=422)
    try:
        change = _place(request, chain, places, form)
    except booking.MovedMeanwhile as moved:
        found = replan(course_chain(chain.course), number, now=now)
        return _page(request, found, form, problem=moved.problem, status=409)
    except booking.BookingRefused as refused:
        lost = refused.number if isinstance(refused, booking.SlotTaken) else None
        found = replan_with_places(chain, number, places, now=now, lost=lost)
        status = 422 if lost is None else 409
        return _page(request, found, form, problem=refused.problem, status=status)
    toast_change(request, change, number=number)
    return redirect("sessions:course-detail", chain.course.pk)


def _shown_places(request: ClinicRequest, chain: CourseChain) -> dict[int, Place]:
    """Return the places that were shown, by number; only one of them if the rest is to be kept."""
    sent = {
        number: text
        for row in chain.rows
        for number in [row.session.number]
        if (text := request.POST.get(f"place-{number}"))
        and request.POST.get("only", str(number)) == str(number)
    }
    return read_all_places(sent, now=timezone.now())


def _place(
    request: ClinicRequest, chain: CourseChain, places: Mapping[int, Place], form: ReplanForm
) -> ScheduleChange:
    return booking.place_sessions(
        placements=[
            booking.Placement(
                session=row.session,
                practitioner=places[row.session.number].practitioner,
                room=places[row.session.number].room,
                starts_at=places[row.session.number].starts_at,
                late_reason=form.late_reason,
                was=request.POST.get(f"was-{row.session.number}"),
            )
            for row in chain.rows
            if row.session.number in places
        ],
        key=form.cleaned_data["key"],
        reason=form.cleaned_data["why"],
        by=request.user,
        at=timezone.now(),
    )


def toast_change(request: ClinicRequest, change: ScheduleChange, *, number: int) -> None:
    """Say what `change` did to a course, with its Undo; the person began with session `number`."""
    lines = lines_of(change)
    numbers = {
        is_new: [
            line.appointment.session.number
            for line in lines
            if line.appointment.session and (line.was_starts_at is None) is is_new
        ]
        for is_new in (True, False)
    }
    toast(
        request,
        done_words(booked=numbers[True], moved=numbers[False], number=number),
        undo_url=reverse("sessions:change-undo", args=[change.pk]) if lines else "",
        undo_seconds=UNDO_SECONDS,
    )


def _page(
    request: ClinicRequest,
    found: Replan,
    form: ReplanForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    chain, may_book_late = found.chain, request.user.has_right(Right.BOOK_LATE)
    anybody, late = request.GET.get("with") == ANYBODY, may_book_late and "late" in request.GET
    today = found.ask.today
    context: dict[str, Any] = {
        "course": chain.course,
        "heading": _heading(found, is_whole="all" in request.GET),
        "row": row_of(chain, found.number),
        "found": found,
        "form": form,
        "problem": problem,
        "key": uuid4(),
        "ruler": draw_replan(found, today=today, rtl=get_language_bidi()),
        "button": _button_words(found),
        "keep_button": button_words(booked=[], moved=[found.number], number=found.number),
        **_times(found, anybody=anybody, late=late),
        **_ways_out(found),
        "anybody": anybody,
        "is_late": late,
        "may_book_late": may_book_late,
        "whole": "all" in request.GET,
    }
    return render(request, "sessions/course_replan.html", context, status=status)


def _heading(found: Replan, *, is_whole: bool) -> str:
    if is_whole:
        return _("Book the rest of the course")
    row = row_of(found.chain, found.number)
    if row is not None and row.appointment is None:
        return _("Book session %(number)s") % {"number": found.number}
    return _("Move session %(number)s") % {"number": found.number}


def _times(found: Replan, *, anybody: bool, late: bool) -> dict[str, Any]:
    """Return the other times of the session, with the days to show unfolded."""
    row = found.proposal.row(found.number)
    days = other_times(found.ask, found.proposal, found.number, anybody=anybody, late=late)
    wished = row.place or row.was
    near = wished.on if wished else row.link.window.due
    free = [day.on for day in days if day.places]
    return {
        "days": days,
        "open_days": sorted(free, key=lambda on: abs((on - near).days))[: _unfolded(free)],
        "chosen": row.place,
        "current": row.was,
        "times_with": row.place.practitioner if row.place else found.proposal.practitioner,
    }


def _unfolded(free: list[date]) -> int:
    """Return how many days show their times at once: all, or one if all would be too long."""
    return len(free) if len(free) <= MOST_UNFOLDED else 1


def _ways_out(found: Replan) -> dict[str, Any]:
    """Return why the re-plan is stuck, and the ways out, if it is."""
    explanation = explain(found.ask, found.proposal)
    if explanation is None:
        return {"fixes": ()}
    fixes = () if found.blocked_by else find_fixes(found.ask, found.proposal)
    return {
        "stuck": planner_words.explanation_words(explanation, found.proposal),
        "fixes": [_card(fix, found.proposal) for fix in fixes],
    }


def _card(fix: Fix, proposal: Proposal) -> dict[str, Any]:
    """Return a way out in words: its time, what that means, and what else changes."""
    assert fix.row.place is not None  # a way out places the session it is about
    return {
        "fix": fix,
        "title": planner_words.place_words(fix.row.place, proposal),
        "says": planner_words.fix_words(fix, proposal),
        "others": [
            (row, fix.before.get(row.number), planner_words.change_words(row, proposal))
            for row in fix.changed
            if row.number != fix.number
        ],
    }


def _button_words(found: Replan) -> str:
    return button_words(
        booked=[row.number for row in found.booked],
        moved=[row.number for row in found.moved if row.is_changed],
        number=found.number,
    )
