"""The rules of a booking, checked over all places of an act once everything is locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _

from clinic.models import Room
from meso_clinic.core.models import User
from meso_clinic.core.roles import Right
from patients.models import Patient
from sessions.actions.calendar_checks import NotFree, check_calendar, first_not_free
from sessions.actions.placements import (
    BookingRefused,
    LateReason,
    LateReasonMissing,
    LeavesLate,
    Placement,
    hold_of,
)
from sessions.domain.booking import Finding, Hold, Rule, Verdict, judge_all
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.chain import ChainRow, CourseChain
from sessions.words import judgement_words
from treatments.models import Indication


@dataclass(frozen=True)
class Place:
    """A placement with what the rules read of it. `practitioner` and `room` (with its site) are fresh."""

    wanted: Placement
    practitioner: User
    room: Room
    chain: CourseChain
    row: ChainRow
    kind = Appointment.Kind.SESSION

    @property
    def number(self) -> int:
        """Which session of its course it is."""
        return self.row.session.number

    @property
    def patient(self) -> Patient:
        """Whose course it is."""
        patient: Patient = self.chain.course.patient
        return patient

    @property
    def session(self) -> TreatmentSession:
        """The step of the course."""
        return self.row.session

    @property
    def appointment(self) -> Appointment | None:
        """The place it has, None if it has none."""
        return self.row.appointment

    @property
    def indication(self) -> Indication:
        """What the room has to suit."""
        return self.chain.course.indication

    @cached_property
    def on(self) -> date:
        """The day, at the room's site."""
        return self.wanted.starts_at.astimezone(self.room.site.zone).date()

    @cached_property
    def hold(self) -> Hold:
        """What it takes from the calendar, in UTC."""
        return hold_of(
            self.chain.course,
            practitioner=self.practitioner.pk,
            room=self.room.pk,
            starts_at=self.wanted.starts_at,
        )

    @cached_property
    def stays(self) -> bool:
        """Whether the session has this very place already."""
        held = self.row.appointment
        return held is not None and (
            (held.starts_at, held.practitioner_id, held.room_id)
            == (self.wanted.starts_at, self.practitioner.pk, self.room.pk)
        )


@dataclass(frozen=True, slots=True)
class Lateness:
    """A place after its window, and the reason that is to be kept for it."""

    place: Place
    days: int
    reason: LateReason


def check_places(places: Sequence[Place], *, by: User, at: datetime) -> list[Lateness]:
    """Return which places are late and need their reason kept. `places` are in order of course.

    Raises BookingRefused, LateReasonMissing, LeavesLate or NotFree.
    """
    late = [
        lateness
        for _course, its in groupby(places, key=lambda place: place.chain.course.pk)
        for lateness in _check_chain(list(its), by)
    ]
    moving = [place for place in places if not place.stays]
    if moving:
        check_calendar(moving, at, is_alone=len(places) == 1)
        # The constraints of the database would say so as well. But an error of SQLite leaves its
        # statement to be collected by whichever thread comes along, which then waits for ours.
        if lost := first_not_free(moving):
            raise NotFree(lost, places)
    return late


def _check_chain(places: list[Place], by: User) -> list[Lateness]:
    """Check the places of one course."""
    chain = places[0].chain
    if not chain.course.is_active:
        raise BookingRefused(
            _("This course is %(status)s, so its sessions cannot be booked.")
            % {"status": chain.course.state_words},
            session=places[0].row.session,
        )
    for place in places:
        if place.row.appointment and not place.row.is_movable:
            raise BookingRefused(
                _("Session %(number)s has begun, so it cannot be moved.")
                % {"number": place.number},
                session=place.row.session,
            )
    found = findings(places)
    _refuse(chain, [each for each in found if each.judgement.verdict is Verdict.REFUSED])
    by_number = {place.number: place for place in places}
    return [
        Lateness(by_number[each.number], each.judgement.days, reason)
        for each in found
        if each.judgement.verdict is Verdict.NEEDS_REASON
        and (reason := _reason_to_keep(by_number[each.number], each, by))
    ]


def findings(places: Sequence[Place]) -> list[Finding]:
    """Return what the rules say to `places`, all of one course, taken together."""
    chain = places[0].chain
    return judge_all(
        chain.cadence,
        chain.course.first_on,
        chain.steps,
        {place.number: place.on for place in places},
        explained=chain.explained,
    )


def _refuse(chain: CourseChain, refused: list[Finding]) -> None:
    """Raise for the first of `refused`; one that is only left late comes last."""
    sessions = {row.session.number: row.session for row in chain.rows}
    for found in sorted(refused, key=lambda each: each.judgement.rule is Rule.LEAVES_LATE):
        words = judgement_words(found.judgement, number=found.number, window=found.window)
        session = sessions[found.number]
        if found.judgement.rule is not Rule.LEAVES_LATE:
            raise BookingRefused(words, session=session)
        raise LeavesLate(words, session=session, numbers=tuple(each.number for each in refused))


def _reason_to_keep(place: Place, found: Finding, by: User) -> LateReason | None:
    """Return why `place` is late, None if it is on record. Raises if it needs a reason and has none."""
    reason = place.wanted.late_reason
    if reason is None and place.stays and found.judgement.days <= place.row.excused_days:
        return None
    words = judgement_words(found.judgement, number=place.number, window=found.window)
    if reason is None or not reason.is_complete:
        raise LateReasonMissing(words, session=place.row.session)
    if not by.has_right(Right.BOOK_LATE):
        raise BookingRefused(words, session=place.row.session)
    return reason
