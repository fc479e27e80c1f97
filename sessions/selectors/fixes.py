"""What to do when a session cannot be placed: why, whole ways out, and other times for a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from clinic.models import Room
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.openings import Obstacle, Openings
from sessions.domain.windows import Window
from sessions.selectors.asking import FIRST_DAYS, Ask, Place, Wishes
from sessions.selectors.proposals import Proposal, ProposedRow
from sessions.selectors.search import openings_for, propose, read_ahead

MOST_FIXES = 3
# How far past a window a fix may go, and how much later a course may begin. Settings of the desk.
LATE_DAYS = 21
LATER_START_DAYS = 90
# How close the times of a list are.
OFFERED_STEPS = 6


class FixKind(StrEnum):
    """What a way out changes."""

    WIDEN = "WIDEN"
    OTHER_PRACTITIONER = "OTHER_PRACTITIONER"
    MOVE_NEIGHBOUR = "MOVE_NEIGHBOUR"
    OTHER_SITE = "OTHER_SITE"
    LATE = "LATE"


@dataclass(frozen=True, slots=True)
class Fix:
    """A whole course that works, with all it changes beside the proposal that did not.

    `number` is the session that had no time. `changed` are the rows that get another place,
    `before` the places they had.
    """

    kind: FixKind
    number: int
    proposal: Proposal
    changed: tuple[ProposedRow, ...]
    before: Mapping[int, Place]

    @property
    def row(self) -> ProposedRow:
        """The session that had no time, with its time."""
        return self.proposal.row(self.number)

    @property
    def moved(self) -> tuple[ProposedRow, ...]:
        """The other sessions that had a time and get another one."""
        return tuple(row for row in self.changed if row.number in self.before)

    @property
    def pins(self) -> dict[int, Place]:
        """The places to keep when this fix is used."""
        return {row.number: row.place for row in self.changed if row.place}

    @property
    def needs_reason(self) -> bool:
        """Whether a clinician has to say why something is late."""
        return self.proposal.needs_reason


@dataclass(frozen=True, slots=True)
class BlockedDay:
    """A day of the window and why nothing can be booked on it; `closure` names a closed day."""

    on: date
    obstacle: Obstacle
    closure: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why session `number` has no time: its window, day by day.

    `is_hemmed_in` means there are free times, but none that the sessions after it, or its own
    place, allow.
    """

    number: int
    window: Window
    days: tuple[BlockedDay, ...]
    is_hemmed_in: bool


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A day that a session may be moved to, with its free times."""

    on: date
    gap_days: int | None
    days_late: int
    places: tuple[Place, ...]
    obstacle: Obstacle | None
    closure: str = ""


def explain(ask: Ask, proposal: Proposal) -> Explanation | None:
    """Say why the first session that cannot be placed has no time; None if all have one."""
    number = proposal.stuck_at
    if number is None:
        return None
    row = proposal.row(number)
    days = _days_of(ask, row, late=False)
    if not days:
        return Explanation(number, row.link.window, (), is_hemmed_in=False)
    person = ask.wishes.practitioner or proposal.practitioner
    openings, _rooms = openings_for(
        ask, ask.outline.site, [person.pk], first=days[0], last=days[-1], besides=[number]
    )
    blocked = []
    for day in days:
        obstacle = openings.obstacle(person.pk, day)
        if obstacle is None and not _is_wished(ask.wishes, openings, person.pk, day):
            obstacle = Obstacle.NOT_WISHED
        if obstacle:
            blocked.append(BlockedDay(day, obstacle, openings.closed.get(day, "")))
    return Explanation(
        number=number,
        window=row.link.window,
        days=tuple(blocked),
        is_hemmed_in=number in ask.pins or len(blocked) < len(days),
    )


def _days_of(ask: Ask, row: ProposedRow, *, late: bool) -> list[date]:
    """Return the days of a row's window from today on, or those after it."""
    window, today = row.link.window, ask.today
    if window.earliest is None or window.latest is None:
        first = max(ask.outline.first_on, today)
        if row.was is not None:
            # It is booked already: a fortnight around its day.
            first = max(row.was.on - timedelta(days=FIRST_DAYS), today)
            return [first + timedelta(days=n) for n in range(2 * FIRST_DAYS + 1)]
        return [first + timedelta(days=n) for n in range(FIRST_DAYS)]
    first, last = window.earliest, window.latest
    if late:
        first, last = last + timedelta(days=1), max(last, today) + timedelta(days=LATE_DAYS)
    first = max(first, today)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _is_wished(wishes: Wishes, openings: Openings, person: int, day: date) -> bool:
    if not wishes.only:
        return True
    if wishes.weekdays and day.weekday() not in wishes.weekdays:
        return False
    near = openings.nearest(person, day, openings.wished_steps(day, wishes.hours))
    return near is not None and not near[1]


def find_fixes(ask: Ask, proposal: Proposal) -> tuple[Fix, ...]:
    """Return up to three whole ways out for a proposal that is stuck, best first."""
    if proposal.stuck_at is None:
        return ()
    before = _places_before(ask, proposal)
    found: list[Fix] = []
    for kind, relaxed in _relaxed(ask, proposal, before):
        solved = propose(relaxed)
        if solved.stuck_at is None:
            fix = _fix(kind, proposal, solved, before)
            if all(fix.pins != other.pins for other in found):
                found.append(fix)
        if len(found) == MOST_FIXES:
            break
    return tuple(found)


def _places_before(ask: Ask, proposal: Proposal) -> dict[int, Place]:
    """Return what is proposed, and what is booked or pinned after the session without a time."""
    booked = {
        one.number: one.place for one in ask.outline.sessions if one.place and not one.is_over
    }
    proposed = {row.number: row.place for row in proposal.rows if row.place and not row.was_over}
    return {**booked, **ask.pins, **proposed}


def _relaxed(
    ask: Ask, proposal: Proposal, before: dict[int, Place]
) -> Iterator[tuple[FixKind, Ask]]:
    """Yield what may be asked instead, best first: each keeps what it can of the proposal."""
    held = {number: place for number, place in before.items() if number not in ask.pins}
    same_person = replace(ask.wishes, practitioner=proposal.practitioner)
    asked = replace(ask, held=held, wishes=same_person)
    for wishes in _wider(ask.wishes):
        yield FixKind.WIDEN, replace(ask, held=held, wishes=wishes)
    others = replace(asked, latitude=replace(ask.latitude, practitioners=True))
    released = _released(asked, before)
    late = replace(asked, latitude=replace(ask.latitude, late_days=LATE_DAYS))
    read_ahead([others, released, late])
    yield FixKind.OTHER_PRACTITIONER, others
    yield FixKind.MOVE_NEIGHBOUR, released
    own = ask.outline.site.pk
    if sites := tuple(site for site in ask.calendars.sites if site.pk != own):
        elsewhere = replace(ask.latitude, practitioners=True, sites=sites)
        yield FixKind.OTHER_SITE, replace(asked, latitude=elsewhere)
    yield FixKind.LATE, late


def _wider(wishes: Wishes) -> list[Wishes]:
    """Return what to give up of wishes that nothing else would do for, the narrowest first."""
    if not wishes.only:
        return []
    begins, ends = wishes.hours
    widths = [(len(wishes.weekdays or range(7)) / 7, replace(wishes, weekdays=frozenset()))]
    widths.append(((ends - begins) / 24, replace(wishes, time_of_day=Patient.TimeOfDay.ANY)))
    narrow = sorted((pair for pair in widths if pair[0] < 1), key=lambda pair: pair[0])
    return [*(wider for _width, wider in narrow), replace(wishes, only=False)]


def _released(ask: Ask, before: dict[int, Place]) -> Ask:
    """Let neighbours move: what is pinned or booked, or the beginning of a new course."""
    stands = any(session.appointment for session in ask.outline.sessions if not session.is_over)
    if ask.pins or stands:
        return replace(ask, pins={}, held={**before, **ask.pins}, move_from=1)
    return replace(ask, latitude=replace(ask.latitude, first_days=LATER_START_DAYS))


def _fix(kind: FixKind, proposal: Proposal, solved: Proposal, before: dict[int, Place]) -> Fix:
    number = proposal.stuck_at or 0
    usual = proposal.practitioner.pk

    def is_named(row: ProposedRow) -> bool:
        """Whether `row` is part of the fix, and not just what follows from it."""
        if row.place is None or row.was_over or row.place == before.get(row.number):
            return False
        stands_out = (
            row.place.practitioner.pk != usual
            or row.place.room.site_id != proposal.outline.site.pk
            or row.days_late > 0
        )
        return row.number == number or row.number in before or stands_out

    return Fix(
        kind=kind,
        number=number,
        proposal=solved,
        changed=tuple(row for row in solved.rows if is_named(row)),
        before=before,
    )


def other_times(
    ask: Ask, proposal: Proposal, number: int, *, anybody: bool = False, late: bool = False
) -> tuple[OtherDay, ...]:
    """Return the days of session `number`'s window with their free times.

    With the practitioner of its row, or with everybody. `late` shows the days after the window.
    """
    row = proposal.row(number)
    person = row.place.practitioner if row.place else proposal.practitioner
    people = ask.calendars.practitioners if anybody else {}
    people = people | {person.pk: person}
    days = _days_of(ask, row, late=late)
    if not days:
        return ()
    openings, rooms = openings_for(
        ask, ask.outline.site, people, first=days[0], last=days[-1], besides=[number]
    )
    before = row.link.gap_days
    return tuple(
        OtherDay(
            on=day,
            gap_days=None if before is None else before + (day - row.link.on).days,
            days_late=row.link.window.days_late(day),
            places=_places_on(day, openings, rooms, people, row.place),
            obstacle=openings.obstacle(person.pk, day),
            closure=openings.closed.get(day, ""),
        )
        for day in days
    )


def _places_on(
    day: date,
    openings: Openings,
    rooms: dict[int, Room],
    people: dict[int, User],
    present: Place | None,
) -> tuple[Place, ...]:
    usual = present.room.pk if present else None
    found = []
    for key, person in people.items():
        for moment in openings.packed(key, day, OFFERED_STEPS):
            free = openings.rooms_at(moment)
            found.append(Place(moment, person, rooms[usual if usual in free else free[0]]))
    return tuple(sorted(found, key=lambda place: (place.starts_at, place.practitioner.pk)))
