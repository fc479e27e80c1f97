"""The waiting list: put on it, called, booked from it, taken off it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clinic.models import Room, Site
from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from meso_clinic.core.versions import digest
from patients.models import Patient
from sessions.actions.booking import Placement, place_sessions
from sessions.actions.chain import lock_resources
from sessions.actions.visits import book_visit, move_visit
from sessions.domain.visits import are_minutes_of_a_visit
from sessions.models import (
    Appointment,
    ScheduleChange,
    TreatmentSession,
    WaitlistCall,
    WaitlistEntry,
)
from sessions.models.waiting import MOST_NOTICE_HOURS

# Two clicks of one person so close are one call, and an Undo is offered for one minute.
ONE_CALL = timedelta(minutes=1)
UNDO_WITHIN = timedelta(minutes=2)

_ENDED_COURSE = ("COMPLETED", "DISCONTINUED", "LAPSED")


class WaitlistRefused(ActionRefused):
    """The list cannot change like that. `problem` says why, in one sentence."""


class WishChanged(WaitlistRefused):
    """Somebody else changed the wish after it was shown."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a patient would take. `practitioner` None, no `weekdays`: any; `until` None: no end."""

    practitioner: User | None = None
    weekdays: Collection[int] = ()
    time_of_day: str = Patient.TimeOfDay.ANY
    notice_hours: int = 0
    until: date | None = None


def add_session(*, session: TreatmentSession, wish: Wish, by: User, at: datetime) -> WaitlistEntry:
    """Put the patient of `session` on the list for an earlier time. Raises WaitlistRefused."""
    course = session.course
    if not course.is_active:
        raise WaitlistRefused(
            _("This course is %(status)s, so its sessions cannot be booked.")
            % {"status": course.state_words}
        )
    if session.status not in (TreatmentSession.Status.PLANNED, TreatmentSession.Status.BOOKED):
        raise WaitlistRefused(
            _("Session %(number)s has begun or is finished, so it needs no earlier time.")
            % {"number": session.number}
        )
    entry = WaitlistEntry(
        kind=Appointment.Kind.SESSION,
        patient_id=course.patient_id,
        session=session,
        site_id=course.site_id,
        added_at=at,
        added_by=by,
    )
    return _add(entry, wish)


def add_visit(
    *, patient: Patient, kind: str, minutes: int, site: Site, wish: Wish, by: User, at: datetime
) -> WaitlistEntry:
    """Put `patient` on the list for a consultation or a review of `minutes` at `site`.

    Raises WaitlistRefused.
    """
    if kind not in (Appointment.Kind.CONSULTATION, Appointment.Kind.REVIEW):
        raise WaitlistRefused(_("Choose what the patient waits for."))
    if not are_minutes_of_a_visit(minutes):
        raise WaitlistRefused(_("Choose a length from 5 to 240 minutes, in steps of 5."))
    entry = WaitlistEntry(
        kind=kind, patient=patient, minutes=minutes, site=site, added_at=at, added_by=by
    )
    return _add(entry, wish)


def _add(entry: WaitlistEntry, wish: Wish) -> WaitlistEntry:
    _put(entry, wish)
    with transaction.atomic():
        lock_resources(practitioners=[], rooms=[], patients=[entry.patient_id])
        _refuse_twice(entry)
        entry.save(force_insert=True)
        _record(audit.Kind.WAITLIST_ADDED, entry, by=entry.added_by, at=entry.added_at)
    return entry


def change_wish(
    *, entry: WaitlistEntry, wish: Wish, seen: str = "", by: User, at: datetime
) -> WaitlistEntry:
    """Note what the patient would take now.

    Raises WaitlistRefused once they wait no more, WishChanged if the wish is not the one that
    `seen` (of `wish_mark`) names, if that is given.
    """
    with transaction.atomic():
        entry = _open(entry)
        before = wish_mark(entry)
        _put(entry, wish)
        # A second click wants what is so already.
        if seen and before not in (seen, wish_mark(entry)):
            raise WishChanged(
                _("Somebody changed this entry meanwhile. Check it, then save again.")
            )
        entry.save(
            update_fields=["practitioner", "weekdays", "time_of_day", "notice_hours", "until"]
        )
        _record(audit.Kind.WAITLIST_CHANGED, entry, by=by, at=at)
    return entry


def wish_mark(entry: WaitlistEntry) -> str:
    """Return a short word for the wish of `entry`, another one once it is changed."""
    return digest(
        entry.practitioner_id,
        entry.weekdays,
        str(entry.time_of_day),
        entry.notice_hours,
        entry.until,
    )


def _put(entry: WaitlistEntry, wish: Wish) -> None:
    if not 0 <= wish.notice_hours <= MOST_NOTICE_HOURS:
        raise WaitlistRefused(_("The notice is 14 days at most."))
    entry.practitioner, entry.until = wish.practitioner, wish.until
    entry.weekdays, entry.time_of_day = sorted(set(wish.weekdays)), wish.time_of_day
    entry.notice_hours = wish.notice_hours


def note_call(*, entry: WaitlistEntry, by: User, at: datetime) -> WaitlistCall:
    """Note that `by` called and nobody answered. Twice within a minute is one call.

    Raises WaitlistRefused.
    """
    with transaction.atomic():
        entry = _open(entry)
        known = entry.calls.filter(by=by, at__gt=at - ONE_CALL).order_by("-at", "-pk").first()
        if known is not None:
            return known
        call = WaitlistCall.objects.create(entry=entry, by=by, at=at)
        _record(audit.Kind.WAITLIST_CALLED, entry, by=by, at=at)
    return call


def undo_call(*, call: WaitlistCall, by: User, at: datetime) -> None:
    """Take the note of a call back. Raises WaitlistRefused once too much time has passed."""
    with transaction.atomic():
        if at - call.at > UNDO_WITHIN:
            raise WaitlistRefused(_("This can no longer be undone."))
        gone, _rows = WaitlistCall.objects.filter(pk=call.pk).delete()
        if gone:
            _record(audit.Kind.WAITLIST_CALL_UNDONE, call.entry, by=by, at=at)


def book_entry(
    *,
    entry: WaitlistEntry,
    practitioner: User,
    room: Room,
    starts_at: datetime,
    key: UUID,
    by: User,
    at: datetime,
) -> WaitlistEntry:
    """Give `entry` the time from `starts_at` (aware) on: it is booked, or moved if it had one.

    The entry ends with it. A `key` that was used before changes nothing. Raises WaitlistRefused if
    the patient waits no more, and what the writer of the calendar raises.
    """
    with transaction.atomic():
        # The calendar is locked first, as Undo does it, so that no two wait for each other.
        change = _give(entry, practitioner, room, starts_at, key=key, by=by, at=at)
        entry = _locked(entry)
        if entry.change_id == change.pk:
            return entry
        if not entry.is_open:
            raise WaitlistRefused(_ended_words(entry))
        given = change.lines.filter(
            appointment__patient=entry.patient_id, appointment__session=entry.session_id
        )
        if not given.exists():
            raise WaitlistRefused(
                _("%(name)s has this time already.") % {"name": entry.patient.full_name}
            )
        entry.ended, entry.ended_at, entry.ended_by = WaitlistEntry.Ended.BOOKED, at, by
        entry.change = change
        entry.save(update_fields=["ended", "ended_at", "ended_by", "change"])
        _record(audit.Kind.WAITLIST_BOOKED, entry, by=by, at=at)
    return entry


def _give(
    entry: WaitlistEntry,
    practitioner: User,
    room: Room,
    starts_at: datetime,
    *,
    key: UUID,
    by: User,
    at: datetime,
) -> ScheduleChange:
    """Let the one writer of the calendar book or move what `entry` waits for."""
    if entry.session is not None:
        wanted = Placement(entry.session, practitioner, room, starts_at)
        return place_sessions(placements=[wanted], key=key, by=by, at=at)
    held = visit_held(entry, at)
    if held is not None:
        return move_visit(
            appointment=held,
            practitioner=practitioner,
            room=room,
            starts_at=starts_at,
            key=key,
            by=by,
            at=at,
        )
    assert entry.minutes is not None  # only sessions have no length of their own
    return book_visit(
        kind=entry.kind,
        patient=entry.patient,
        practitioner=practitioner,
        room=room,
        starts_at=starts_at,
        minutes=entry.minutes,
        key=key,
        by=by,
        at=at,
    )


def visit_held(entry: WaitlistEntry, at: datetime) -> Appointment | None:
    """Return the next booked visit of the patient that is of the kind `entry` waits for."""
    return (
        Appointment.objects.filter(
            patient=entry.patient_id, kind=entry.kind, status="BOOKED", starts_at__gt=at
        )
        .in_order()
        .first()
    )


def withdraw_entry(*, entry: WaitlistEntry, by: User, at: datetime) -> WaitlistEntry:
    """Take the patient off the list. Raises WaitlistRefused."""
    with transaction.atomic():
        entry = _open(entry)
        entry.ended, entry.ended_at, entry.ended_by = WaitlistEntry.Ended.WITHDRAWN, at, by
        entry.save(update_fields=["ended", "ended_at", "ended_by"])
        _record(audit.Kind.WAITLIST_WITHDRAWN, entry, by=by, at=at)
    return entry


def return_entry(*, entry: WaitlistEntry, by: User, at: datetime) -> WaitlistEntry:
    """Put a patient back who was taken off a moment ago. Raises WaitlistRefused."""
    with transaction.atomic():
        entry = _locked(entry)
        if entry.is_open:
            return entry
        is_new = entry.ended_at is not None and at - entry.ended_at <= UNDO_WITHIN
        if entry.ended != WaitlistEntry.Ended.WITHDRAWN or not is_new:
            raise WaitlistRefused(_("This can no longer be undone."))
        _refuse_twice(entry)
        _reopen(entry)
        _record(audit.Kind.WAITLIST_RETURNED, entry, by=by, at=at)
    return entry


def return_booked(*, change: ScheduleChange, by: User, at: datetime) -> None:
    """Put back on the list whom `change`, which is being undone, had booked from it.

    Whoever was added again meanwhile waits already. Runs inside the transaction of the Undo.
    """
    for entry in change.waitlist_entries.select_for_update(no_key=True, of=("self",)):
        if not _waiting_for_the_same(entry).exists():
            _reopen(entry)
            _record(audit.Kind.WAITLIST_RETURNED, entry, by=by, at=at)


def end_impossible(at: datetime) -> int:
    """End what can no longer be given at `at` (aware); return how many entries that were.

    The session has begun or is over, its course has ended, or the last wished day has passed.
    """
    gone = Q(session__isnull=False) & ~Q(session__status__in=["PLANNED", "BOOKED"])
    gone |= Q(session__course__status__in=_ENDED_COURSE)
    number = 0
    for site in Site.objects.all():
        passed = Q(until__lt=at.astimezone(site.zone).date())
        ended = WaitlistEntry.objects.open().filter(gone | passed, site=site)
        number += WaitlistEntry.objects.filter(
            pk__in=list(ended.values_list("pk", flat=True))
        ).update(ended=WaitlistEntry.Ended.NOT_POSSIBLE, ended_at=at)
    return number


def _reopen(entry: WaitlistEntry) -> None:
    entry.ended, entry.ended_at, entry.ended_by, entry.change = "", None, None, None
    entry.save(update_fields=["ended", "ended_at", "ended_by", "change"])


def _locked(entry: WaitlistEntry) -> WaitlistEntry:
    """Lock the patient, then `entry`, as every act does; return it fresh."""
    lock_resources(practitioners=[], rooms=[], patients=[entry.patient_id])
    rows = WaitlistEntry.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("patient", "session").get(pk=entry.pk)


def _open(entry: WaitlistEntry) -> WaitlistEntry:
    """Lock `entry` and return it fresh. Raises WaitlistRefused if the patient waits no more."""
    entry = _locked(entry)
    if not entry.is_open:
        raise WaitlistRefused(_ended_words(entry))
    return entry


def _ended_words(entry: WaitlistEntry) -> str:
    return _("%(name)s is not on the waiting list any more: %(ended)s.") % {
        "name": entry.patient.full_name,
        "ended": entry.get_ended_display().lower(),
    }


def _refuse_twice(entry: WaitlistEntry) -> None:
    """Refuse `entry` if its patient waits for the same already. The patient is locked."""
    if _waiting_for_the_same(entry).exists():
        raise WaitlistRefused(_("This is on the waiting list already. Change the entry there."))


def _waiting_for_the_same(entry: WaitlistEntry) -> QuerySet[WaitlistEntry]:
    open_ones = WaitlistEntry.objects.open()
    return open_ones.filter(patient=entry.patient_id, kind=entry.kind, session=entry.session_id)


def _record(kind: audit.Kind, entry: WaitlistEntry, *, by: User, at: datetime) -> None:
    audit.record(kind=kind, by=by, at=at, target=entry, patient_id=entry.patient_id)
