"""The day's clicks: check in, start, no-show, cancel, and Undo for each."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from meso_clinic.core.roles import Right
from sessions.actions.chain import lock_course, lock_resources, refresh_windows
from sessions.domain.booking import Verdict, judge
from sessions.domain.lifecycle import (
    HERE,
    LIVE,
    Status,
    can_become,
    can_finish,
    can_undo,
    change_mark,
    status_before,
)
from sessions.gates import start_problem
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.chain import course_chain
from sessions.words import judgement_words, short_day

_SESSION_STATUS = {
    Status.BOOKED: TreatmentSession.Status.BOOKED,
    Status.ARRIVED: TreatmentSession.Status.ARRIVED,
    Status.IN_TREATMENT: TreatmentSession.Status.IN_TREATMENT,
    Status.CANCELLED: TreatmentSession.Status.PLANNED,
    Status.NO_SHOW: TreatmentSession.Status.PLANNED,
}


class StatusRefused(ActionRefused):
    """The appointment cannot change like that. `problem` says why, in one sentence."""


def check_in(*, appointment: Appointment, by: User, at: datetime) -> Appointment:
    """Note that the patient has arrived. Raises StatusRefused."""
    return _change(appointment, Status.ARRIVED, by=by, at=at)


def start_appointment(*, appointment: Appointment, by: User, at: datetime) -> Appointment:
    """Note that treatment begins. Raises StatusRefused, also while a gate is shut (see `gates`)."""
    return _change(appointment, Status.IN_TREATMENT, by=by, at=at)


def finish_visit(*, appointment: Appointment, by: User, at: datetime) -> Appointment:
    """Note that a consultation or review is over: it has no record to sign. Raises StatusRefused.

    A session ends with its signed record only.
    """
    if appointment.session_id is not None:
        raise StatusRefused(_("A session is finished by signing its record."))
    return _change(appointment, Status.DONE, by=by, at=at)


def mark_no_show(*, appointment: Appointment, by: User, at: datetime) -> Appointment:
    """Note that the patient did not come. The session stays and needs a new time.

    Raises StatusRefused, also before the appointment's own time.
    """
    if at < appointment.starts_at:
        raise StatusRefused(_("It is not time yet. Cancel the appointment instead."))
    return _change(appointment, Status.NO_SHOW, by=by, at=at)


def cancel_appointment(
    *, appointment: Appointment, reason: str, words: str = "", by: User, at: datetime
) -> Appointment:
    """Give the time back. `reason` is a code of `Appointment.CancelReason`. Raises StatusRefused.

    The session stays and needs a new time.
    """
    if reason not in Appointment.CancelReason.values:
        raise StatusRefused(_("Choose why the appointment is cancelled."))
    return _change(
        appointment, Status.CANCELLED, by=by, at=at, cancel_reason=reason, cancel_words=words
    )


@transaction.atomic
def _change(
    appointment: Appointment,
    wanted: Status,
    *,
    by: User,
    at: datetime,
    cancel_reason: str = "",
    cancel_words: str = "",
) -> Appointment:
    appointment = lock_appointment(appointment)
    if not _may_become(appointment, wanted):
        raise StatusRefused(_already(appointment))
    if wanted in HERE:
        _check_may_be_here(appointment, wanted, at)
    if wanted is Status.IN_TREATMENT and (problem := start_problem(appointment, at=at)):
        raise StatusRefused(problem)
    appointment.previous_status, appointment.status = appointment.status, wanted
    appointment.status_since = at
    if wanted is Status.ARRIVED:
        appointment.arrived_at = at
    appointment.cancel_reason, appointment.cancel_words = cancel_reason, cancel_words
    _save(appointment, appointment.previous_status)
    _record(audit.Kind.APPOINTMENT_STATUS, appointment, by=by, at=at)
    return appointment


def _may_become(appointment: Appointment, wanted: Status) -> bool:
    if wanted is Status.DONE:
        return can_finish(appointment.status, is_session=appointment.session_id is not None)
    return can_become(appointment.status, wanted)


def undo_status(*, appointment: Appointment, seen: str = "", by: User, at: datetime) -> Appointment:
    """Take the last change of status back: the one that `seen` (of `mark_of`) names, if it is given.

    Raises StatusRefused when there is nothing to take back, when another change came after `seen`,
    when too much time has passed, when a cancelled time was given away meanwhile, or when `by` may
    not start a treatment and so may not take a start back.
    """
    try:
        with transaction.atomic():
            return _undo(appointment, seen, by=by, at=at)
    except IntegrityError as error:
        raise StatusRefused(_("The time was given away meanwhile. Book a new one.")) from error


def mark_of(appointment: Appointment) -> str:
    """Return the word by which Undo knows the last change of status."""
    return change_mark(appointment.status, appointment.status_since)


def _undo(appointment: Appointment, seen: str, *, by: User, at: datetime) -> Appointment:
    appointment = lock_appointment(appointment)
    now, before = appointment.status, appointment.previous_status
    if seen and seen != mark_of(appointment):
        raise StatusRefused(
            _("Nothing was undone: this appointment is “%(status)s” now.")
            % {"status": appointment.get_status_display().lower()}
        )
    if now == Status.IN_TREATMENT and not by.has_right(Right.WRITE_RECORD):
        raise StatusRefused(_("Only a clinician can undo the start of a treatment."))
    is_session = appointment.session_id is not None
    if not can_undo(now, before, appointment.status_since, at, is_session=is_session):
        raise StatusRefused(_("This can no longer be undone."))
    if Status(now) not in LIVE:
        _check_window_again(appointment)
    elif before in HERE:
        _check_may_be_here(appointment, Status(before), at)
    appointment.status, appointment.previous_status = before, status_before(before)
    appointment.status_since = at
    if before not in HERE:
        appointment.arrived_at = None
    appointment.cancel_reason = appointment.cancel_words = ""
    _save(appointment, now)
    _record(audit.Kind.APPOINTMENT_UNDONE, appointment, by=by, at=at)
    return appointment


def _check_may_be_here(appointment: Appointment, wanted: Status, at: datetime) -> None:
    """Refuse a patient on an earlier day than booked, and in a course that does not run.

    A patient whose course is on clinical hold may be checked in, to be looked at, but not treated.
    """
    on = appointment.starts_at.astimezone(appointment.room.site.zone).date()
    if at.astimezone(appointment.room.site.zone).date() < on:
        raise StatusRefused(
            _("This appointment is on %(day)s. Move it to today first.") % {"day": short_day(on)}
        )
    course = appointment.session.course if appointment.session else None
    if course is None or course.is_active or (course.is_held and wanted is Status.ARRIVED):
        return
    if course.is_held:
        raise StatusRefused(
            _("This course is on clinical hold, so no session of it can begin. Ask a prescriber.")
        )
    raise StatusRefused(
        _("This course is %(status)s, so no session of it can be given.")
        % {"status": course.state_words}
    )


def lock_appointment(appointment: Appointment) -> Appointment:
    """Lock practitioner, room, patient, course and appointment, in booking's order; return it fresh."""
    lock_resources(
        practitioners=[appointment.practitioner_id],
        rooms=[appointment.room_id],
        patients=[appointment.patient_id],
    )
    if appointment.session is not None:
        lock_course(appointment.session.course_id)
    return (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .with_people()
        .get(pk=appointment.pk)
    )


def _check_window_again(appointment: Appointment) -> None:
    """The chain may have moved while the appointment was off; too early is refused, always."""
    session = appointment.session
    if session is None:
        return
    chain = course_chain(session.course)
    row = chain.row(session)
    if not chain.course.is_active:
        raise StatusRefused(
            _("This course is %(status)s, so its sessions cannot be booked.")
            % {"status": chain.course.state_words}
        )
    if row.appointment is not None:
        raise StatusRefused(_("This session has a new time already."))
    on = appointment.starts_at.astimezone(appointment.room.site.zone).date()
    judgement = judge(
        chain.cadence,
        chain.course.first_on,
        chain.steps,
        session.number,
        on,
        explained=chain.explained,
    )
    explained = judgement.verdict is Verdict.NEEDS_REASON and judgement.days <= row.excused_days
    if judgement.verdict is not Verdict.ALLOWED and not explained:
        raise StatusRefused(
            judgement_words(judgement, number=session.number, window=row.link.window)
        )


def _save(appointment: Appointment, before: str) -> None:
    """Store the new status, which was `before`; the windows follow if the time is given or taken."""
    appointment.save(
        update_fields=[
            "status",
            "previous_status",
            "status_since",
            "arrived_at",
            "cancel_reason",
            "cancel_words",
        ]
    )
    session = appointment.session
    if session is not None:
        session.status = _SESSION_STATUS[Status(appointment.status)]
        session.save(update_fields=["status"])
        if (Status(before) in LIVE) is not (Status(appointment.status) in LIVE):
            refresh_windows(session.course)


def _record(kind: audit.Kind, appointment: Appointment, *, by: User, at: datetime) -> None:
    audit.record(kind=kind, by=by, at=at, target=appointment, patient_id=appointment.patient_id)


def _already(appointment: Appointment) -> str:
    return _("This appointment is already “%(status)s”. Load the page again to see it.") % {
        "status": appointment.get_status_display().lower()
    }
