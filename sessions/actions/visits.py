"""Consultations and reviews in the calendar: booked and moved by the one writer of `booking`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from clinic.models import Room
from meso_clinic.core import audit
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.actions.booking import all_or_nothing, claim, one_place_each, write_places
from sessions.actions.calendar_checks import NotFree, check_calendar, first_not_free
from sessions.actions.chain import Resources, lock_resources
from sessions.actions.placements import BookingRefused, check_not_moved
from sessions.domain.booking import Hold
from sessions.domain.lifecycle import Status
from sessions.domain.visits import are_minutes_of_a_visit
from sessions.models import Appointment, ScheduleChange


@dataclass(frozen=True)
class VisitPlace:
    """A place for what is no session. `appointment` is the one that moves there.

    `practitioner` and `room` (with its site) are fresh.
    """

    kind: str
    patient: Patient
    practitioner: User
    room: Room
    hold: Hold
    appointment: Appointment | None = None
    session = None
    indication = None

    @cached_property
    def on(self) -> date:
        """The day, at the room's site."""
        return self.hold.starts_at.astimezone(self.room.site.zone).date()

    @cached_property
    def stays(self) -> bool:
        """Whether the appointment has this very place already."""
        held = self.appointment
        return held is not None and (
            (held.starts_at, held.practitioner_id, held.room_id)
            == (self.hold.starts_at, self.practitioner.pk, self.room.pk)
        )


def book_visit(
    *,
    kind: str,
    patient: Patient,
    practitioner: User,
    room: Room,
    starts_at: datetime,
    minutes: int,
    key: UUID,
    by: User,
    at: datetime,
) -> ScheduleChange:
    """Book a consultation or a review (`Appointment.Kind`) of `minutes` at `starts_at` (aware).

    A `key` that was used before changes nothing and returns the act it stands for. Raises
    BookingRefused (a rule) or SlotTaken (not free).
    """
    if kind not in (Appointment.Kind.CONSULTATION, Appointment.Kind.REVIEW):
        raise BookingRefused(_("Choose what the appointment is for."))
    if not are_minutes_of_a_visit(minutes):
        raise BookingRefused(_("Choose a length from 5 to 240 minutes, in steps of 5."))
    with all_or_nothing(at):
        change, is_new = claim(key=key, reason="", by=by, at=at)
        if is_new:
            resources = lock_resources(
                practitioners=[practitioner.pk], rooms=[room.pk], patients=[patient.pk]
            )
            practitioner = resources.practitioners[practitioner.pk]
            room = resources.rooms[room.pk]
            starts_at = starts_at.astimezone(UTC)
            ends_at = starts_at + timedelta(minutes=minutes)
            # Nothing is prepared or cleaned for a talk, so it holds no more than its own time.
            hold = Hold(
                practitioner=practitioner.pk,
                room=room.pk,
                patient=patient.pk,
                starts_at=starts_at,
                ends_at=ends_at,
                held_from=starts_at,
                held_until=ends_at,
            )
            _carry_out(change, VisitPlace(kind, patient, practitioner, room, hold))
    return change


def move_visit(
    *,
    appointment: Appointment,
    practitioner: User,
    room: Room,
    starts_at: datetime,
    key: UUID,
    was: str | None = None,
    reason: str = "",
    by: User,
    at: datetime,
) -> ScheduleChange:
    """Move a booked consultation or review to `starts_at` (aware); it keeps its length.

    A `key` that was used before changes nothing and returns the act it stands for. `reason` is ""
    or a code of `ScheduleChange.Reason`, `was` as in a `Placement`. Raises BookingRefused (also for
    a session, which has a window to keep), MovedMeanwhile or SlotTaken.
    """
    with all_or_nothing(at):
        change, is_new = claim(key=key, reason=reason, by=by, at=at)
        if is_new:
            held, resources = _lock_held(appointment, practitioner, room)
            practitioner = resources.practitioners[practitioner.pk]
            room = resources.rooms[room.pk]
            hold = moved_hold(held, practitioner=practitioner.pk, room=room.pk, starts_at=starts_at)
            place = VisitPlace(held.kind, held.patient, practitioner, room, hold, held)
            if not place.stays:
                check_not_moved(was, held)
            _carry_out(change, place)
    return change


def moved_hold(
    appointment: Appointment, *, practitioner: int, room: int, starts_at: datetime
) -> Hold:
    """Return what `appointment` takes at another time: as long as it is now, buffers included."""
    starts_at = starts_at.astimezone(UTC)
    shift = starts_at - appointment.starts_at
    return Hold(
        practitioner=practitioner,
        room=room,
        patient=appointment.patient_id,
        starts_at=starts_at,
        ends_at=appointment.ends_at + shift,
        held_from=appointment.held_from + shift,
        held_until=appointment.held_until + shift,
    )


def _lock_held(
    appointment: Appointment, practitioner: User, room: Room
) -> tuple[Appointment, Resources]:
    """Lock all that a move takes and leaves; return the appointment fresh. Raises BookingRefused."""
    before = Appointment.objects.get(pk=appointment.pk)
    resources = lock_resources(
        practitioners=[practitioner.pk, before.practitioner_id],
        rooms=[room.pk, before.room_id],
        patients=[before.patient_id],
    )
    held = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("patient")
        .get(pk=appointment.pk)
    )
    if held.session_id is not None:
        raise BookingRefused(_("A session moves with its course. Use “Move session”."))
    if held.status != Status.BOOKED:
        raise BookingRefused(
            _("This appointment is “%(status)s”, so it cannot be moved.")
            % {"status": held.get_status_display().lower()}
        )
    return held, resources


def _carry_out(change: ScheduleChange, place: VisitPlace) -> None:
    """Check and write `place` as the act `change`."""
    if not place.stays:
        check_calendar([place], change.at, is_alone=True)
        if first_not_free([place]):
            raise NotFree(place, [place])
    with one_place_each([place]):
        lines = write_places(change, [place])
    kinds = {True: audit.Kind.VISIT_BOOKED, False: audit.Kind.VISIT_MOVED}
    audit.record_all(
        lines=[
            (kinds[line.was_starts_at is None], line.appointment, place.patient.pk)
            for line in lines
        ],
        by=change.by,
        at=change.at,
    )
