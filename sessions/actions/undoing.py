"""Taking an act back whole, a moment after it was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.models import Room
from meso_clinic.core import audit
from meso_clinic.core.constraints import violates
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from meso_clinic.core.roles import Right
from sessions.actions.booking import ONE_PLACE, put, store_places
from sessions.actions.chain import lock_courses, lock_resources, refresh_windows
from sessions.actions.placements import hold_of
from sessions.actions.skipping import SkipRefused, unskip_session
from sessions.actions.status import StatusRefused
from sessions.actions.visits import moved_hold
from sessions.actions.waiting import return_booked
from sessions.domain.booking import Hold, Rule, judge_all
from sessions.domain.lifecycle import Status
from sessions.models import (
    Appointment,
    ScheduleChange,
    ScheduleChangeLine,
    TreatmentSession,
)
from sessions.selectors.chain import CourseChain, course_chains
from sessions.selectors.changes import skip_of
from sessions.selectors.touched import Grounds
from sessions.words import judgement_words
from treatments.actions.courses import CourseRefused, discontinue_course

# The page offers it for one minute; the second is for a slow network.
UNDO_WITHIN = timedelta(minutes=2)


class UndoRefused(ActionRefused):
    """The act cannot be taken back any more. `problem` says why, in one sentence."""


def undo_change(*, change: ScheduleChange, by: User, at: datetime) -> ScheduleChange:
    """Give every appointment of `change` back the place it had, or take it out of the calendar.

    A course that the act made ends; a session that it skipped is one to give again. Reasons that
    were given for late sessions stay on record. What is undone already stays as it is. Raises UndoRefused when too much time has passed, or when
    something has changed since.
    """
    try:
        with transaction.atomic():
            return _undo(change, by=by, at=at)
    except (CourseRefused, SkipRefused, StatusRefused) as error:
        raise UndoRefused(error.problem) from error
    except IntegrityError as error:
        if not any(violates(error, name) for name in ONE_PLACE):
            raise
        raise UndoRefused(
            _("A time was given away meanwhile, so this can no longer be undone.")
        ) from error


def _undo(change: ScheduleChange, *, by: User, at: datetime) -> ScheduleChange:
    chains = _lock(change)
    change = ScheduleChange.objects.select_for_update(no_key=True, of=("self",)).get(pk=change.pk)
    if change.undone_at is not None:
        return change
    _check_person_and_time(change, by, at)
    lines = _lines(change)
    _refuse_if_changed(lines)
    moved = [before for line in lines if (before := _place_before(line))]
    booked = [line.appointment for line in lines if line.was_starts_at is None]
    _refuse_too_early(chains, moved, booked)
    _move_back(moved)
    _refuse_lost_ground(moved)
    _take_out(booked, at)
    change.undone_at, change.undone_by = at, by
    change.save(update_fields=["undone_at", "undone_by"])
    _record(moved, booked, by=by, at=at)
    refresh_windows(*(chain.course for chain in chains))
    return_booked(change=change, by=by, at=at)
    if skip := skip_of(change):
        unskip_session(skip=skip, by=by, at=at)
    if change.new_course is not None:
        discontinue_course(
            course=change.new_course, reason=_("Taken back a moment after booking."), by=by, at=at
        )
    return change


def _lines(change: ScheduleChange) -> list[ScheduleChangeLine]:
    return list(
        change.lines.select_related("appointment__session__course", "was_room__site").order_by("pk")
    )


def _lock(change: ScheduleChange) -> list[CourseChain]:
    """Lock all that the act took and left, in the order of every writer; read its courses."""
    lines = _lines(change)
    lock_resources(
        practitioners=_known(
            key for line in lines for key in (line.practitioner_id, line.was_practitioner_id)
        ),
        rooms=_known(key for line in lines for key in (line.room_id, line.was_room_id)),
        patients=[line.appointment.patient_id for line in lines],
    )
    sessions = [line.appointment.session for line in lines if line.appointment.session]
    return course_chains(lock_courses(session.course_id for session in sessions))


def _known(keys: Iterable[int | None]) -> list[int]:
    return [key for key in keys if key is not None]


def _check_person_and_time(change: ScheduleChange, by: User, at: datetime) -> None:
    if change.by_id != by.pk and not by.has_right(Right.BOOK):
        raise UndoRefused(_("Only somebody who books sessions can undo this."))
    if at - change.at > UNDO_WITHIN:
        raise UndoRefused(_late_words(change))


def _late_words(change: ScheduleChange) -> str:
    if skip_of(change):
        return _("It is too late to undo this. The session stays skipped.")
    return _("It is too late to undo this. Move or cancel the sessions instead.")


def _refuse_if_changed(lines: Sequence[ScheduleChangeLine]) -> None:
    for line in lines:
        now = line.appointment
        place = (now.starts_at, now.practitioner_id, now.room_id)
        is_same = place == (line.starts_at, line.practitioner_id, line.room_id)
        if now.status != Status.BOOKED or not is_same:
            raise UndoRefused(_changed_words(now))


def _changed_words(appointment: Appointment) -> str:
    if appointment.session is None:
        return _("The appointment has changed since, so this can no longer be undone.")
    return _("Session %(number)s has changed since, so this can no longer be undone.") % {
        "number": appointment.session.number
    }


@dataclass(frozen=True, slots=True)
class _Before:
    """Where a moved `appointment` was. The practitioner is a primary key."""

    appointment: Appointment
    practitioner: int
    room: Room
    starts_at: datetime

    @property
    def on(self) -> date:
        """The day, at the site it had."""
        return self.starts_at.astimezone(self.room.site.zone).date()

    @property
    def hold(self) -> Hold:
        """What it takes from the calendar there."""
        session, person, room = self.appointment.session, self.practitioner, self.room.pk
        at = self.starts_at
        if session is None:
            return moved_hold(self.appointment, practitioner=person, room=room, starts_at=at)
        return hold_of(session.course, practitioner=person, room=room, starts_at=at)


def _place_before(line: ScheduleChangeLine) -> _Before | None:
    """Return where the appointment of `line` was, None if the act made it."""
    starts_at, practitioner, room = line.was_starts_at, line.was_practitioner_id, line.was_room
    if starts_at is None or practitioner is None or room is None:
        return None
    return _Before(line.appointment, practitioner, room, starts_at)


def _refuse_too_early(
    chains: Sequence[CourseChain], moved: Sequence[_Before], booked: Sequence[Appointment]
) -> None:
    """Refuse what would bring a session too close that was given its place meanwhile."""
    days = {before.appointment.session_id: before.on for before in moved}
    gone = {appointment.session_id for appointment in booked}
    for chain in chains:
        steps = [
            replace(row.link.step, booked_on=None) if row.session.pk in gone else row.link.step
            for row in chain.rows
        ]
        back = {
            row.session.number: days[row.session.pk] for row in chain.rows if row.session.pk in days
        }
        for found in judge_all(chain.cadence, chain.course.first_on, steps, back):
            if found.judgement.rule is Rule.PUSHES_NEXT:
                raise UndoRefused(
                    judgement_words(found.judgement, number=found.number, window=found.window)
                )


def _move_back(moved: Sequence[_Before]) -> None:
    for before in moved:
        put(before.appointment, before.hold)
    store_places([before.appointment for before in moved])


def _refuse_lost_ground(moved: Sequence[_Before]) -> None:
    """Refuse a place whose day was closed, whose person is away or whose room is gone meanwhile."""
    for before in moved:
        lost = Grounds(before.room.site, [before.appointment]).calendar_lost_by(before.appointment)
        if lost:
            raise UndoRefused(_stuck_words(before.appointment, lost))


def _stuck_words(appointment: Appointment, why: str) -> str:
    if appointment.session is None:
        return _("The appointment cannot go back. %(why)s") % {"why": why}
    return _("Session %(number)s cannot go back. %(why)s") % {
        "number": appointment.session.number,
        "why": why,
    }


def _take_out(booked: Sequence[Appointment], at: datetime) -> None:
    """End appointments that the act made; their sessions wait for a time again."""
    Appointment.objects.filter(pk__in=[place.pk for place in booked]).update(
        status=Status.CANCELLED,
        cancel_reason=Appointment.CancelReason.UNDONE,
        previous_status="",
        status_since=at,
    )
    TreatmentSession.objects.filter(pk__in=[place.session_id for place in booked]).update(
        status=TreatmentSession.Status.PLANNED
    )


def _record(
    moved: Sequence[_Before], booked: Sequence[Appointment], *, by: User, at: datetime
) -> None:
    back, out = _KINDS[True], _KINDS[False]
    written = [
        *((back[before.appointment.session_id is None], before.appointment) for before in moved),
        *((out[appointment.session_id is None], appointment) for appointment in booked),
    ]
    audit.record_all(
        lines=[(kind, place, place.patient_id) for kind, place in written], by=by, at=at
    )


# What is written, by whether it went back or out, and by whether it was no session.
_KINDS = {
    True: {False: audit.Kind.SESSION_MOVE_UNDONE, True: audit.Kind.VISIT_MOVE_UNDONE},
    False: {False: audit.Kind.SESSION_BOOKING_UNDONE, True: audit.Kind.VISIT_BOOKING_UNDONE},
}
