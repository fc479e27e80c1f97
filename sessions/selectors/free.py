"""What free time is made of: working hours with their one-off changes, and suitable rooms."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateField, F, IntegerField, Value

from clinic.models import Room, Shift, ShiftException, Site
from clinic.selectors import profile_value
from sessions.domain.free_time import Span, merge, subtract, wall_span
from treatments.models import Indication


class Taken(NamedTuple):
    """Time of a practitioner, a room and a patient (primary keys) that is promised, not written."""

    held_from: datetime
    held_until: datetime
    practitioner: int
    room: int
    patient: int


@dataclass(frozen=True, slots=True)
class RoomUse:
    """A room in use, and the indications (primary keys) it is set up for; none means for all.

    `offer_every` is the clinic's grid of offered times, in minutes: it comes with the rooms, so
    that no question about free time needs a query for it.
    """

    room: Room
    indications: frozenset[int]
    offer_every: int | None

    def suits(self, indication: Indication | None) -> bool:
        """Whether `indication` may be treated there; None means any."""
        return indication is None or not self.indications or indication.pk in self.indications


def read_rooms(sites: Collection[Site]) -> dict[int, list[RoomUse]]:
    """Return the rooms in use of each of `sites` by its primary key, in order (1 query)."""
    rooms = Room.objects.filter(site__in=sites, is_active=True).annotate(
        for_one=F("indications"),
        offer_every=profile_value("offer_every_minutes"),
    )
    by_key = {site.pk: site for site in sites}
    found: dict[int, list[RoomUse]] = {key: [] for key in by_key}
    for _key, group in groupby(rooms.order_by("name", "pk"), key=lambda row: row.pk):
        rows = list(group)
        suited = {row.for_one for row in rows} - {None}
        room = rows[0]
        room.site = by_key[room.site_id]
        found[room.site_id].append(RoomUse(room, frozenset(suited), room.offer_every))
    return found


def day_bounds(site: Site, first: date, last: date) -> Span:
    """Return the instants from the beginning of `first` to the end of `last` at `site`."""
    start = datetime.combine(first, time.min, site.zone)
    end = datetime.combine(last + timedelta(days=1), time.min, site.zone)
    return Span(start.astimezone(UTC), end.astimezone(UTC))


class WorkTime(NamedTuple):
    """Hours of a practitioner, by the wall clock: those of a weekday, or what changes on one day.

    A change without a site is one at all of them, and one without clocks takes the whole day.
    """

    practitioner: int
    site: int | None
    weekday: int | None
    on: date | None
    kind: str
    starts: time | None
    ends: time | None


class Hours:
    """The hours of practitioners at every site: weekly ones, and what changes on single days."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._weekly: dict[tuple[int, int | None, int | None], list[WorkTime]] = defaultdict(list)
        self._changes: dict[int, dict[date, list[WorkTime]]] = defaultdict(dict)
        self._places: dict[int, set[int | None]] = defaultdict(set)

    def read(self, people: Iterable[int], first: date, last: date = date.max) -> None:
        """Read the hours of those of `people` (primary keys) that are not known (1 query at most).

        With the changes of the days from `first` to `last`, both included.
        """
        missing = set(people) - self._known
        if not missing:
            return
        self._known |= missing
        for row in _rows(missing, first, last):
            if row.kind != ShiftException.Kind.AWAY:
                self._places[row.practitioner].add(row.site)
            if row.on is None:
                self._weekly[row.practitioner, row.site, row.weekday].append(row)
            else:
                self._changes[row.practitioner].setdefault(row.on, []).append(row)

    def works_at(self, person: int, site: Site) -> bool:
        """Whether `person` (a primary key) ever works at `site`."""
        return bool({None, site.pk} & self._places.get(person, set()))

    def weekly(self, person: int, site: Site, weekday: int) -> Sequence[WorkTime]:
        """Return the hours of `person` at `site` on a usual `weekday`."""
        return self._weekly.get((person, site.pk, weekday), ())

    def days_changed(self, person: int, site: Site) -> list[date]:
        """Return the days on which the hours of `person` at `site` are not the usual ones."""
        return [day for day in self._changes.get(person, ()) if self._changed(person, site, day)]

    def on_day(self, person: int, site: Site, day: date) -> tuple[Span, ...]:
        """Return when `person` works at `site` on `day`, in order."""
        weekly = self.weekly(person, site, day.weekday())
        return hours_of_day(site.zone, day, weekly, self._changed(person, site, day))

    def _changed(self, person: int, site: Site, day: date) -> list[WorkTime]:
        rows = self._changes.get(person, {}).get(day, ())
        return [row for row in rows if row.site in (None, site.pk)]


def _rows(people: Iterable[int], first: date, last: date) -> Iterator[WorkTime]:
    """Read weekly hours and the changes of some days, both included, in one query."""
    weekly, changes = _weekly_and_changes()
    changed = changes.filter(practitioner__in=people, on__range=(first, last))
    both = weekly.filter(practitioner__in=people).union(changed, all=True)
    return (WorkTime(*row) for row in both)


@cache
def _weekly_and_changes() -> tuple[Any, Any]:
    """Return the two queries without a day or a person: their columns are worked out once."""
    weekly = Shift.objects.values_list(
        "practitioner",
        "site",
        "weekday",
        Value(None, output_field=DateField()),
        Value("", output_field=CharField()),
        "starts",
        "ends",
    )
    changes = ShiftException.objects.values_list(
        "practitioner",
        "site",
        Value(None, output_field=IntegerField()),
        "on",
        "kind",
        "starts",
        "ends",
    )
    return weekly, changes


def working_hours(
    site: Site, people: Sequence[int], days: Sequence[date]
) -> dict[int, tuple[Span, ...]]:
    """Return when each of `people` (primary keys) works at `site` on `days`, in order.

    Closures are not heeded here: leave closed days out of `days`. Takes 1 query.
    """
    if not days:
        return dict.fromkeys(people, ())
    hours = Hours()
    hours.read(people, days[0], days[-1])
    return {
        person: merge(span for day in days for span in hours.on_day(person, site, day))
        for person in people
    }


def hours_of_day(
    zone: ZoneInfo, day: date, weekly: Sequence[WorkTime], changes: Sequence[WorkTime]
) -> tuple[Span, ...]:
    """Return the hours of `day` in `zone`, in order: those of its weekday, as they were changed."""

    def span(row: WorkTime) -> list[Span]:
        found = wall_span(day, row.starts or time.min, row.ends or time.min, zone)
        return [found] if found else []

    works = [found for row in weekly for found in span(row)]
    away: list[Span] = []
    for row in changes:
        is_away = row.kind == ShiftException.Kind.AWAY
        (away if is_away else works).extend(span(row))
    return subtract(works, away)
