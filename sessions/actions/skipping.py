"""Leaving a session out: its step of the course will not happen. And taking that back."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from meso_clinic.core.roles import Right
from sessions.actions.booking import LateReason
from sessions.actions.chain import lock_course, refresh_windows
from sessions.actions.status import cancel_appointment, lock_appointment, undo_status
from sessions.actions.stopping import lock_held
from sessions.domain.lifecycle import HERE
from sessions.domain.skipping import too_early_without
from sessions.models import Appointment, Deviation, ScheduleChange, TreatmentSession
from sessions.selectors.chain import ChainRow, CourseChain, course_chain
from sessions.words import days_words
from treatments.actions.courses import complete_course


class SkipRefused(ActionRefused):
    """The session cannot be skipped. `problem` says why, in one sentence."""


@transaction.atomic
def skip_session(
    *, session: TreatmentSession, reason: str, words: str, by: User, at: datetime
) -> Deviation:
    """Leave `session` out for a reason (a code of `Deviation.Reason`) and give its time back.

    The gap of the session after it then runs from the one before. Completes the course if nothing
    is left to do. What it did can be undone by the `change` of the deviation. Raises SkipRefused.
    """
    if not by.has_right(Right.BOOK_LATE):
        raise SkipRefused(_("Only a clinician may skip a session."))
    if not LateReason(reason, words).is_complete:
        raise SkipRefused(_("Choose a reason and say in words why."))
    chain = course_chain(lock_held(session.course))
    row = chain.row(session)
    _check_open(chain, row)
    _check_later(chain, row)
    if row.appointment is not None:
        _give_back(row.appointment, by=by, at=at)
    return _skip(chain, row, LateReason(reason, words.strip()), by=by, at=at)


def _check_open(chain: CourseChain, row: ChainRow) -> None:
    number, session = row.session.number, row.session
    if not chain.course.is_active:
        raise SkipRefused(
            _("This course is %(status)s, so no session of it can be skipped.")
            % {"status": chain.course.state_words}
        )
    if not session.is_open:
        raise SkipRefused(
            _("Session %(number)s is “%(status)s” already.")
            % {"number": number, "status": session.get_status_display().lower()}
        )
    if row.appointment is not None and row.appointment.status in HERE:
        raise SkipRefused(
            _("The patient is here for session %(number)s. Undo the check-in first.")
            % {"number": number}
        )
    if number == 1:
        raise SkipRefused(
            _(
                "Session 1 opens the course, so it cannot be skipped. Book it on a later day instead."
            )
        )


def _check_later(chain: CourseChain, row: ChainRow) -> None:
    """A skipped session passes its predecessor's day on, and that may be later than its own."""
    early = too_early_without(chain.cadence, chain.course.first_on, chain.steps, row.session.number)
    if early is not None:
        raise SkipRefused(
            _("Session %(other)s would then be %(days)s too early. Move it first.")
            % {"other": early.step.number, "days": days_words(early.window.days_early(early.on))}
        )


def _give_back(appointment: Appointment, *, by: User, at: datetime) -> None:
    cancel_appointment(
        appointment=appointment,
        reason=Appointment.CancelReason.CLINIC,
        words=_("The session was skipped."),
        by=by,
        at=at,
    )


def _skip(
    chain: CourseChain, row: ChainRow, reason: LateReason, *, by: User, at: datetime
) -> Deviation:
    session = row.session
    session.status = TreatmentSession.Status.SKIPPED
    session.save(update_fields=["status"])
    # No place is listed in it: its deviation says what it is about.
    change = ScheduleChange.objects.create(
        key=uuid4(), kind=ScheduleChange.Kind.MOVED, by=by, at=at
    )
    deviation = Deviation.objects.create(
        change=change,
        session=session,
        kind=Deviation.Kind.SKIPPED,
        reason=reason.code,
        words=reason.words,
        by=by,
        at=at,
    )
    refresh_windows(chain.course)
    audit.record(
        kind=audit.Kind.SESSION_SKIPPED,
        by=by,
        at=at,
        target=session,
        patient_id=chain.course.patient_id,
    )
    if not chain.course.sessions.open().exists():
        complete_course(course=chain.course, by=by, at=at)
    return deviation


def unskip_session(*, skip: Deviation, by: User, at: datetime) -> None:
    """Let the session of `skip` happen after all, at the time it had, if it had one.

    Runs inside the transaction of the undone act. Raises SkipRefused, or StatusRefused when its
    time cannot be had any more.
    """
    if by.pk != skip.by_id and not by.has_right(Right.BOOK_LATE):
        raise SkipRefused(_("Only a clinician may take this back."))
    session = skip.session
    place = session.appointments.filter(
        status=Appointment.Status.CANCELLED, status_since=skip.at
    ).first()
    if place is not None:
        lock_appointment(place)
    course = lock_course(session.course_id)
    if not course.is_active:
        raise SkipRefused(
            _("This course is %(status)s, so this can no longer be undone.")
            % {"status": course.state_words}
        )
    early = _early(course_chain(course))
    session.status = TreatmentSession.Status.PLANNED
    session.save(update_fields=["status"])
    if place is not None:
        undo_status(appointment=place, by=by, at=at)
    for number in sorted(_early(course_chain(course)) - early):
        raise SkipRefused(
            _("Session %(number)s has a time since that would be too early. Move it first.")
            % {"number": number}
        )
    refresh_windows(course)
    audit.record(
        kind=audit.Kind.SESSION_SKIP_UNDONE,
        by=by,
        at=at,
        target=session,
        patient_id=course.patient_id,
    )


def _early(chain: CourseChain) -> set[int]:
    return {row.session.number for row in chain.rows if row.link.is_early}
