"""One appointment with what the desk asks of it: state, course, history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import AuditEvent, User
from sessions.domain.lifecycle import (
    Status,
    can_finish,
    can_undo,
    change_mark,
    minutes_late,
    next_steps,
)
from sessions.models import Appointment, ScheduleChangeLine
from sessions.selectors.chain import ChainRow, CourseChain, course_chain
from sessions.selectors.courses import newest_assessment
from treatments.domain.consents import Standing
from treatments.domain.screening.verdict import Verdict as Screened
from treatments.selectors.consents import read_standing
from treatments.selectors.screening import read_screening

LATE = "LATE"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an appointment. `line` tells of a place it got."""

    at: datetime
    by: User
    words: str
    line: ScheduleChangeLine | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as its panel shows it at one moment."""

    appointment: Appointment
    late_minutes: int
    waiting_minutes: int
    can_undo: bool
    is_no_show_due: bool
    chain: CourseChain | None
    is_assessed: bool
    consent: Standing | None
    screening: Screened | None
    events: tuple[Event, ...]

    @property
    def state(self) -> str:
        """Its status, with LATE for a booked patient who should be here."""
        return LATE if self.late_minutes else str(self.appointment.status)

    @property
    def mark(self) -> str:
        """The change that Undo would take back."""
        return change_mark(self.appointment.status, self.appointment.status_since)

    @property
    def steps(self) -> frozenset[Status]:
        """What it may become."""
        return next_steps(self.appointment.status)

    @property
    def can_check_in(self) -> bool:
        """Whether the patient may be checked in."""
        return Status.ARRIVED in self.steps

    @property
    def can_start(self) -> bool:
        """Whether treatment may begin."""
        return Status.IN_TREATMENT in self.steps and not self.is_held

    @property
    def is_held(self) -> bool:
        """Whether a clinical hold keeps it from beginning."""
        waits = self.appointment.status in (Status.BOOKED, Status.ARRIVED)
        return waits and self.chain is not None and self.chain.course.is_held

    @property
    def can_finish(self) -> bool:
        """Whether one click ends it: it has no record to sign."""
        is_session = self.appointment.session_id is not None
        return can_finish(self.appointment.status, is_session=is_session)

    @property
    def can_cancel(self) -> bool:
        """Whether the time may be given back."""
        return Status.CANCELLED in self.steps

    @property
    def can_move(self) -> bool:
        """Whether it may get another time."""
        is_running = self.chain is None or self.chain.course.is_active
        return self.appointment.status == Status.BOOKED and is_running

    @property
    def can_rebook(self) -> bool:
        """Whether it ended without having happened, and nothing has taken its place."""
        if self.appointment.status not in (Status.CANCELLED, Status.NO_SHOW):
            return False
        row = self.own_row
        return row is None or (row.is_bookable and self.can_book)

    @property
    def can_book(self) -> bool:
        """Whether sessions of its course may be booked."""
        return self.chain is not None and self.chain.course.is_active

    @property
    def own_row(self) -> ChainRow | None:
        """Its step of the course; None if it is no session."""
        session = self.appointment.session
        return self.chain.row(session) if self.chain and session else None

    @property
    def next_row(self) -> ChainRow | None:
        """The next session of the course that has to happen, other than its own."""
        if self.chain is None:
            return None
        own = self.appointment.session_id
        return next(
            (row for row in self.chain.rows if row.session.is_open and row.session.pk != own), None
        )


def read_visit(appointment: Appointment, *, now: datetime, late_after: int) -> Visit:
    """Read what the panel of `appointment` (with its people) shows at `now` (aware).

    Takes at most 10 queries, 3 more where the clinic asks for consent, and 5 more where it asks
    about health, however long its history and its course are.
    """
    session, status = appointment.session, appointment.status
    waiting = 0
    if status == Status.ARRIVED:
        since = appointment.arrived_at or appointment.status_since
        waiting = max(0, int((now - since).total_seconds() // 60))
    course = session.course if session else None
    return Visit(
        appointment=appointment,
        late_minutes=minutes_late(status, appointment.starts_at, now, after=late_after),
        waiting_minutes=waiting,
        can_undo=can_undo(
            status,
            appointment.previous_status,
            appointment.status_since,
            now,
            is_session=session is not None,
        ),
        is_no_show_due=status == Status.BOOKED and now >= appointment.starts_at,
        chain=course_chain(course) if course else None,
        is_assessed=course is not None
        and newest_assessment(appointment.patient, course.indication) is not None,
        consent=read_standing(course, at=now) if course else None,
        screening=_screening(appointment, now),
        events=read_events(appointment),
    )


def _screening(appointment: Appointment, now: datetime) -> Screened | None:
    """Return how it is with the health questions; the short ones are due on the visit's own day."""
    if appointment.session is None:
        return None
    zone = appointment.room.site.zone
    is_today = appointment.starts_at.astimezone(zone).date() == now.astimezone(zone).date()
    return read_screening(appointment.session.course, at=now, is_session_day=is_today)


def read_events(appointment: Appointment) -> tuple[Event, ...]:
    """Return what happened to `appointment`, the newest first (2 queries)."""
    placed = [event for line in _lines(appointment) for event in _events_of(line)]
    return tuple(
        sorted([*placed, *_status_events(appointment)], key=lambda one: one.at, reverse=True)
    )


def _lines(appointment: Appointment) -> Any:
    return ScheduleChangeLine.objects.filter(appointment=appointment).select_related(
        "change__by",
        "change__undone_by",
        "practitioner",
        "room__site",
        "was_practitioner",
        "was_room__site",
    )


def _events_of(line: ScheduleChangeLine) -> list[Event]:
    change = line.change
    done = _("Booked") if line.was_starts_at is None else _("Moved")
    events = [Event(change.at, change.by, done, line)]
    if change.undone_at is not None and change.undone_by is not None:
        events.append(Event(change.undone_at, change.undone_by, _("Taken back")))
    return events


def _status_events(appointment: Appointment) -> list[Event]:
    changed = AuditEvent.objects.filter(
        target=f"{appointment._meta.label_lower}:{appointment.pk}",
        kind__in=[audit.Kind.APPOINTMENT_STATUS, audit.Kind.APPOINTMENT_UNDONE],
    )
    return [
        Event(event.at, event.by, _status_words(event, appointment))
        for event in changed.select_related("by").order_by("at", "pk")
    ]


def _status_words(event: AuditEvent, appointment: Appointment) -> str:
    """Say what a line of the audit trail changed, as far as the appointment still knows it."""
    if event.kind == audit.Kind.APPOINTMENT_UNDONE:
        return _("Status taken back")
    if event.at == appointment.arrived_at:
        return _("Checked in")
    if event.at == appointment.status_since:
        return str(appointment.get_status_display())
    if appointment.arrived_at is not None and event.at > appointment.arrived_at:
        return _("Treatment began")
    return _("Status changed")
