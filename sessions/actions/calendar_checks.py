"""What the calendar says to a place, whatever it is for: hours, closures, rooms, other appointments.

Everything is locked before it is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Protocol

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from clinic.models import Closure, Room, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.actions.placements import BookingRefused
from sessions.domain.booking import WALK_IN, Hold
from sessions.domain.free_time import GRID, Span, fits
from sessions.models import Appointment, TreatmentSession
from sessions.models.appointments import LONGEST_HOLD
from sessions.selectors.free import RoomUse, read_rooms, working_hours
from treatments.models import Indication


class Spot(Protocol):
    """A place that somebody wants in the calendar: for a session, a consultation or a review.

    `practitioner` and `room` (with its site) are fresh. `session` and `indication` are None unless it
    is a session; `appointment` is the one that would move there.
    """

    @property
    def kind(self) -> str: ...
    @property
    def practitioner(self) -> User: ...
    @property
    def room(self) -> Room: ...
    @property
    def patient(self) -> Patient: ...
    @property
    def hold(self) -> Hold: ...
    @property
    def on(self) -> date: ...
    @property
    def stays(self) -> bool: ...
    @property
    def session(self) -> TreatmentSession | None: ...
    @property
    def appointment(self) -> Appointment | None: ...
    @property
    def indication(self) -> Indication | None: ...


class NotFree(Exception):
    """`place`, one of `places`, is taken; None if the database said so, which does not name it."""

    def __init__(self, place: Spot | None, places: Sequence[Spot]) -> None:
        super().__init__()
        self.place, self.places = place, places


@dataclass(frozen=True, slots=True)
class _Opening:
    """When the sites of an act are open, who works there when, and what their rooms are set up for.

    `rooms` are those in use, by primary key.
    """

    closures: tuple[Closure, ...]
    working: dict[tuple[int, int], tuple[Span, ...]]
    rooms: dict[int, RoomUse]

    def closure(self, place: Spot) -> Closure | None:
        """Return the closure that holds the day of `place`."""
        return next(
            (
                shut
                for shut in self.closures
                if shut.site_id == place.room.site_id and shut.starts_on <= place.on <= shut.ends_on
            ),
            None,
        )

    def works(self, place: Spot) -> bool:
        """Whether the practitioner works there for all of the time that is held."""
        hours = self.working[place.room.site_id, place.practitioner.pk]
        return fits(hours, Span(place.hold.held_from, place.hold.held_until))

    def suits(self, place: Spot) -> bool:
        """Whether the room is in use and suits the indication. What is no session suits every room."""
        use = self.rooms.get(place.room.pk)
        return use is not None and use.suits(place.indication)


def check_calendar(places: Sequence[Spot], at: datetime, *, is_alone: bool) -> None:
    """Check hours, closures, rooms, and that `places` do not meet each other.

    With `is_alone` they are the whole act, and nobody has to be told which one it is about. Raises
    BookingRefused.
    """
    opening = _read_opening(places)
    for place in places:
        if problem := _problem(place, opening, at):
            raise BookingRefused(
                problem if is_alone else with_number(place, problem), session=place.session
            )
    for one, other in combinations(places, 2):
        if one.hold.collides(other.hold):
            words = _("Two sessions of this plan would meet then. Choose another time.")
            raise BookingRefused(with_number(other, words), session=other.session)


def with_number(place: Spot, problem: str) -> str:
    """Say which session of several `problem` is about."""
    assert place.session is not None  # only sessions are placed several at once
    return _("Session %(number)s: %(problem)s") % {
        "number": place.session.number,
        "problem": problem,
    }


def _problem(place: Spot, opening: _Opening, at: datetime) -> str:
    """Return what speaks against `place`, as far as it is not about other appointments."""
    starts_at, name = place.hold.starts_at, place.practitioner.display_name
    if starts_at < at - WALK_IN:
        return _("This time has passed. Choose a later one.")
    if starts_at.timestamp() % GRID.total_seconds():
        return _("Times are on the 5 minutes, like 10:05.")
    if not place.practitioner.is_practitioner:
        return _("%(name)s gives no sessions any more. Choose somebody else.") % {"name": name}
    if closure := opening.closure(place):
        return _("%(site)s is closed on that day: %(reason)s. Choose another day.") % {
            "site": place.room.site,
            "reason": closure.reason,
        }
    if not opening.works(place):
        return _("%(name)s does not work then. Choose another time.") % {"name": name}
    if not opening.suits(place):
        return _("%(room)s is not set up for this. Choose another room.") % {"room": place.room}
    return ""


def _read_opening(places: Sequence[Spot]) -> _Opening:
    """Read what `places` need, with the same number of queries for any number at one site."""
    days = [place.on for place in places]
    sites = {place.room.site_id: place.room.site for place in places}
    return _Opening(
        closures=tuple(Closure.objects.filter(site__in=sites).touching(min(days), max(days))),
        working=_working(sites.values(), places),
        rooms={
            use.room.pk: use for uses in read_rooms(list(sites.values())).values() for use in uses
        },
    )


def _working(
    sites: Iterable[Site], places: Sequence[Spot]
) -> dict[tuple[int, int], tuple[Span, ...]]:
    # Hours end before midnight, so no place that fits them takes time from a second day.
    days: dict[int, set[date]] = defaultdict(set)
    people: dict[int, set[int]] = defaultdict(set)
    for place in places:
        days[place.room.site_id].add(place.on)
        people[place.room.site_id].add(place.practitioner.pk)
    return {
        (site.pk, person): spans
        for site in sites
        for person, spans in working_hours(
            site, sorted(people[site.pk]), sorted(days[site.pk])
        ).items()
    }


def first_not_free(places: Sequence[Spot]) -> Spot | None:
    """Return the first of `places` that meets an appointment which does not move with them."""
    rivals = _rivals(places)
    return next(
        (place for place in places if any(place.hold.collides(rival) for rival in rivals)), None
    )


def _rivals(places: Sequence[Spot]) -> list[Hold]:
    """Return what others hold at the times of `places` (one query)."""
    moving = [place.appointment.pk for place in places if place.appointment]
    meeting = Appointment.objects.filter(_meeting([place.hold for place in places]))
    held = meeting.live().exclude(pk__in=moving)
    names = ("practitioner", "room", "patient", "starts_at", "ends_at", "held_from", "held_until")
    return [Hold(**row) for row in held.values(*names)]


def _meeting(holds: Sequence[Hold]) -> RawSQL:
    """Return the SQL that is true of an appointment which meets one of `holds`.

    As lookups it would take longer to build than all else that a course of 15 sessions asks. Each
    condition names its resource and a short stretch of time, so that an index answers it however
    long the history is.
    """
    meets = "({who} = %s AND {starts} > %s AND {starts} < %s AND {ends} > %s)"
    held, seen = ("held_from", "held_until"), ("starts_at", "ends_at")
    clauses: list[str] = []
    parameters: list[object] = []
    for hold in holds:
        for who, (starts, ends) in (("practitioner", held), ("room", held), ("patient", seen)):
            begins, is_over = getattr(hold, starts), getattr(hold, ends)
            clauses.append(meets.format(who=f"{who}_id", starts=starts, ends=ends))
            moments = (begins - LONGEST_HOLD, is_over, begins)
            parameters += [
                getattr(hold, who),
                *map(connection.ops.adapt_datetimefield_value, moments),
            ]
    return RawSQL(" OR ".join(clauses), parameters, output_field=BooleanField())
