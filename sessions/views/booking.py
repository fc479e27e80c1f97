"""A course with its chain, and the picker that gives its sessions their times."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import (
    ClinicRequest,
    redirect_page,
    render_page_or_fragment,
    toast,
)
from meso_clinic.core.models import User
from patients.page import alerts
from sessions.actions import booking
from sessions.forms import SlotForm
from sessions.models import TreatmentSession
from sessions.replan_words import clock_words
from sessions.selectors.asking import Place
from sessions.selectors.chain import ChainRow, CourseChain, course_chain
from sessions.selectors.changes import changes_of
from sessions.selectors.drawing import draw_course
from sessions.selectors.picker import DAYS_SHOWN, Picker, read_picker
from sessions.selectors.replanning import is_followed, unbooked
from sessions.words import judgement_words
from treatments.models import Assessment, TreatmentCourse
from treatments.selectors.consents import read_standing

ANYBODY = "any"
# How long the Undo of a booking or a move is offered.
UNDO_SECONDS = 60


@require_GET
@requires(Right.SEE_COURSES)
def course_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)
    chain = course_chain(course)
    row = chain.to_book if course.is_active else None
    if row and is_followed(chain, row.session):
        row = None  # Its time touches those of others: the re-plan page shows how.
    return _page(request, chain, row, SlotForm())


@require_http_methods(["GET", "POST"])
@requires(Right.BOOK)
def session_book(request: ClinicRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(
        TreatmentSession.objects.select_related(
            "course__patient", "course__indication", "course__site", "course__revision"
        ).select_related("course__practitioner"),
        pk=pk,
    )
    if request.method == "GET":
        chain = course_chain(session.course)
        if session.is_open and session.course.is_active and is_followed(chain, session):
            late = {"late": "1"} if "late" in request.GET else {}
            return _to_replan(request, session, **late)
        return _page(request, chain, chain.row(session), SlotForm())
    form = SlotForm(request.POST)
    if form.is_valid():
        return _book(request, session, form)
    chain = course_chain(session.course)
    return _page(request, chain, chain.row(session), form, status=422)


def _book(request: ClinicRequest, session: TreatmentSession, form: SlotForm) -> HttpResponse:
    starts_at, practitioner, room = form.cleaned_data["slot"]
    try:
        change = booking.place_sessions(
            placements=[
                booking.Placement(
                    session,
                    practitioner,
                    room,
                    starts_at,
                    form.late_reason,
                    was=request.POST.get("was"),
                )
            ],
            key=uuid4(),
            by=request.user,
            at=timezone.now(),
        )
    except booking.BookingRefused as refused:
        return _refused(request, session, form, refused)
    toast(
        request,
        _("Session %(number)s: %(when)s with %(name)s.")
        % {
            "number": session.number,
            "when": clock_words(starts_at, room.site.zone),
            "name": practitioner.display_name,
        },
        undo_url=reverse("sessions:change-undo", args=[change.pk]),
        undo_seconds=UNDO_SECONDS,
    )
    return redirect("sessions:course-detail", session.course_id)


def _refused(
    request: ClinicRequest,
    session: TreatmentSession,
    form: SlotForm,
    refused: booking.BookingRefused,
) -> HttpResponse:
    if refused.number not in (None, session.number):
        # The time itself is allowed; it is another session that would not fit any more.
        typed = form.cleaned_data
        return _to_replan(
            request,
            session,
            place=form.data["slot"],
            reason=typed["reason"],
            words=typed["words"],
        )
    form.add_error(None, refused.problem)
    chain = course_chain(session.course)
    taken = isinstance(refused, (booking.SlotTaken, booking.MovedMeanwhile))
    return _page(request, chain, chain.row(session), form, status=409 if taken else 422)


def _to_replan(request: ClinicRequest, session: TreatmentSession, **asked: str) -> HttpResponse:
    """Go on where the sessions after `session` move along."""
    query = QueryDict(mutable=True)
    query.update({"from": str(session.number)})
    query.update({name: text for name, text in asked.items() if text})
    page = reverse("sessions:course-replan", args=[session.course_id])
    return redirect_page(request, f"{page}?{query.urlencode()}")


def _page(
    request: ClinicRequest,
    chain: CourseChain,
    row: ChainRow | None,
    form: SlotForm,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    today = now.astimezone(chain.course.site.zone).date()
    may_book = request.user.has_right(Right.BOOK) and chain.course.is_active
    picker = _picker(request, chain, row, now) if row and row.session.is_open and may_book else None
    context: dict[str, Any] = {
        "course": chain.course,
        "alerts": alerts(request, chain.course.patient),
        "chain": chain,
        "drawn": draw_course(chain, today=today, rtl=get_language_bidi()),
        "picker": picker,
        "refusal": _refusal_words(picker),
        "practitioners": User.objects.practitioners() if picker else (),
        "form": form,
        "may_book_late": request.user.has_right(Right.BOOK_LATE),
        "needs_specialist": _waits_for_specialist(chain.course),
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "unbooked": unbooked(chain) if may_book else (),
        "changes": changes_of(chain.course),
        "consent": read_standing(chain.course, at=now),
    }
    if picker:
        held = picker.row.appointment
        context["was"] = Place(held.starts_at, held.practitioner, held.room).value if held else ""
        context["earlier"] = picker.first - timedelta(days=DAYS_SHOWN)
        context["later"] = picker.last + timedelta(days=1)
    return render_page_or_fragment(
        request, "sessions/course_detail.html", "sessions/_course.html", context, status=status
    )


def _picker(request: ClinicRequest, chain: CourseChain, row: ChainRow, now: Any) -> Picker:
    asked = request.GET.get("with") or str(_held_by(chain, row).pk)
    practitioner = None
    if asked != ANYBODY and asked.isdecimal() and len(asked) < 19:
        practitioner = User.objects.practitioners().filter(pk=int(asked)).first()
    try:
        start = parse_date(request.GET.get("from", ""))
    except ValueError:
        start = None
    if start is not None and not 2000 <= start.year <= 2199:
        start = None
    return read_picker(
        chain,
        row,
        now=now,
        practitioner=practitioner,
        start=start,
        late="late" in request.GET or "late" in request.POST,
    )


def _held_by(chain: CourseChain, row: ChainRow) -> User:
    return row.appointment.practitioner if row.appointment else chain.course.practitioner


def _refusal_words(picker: Picker | None) -> str:
    if picker is None or picker.refusal is None:
        return ""
    return judgement_words(picker.refusal, number=picker.row.session.number, window=picker.window)


def _waits_for_specialist(course: TreatmentCourse) -> bool:
    if not course.is_draft or not course.indication.needs_specialist:
        return False
    specialist = Assessment.Kind.SPECIALIST
    return not course.patient.assessments.filter(
        indication=course.indication, kind=specialist
    ).exists()
