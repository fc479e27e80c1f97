"""Who waits for an earlier time, what came free, and what each of them could be given.

What came free is not stored anywhere: it is read from what was cancelled or moved within the last
day. So nothing that gives time back can forget to say so, an Undo takes the news back with the
time, and a time that was given away again is gone from the list. New hours, a closure that was
removed and all older gaps leave no such trace; they are found from the other side: each row of the
list says which free time is the first that its patient would take.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import F, Prefetch, Q, QuerySet

from clinic.models import Room, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.free_time import Span, merge
from sessions.domain.openings import Need, Openings
from sessions.domain.timeline import nearest
from sessions.domain.waiting import (
    Answer,
    Asks,
    InCourse,
    Offer,
    Taking,
    Waiting,
    day_answer,
    is_overdue,
    rank,
    time_obstacle,
)
from sessions.domain.windows import Window
from sessions.models import (
    Appointment,
    ScheduleChangeLine,
    TreatmentSession,
    WaitlistCall,
    WaitlistEntry,
)
from sessions.models.waiting import WaitlistEntryQuerySet
from sessions.selectors.asking import HOURS, Place, need_of
from sessions.selectors.calendars import Calendars, Stretch
from sessions.selectors.chain import ChainRow, CourseChain, course_chains
from treatments.models import TreatmentCourse

# What came free longer ago was seen by everybody; it is an ordinary gap by now.
NEWS = timedelta(days=1)
# Nobody calls about a time that is further away.
AHEAD = timedelta(days=14)
# A call without an answer says something about today.
CALLS_SHOWN = timedelta(days=1)


@dataclass(frozen=True)
class WaitingRow:
    """An open entry with what it waits for. `held` is the time the patient has."""

    entry: WaitlistEntry
    waiting: Waiting
    need: Need
    held: Appointment | None
    chain: CourseChain | None
    row: ChainRow | None
    is_overdue: bool

    @property
    def window(self) -> Window | None:
        """The window of the session; None for a visit of another kind, which has none."""
        return self.row.link.window if self.row else None

    @property
    def course(self) -> TreatmentCourse | None:
        """The course it belongs to."""
        return self.chain.course if self.chain else None

    @property
    def may_be_given(self) -> bool:
        """Whether it may be booked or moved now."""
        if self.row is None or self.chain is None:
            return True
        return self.chain.course.is_active and (self.row.is_bookable or self.row.is_movable)

    @property
    def calls(self) -> list[WaitlistCall]:
        """The latest calls that nobody answered, the newest first."""
        return list(self.entry.latest_calls)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Match:
    """A time that the patient of `row` would take, and what booking it takes beside a click."""

    row: WaitingRow
    place: Place
    asks: Asks

    @property
    def is_one_click(self) -> bool:
        """Whether one click books it."""
        return self.asks is Asks.NOTHING


@dataclass(frozen=True, slots=True)
class CameFree:
    """Time that came free `at` a moment, with those who would take it, the first to call first."""

    starts_at: datetime
    practitioner: User
    at: datetime
    matches: tuple[Match, ...]

    @property
    def anchor(self) -> str:
        """What the page calls it: practitioner and start."""
        return f"free-{self.practitioner.pk}-{self.starts_at:%Y%m%d%H%M}"


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The list of a site: who waits, what came free, and for each entry the first time it fits."""

    rows: tuple[WaitingRow, ...]
    came_free: tuple[CameFree, ...]
    earliest: Mapping[int, Match]


def read_waiting_list(site: Site, now: datetime) -> WaitingList:
    """Read the waiting list of `site` at `now` (aware).

    It takes the same number of queries whatever the number of entries, and one if nobody waits.
    """
    rows = _rows(site, now)
    if not rows:
        return WaitingList((), (), {})
    search = _Search(site, rows, now)
    return WaitingList(tuple(rows), search.came_free(_freed(site, now)), search.earliest())


def read_came_free(site: Site, now: datetime) -> tuple[CameFree, ...]:
    """Read what came free and somebody waits for, in order of time.

    One query if nobody waits, two more if nothing came free, and a constant number otherwise.
    """
    if not WaitlistEntry.objects.open().filter(site=site).exists():
        return ()
    freed = _freed(site, now)
    if not freed:
        return ()
    rows = _rows(site, now)
    return _Search(site, rows, now).came_free(freed)


# Who waits


def open_entries(site: Site, now: datetime) -> WaitlistEntryQuerySet:
    """Return the open entries of `site` whose last wished day has not passed."""
    today = now.astimezone(site.zone).date()
    entries = WaitlistEntry.objects.open().filter(site=site)
    return entries.filter(Q(until__isnull=True) | Q(until__gte=today)).in_order()


def sessions_to_wait_for(patient: Patient) -> QuerySet[TreatmentSession]:
    """Return the sessions of running courses of `patient` that could have an earlier time."""
    return (
        TreatmentSession.objects.filter(
            course__patient=patient,
            course__status=TreatmentCourse.Status.ACTIVE,
            status__in=["PLANNED", "BOOKED"],
        )
        .select_related("course__indication", "course__patient")
        .in_order()
    )


def _rows(site: Site, now: datetime) -> list[WaitingRow]:
    calls = WaitlistCall.objects.filter(at__gt=now - CALLS_SHOWN).select_related("by")
    entries = list(
        open_entries(site, now)
        .with_people()
        .prefetch_related(Prefetch("calls", calls.order_by("-at", "-pk"), to_attr="latest_calls"))
    )
    courses = {entry.session.course_id: entry.session.course for entry in entries if entry.session}
    chains = {
        chain.course.pk: chain
        for chain in (course_chains(list(courses.values())) if courses else ())
    }
    held = _held_visits(entries, now)
    today = now.astimezone(site.zone).date()
    made = [_row(entry, chains, held, today) for entry in entries]
    return [row for row in made if row.row is None or row.row.session.is_open]


def _held_visits(
    entries: Sequence[WaitlistEntry], now: datetime
) -> dict[tuple[int, str], Appointment]:
    """Return the next booked visit of each patient and kind that an entry waits for (1 query)."""
    patients = [entry.patient_id for entry in entries if entry.session_id is None]
    if not patients:
        return {}
    booked = Appointment.objects.filter(
        patient__in=patients, session__isnull=True, status="BOOKED", starts_at__gt=now
    )
    found: dict[tuple[int, str], Appointment] = {}
    for visit in booked.select_related("practitioner", "room__site").in_order():
        found.setdefault((visit.patient_id, visit.kind), visit)
    return found


def _row(
    entry: WaitlistEntry,
    chains: Mapping[int, CourseChain],
    visits: Mapping[tuple[int, str], Appointment],
    today: date,
) -> WaitingRow:
    chain = row = in_course = None
    if entry.session is None:
        held = visits.get((entry.patient_id, entry.kind))
        need = Need(held.minutes if held else entry.minutes or 0)
    else:
        chain = chains[entry.session.course_id]
        row = chain.row(entry.session)
        held, need, in_course = row.appointment, need_of(chain.course), _in_course(chain, row)
    waiting = Waiting(
        key=entry.pk,
        since=entry.added_at.astimezone(entry.site.zone).date(),
        taking=Taking(
            practitioner=entry.practitioner_id,
            weekdays=frozenset(entry.weekdays),
            hours=HOURS[entry.time_of_day],
            notice=timedelta(hours=entry.notice_hours),
            until=entry.until,
        ),
        booked_at=held.starts_at if held else None,
        course=in_course,
        prefers=entry.patient.preferred_practitioner_id,
    )
    return WaitingRow(entry, waiting, need, held, chain, row, is_overdue(waiting, today))


def _in_course(chain: CourseChain, row: ChainRow) -> InCourse:
    return InCourse(
        cadence=chain.cadence,
        first_on=chain.course.first_on,
        steps=tuple(chain.steps),
        number=row.session.number,
        explained=chain.explained,
    )


# What came free


@dataclass(frozen=True, slots=True)
class _Freed:
    """Time of a practitioner that was given back `at` a moment."""

    practitioner: int
    held: Span
    starts_at: datetime
    at: datetime


def _freed(site: Site, now: datetime) -> list[_Freed]:
    """Return what was cancelled, missed or moved away within the last day and is still to come.

    An act that was undone gave back what it had taken, and what it had left is no news any more.
    Whether the time is free now is asked of the calendar.
    """
    since = now - NEWS
    ended = Appointment.objects.filter(
        status__in=["CANCELLED", "NO_SHOW"],
        status_since__gt=since,
        status_since__lte=now,
        held_until__gt=now,
        # Appointments are far shorter than a day: it lets the index by time answer.
        starts_at__gt=now - timedelta(days=1),
        starts_at__lt=now + AHEAD,
        room__site=site,
    )
    found = [
        _Freed(
            gone.practitioner_id, Span(gone.held_from, gone.held_until), gone.starts_at, since_at
        )
        for gone in ended
        for since_at in [gone.status_since]
    ]
    found += [freed for line in _moves(since, now) for freed in _left(line, site)]
    return [one for one in found if now < one.held.end and one.starts_at < now + AHEAD]


def _moves(since: datetime, now: datetime) -> QuerySet[ScheduleChangeLine]:
    # An act is undone within minutes, if at all.
    return (
        ScheduleChangeLine.objects.filter(
            change__at__gt=since, change__at__lte=now, was_starts_at__isnull=False
        )
        .exclude(
            starts_at=F("was_starts_at"),
            practitioner=F("was_practitioner"),
        )
        .select_related("change", "appointment", "room", "was_room")
    )


def _left(line: ScheduleChangeLine, site: Site) -> Iterator[_Freed]:
    """Yield the place that `line` left: the one before, or the one after if it was undone."""
    change = line.change
    was_starts_at, was_practitioner, was_room = (
        line.was_starts_at,
        line.was_practitioner_id,
        line.was_room,
    )
    assert was_starts_at is not None  # what had no place before moved nothing
    assert was_practitioner is not None
    assert was_room is not None
    if change.undone_at is not None:
        place = (line.starts_at, line.practitioner_id, line.room.site_id, change.undone_at)
    else:
        place = (was_starts_at, was_practitioner, was_room.site_id, change.at)
    starts_at, practitioner, site_id, at = place
    if site_id == site.pk:
        yield _Freed(practitioner, _held_at(line.appointment, starts_at), starts_at, at)


def _held_at(appointment: Appointment, starts_at: datetime) -> Span:
    """Return what `appointment` held when it began at `starts_at`: its length never changes."""
    shift = starts_at - appointment.starts_at
    return Span(
        (appointment.held_from + shift).astimezone(UTC),
        (appointment.held_until + shift).astimezone(UTC),
    )


def _joined(freed: Iterable[_Freed]) -> list[_Freed]:
    """Return `freed` with what touches joined, so that no time is told twice; in order of time."""
    by_person: dict[int, list[_Freed]] = defaultdict(list)
    for one in freed:
        by_person[one.practitioner].append(one)
    joined = []
    for person, ones in by_person.items():
        for span in merge(one.held for one in ones):
            inside = [one for one in ones if span.start <= one.held.start < span.end]
            starts_at = min(one.starts_at for one in inside)
            joined.append(_Freed(person, span, starts_at, max(one.at for one in inside)))
    return sorted(joined, key=lambda one: (one.starts_at, one.practitioner))


# Who would take it


@dataclass
class _Search:
    """The calendars of a site beside those who wait, read once."""

    site: Site
    rows: Sequence[WaitingRow]
    now: datetime
    calendars: Calendars = field(default_factory=Calendars)

    def __post_init__(self) -> None:
        self.today = self.now.astimezone(self.site.zone).date()
        self.last = (self.now + AHEAD).astimezone(self.site.zone).date()
        self.rows = [row for row in self.rows if row.may_be_given]
        self.people = self.calendars.practitioners
        everybody = self.calendars.rooms([self.site], None)
        self.rooms = {room.pk: room for room in everybody}
        self._openings: dict[int, Openings] = {}
        self._days: dict[tuple[int, date], Answer] = {}
        if self.rows and self.rooms:
            self.calendars.read(self._stretch(everybody))

    def _stretch(self, rooms: Sequence[Room]) -> Stretch:
        return Stretch(
            first=self.today,
            last=self.last,
            sites={self.site.pk: self.site},
            practitioners=frozenset(self.people),
            rooms=frozenset(room.pk for room in rooms),
            patients=frozenset(row.entry.patient_id for row in self.rows),
        )

    def came_free(self, freed: Iterable[_Freed]) -> tuple[CameFree, ...]:
        """Return those of `freed` that somebody would take, each with its patients in order."""
        found = []
        for one in _joined(freed):
            matches = [match for row in self.rows if (match := self._match(row, one))]
            if not matches or one.practitioner not in self.people:
                continue
            person = self.people[one.practitioner]
            ranked = sorted(
                matches, key=lambda match: rank(match.row.waiting, person.pk, self.today)
            )
            found.append(CameFree(one.starts_at, person, one.at, tuple(ranked)))
        return tuple(found)

    def _match(self, row: WaitingRow, freed: _Freed) -> Match | None:
        """Return the start nearest to that of `freed` that uses some of its time and suits."""
        openings = self.openings(row)
        if openings is None or freed.practitioner not in openings.practitioners:
            return None
        before, length, after = _parts(row.need)
        line = openings.timeline
        # Of the starts that touch the freed time, none begins before the first or after the last.
        first = max(line.index(freed.held.start - length - after) + 1, 0)
        end = max(line.index(freed.held.end + before - timedelta(seconds=1)) + 1, 0)
        free = openings.starts(freed.practitioner) & ((1 << end) - 1) >> first << first
        wished = line.index(freed.starts_at)
        while free:
            found = nearest(free, wished, wished + 1)
            assert found is not None  # some step is left
            step = found[0]
            if match := self._suits(row, openings, freed.practitioner, line.moment(step)):
                return match
            free &= ~(1 << step)
        return None

    def earliest(self) -> dict[int, Match]:
        """Return for each entry the first free time that its patient would take, if there is one."""
        found = {}
        for row in self.rows:
            if match := self._earliest(row):
                found[row.entry.pk] = match
        return found

    def _earliest(self, row: WaitingRow) -> Match | None:
        openings = self.openings(row)
        if openings is None:
            return None
        for day in openings.days:
            if not self._day_answer(row, day).suits:
                continue
            moments = sorted(
                (moment, person)
                for person in openings.practitioners
                for moment in openings.moments(person, day)
            )
            found = (self._suits(row, openings, person, moment) for moment, person in moments)
            if match := next((match for match in found if match), None):
                return match
        return None

    def _suits(
        self, row: WaitingRow, openings: Openings, person: int, starts_at: datetime
    ) -> Match | None:
        offer = Offer(starts_at, person, self.site.zone)
        if time_obstacle(row.waiting, offer, self.now):
            return None
        answer = self._day_answer(row, offer.local.date())
        if not answer.suits:
            return None
        room = self.rooms[openings.rooms_at(starts_at)[0]]
        return Match(row, Place(starts_at, self.people[person], room), answer.asks)

    def _day_answer(self, row: WaitingRow, on: date) -> Answer:
        key = (row.entry.pk, on)
        if key not in self._days:
            self._days[key] = day_answer(row.waiting, on, self.today)
        return self._days[key]

    def openings(self, row: WaitingRow) -> Openings | None:
        """Return when what `row` waits for could begin, None if it cannot at all."""
        if row.entry.pk not in self._openings:
            read = self._read_openings(row)
            if read is None:
                return None
            self._openings[row.entry.pk] = read
        return self._openings[row.entry.pk]

    def _read_openings(self, row: WaitingRow) -> Openings | None:
        wished = row.entry.practitioner_id
        people = [wished] if wished else list(self.people)
        indication = row.course.indication if row.course else None
        rooms = self.calendars.rooms([self.site], indication)
        last = self._last_day(row)
        if not rooms or last < self.today or not set(people) <= set(self.people):
            return None
        return self.calendars.openings(
            site=self.site,
            practitioners=people,
            indication=indication,
            patient=row.entry.patient,
            need=row.need,
            first=self.today,
            last=last,
            now=self.now + row.waiting.taking.notice,
            ignoring=[row.held] if row.held else [],
        )

    def _last_day(self, row: WaitingRow) -> date:
        """Return the last day worth a look: none is after the one that the patient has."""
        held, until = row.held, row.entry.until
        booked_on = held.starts_at.astimezone(self.site.zone).date() if held else None
        return min(day for day in (self.last, until, booked_on) if day is not None)


def _parts(need: Need) -> tuple[timedelta, timedelta, timedelta]:
    minute = timedelta(minutes=1)
    return need.before * minute, need.minutes * minute, need.after * minute
