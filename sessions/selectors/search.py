"""The search for a whole course, or for the rest of one.

A proposal gives every open session a time that is really free, each inside its window, or says
which session is the first that none can be found for. It writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, reduce

from clinic.models import Room, Site
from meso_clinic.core.models import User
from sessions.domain.openings import Openings, fewest_changes
from sessions.domain.planner import ANY_NUMBER_OF_DAYS, Placeable, best_chains, cost_of, reach
from sessions.domain.windows import Step, chain
from sessions.selectors.asking import Ask, OutlineSession, Place
from sessions.selectors.calendars import Stretch
from sessions.selectors.proposals import Proposal, ProposedRow


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
    suitable = ask.calendars.rooms([site], ask.outline.indication)
    leaving = [
        session.appointment
        for session in ask.outline.sessions
        if session.appointment and (ask.is_leaving(session) or session.number in besides)
    ]
    openings = ask.calendars.openings(
        site=site,
        practitioners=people,
        indication=ask.outline.indication,
        patient=ask.outline.patient,
        need=ask.outline.need,
        first=first,
        last=last,
        now=ask.now,
        ignoring=leaving,
        taken=ask.taken,
    )
    return openings, {room.pk: room for room in suitable}


def propose(ask: Ask) -> Proposal:
    """Return the best proposal for `ask`.

    With a wished practitioner all sessions that have no time yet are theirs; with anybody, all are
    one person's, whoever has the best chain. Takes at most 6 queries, whatever the number of
    sessions, when the weeks of bits are ready; none for what the calendars of `ask` know.
    """
    search = _Search(ask)
    found = [search.run(person) for person in search.wished]
    complete = [proposal for proposal in found if proposal.stuck_at is None]
    if complete:
        return min(complete, key=lambda proposal: proposal.cost)
    return max(found, key=lambda proposal: (proposal.stuck_at or 0, -proposal.cost))


def read_ahead(asks: Iterable[Ask], *, around: timedelta = timedelta()) -> None:
    """Read at once what proposals for `asks`, which share their calendars, will look at.

    And the days `around` them. Takes as many queries for many as for one.
    """
    searches = [_Search(ask) for ask in asks]
    if not searches:
        return
    first = searches[0]
    sites = {key: site for search in searches for key, site in search.sites.items()}
    first.calendars.rooms(sites.values(), None)
    wanted = reduce(Stretch.joined, (search.stretch for search in searches))
    first.calendars.read(wanted.with_days(around, not_before=first.ask.today))


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
        self.ask, self.outline, self.calendars = ask, ask.outline, ask.calendars
        self.open = [session for session in self.outline.sessions if not session.is_over]
        self.stands = self._stands()
        self.held = self._held()
        self.bounds = dict(zip((one.number for one in self.open), self._reach(), strict=True))
        self.people = self._people()
        self.wished = [
            person for person in self.people.values() if ask.wishes.practitioner in (None, person)
        ] or [self.outline.practitioner]
        self.sites = {site.pk: site for site in (self.outline.site, *ask.latitude.sites)}
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
        if ask.latitude.practitioners or ask.wishes.practitioner is None:
            return self.calendars.practitioners
        named = [ask.wishes.practitioner, *(place.practitioner for place in self.held.values())]
        return {person.pk: person for person in named if person.is_practitioner}

    @cached_property
    def rooms(self) -> dict[int, Room]:
        """The rooms at all sites that suit the indication, by primary key."""
        rooms = self.calendars.rooms(self.sites.values(), self.outline.indication)
        return {room.pk: room for room in rooms}

    @cached_property
    def stretch(self) -> Stretch:
        """All that the search looks at."""
        today = self.ask.today.toordinal()
        ends = max((high for _low, high in self.bounds.values()), default=today)
        begins = min((low for low, _high in self.bounds.values()), default=today)
        return Stretch(
            first=date.fromordinal(max(min(begins, ends), today)),
            last=date.fromordinal(max(ends, today)),
            sites=self.sites,
            practitioners=frozenset(self.people),
            rooms=frozenset(self.rooms),
            patients=frozenset({self.outline.patient.pk}),
        )

    @cached_property
    def openings(self) -> dict[int, Openings]:
        """Where sessions may begin, by the primary key of the site."""
        self.calendars.read(self.stretch)
        first, last = self.stretch.first, self.stretch.last
        return {
            key: openings_for(self.ask, site, self.people, first=first, last=last)[0]
            for key, site in self.sites.items()
        }

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
        if held := self.held.get(session.number):
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
        if not openings.starts(person):
            return
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
            if session.number not in self.stands and session.number not in self.held
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
        standing = {**self.held, **self.stands}
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
