"""The rules of a booking, checked over all places of an act once everything is locked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import combinations, groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.models import Closure, Room, Site
from meso_clinic.core.models import User
from meso_clinic.core.roles import Right
from sessions.actions.chain import explained_late
from sessions.actions.placements import (
    BookingRefused,
    LateReason,
    LateReasonMissing,
    LeavesLate,
    Placement,
    hold_of,
)
from sessions.domain.booking import Finding, Hold, Rule, Verdict, judge_all
from sessions.domain.free_time import GRID, Span, fits
from sessions.models import Appointment
from sessions.selectors.chain import ChainRow, CourseChain
from sessions.selectors.free import working_hours
from sessions.words import judgement_words

# A patient who stands at the desk may be given the time that began a moment ago.
WALK_IN = timedelta(minutes=15)
# Appointments with their buffers are far shorter. It lets the database use its index by time.
_REACH = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """A placement with what the rules read of it. `room` is fresh, with its site."""

    wanted: Placement
    room: Room
    chain: CourseChain
    row: ChainRow

    @property
    def number(self) -> int:
        """Which session of its course it is."""
        return self.row.session.number

    @cached_property
    def on(self) -> date:
        """The day, at the room's site."""
        return self.wanted.starts_at.astimezone(self.room.site.zone).date()

    @cached_property
    def hold(self) -> Hold:
        """What it takes from the calendar, in UTC."""
        return hold_of(
            self.chain.course,
            practitioner=self.wanted.practitioner.pk,
            room=self.room.pk,
            starts_at=self.wanted.starts_at,
        )

    @cached_property
    def stays(self) -> bool:
        """Whether the session has this very place already."""
        held = self.row.appointment
        return held is not None and (
            (held.starts_at, held.practitioner_id, held.room_id)
            == (self.wanted.starts_at, self.wanted.practitioner.pk, self.room.pk)
        )


@dataclass(frozen=True, slots=True)
class Lateness:
    """A place after its window, and the reason that is to be kept for it."""

    place: Place
    days: int
    reason: LateReason


class NotFree(Exception):
    """`place`, one of `places`, is taken: found before the database had to say so, or said by it."""

    def __init__(self, place: Place, places: Sequence[Place]) -> None:
        super().__init__(place.number)
        self.place, self.places = place, places


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
        _check_calendar(moving, at, is_alone=len(places) == 1)
        # The constraints of the database would say so as well. But an error of SQLite leaves its
        # statement to be collected by whichever thread comes along, which then waits for ours.
        if lost := first_not_free(moving):
            raise NotFree(lost, places)
    return late


# The chain


def _check_chain(places: list[Place], by: User) -> list[Lateness]:
    """Check the places of one course."""
    chain = places[0].chain
    if not chain.course.is_active:
        raise BookingRefused(
            _("This course is %(status)s, so its sessions cannot be booked.")
            % {"status": chain.course.get_status_display().lower()},
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
        explained=explained_late(chain),
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
    if reason is None and place.stays and found.judgement.days <= place.row.session.excused_days:
        return None
    words = judgement_words(found.judgement, number=place.number, window=found.window)
    if reason is None or not reason.is_complete:
        raise LateReasonMissing(words, session=place.row.session)
    if not by.has_right(Right.BOOK_LATE):
        raise BookingRefused(words, session=place.row.session)
    return reason


# The calendar


@dataclass(frozen=True, slots=True)
class _Opening:
    """When the sites of an act are open, and who gives sessions when."""

    closures: tuple[Closure, ...]
    practitioners: frozenset[int]
    working: dict[tuple[int, int], tuple[Span, ...]]

    def closure(self, place: Place) -> Closure | None:
        """Return the closure that holds the day of `place`."""
        return next(
            (
                shut
                for shut in self.closures
                if shut.site_id == place.room.site_id and shut.starts_on <= place.on <= shut.ends_on
            ),
            None,
        )

    def works(self, place: Place) -> bool:
        """Whether the practitioner works there for all of the time that is held."""
        hours = self.working[place.room.site_id, place.wanted.practitioner.pk]
        return fits(hours, Span(place.hold.held_from, place.hold.held_until))


def _check_calendar(places: Sequence[Place], at: datetime, *, is_alone: bool) -> None:
    opening = _read_opening(places)
    for place in places:
        if problem := _problem(place, opening, at):
            raise BookingRefused(
                problem if is_alone else with_number(place, problem), session=place.row.session
            )
    for one, other in combinations(places, 2):
        if one.hold.collides(other.hold):
            words = _("Two sessions of this plan would meet then. Choose another time.")
            raise BookingRefused(with_number(other, words), session=other.row.session)


def with_number(place: Place, problem: str) -> str:
    """Say which session of several `problem` is about."""
    return _("Session %(number)s: %(problem)s") % {"number": place.number, "problem": problem}


def _problem(place: Place, opening: _Opening, at: datetime) -> str:
    """Return what speaks against `place`, as far as it is not about other appointments."""
    wanted, name = place.wanted, place.wanted.practitioner.display_name
    if wanted.starts_at < at - WALK_IN:
        return _("This time has passed. Choose a later one.")
    if wanted.starts_at.timestamp() % GRID.total_seconds():
        return _("Times are on the 5 minutes, like 10:05.")
    if wanted.practitioner.pk not in opening.practitioners:
        return _("%(name)s gives no sessions any more. Choose somebody else.") % {"name": name}
    if closure := opening.closure(place):
        return _("%(site)s is closed on that day: %(reason)s. Choose another day.") % {
            "site": place.room.site,
            "reason": closure.reason,
        }
    if not opening.works(place):
        return _("%(name)s does not work then. Choose another time.") % {"name": name}
    if not _suits(place):
        return _("%(room)s is not set up for this. Choose another room.") % {"room": place.room}
    return ""


def _suits(place: Place) -> bool:
    """Whether the room is in use and set up for the indication; set up for nothing, it suits all."""
    suits = {indication.pk for indication in place.room.indications.all()}
    return place.room.is_active and (not suits or place.chain.course.indication_id in suits)


def _read_opening(places: Sequence[Place]) -> _Opening:
    """Read what `places` need, with the same number of queries for any number at one site."""
    days = [place.on for place in places]
    sites = {place.room.site_id: place.room.site for place in places}
    people = {place.wanted.practitioner.pk for place in places}
    return _Opening(
        closures=tuple(Closure.objects.filter(site__in=sites).touching(min(days), max(days))),
        practitioners=frozenset(
            User.objects.practitioners().filter(pk__in=people).values_list("pk", flat=True)
        ),
        working=_working(sites.values(), places),
    )


def _working(
    sites: Iterable[Site], places: Sequence[Place]
) -> dict[tuple[int, int], tuple[Span, ...]]:
    days: dict[int, set[date]] = defaultdict(set)
    people: dict[int, set[int]] = defaultdict(set)
    for place in places:
        days[place.room.site_id].add(place.on)
        people[place.room.site_id].add(place.wanted.practitioner.pk)
    return {
        (site.pk, person): spans
        for site in sites
        for person, spans in working_hours(
            site, sorted(people[site.pk]), sorted(days[site.pk])
        ).items()
    }


def first_not_free(places: Sequence[Place]) -> Place | None:
    """Return the first of `places` that meets an appointment which does not move with them."""
    rivals = _rivals(places)
    return next(
        (place for place in places if any(place.hold.collides(rival) for rival in rivals)), None
    )


def _rivals(places: Sequence[Place]) -> list[Hold]:
    """Return what others hold around the times of `places` (one query).

    Each condition names its resource and a short stretch of time, so that an index answers it
    however long the history is.
    """
    near = Q(*(_near(place.hold) for place in places), _connector=Q.OR)
    moving = [place.row.appointment.pk for place in places if place.row.appointment]
    held = Appointment.objects.filter(near).live().exclude(pk__in=moving)
    names = ("practitioner", "room", "patient", "starts_at", "ends_at", "held_from", "held_until")
    return [Hold(**row) for row in held.values(*names)]


def _near(hold: Hold) -> Q:
    begun = Q(held_from__gt=hold.held_from - _REACH, held_from__lt=hold.held_until)
    there = Q(starts_at__gt=hold.starts_at - _REACH, starts_at__lt=hold.ends_at)
    return (
        Q(begun, practitioner=hold.practitioner)
        | Q(begun, room=hold.room)
        | Q(there, patient=hold.patient)
    )
