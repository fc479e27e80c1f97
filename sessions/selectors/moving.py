"""Where an appointment may move to, and what a move would change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from meso_clinic.core.models import User
from sessions.domain.booking import Judgement, Verdict, judge_all
from sessions.domain.free_time import GRID
from sessions.domain.gap_ruler import GapRuler, gap_ruler
from sessions.domain.openings import Need, Obstacle
from sessions.domain.windows import Window
from sessions.models import Appointment
from sessions.selectors.asking import Place, need_of
from sessions.selectors.chain import ChainRow, CourseChain, course_chain
from sessions.selectors.offering import Free, Search, search_free
from sessions.selectors.replanning import Replan, replan


@dataclass(frozen=True, slots=True)
class Moving:
    """An appointment that is to move, with its course if it is a session."""

    appointment: Appointment
    chain: CourseChain | None

    @property
    def row(self) -> ChainRow | None:
        """Its step of the course."""
        session = self.appointment.session
        return self.chain.row(session) if self.chain and session else None

    @property
    def window(self) -> Window | None:
        """The days it may be on; None if any."""
        return self.row.link.window if self.row else None

    @property
    def bounds(self) -> tuple[date, date] | None:
        """First and last day of the window; None if it has none."""
        window = self.window
        if window is None or window.earliest is None or window.latest is None:
            return None
        return window.earliest, window.latest

    @property
    def place(self) -> Place:
        """Where it is now."""
        held = self.appointment
        return Place(held.starts_at, held.practitioner, held.room)

    @property
    def need(self) -> Need:
        """How long it takes: as the course has it now, or as long as it is."""
        if self.chain is not None:
            return need_of(self.chain.course)
        held, minute = self.appointment, timedelta(minutes=1)
        return Need(
            minutes=held.minutes,
            before=(held.starts_at - held.held_from) // minute,
            after=(held.held_until - held.ends_at) // minute,
        )

    def free(self, first: date, last: date, now: datetime) -> Free:
        """Read where it may begin from `first` to `last` (6 queries when the weeks are ready)."""
        return search_free(
            Search(
                site=self.appointment.room.site,
                patient=self.appointment.patient,
                need=self.need,
                indication=self.chain.course.indication if self.chain else None,
                first=first,
                last=last,
                now=now,
                ignoring=self.appointment,
            )
        )


def moving(appointment: Appointment) -> Moving:
    """Read the course of `appointment`, which was read with its people (4 queries or none)."""
    session = appointment.session
    return Moving(appointment, course_chain(session.course) if session else None)


@dataclass(frozen=True, slots=True)
class Preview:
    """What moving to `wished` would do. `place` is None if it cannot be done.

    Then `judgement` or `obstacle` say why, and `nearest` is the nearest place that can be had.
    `found` is what else changes in the course.
    """

    moving: Moving
    wished: datetime
    person: User
    place: Place | None = None
    judgement: Judgement | None = None
    obstacle: Obstacle | None = None
    closure: str = ""
    nearest: Place | None = None
    found: Replan | None = None

    @property
    def gap(self) -> GapRuler | None:
        """The gap before the session as it would be, on its window."""
        row, bounds = self.moving.row, self.moving.bounds
        if row is None or bounds is None or row.link.gap_days is None:
            return None
        first, last = bounds
        on = self.wished.astimezone(self.moving.appointment.room.site.zone).date()
        # Days after the session before.
        base = row.link.on - timedelta(days=row.link.gap_days)
        return gap_ruler(
            gap_days=(on - base).days,
            min_days=(first - base).days,
            max_days=(last - base).days,
            state="booked" if self.place else "problem",
        )


def preview(
    move: Moving, wished: datetime, person: User, *, now: datetime, room: int | None = None
) -> Preview:
    """Return what moving to `wished` (aware) with `person` would do, at the site it is at."""
    on = wished.astimezone(move.appointment.room.site.zone).date()
    shown = Preview(move, wished, person)
    judgement = _judged(move, on)
    if judgement is not None:
        bounds = move.bounds
        nearest = None
        if bounds is not None and bounds[1] >= _today(move, now):
            free = move.free(max(bounds[0], _today(move, now)), bounds[1], now)
            nearest = free.nearest(person.pk, wished)
        return _with(shown, judgement=judgement, nearest=nearest)
    free = move.free(*_around(move, on, now), now)
    if on not in free.openings.days or person.pk not in free.people:
        return _with(shown, obstacle=Obstacle.PAST, nearest=free.nearest(person.pk, wished))
    if obstacle := free.obstacle(person.pk, wished):
        return _with(
            shown,
            obstacle=obstacle,
            closure=free.closure(on),
            nearest=free.nearest(person.pk, wished),
        )
    usual = room if room is not None else move.appointment.room_id
    place = free.place(person.pk, wished, room=usual)
    found = None
    if move.chain is not None and move.row is not None:
        found = replan(move.chain, move.row.session.number, now=now, place=place)
    return _with(shown, place=place, found=found)


def _with(shown: Preview, **known: Any) -> Preview:
    return Preview(shown.moving, shown.wished, shown.person, **known)


def _today(move: Moving, now: datetime) -> date:
    return now.astimezone(move.appointment.room.site.zone).date()


def _around(move: Moving, on: date, now: datetime) -> tuple[date, date]:
    """Return the days in which to look for another time: the window, or a week around `on`."""
    today = _today(move, now)
    first, last = move.bounds or (on - timedelta(days=3), on + timedelta(days=7))
    return max(first, today), max(last, today)


def _judged(move: Moving, on: date) -> Judgement | None:
    """Return what the chain says against the day `on`; None if nothing."""
    if move.chain is None or move.row is None:
        return None
    number, chain = move.row.session.number, move.chain
    findings = judge_all(chain.cadence, chain.course.first_on, chain.steps, {number: on})
    own = next(found.judgement for found in findings if found.number == number)
    return None if own.verdict is Verdict.ALLOWED else own


def read_targets(
    move: Moving, *, first: date, last: date, now: datetime, by_room: bool = False
) -> dict[str, Any]:
    """Return for each practitioner the stretches of starts that are allowed from `first` to `last`.

    `by_room` for each room instead, with the practitioner of now. A stretch is its first and its
    last start, on the site's wall clock. `window` are the days it may be on, None if any.
    """
    bounds = move.bounds
    begins, ends = max(first, _today(move, now)), last
    if bounds is not None:
        begins, ends = max(begins, bounds[0]), min(ends, bounds[1])
    free: dict[str, list[tuple[str, str]]] = {}
    if begins <= ends:
        found = move.free(begins, ends, now)
        for column, person, room in _columns(move, found, by_room=by_room):
            if stretches := _stretches(found, person, room):
                free[column] = stretches
    return {
        "window": [f"{day:%Y-%m-%d}" for day in bounds] if bounds else None,
        "free": free,
    }


def _columns(move: Moving, found: Free, *, by_room: bool) -> Iterator[tuple[str, int, int | None]]:
    """Yield each column of the calendar with its practitioner and its room, None for any."""
    if not by_room:
        yield from ((f"p{person}", person, None) for person in found.people)
    elif (person := move.appointment.practitioner_id) in found.people:
        yield from ((f"r{room}", person, room) for room in found.rooms)


def _stretches(free: Free, person: int, room: int | None) -> list[tuple[str, str]]:
    step, zone = GRID * free.openings.every, free.search.site.zone
    found: list[tuple[datetime, datetime]] = []
    for day in free.openings.days:
        for moment in free.openings.moments(person, day, room=room):
            if found and moment - found[-1][1] == step:
                found[-1] = (found[-1][0], moment)
            else:
                found.append((moment, moment))
    return [
        (f"{start.astimezone(zone):%Y-%m-%d %H:%M}", f"{end.astimezone(zone):%Y-%m-%d %H:%M}")
        for start, end in found
    ]
