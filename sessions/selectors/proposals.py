"""A whole course proposed at once, and the rest of a course planned again.

A proposal gives every open session a time that is really free, each inside its window, or says
which session is the first that none can be found for. It writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from clinic.models import Room, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.openings import Need, Openings, fewest_changes
from sessions.domain.planner import (
    ANY_NUMBER_OF_DAYS,
    Placeable,
    Spread,
    best_chains,
    cost_of,
    reach,
)
from sessions.domain.windows import Cadence, Link, Step, chain
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.chain import CourseChain
from sessions.selectors.free import Taken, read_openings, suitable_rooms
from treatments.models import Indication, Protocol, TreatmentCourse

# A first session has no window: it is looked for on this many days from the wished one.
FIRST_DAYS = 14

TimeOfDay = Patient.TimeOfDay

# What the words mean, in hours of the site's wall clock.
HOURS: dict[str, tuple[int, int]] = {
    TimeOfDay.ANY: (0, 24),
    TimeOfDay.MORNING: (0, 12),
    TimeOfDay.AFTERNOON: (12, 17),
    TimeOfDay.EVENING: (17, 24),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A time with a practitioner in a room. `room` brings its site."""

    starts_at: datetime
    practitioner: User
    room: Room

    @property
    def value(self) -> str:
        """What a form sends back: start, practitioner and room."""
        start = self.starts_at.astimezone(UTC)
        return f"{start:%Y-%m-%dT%H:%MZ}/{self.practitioner.pk}/{self.room.pk}"

    @property
    def on(self) -> date:
        """The day, at the room's site."""
        return self.starts_at.astimezone(self.room.site.zone).date()

    @property
    def local(self) -> datetime:
        """The start on the site's wall clock."""
        return self.starts_at.astimezone(self.room.site.zone)


@dataclass(frozen=True, slots=True)
class OutlineSession:
    """What stands of one session before anything is proposed."""

    number: int
    session: TreatmentSession | None = None
    delivered_on: date | None = None
    is_skipped: bool = False
    appointment: Appointment | None = None
    is_movable: bool = True
    # How many days after its window it stands, and how many the reasons on record allow.
    days_late: int = 0
    excused_days: int = 0

    @property
    def place(self) -> Place | None:
        """The place it is booked at."""
        held = self.appointment
        return Place(held.starts_at, held.practitioner, held.room) if held else None

    @property
    def is_over(self) -> bool:
        """Whether it needs no place any more."""
        return self.delivered_on is not None or self.is_skipped


@dataclass(frozen=True, slots=True)
class Outline:
    """A course as the planner sees it: a new one, or one that runs."""

    patient: Patient
    indication: Indication
    site: Site
    practitioner: User
    cadence: Cadence
    need: Need
    first_on: date
    sessions: tuple[OutlineSession, ...]
    course: TreatmentCourse | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What patient and desk would like. `practitioner` None: anybody, the same for the course.

    With `only` nothing else will do: other weekdays and times of day are not looked at.
    """

    practitioner: User | None
    weekdays: frozenset[int] = frozenset()
    time_of_day: str = TimeOfDay.ANY
    spread: Spread = Spread.AS_DUE
    only: bool = False

    @property
    def hours(self) -> tuple[int, int]:
        """The wished hours of the wall clock, from and to."""
        return HOURS[self.time_of_day]


@dataclass(frozen=True, slots=True)
class Latitude:
    """What a search may do beyond the wishes and the windows."""

    practitioners: bool = False
    sites: tuple[Site, ...] = ()
    late_days: int = 0
    first_days: int = FIRST_DAYS


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """One session with the time proposed for it; `was` is the time it has."""

    number: int
    link: Link
    place: Place | None
    was: Place | None
    outline: OutlineSession
    is_pinned: bool = False

    @property
    def was_over(self) -> bool:
        """Whether it was delivered or skipped before."""
        return self.outline.is_over

    @property
    def is_changed(self) -> bool:
        """Whether booking would write something for it."""
        return self.place is not None and self.place != self.was

    @property
    def days_late(self) -> int:
        """How many days after its window it would be."""
        return self.link.window.days_late(self.link.on) if self.place else 0

    @property
    def needs_reason(self) -> bool:
        """Whether a clinician has to say why it is late."""
        return self.days_late > (0 if self.is_changed else self.outline.excused_days)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row for each session. `stuck_at` is the first one that no time can be found for."""

    outline: Outline
    wishes: Wishes
    practitioner: User
    rows: tuple[ProposedRow, ...]
    stuck_at: int | None = None
    cost: int = 0

    @property
    def links(self) -> list[Link]:
        """The windows, in order."""
        return [row.link for row in self.rows]

    @property
    def to_book(self) -> list[ProposedRow]:
        """The rows that booking would write."""
        return [row for row in self.rows if row.is_changed]

    @property
    def ready_count(self) -> int:
        """How many sessions have a time or are over."""
        return sum(row.place is not None or row.was_over for row in self.rows)

    @property
    def needs_reason(self) -> bool:
        """Whether a clinician has to give a reason."""
        return any(row.needs_reason for row in self.rows)

    def row(self, number: int) -> ProposedRow:
        """Return the row of session `number`."""
        return next(row for row in self.rows if row.number == number)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for.

    `pins` are places that stay, by session number. Booked sessions stay as well, except those from
    `move_from` on: they move if they must, as few and as little as possible. `held` are places
    that are not booked but treated like that.
    """

    outline: Outline
    wishes: Wishes
    now: datetime
    pins: Mapping[int, Place] = field(default_factory=dict)
    held: Mapping[int, Place] = field(default_factory=dict)
    move_from: int | None = None
    latitude: Latitude = field(default_factory=Latitude)
    # What is promised to others but not written yet.
    taken: Sequence[Taken] = ()

    @property
    def today(self) -> date:
        """Today at the course's site."""
        return self.now.astimezone(self.outline.site.zone).date()

    def is_moving(self, session: OutlineSession) -> bool:
        """Whether the booked `session` may be given another time."""
        return (
            self.move_from is not None
            and session.number >= self.move_from
            and session.is_movable
            and session.number not in self.pins
        )

    def is_leaving(self, session: OutlineSession) -> bool:
        """Whether the place of the booked `session` may become free."""
        pinned = self.pins.get(session.number)
        return self.is_moving(session) or (pinned is not None and pinned != session.place)


def outline_of_course(chain: CourseChain) -> Outline:
    """Return what stands of a course that is planned already."""
    course = chain.course
    return Outline(
        patient=course.patient,
        indication=course.indication,
        site=course.site,
        practitioner=course.practitioner,
        cadence=chain.cadence,
        need=need_of(course),
        first_on=course.first_on,
        sessions=tuple(
            OutlineSession(
                number=row.session.number,
                session=row.session,
                delivered_on=row.session.delivered_on,
                is_skipped=row.link.step.is_skipped,
                appointment=row.appointment if row.session.is_open else None,
                is_movable=row.appointment is None or row.is_movable,
                days_late=late,
                excused_days=row.session.excused_days,
            )
            for row, late in zip(chain.rows, _days_late(chain), strict=True)
        ),
        course=course,
    )


def _days_late(chain: CourseChain) -> list[int]:
    """Return how late each session stands, counted from a day that really opened its window."""
    found, is_open = [], True
    for row in chain.rows:
        found.append(row.link.window.days_late(row.link.on) if is_open else 0)
        if not row.link.step.is_skipped:
            is_open = row.link.step.fixed_on is not None
    return found


def need_of(numbers: TreatmentCourse | Protocol) -> Need:
    """Return how long a session takes, from a course or a protocol."""
    return Need(
        minutes=numbers.session_minutes,
        before=numbers.buffer_before_minutes,
        after=numbers.buffer_after_minutes,
    )


def openings_for(
    ask: Ask,
    site: Site,
    people: Iterable[int],
    *,
    first: date,
    last: date,
    besides: Sequence[int] = (),
) -> tuple[Openings, dict[int, Room]]:
    """Read where sessions of `ask` may begin at `site` with `people` (primary keys), and the rooms.

    The places of sessions that may move count as free, and those of the sessions in `besides`.
    """
    rooms = {room.pk: room for room in suitable_rooms(site, ask.outline.indication)}
    for room in rooms.values():
        room.site = site
    leaving = [
        session.appointment
        for session in ask.outline.sessions
        if session.appointment and (ask.is_leaving(session) or session.number in besides)
    ]
    openings = read_openings(
        site=site,
        practitioners=people,
        rooms=list(rooms.values()),
        patient=ask.outline.patient,
        need=ask.outline.need,
        first=first,
        last=last,
        now=ask.now,
        ignoring=leaving,
        taken=ask.taken,
    )
    return openings, rooms


def propose(ask: Ask) -> Proposal:
    """Return the best proposal for `ask`.

    With a wished practitioner all sessions that have no time yet are theirs; with anybody, all are
    one person's, whoever has the best chain. Takes at most 8 queries, whatever the number of
    sessions, when the weeks of bits are ready.
    """
    search = _Search(ask)
    found = [search.run(person) for person in search.wished]
    complete = [proposal for proposal in found if proposal.stuck_at is None]
    if complete:
        return min(complete, key=lambda proposal: proposal.cost)
    return max(found, key=lambda proposal: (proposal.stuck_at or 0, -proposal.cost))


@dataclass(frozen=True, slots=True)
class _Offer:
    """The best time of a day."""

    cost: int
    starts_at: datetime
    practitioner: int
    site: int


class _Search:
    """One reading of the calendars, and the searches made on it."""

    def __init__(self, ask: Ask) -> None:
        self.ask, self.outline = ask, ask.outline
        self.open = [session for session in self.outline.sessions if not session.is_over]
        self.stands = self._stands()
        self.bounds = dict(zip((one.number for one in self.open), self._reach(), strict=True))
        self.people = self._people()
        self.wished = [
            person for person in self.people.values() if ask.wishes.practitioner in (None, person)
        ] or [self.outline.practitioner]
        self.sites = {site.pk: site for site in (self.outline.site, *ask.latitude.sites)}
        self.rooms: dict[int, Room] = {}
        self.openings = {site.pk: self._openings(site) for site in self.sites.values()}
        self._fresh: dict[int, dict[int, _Offer]] = {}

    def _stands(self) -> dict[int, Place]:
        """Return the places that stay whatever happens."""
        booked = {
            session.number: session.place
            for session in self.open
            if session.place is not None and not self.ask.is_moving(session)
        }
        return booked | dict(self.ask.pins)

    def _held(self) -> dict[int, Place]:
        """Return the places that stay if they can."""
        moving = {
            session.number: session.place
            for session in self.open
            if session.place is not None and session.number not in self.stands
        }
        held = {n: place for n, place in self.ask.held.items() if n not in self.stands}
        return moving | held

    @property
    def previous_on(self) -> date | None:
        """The day of the last session that was delivered before the open ones."""
        first_open = self.open[0].number if self.open else 0
        delivered = [
            session.delivered_on
            for session in self.outline.sessions
            if session.delivered_on and session.number < first_open
        ]
        return delivered[-1] if delivered else None

    def _reach(self) -> list[tuple[int, int]]:
        first = max(self.outline.first_on, self.ask.today)
        return reach(
            self.outline.cadence,
            [session.number for session in self.open],
            previous_on=self.previous_on,
            first=(first, first + timedelta(days=self.ask.latitude.first_days - 1)),
            fixed={number: place.on for number, place in self.stands.items()},
            excused={one.number: one.place.on for one in self.open if one.place},
            late_days=self.ask.latitude.late_days,
        )

    def _people(self) -> dict[int, User]:
        """Return everybody whose calendar is read."""
        ask = self.ask
        everybody = {person.pk: person for person in User.objects.practitioners()}
        if ask.latitude.practitioners or ask.wishes.practitioner is None:
            return everybody
        named = [ask.wishes.practitioner, *(place.practitioner for place in self._held().values())]
        return {person.pk: person for person in named if person.pk in everybody}

    def _openings(self, site: Site) -> Openings:
        today = self.ask.today.toordinal()
        ends = max((high for _low, high in self.bounds.values()), default=today)
        begins = min((low for low, _high in self.bounds.values()), default=today)
        openings, rooms = openings_for(
            self.ask,
            site,
            self.people,
            first=date.fromordinal(max(min(begins, ends), today)),
            last=date.fromordinal(max(ends, today)),
        )
        self.rooms |= rooms
        return openings

    def run(self, practitioner: User) -> Proposal:
        """Search with `practitioner` for the sessions that have no time."""
        offers = {session.number: self._offers(session, practitioner) for session in self.open}
        outcome = best_chains(
            self.outline.cadence,
            [
                Placeable(
                    number=session.number,
                    costs={day: offer.cost for day, offer in offers[session.number].items()},
                    excused=self._excused(session),
                    excused_days=self._excused_days(session),
                    late_days=self._late_days(session),
                )
                for session in self.open
            ],
            previous_on=self.previous_on,
            first_on=max(self.outline.first_on, self.ask.today),
            spread=self.ask.wishes.spread,
        )
        best = outcome.best or outcome.prefix
        chosen = {
            session.number: offers[session.number][day.toordinal()]
            for session, day in zip(self.open, best.days, strict=False)
        }
        return Proposal(
            outline=self.outline,
            wishes=self.ask.wishes,
            practitioner=practitioner,
            rows=self._rows(chosen),
            stuck_at=outcome.stuck_at,
            cost=best.cost,
        )

    def _excused(self, session: OutlineSession) -> frozenset[int]:
        """Return the days on which it may be late: where it stands, or with a reason on record."""
        place = self.stands.get(session.number)
        if place is None:
            place = session.place
        return frozenset({place.on.toordinal()} if place else ())

    def _excused_days(self, session: OutlineSession) -> int:
        """Return how late that may be for nothing: as it is now, or by the reasons on record."""
        place = self.stands.get(session.number)
        if place is None:
            return session.excused_days
        return max(session.days_late, session.excused_days) if place == session.place else 0

    def _late_days(self, session: OutlineSession) -> int:
        """Return how late any of its days may be: what is pinned may, but not for nothing."""
        if session.number in self.ask.pins:
            return ANY_NUMBER_OF_DAYS
        return 0 if session.number in self.stands else self.ask.latitude.late_days

    def _offers(self, session: OutlineSession, practitioner: User) -> dict[int, _Offer]:
        """Return the best offer of each day that `session` can come to, by ordinal."""
        if place := self.stands.get(session.number):
            day = place.on.toordinal()
            return {day: _Offer(0, place.starts_at, place.practitioner.pk, place.room.site_id)}
        low, high = self.bounds[session.number]
        if held := self._held().get(session.number):
            days = [date.fromordinal(day) for day in range(low, high + 1)]
            return self._held_offers(days, held)
        fresh = self._fresh_offers(practitioner)
        return {day: fresh[day] for day in range(low, high + 1) if day in fresh}

    def _fresh_offers(self, practitioner: User) -> dict[int, _Offer]:
        """Return the best offer of each day for a session that has no time, the same for all."""
        if practitioner.pk not in self._fresh:
            people = self.people if self.ask.latitude.practitioners else [practitioner.pk]
            found: dict[int, _Offer] = {}
            for site in self.openings:
                for person in people:
                    self._add_fresh(found, site, person, practitioner.pk)
            self._fresh[practitioner.pk] = found
        return self._fresh[practitioner.pk]

    def _add_fresh(self, found: dict[int, _Offer], site: int, person: int, wished: int) -> None:
        wishes, openings = self.ask.wishes, self.openings[site]
        elsewhere = cost_of(
            other_practitioner=person != wished, other_site=site != self.outline.site.pk
        )
        off_day = cost_of(off_weekday=1)
        off_step, into_day = cost_of(steps_off_time=1), cost_of(steps_into_day=1)
        for day in self._days_to_look_at(openings):
            is_off_day = bool(wishes.weekdays) and day.weekday() not in wishes.weekdays
            if wishes.only and is_off_day:
                continue
            near = openings.nearest(person, day, openings.wished_steps(day, wishes.hours))
            if near is None or (wishes.only and near[1]):
                continue
            step, off = near
            cost = elsewhere + is_off_day * off_day + off * off_step + step * into_day
            known = found.get(day.toordinal())
            if known is None or cost < known.cost:
                starts_at = openings.moment(day, step)
                found[day.toordinal()] = _Offer(cost, starts_at, person, site)

    def _days_to_look_at(self, openings: Openings) -> list[date]:
        """Return the days that a session without a time can come to."""
        bounds = [
            self.bounds[session.number]
            for session in self.open
            if session.number not in self.stands
        ]
        wanted = {day for low, high in bounds for day in range(low, high + 1)}
        return [day for day in openings.days if day.toordinal() in wanted]

    def _held_offers(self, days: Sequence[date], held: Place) -> dict[int, _Offer]:
        """Return offers for a session that has a place: staying is free, moving is not."""
        found: dict[int, _Offer] = {}
        own, at_site = held.practitioner.pk, held.room.site_id
        people = self.people if self.ask.latitude.practitioners else [own]
        held_on, a_day, a_step = held.on, cost_of(days_moved=1), cost_of(steps_moved=1)
        for site, openings in self.openings.items():
            clock = held.starts_at.astimezone(openings.zone).time()
            known_days = [day for day in days if day in openings.days]
            for person in (person for person in people if person in openings.practitioners):
                moved = cost_of(
                    sessions_moved=1, other_practitioner=person != own, other_site=site != at_site
                )
                for day in known_days:
                    step = openings.step_at(day, clock)
                    near = openings.nearest(person, day, (step, step + 1))
                    if near is None:
                        continue
                    cost = moved + abs((day - held_on).days) * a_day + near[1] * a_step
                    known = found.get(day.toordinal())
                    if known is None or cost < known.cost:
                        starts_at = openings.moment(day, near[0])
                        found[day.toordinal()] = _Offer(cost, starts_at, person, site)
        here = self.openings.get(at_site)
        if here and here.can_stay(own, held.room.pk, held.starts_at):
            found[held_on.toordinal()] = _Offer(0, held.starts_at, own, at_site)
        return found

    def _rows(self, chosen: Mapping[int, _Offer]) -> tuple[ProposedRow, ...]:
        places = self._places(chosen)
        steps = [
            Step(
                number=session.number,
                delivered_on=session.delivered_on,
                booked_on=places[session.number].on if session.number in places else None,
                is_skipped=session.is_skipped,
            )
            for session in self.outline.sessions
        ]
        links = chain(self.outline.cadence, max(self.outline.first_on, self.ask.today), steps)
        return tuple(
            ProposedRow(
                number=session.number,
                link=link,
                place=places.get(session.number),
                was=None if session.is_over else session.place,
                outline=session,
                is_pinned=session.number in self.ask.pins,
            )
            for session, link in zip(self.outline.sessions, links, strict=True)
        )

    def _places(self, chosen: Mapping[int, _Offer]) -> dict[int, Place]:
        """Give each chosen time a room, changing it as seldom as possible."""
        standing = {**self._held(), **self.stands}
        numbers = list(chosen)
        choices = []
        for number, offer in chosen.items():
            place = standing.get(number)
            if place is not None and number in self.stands:
                choices.append([place.room.pk])
                continue
            free = self.openings[offer.site].rooms_at(offer.starts_at)
            stays = (
                place is not None
                and place.room.pk in free
                and (place.starts_at, place.practitioner.pk)
                == (offer.starts_at, offer.practitioner)
            )
            choices.append([place.room.pk] if place is not None and stays else free)
        rooms = self.rooms | {place.room.pk: place.room for place in standing.values()}
        people = self.people | {
            place.practitioner.pk: place.practitioner for place in standing.values()
        }
        return {
            number: Place(
                chosen[number].starts_at, people[chosen[number].practitioner], rooms[room]
            )
            for number, room in zip(numbers, fewest_changes(choices), strict=True)
        }


def with_latitude(ask: Ask, latitude: Latitude) -> Ask:
    """Return `ask` with more room to search."""
    return replace(ask, latitude=latitude)


def sites_besides(site: Site) -> tuple[Site, ...]:
    """Return the clinic's other sites."""
    others: Iterable[Site] = Site.objects.open().exclude(pk=site.pk)
    return tuple(others)
