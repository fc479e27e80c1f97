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
from meso_clinic.core.roles import Right
from sessions.actions.booking import ONE_PLACE, put, store_places
from sessions.actions.chain import lock_courses, lock_resources, refresh_windows
from sessions.actions.placements import hold_of
from sessions.domain.booking import Rule, judge_all
from sessions.domain.lifecycle import Status
from sessions.models import (
    Appointment,
    ScheduleChange,
    ScheduleChangeLine,
    TreatmentSession,
)
from sessions.selectors.chain import CourseChain, course_chains
from sessions.selectors.touched import Grounds
from sessions.words import judgement_words
from treatments.actions.courses import CourseRefused, discontinue_course
from treatments.models import TreatmentCourse

# The page offers it for one minute; the second is for a slow network.
UNDO_WITHIN = timedelta(minutes=2)


class UndoRefused(Exception):
    """The act cannot be taken back any more. `problem` says why, in one sentence."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def undo_change(*, change: ScheduleChange, by: User, at: datetime) -> ScheduleChange:
    """Give every appointment of `change` back the place it had, or take it out of the calendar.

    A course that the act made ends. Reasons that were given for late sessions stay on record. What
    is undone already stays as it is. Raises UndoRefused when too much time has passed, or when
    something has changed since.
    """
    try:
        with transaction.atomic():
            return _undo(change, by=by, at=at)
    except CourseRefused as error:
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
    return course_chains(lock_courses(_session(line).course_id for line in lines))


def _known(keys: Iterable[int | None]) -> list[int]:
    return [key for key in keys if key is not None]


def _session(line: ScheduleChangeLine) -> TreatmentSession:
    assert line.appointment.session is not None  # only sessions of courses are placed by an act
    return line.appointment.session


def _check_person_and_time(change: ScheduleChange, by: User, at: datetime) -> None:
    if change.by_id != by.pk and not by.has_right(Right.BOOK):
        raise UndoRefused(_("Only somebody who books sessions can undo this."))
    if at - change.at > UNDO_WITHIN:
        raise UndoRefused(_("It is too late to undo this. Move or cancel the sessions instead."))


def _refuse_if_changed(lines: Sequence[ScheduleChangeLine]) -> None:
    for line in lines:
        now = line.appointment
        place = (now.starts_at, now.practitioner_id, now.room_id)
        is_same = place == (line.starts_at, line.practitioner_id, line.room_id)
        if now.status != Status.BOOKED or not is_same:
            raise UndoRefused(
                _("Session %(number)s has changed since, so this can no longer be undone.")
                % {"number": _session(line).number}
            )


@dataclass(frozen=True, slots=True)
class _Before:
    """Where a moved `appointment` was. The practitioner is a primary key."""

    appointment: Appointment
    course: TreatmentCourse
    practitioner: int
    room: Room
    starts_at: datetime

    @property
    def on(self) -> date:
        """The day, at the site it had."""
        return self.starts_at.astimezone(self.room.site.zone).date()


def _place_before(line: ScheduleChangeLine) -> _Before | None:
    """Return where the appointment of `line` was, None if the act made it."""
    starts_at, practitioner, room = line.was_starts_at, line.was_practitioner_id, line.was_room
    if starts_at is None or practitioner is None or room is None:
        return None
    return _Before(line.appointment, _session(line).course, practitioner, room, starts_at)


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
        hold = hold_of(
            before.course,
            practitioner=before.practitioner,
            room=before.room.pk,
            starts_at=before.starts_at,
        )
        put(before.appointment, hold)
    store_places([before.appointment for before in moved])


def _refuse_lost_ground(moved: Sequence[_Before]) -> None:
    """Refuse a place whose day was closed, whose person is away or whose room is gone meanwhile."""
    for before in moved:
        lost = Grounds(before.room.site, [before.appointment]).calendar_lost_by(before.appointment)
        if lost:
            raise UndoRefused(
                _("Session %(number)s cannot go back. %(why)s")
                % {"number": _number(before.appointment), "why": lost}
            )


def _number(appointment: Appointment) -> int:
    assert appointment.session is not None  # only sessions of courses are placed by an act
    return appointment.session.number


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
    written = [
        *((audit.Kind.SESSION_MOVE_UNDONE, before.appointment) for before in moved),
        *((audit.Kind.SESSION_BOOKING_UNDONE, appointment) for appointment in booked),
    ]
    audit.record_all(
        lines=[(kind, place, place.patient_id) for kind, place in written], by=by, at=at
    )
