"""The only writer of places in the calendar.

It locks practitioner, room and patient in that order, checks hours, closures, windows and overlaps
again, then writes. The database refuses what slips past: an overlap becomes `SlotTaken`, with the
next free time, and never an error page.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.models import Room
from meso_clinic.core import audit
from meso_clinic.core.constraints import violates
from meso_clinic.core.models import User
from meso_clinic.core.roles import Right
from sessions.actions.chain import lock_course, lock_resources, refresh_windows
from sessions.domain.booking import Verdict, judge
from sessions.domain.free_time import GRID, Slot, Span, fits
from sessions.domain.lifecycle import Status
from sessions.models import Appointment, Deviation, TreatmentSession
from sessions.selectors.chain import ChainRow, CourseChain, course_chain
from sessions.selectors.free import Calendar, read_calendar
from sessions.words import judgement_words
from treatments.models import TreatmentCourse

# A patient who stands at the desk may be given the time that began a moment ago.
WALK_IN = timedelta(minutes=15)
SEARCH_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LateReason:
    """Why a session is booked or delivered after its window: a code of `Deviation.Reason`, words."""

    code: str
    words: str

    @property
    def is_complete(self) -> bool:
        """Whether it names a known code and says something."""
        return self.code in Deviation.Reason.values and bool(self.words.strip())


class BookingRefused(Exception):
    """The booking breaks a rule. `problem` says which, and what to do, in one sentence."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class LateReasonMissing(BookingRefused):
    """The day lies after the window: a clinician may book it with a reason."""


class SlotTaken(BookingRefused):
    """Somebody else was faster. `next_free` is the next time that is still free, if there is one."""

    def __init__(self, problem: str, next_free: Slot | None) -> None:
        super().__init__(problem)
        self.next_free = next_free


class _NotFree(Exception):
    """Found before the database had to say so."""


# The database's own promises, should two bookings meet that no common lock keeps apart.
_ONE_PLACE = ("practitioner_is_in_one_place", "room_is_used_once", "patient_is_in_one_place")


def book_session(
    *,
    session: TreatmentSession,
    practitioner: User,
    room: Room,
    starts_at: datetime,
    late_reason: LateReason | None = None,
    by: User,
    at: datetime,
) -> Appointment:
    """Book `session`, or move it if it is booked already, to `starts_at` (aware).

    Raises BookingRefused (a rule), LateReasonMissing (after the window) or SlotTaken (not free).
    """
    wanted = _Wanted(session, practitioner, room, starts_at.astimezone(UTC), late_reason, by, at)
    try:
        with transaction.atomic():
            return _book(wanted)
    except _NotFree as error:
        raise _taken(wanted) from error
    except IntegrityError as error:
        if not any(violates(error, name) for name in _ONE_PLACE):
            raise
        raise _taken(wanted) from error


@dataclass(frozen=True, slots=True)
class _Wanted:
    session: TreatmentSession
    practitioner: User
    room: Room
    starts_at: datetime
    late_reason: LateReason | None
    by: User
    at: datetime

    @property
    def on(self) -> date:
        """The day, at the room's site."""
        return self.starts_at.astimezone(self.room.site.zone).date()


def _book(wanted: _Wanted) -> Appointment:
    chain = _lock(wanted)
    row = chain.row(wanted.session)
    _check_course(chain.course, row)
    days_late = _check_window(chain, row, wanted)
    span = Span(
        wanted.starts_at, wanted.starts_at + timedelta(minutes=chain.course.session_minutes)
    )
    _check_calendar(chain.course, row, wanted, span)
    appointment = _write(chain.course, row, wanted, span)
    if days_late and wanted.late_reason:
        write_late_deviation(row.session, days_late, wanted.late_reason, by=wanted.by, at=wanted.at)
    refresh_windows(chain.course)
    return appointment


def _lock(wanted: _Wanted) -> CourseChain:
    """Lock practitioner, room, patient, course, always in this order, and read the course."""
    lock_resources(
        practitioners=[wanted.practitioner.pk],
        rooms=[wanted.room.pk],
        patient=wanted.session.course.patient_id,
    )
    return course_chain(lock_course(wanted.session.course_id))


def _check_course(course: TreatmentCourse, row: ChainRow) -> None:
    if not course.is_active:
        raise BookingRefused(
            _("This course is %(status)s, so its sessions cannot be booked.")
            % {"status": course.get_status_display().lower()}
        )
    if row.appointment and not row.is_movable:
        raise BookingRefused(
            _("Session %(number)s has begun, so it cannot be moved.")
            % {"number": row.session.number}
        )


def _check_window(chain: CourseChain, row: ChainRow, wanted: _Wanted) -> int:
    """Return how many days late the booking is. Raises if the rules refuse it."""
    number = row.session.number
    judgement = judge(chain.cadence, chain.course.first_on, chain.steps, number, wanted.on)
    words = judgement_words(judgement, number=number, window=row.link.window)
    if judgement.verdict is Verdict.REFUSED:
        raise BookingRefused(words)
    if judgement.verdict is Verdict.NEEDS_REASON:
        if wanted.late_reason is None or not wanted.late_reason.is_complete:
            raise LateReasonMissing(words)
        if not wanted.by.has_right(Right.BOOK_LATE):
            raise BookingRefused(words)
        return judgement.days
    return 0


def _check_calendar(course: TreatmentCourse, row: ChainRow, wanted: _Wanted, span: Span) -> None:
    if span.start < wanted.at - WALK_IN:
        raise BookingRefused(_("This time has passed. Choose a later one."))
    if span.start.timestamp() % GRID.total_seconds():
        raise BookingRefused(_("Times are on the 5 minutes, like 10:05."))
    if not User.objects.practitioners().filter(pk=wanted.practitioner.pk).exists():
        raise BookingRefused(
            _("%(name)s gives no sessions any more. Choose somebody else.")
            % {"name": wanted.practitioner.display_name}
        )
    calendar = _calendar(course, wanted, row.appointment, wanted.on, wanted.on)
    if closure := calendar.closure_on(wanted.on):
        raise BookingRefused(
            _("%(site)s is closed on that day: %(reason)s. Choose another day.")
            % {"site": wanted.room.site, "reason": closure.reason}
        )
    practitioner = calendar.practitioners[wanted.practitioner.pk]
    if not fits(practitioner.open, span):
        raise BookingRefused(
            _("%(name)s does not work then. Choose another time.")
            % {"name": wanted.practitioner.display_name}
        )
    room = calendar.rooms.get(wanted.room.pk)
    if room is None:
        raise BookingRefused(
            _("%(room)s is not set up for this. Choose another room.") % {"room": wanted.room}
        )
    taken = (*practitioner.busy, *room.busy, *calendar.patient_busy)
    if any(busy.start < span.end and span.start < busy.end for busy in taken):
        raise _NotFree


def _calendar(
    course: TreatmentCourse,
    wanted: _Wanted,
    moving: Appointment | None,
    first: date,
    last: date,
) -> Calendar:
    return read_calendar(
        site=wanted.room.site,
        practitioners=[wanted.practitioner],
        indication=course.indication,
        patient=course.patient,
        first=first,
        last=last,
        moving=moving,
    )


def _write(course: TreatmentCourse, row: ChainRow, wanted: _Wanted, span: Span) -> Appointment:
    appointment = row.appointment or Appointment(
        session=row.session,
        patient=course.patient,
        status=Status.BOOKED,
        status_since=wanted.at,
        booked_by=wanted.by,
    )
    kind = audit.Kind.SESSION_MOVED if row.appointment else audit.Kind.SESSION_BOOKED
    appointment.practitioner, appointment.room = wanted.practitioner, wanted.room
    appointment.starts_at, appointment.ends_at = span
    if row.appointment:
        appointment.save(update_fields=["practitioner", "room", "starts_at", "ends_at"])
    else:
        appointment.save(force_insert=True)
        row.session.status = TreatmentSession.Status.BOOKED
        row.session.save(update_fields=["status"])
    audit.record(
        kind=kind, by=wanted.by, at=wanted.at, target=appointment, patient_id=course.patient_id
    )
    return appointment


def write_late_deviation(
    session: TreatmentSession, days_late: int, reason: LateReason, *, by: User, at: datetime
) -> Deviation:
    """Keep on record why `session` is `days_late` days past its window."""
    return Deviation.objects.create(
        session=session,
        kind=Deviation.Kind.LATE,
        days_late=days_late,
        reason=reason.code,
        words=reason.words,
        by=by,
        at=at,
    )


def _taken(wanted: _Wanted) -> SlotTaken:
    """Say that the time is gone, and which one is next."""
    row = course_chain(wanted.session.course).row(wanted.session)
    course = wanted.session.course
    last, latest = wanted.on + SEARCH_AHEAD, row.link.window.latest
    if latest is not None and latest >= wanted.on:
        last = min(last, latest)  # a time after the window would be refused
    calendar = _calendar(course, wanted, row.appointment, wanted.on, last)
    free = calendar.slots(
        length=timedelta(minutes=course.session_minutes),
        not_before=max(wanted.starts_at, wanted.at),
    )
    zone = wanted.room.site.zone
    clock = f"{wanted.starts_at.astimezone(zone):%H:%M}"
    if not free:
        return SlotTaken(_("%(time)s was taken a moment ago.") % {"time": clock}, None)
    then = free[0].starts_at.astimezone(zone)
    next_words = (
        f"{then:%H:%M}" if then.date() == wanted.on else f"{then:%a} {then.day} {then:%b, %H:%M}"
    )
    return SlotTaken(
        _("%(time)s was taken a moment ago. Next free: %(next)s.")
        % {"time": clock, "next": next_words},
        free[0],
    )
