"""The only writer of places in the calendar: one session, a whole course, or many courses at once.

It locks all that an act touches in one order, checks hours, closures, windows and overlaps as they
will be after the act, then writes. The database refuses what slips past: an overlap becomes
`SlotTaken`, with the next free time, and never an error page.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.models import Room
from meso_clinic.core import audit
from meso_clinic.core.constraints import violates
from meso_clinic.core.models import User
from sessions.actions.calendar_checks import NotFree, Spot, first_not_free
from sessions.actions.chain import Resources, lock_courses, lock_resources, store_windows
from sessions.actions.checks import Lateness, Place, check_places
from sessions.actions.placements import (
    BookingRefused,
    LateReason,
    LateReasonMissing,
    LeavesLate,
    MovedMeanwhile,
    Placement,
    SlotTaken,
    TakenBack,
    check_not_moved,
)
from sessions.actions.taken import slot_taken
from sessions.domain.booking import Hold
from sessions.domain.lifecycle import Status
from sessions.models import (
    Appointment,
    Deviation,
    ScheduleChange,
    ScheduleChangeLine,
    TreatmentSession,
)
from sessions.selectors.chain import CourseChain, course_chains
from treatments.models import TreatmentCourse

__all__ = [
    "BookingRefused",
    "LateReason",
    "LateReasonMissing",
    "LeavesLate",
    "MovedMeanwhile",
    "Placement",
    "SlotTaken",
    "TakenBack",
    "book_session",
    "place_sessions",
]

# The database's own promises, should two bookings meet that no common lock keeps apart.
ONE_PLACE = ("practitioner_is_in_one_place", "room_is_used_once", "patient_is_in_one_place")

PLACE_FIELDS = ["practitioner", "room", "starts_at", "ends_at", "held_from", "held_until"]


def book_session(
    *,
    session: TreatmentSession,
    practitioner: User,
    room: Room,
    starts_at: datetime,
    late_reason: LateReason | None = None,
    key: UUID | None = None,
    reason: str = "",
    by: User,
    at: datetime,
) -> Appointment:
    """Book `session`, or move it if it is booked already, to `starts_at` (aware).

    Raises BookingRefused (a rule), LateReasonMissing (after the window), LeavesLate (the next one
    would be late) or SlotTaken (not free).
    """
    place_sessions(
        placements=[Placement(session, practitioner, room, starts_at, late_reason)],
        key=key or uuid4(),
        reason=reason,
        by=by,
        at=at,
    )
    return Appointment.objects.with_people().filter(session=session).latest("pk")


def place_sessions(
    *, placements: Sequence[Placement], key: UUID, reason: str = "", by: User, at: datetime
) -> ScheduleChange:
    """Book the sessions of `placements` that have no time and move those that have one.

    They may be of several courses and trade places; all of them are written or none. A `key` that
    was used before changes nothing and returns the act it stands for. `reason` is "" or a code of
    `ScheduleChange.Reason`. Raises what `book_session` raises, and MovedMeanwhile; each refusal
    names its session.
    """
    with all_or_nothing(at):
        change, is_new = claim(key=key, reason=reason, by=by, at=at)
        if is_new:
            carry_out(change, *_lock(placements), placements)
    return change


@contextmanager
def all_or_nothing(at: datetime) -> Iterator[None]:
    """Make one transaction of an act. A lost place is answered once nothing is held any more."""
    try:
        with transaction.atomic():
            yield
    except NotFree as lost:
        moving = [place for place in lost.places if not place.stays]
        for appointment in (place.appointment for place in moving if place.appointment):
            # It stood at the wanted place already when the database refused that.
            appointment.refresh_from_db(fields=PLACE_FIELDS)
        place = lost.place or first_not_free(moving) or moving[0]
        raise slot_taken(place, lost.places, at=at) from lost


def claim(*, key: UUID, reason: str, by: User, at: datetime) -> tuple[ScheduleChange, bool]:
    """Return the act of `key`, and whether it is still to be done.

    Of two that come at once, the second waits here for the end of the first.
    """
    if reason and reason not in ScheduleChange.Reason.values:
        raise BookingRefused(_("Choose why the sessions move."))
    change, is_new = ScheduleChange.objects.get_or_create(
        key=key,
        defaults={"kind": ScheduleChange.Kind.BOOKED, "reason": reason, "by": by, "at": at},
    )
    if change.undone_at is not None:
        raise TakenBack(_("This was taken back. Check the times, then book again."))
    return change, is_new


def carry_out(
    change: ScheduleChange,
    chains: Sequence[CourseChain],
    resources: Resources,
    placements: Sequence[Placement],
) -> None:
    """Check and write `placements` as the new act `change`, inside its transaction.

    Their courses (`chains`) and `resources` are locked.
    """
    if not placements:
        raise BookingRefused(_("Choose at least one session."))
    places = _places(placements, chains, resources)
    for place in places:
        if not place.stays:
            check_not_moved(place.wanted.was, place.appointment, session=place.session)
    late = check_places(places, by=change.by, at=change.at)
    with one_place_each(places):
        lines = write_places(change, places)
        Deviation.objects.bulk_create(_late_deviation(change, each) for each in late)
        _record(change, lines, late)
    booked = {line.appointment.session_id for line in lines if line.was_starts_at is None}
    for chain in chains:
        days = {place.number: place.on for place in places if place.chain is chain}
        store_windows(chain.windows_with(days), booked=booked)


@contextmanager
def one_place_each(places: Sequence[Spot]) -> Iterator[None]:
    """Write `places`; what the database refuses as taken is `NotFree`, which ends the transaction."""
    try:
        yield
    except IntegrityError as error:
        if not any(violates(error, name) for name in ONE_PLACE):
            raise
        raise NotFree(None, places) from error


def _lock(placements: Sequence[Placement]) -> tuple[list[CourseChain], Resources]:
    """Lock all that the act takes and leaves, in the order of every writer; read the courses."""
    sessions = [placement.session for placement in placements]
    courses = {session.course_id for session in sessions}
    left = list(
        Appointment.objects.live().filter(session__in=sessions).values_list("practitioner", "room")
    )
    resources = lock_resources(
        practitioners=[
            *(placement.practitioner.pk for placement in placements),
            *(practitioner for practitioner, _room in left),
        ],
        rooms=[
            *(placement.room.pk for placement in placements),
            *(room for _practitioner, room in left),
        ],
        patients=TreatmentCourse.objects.filter(pk__in=courses).values_list("patient", flat=True),
    )
    return course_chains(lock_courses(courses)), resources


def _places(
    placements: Sequence[Placement], chains: Sequence[CourseChain], resources: Resources
) -> list[Place]:
    """Return `placements` with their rows, in order of course and number."""
    wanted = {placement.session.pk: placement for placement in placements}
    if len(wanted) < len(placements):
        raise BookingRefused(_("A session is named twice. Choose one time for each."))
    return [
        Place(
            placement,
            resources.practitioners[placement.practitioner.pk],
            resources.rooms[placement.room.pk],
            chain,
            row,
        )
        for chain in chains
        for row in chain.rows
        if (placement := wanted.get(row.session.pk))
    ]


def write_places(change: ScheduleChange, places: Sequence[Spot]) -> list[ScheduleChangeLine]:
    """Put appointments where `places` say; return the lines of `change` for those that moved."""
    lines = [_line(change, place) for place in places if not place.stays]
    store_places([line.appointment for line in lines])
    ScheduleChangeLine.objects.bulk_create(lines)
    is_booking = any(line.was_starts_at is None for line in lines)
    change.kind = ScheduleChange.Kind.BOOKED if is_booking else ScheduleChange.Kind.MOVED
    change.save(update_fields=["kind", "new_course"])
    return lines


def _line(change: ScheduleChange, place: Spot) -> ScheduleChangeLine:
    """Put the appointment of `place` where it shall be, unsaved; return where it was and is."""
    appointment = place.appointment or Appointment(
        kind=place.kind,
        session=place.session,
        patient=place.patient,
        status_since=change.at,
        booked_by=change.by,
    )
    line = ScheduleChangeLine(
        change=change,
        appointment=appointment,
        was_starts_at=appointment.starts_at,
        was_practitioner_id=appointment.practitioner_id,
        was_room_id=appointment.room_id,
        starts_at=place.hold.starts_at,
        practitioner=place.practitioner,
        room=place.room,
    )
    put(appointment, place.hold)
    return line


def put(appointment: Appointment, hold: Hold) -> None:
    """Give `appointment` what `hold` holds, unsaved."""
    appointment.practitioner_id, appointment.room_id = hold.practitioner, hold.room
    appointment.starts_at, appointment.ends_at = hold.starts_at, hold.ends_at
    appointment.held_from, appointment.held_until = hold.held_from, hold.held_until


def store_places(appointments: Sequence[Appointment]) -> None:
    """Write new appointments and the new places of known ones, which may have traded them."""
    known = [appointment.pk for appointment in appointments if appointment.pk is not None]
    # For a moment the known ones hold nothing, or the first to move would meet the second.
    Appointment.objects.filter(pk__in=known).update(status=Status.NO_SHOW)
    # Faster by half than `bulk_update`, which writes a CASE for each field.
    Appointment.objects.bulk_create(
        appointments,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*PLACE_FIELDS, "status"],
    )


def _record(
    change: ScheduleChange, lines: Sequence[ScheduleChangeLine], late: Sequence[Lateness]
) -> None:
    kinds = {True: audit.Kind.SESSION_BOOKED, False: audit.Kind.SESSION_MOVED}
    written = [(kinds[line.was_starts_at is None], line.appointment) for line in lines]
    kept = [
        (audit.Kind.SESSION_KEPT_LATE, each.place.row.appointment)
        for each in late
        if each.place.stays and each.place.row.appointment
    ]
    audit.record_all(
        lines=[(kind, place, place.patient_id) for kind, place in (*written, *kept)],
        by=change.by,
        at=change.at,
    )


def _late_deviation(change: ScheduleChange, late: Lateness) -> Deviation:
    deviation = late_deviation(
        late.place.row.session, late.days, late.reason, by=change.by, at=change.at
    )
    deviation.change = change
    return deviation


def late_deviation(
    session: TreatmentSession, days_late: int, reason: LateReason, *, by: User, at: datetime
) -> Deviation:
    """Say why `session` is `days_late` days past its window. The deviation is not saved yet."""
    return Deviation(
        session=session,
        kind=reason.kind,
        days_late=days_late,
        reason=reason.code,
        words=reason.words,
        by=by,
        at=at,
    )
