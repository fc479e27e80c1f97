"""What is read for the calendar: who works when at a site on some days, and who comes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from clinic.models import Closure, Room, Shift, Site
from clinic.selectors import profile_value
from meso_clinic.core.models import User
from meso_clinic.core.privacy import shown_name
from meso_clinic.core.templatetags.clinic_format import minutes_words
from sessions.domain.free_time import Span, merge, subtract
from sessions.domain.lifecycle import Status, minutes_late
from sessions.models import Appointment
from sessions.selectors.calendar import CalendarColumn, CalendarVisit, clock_change
from sessions.selectors.free import day_bounds, working_hours
from sessions.words import TONES, VisitWords

ROOM = "room"
PRACTITIONER = "practitioner"
ONE_DAY = timedelta(days=1)
# Shorter stretches hold no visit.
SHORTEST_FREE = timedelta(minutes=15)


class _Row(NamedTuple):
    """An appointment as it is read: no more than a card and a line of the list need."""

    pk: int
    kind: str
    starts_at: datetime
    ends_at: datetime
    status: str
    arrived_at: datetime | None
    status_since: datetime | None
    number: int | None
    total: int | None
    indication: str | None
    given_names: str
    family_names: str
    practitioner: int
    room: int
    room_name: str
    held_at: datetime | None
    late_after: int

    @property
    def waits_since(self) -> datetime | None:
        """Since when somebody who has arrived waits."""
        return (self.arrived_at or self.status_since) if self.status == Status.ARRIVED else None


_COLUMNS = (
    "pk",
    "kind",
    "starts_at",
    "ends_at",
    "status",
    "arrived_at",
    "status_since",
    "session__number",
    "session__course__total_sessions",
    "session__course__indication__short_name",
    "patient__given_names",
    "patient__family_names",
    "practitioner",
    "room",
    "room__name",
    "session__course__held_at",
)


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """A visit with the two names that its column does not say in a list."""

    visit: CalendarVisit
    practitioner: str
    room: str
    label: str
    is_booked: bool


@dataclass(frozen=True, slots=True)
class FreeStretch:
    """Free time of a column, by the wall clock of the site."""

    column: CalendarColumn
    starts: datetime
    ends: datetime

    @property
    def query(self) -> str:
        """What the booking page is asked, to begin there."""
        kind = ROOM if self.column.key.startswith("r") else PRACTITIONER
        return urlencode(
            {
                "date": f"{self.starts:%Y-%m-%d}",
                "time": f"{self.starts:%H:%M}",
                kind: self.column.key[1:],
            }
        )


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day as a list: why it is closed, who comes, and what is free from now on."""

    on: date
    closed: str
    clock_change: str
    visits: tuple[ListedVisit, ...]
    free: tuple[FreeStretch, ...]


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """Columns and visits of `days` at a site. `people` are all who could have a column."""

    site: Site
    days: tuple[date, ...]
    columns: tuple[CalendarColumn, ...]
    listed: tuple[ListedVisit, ...]
    closed: dict[date, str]
    people: tuple[tuple[int, str], ...]

    @property
    def visits(self) -> tuple[CalendarVisit, ...]:
        """The visits as cards."""
        return tuple(one.visit for one in self.listed)

    @property
    def days_with_something(self) -> tuple[date, ...]:
        """The days on which somebody works or comes, or on which the site is closed; else all."""
        zone = self.site.zone
        used = {span.start.astimezone(zone).date() for one in self.columns for span in one.hours}
        used |= {one.visit.starts_at.astimezone(zone).date() for one in self.listed}
        return tuple(day for day in self.days if day in used or day in self.closed) or self.days


def read_calendar(
    *,
    site: Site,
    days: Sequence[date],
    by: str,
    only: Collection[int],
    now: datetime,
    is_private: bool,
) -> CalendarReading:
    """Read `days` (in a row) at `site`, in columns `by` practitioner or room.

    `only` are the primary keys of the practitioners to show, none for all of them. On a private
    screen patients are shown by their initials. Takes 4 queries, 5 by room, whatever the rows.
    """
    rows = _rows(site, days)
    busy = {row.practitioner for row in rows}
    everybody = {one.pk: one.display_name for one in User.objects.practitioners(and_also=busy)}
    shown = {pk: name for pk, name in everybody.items() if not only or pk in only}
    rows = [row for row in rows if row.practitioner in shown]
    words = _Words(everybody)
    hours = working_hours(site, list(shown), days)
    columns = (
        _rooms(site, rows, hours) if by == ROOM else _people(shown, rows, hours, len(days) == 1)
    )
    return CalendarReading(
        site=site,
        days=tuple(days),
        columns=tuple(columns),
        listed=tuple(_listed(row, words, by, now, is_private=is_private) for row in rows),
        closed=_closed(site, days),
        people=tuple(everybody.items()),
    )


def has_hours(site: Site) -> bool:
    """Whether anybody has weekly hours at `site` (1 query)."""
    return Shift.objects.filter(site=site).exists()


def listed_days(reading: CalendarReading, *, now: datetime) -> tuple[ListedDay, ...]:
    """Return the days of `reading` as lists; free time begins at `now` (aware)."""
    by_day: dict[date, list[ListedVisit]] = defaultdict(list)
    busy: dict[str, list[Span]] = defaultdict(list)
    for one in reading.listed:
        by_day[one.visit.starts_at.astimezone(reading.site.zone).date()].append(one)
        if one.visit.state not in ("cancelled", "noshow"):
            busy[one.visit.column].append(Span(one.visit.starts_at, one.visit.ends_at))
    return tuple(
        ListedDay(
            on=day,
            closed=reading.closed.get(day, ""),
            clock_change=clock_change(day, reading.site.zone),
            visits=tuple(by_day[day]),
            free=tuple(_free(reading, day, busy, now)),
        )
        for day in reading.days
    )


def _free(
    reading: CalendarReading, day: date, busy: dict[str, list[Span]], now: datetime
) -> Iterable[FreeStretch]:
    if day in reading.closed:
        return
    whole = day_bounds(reading.site, day, day)
    zone = reading.site.zone
    for column in reading.columns:
        inside = [span for span in column.hours if whole.start <= span.start < whole.end]
        past = [Span(whole.start, now)] if now > whole.start else []
        for span in subtract(inside, [*busy[column.key], *past]):
            if span.end - span.start >= SHORTEST_FREE:
                yield FreeStretch(column, span.start.astimezone(zone), span.end.astimezone(zone))


def _rows(site: Site, days: Sequence[date]) -> list[_Row]:
    return [_Row(*values) for values in _cards().on_days(days[0], days[-1], site)]


@cache
def _cards() -> Any:
    """Return the query of all rows. What it joins is worked out once, not at every look."""
    late_after = profile_value("late_after_minutes")
    return Appointment.objects.in_order().values_list(*_COLUMNS, late_after)


def _people(
    names: dict[int, str],
    rows: Sequence[_Row],
    hours: dict[int, tuple[Span, ...]],
    is_one: bool,
) -> list[CalendarColumn]:
    rooms: dict[int, dict[str, None]] = defaultdict(dict)
    for row in rows:
        rooms[row.practitioner][row.room_name] = None
    return [
        CalendarColumn(f"p{pk}", name, ", ".join(rooms[pk]) if is_one else "", hours[pk])
        for pk, name in names.items()
        if hours[pk] or rooms[pk]
    ]


def _rooms(
    site: Site, rows: Sequence[_Row], hours: dict[int, tuple[Span, ...]]
) -> list[CalendarColumn]:
    """A room is open while anybody works."""
    open_hours = merge(span for spans in hours.values() for span in spans)
    names = dict(
        Room.objects.filter(site=site, is_active=True)
        .order_by("name", "pk")
        .values_list("pk", "name")
    )
    names |= {row.room: row.room_name for row in rows}
    if not open_hours and not rows:
        return []
    return [CalendarColumn(f"r{pk}", name, "", open_hours) for pk, name in names.items()]


def _closed(site: Site, days: Sequence[date]) -> dict[date, str]:
    closures = Closure.objects.filter(site=site).touching(days[0], days[-1])
    found: dict[date, str] = {}
    for starts_on, ends_on, reason in closures.values_list("starts_on", "ends_on", "reason"):
        for day in days:
            if starts_on <= day <= ends_on:
                found.setdefault(day, reason)
    return found


class _Words:
    """Words that many rows share; finding each once is what makes a full week quick."""

    def __init__(self, people: dict[int, str]) -> None:
        self.people = people
        self.visits = VisitWords()
        self.labels = {status.value: str(status.label) for status in Appointment.Status}


def _listed(row: _Row, words: _Words, by: str, now: datetime, *, is_private: bool) -> ListedVisit:
    late = minutes_late(row.status, row.starts_at, now, after=row.late_after)
    state = "late" if late else TONES[row.status]
    name = f"{row.given_names} {row.family_names}".strip()
    visit = CalendarVisit(
        pk=row.pk,
        column=f"r{row.room}" if by == ROOM else f"p{row.practitioner}",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=state,
        who=shown_name(name, is_private=is_private),
        what=words.visits.of(row.kind, row.indication, row.number, row.total),
        note=_note(row, late, now),
        can_move=row.status == Status.BOOKED and row.held_at is None,
    )
    return ListedVisit(
        visit=visit,
        practitioner=words.people[row.practitioner],
        room=row.room_name,
        label=visit.note or words.labels[row.status],
        is_booked=row.status == Status.BOOKED,
    )


def _note(row: _Row, late: int, now: datetime) -> str:
    if row.held_at is not None and row.status in {Status.BOOKED, Status.ARRIVED}:
        return _("Clinical hold")
    if late:
        return _("Late %(minutes)s") % {"minutes": minutes_words(late)}
    if row.waits_since is None:
        return ""
    waited = max(0, int((now - row.waits_since).total_seconds() // 60))
    return _("Waiting %(minutes)s") % {"minutes": minutes_words(waited)} if waited else ""
