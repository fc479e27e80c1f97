"""The seed's own diary: who and which room is free, so that every booking it asks for is legal.

It only proposes. The booking action checks everything again when the times are really booked.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from demo.clinic_plan import Clinic, Person, practitioners
from sessions.domain.free_time import GRID, Slot, Span, fits, merge, subtract, wall_span

ALL_DAY = (time.min, time.min)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Resource:
    """A practitioner or a room: when it may be used and when it is taken."""

    key: int
    open: tuple[Span, ...]
    busy: tuple[Span, ...]

    @property
    def free(self) -> tuple[Span, ...]:
        """What is left."""
        return subtract(self.open, self.busy)


class Diary:
    """Free time of people and rooms on any day, with what the seed has given away so far.

    Keys of `Slot` are the user's and the room's primary keys.
    """

    def __init__(self, clinic: Clinic, random: Random) -> None:
        self.clinic, self.random = clinic, random
        self.extra: dict[int, tuple[Span, ...]] = {}
        self._busy: dict[tuple[str, int, date], list[Span]] = defaultdict(list)

    def find(
        self, site: str, day: date, minutes: int, first: Person, *, after: datetime | None = None
    ) -> Slot | None:
        """Take a time on `day` and return it: with `first` if they can, else with a colleague."""
        if not self.clinic.is_open(site, day):
            return None
        others = [person for person in practitioners(site) if person != first]
        self.random.shuffle(others)
        for person in (first, *others):
            found = self.times(person, day, minutes)
            found = [slot for slot in found if after is None or slot.starts_at >= after]
            if found:
                return self.take(self.random.choice(found), day)
        return None

    def times(self, person: Person, day: date, minutes: int) -> list[Slot]:
        """Return the times that `person` has free on `day`, packed close."""
        length, rooms = timedelta(minutes=minutes), self._rooms(person, day)
        found = []
        for stretch in self._person(person, day).free:
            start = stretch.start + (-stretch.start.timestamp() % GRID.total_seconds()) * SECOND
            while start + length <= stretch.end:
                wanted = Span(start, start + length)
                room = next((room for room in rooms if fits(room.free, wanted)), None)
                if room is not None:
                    found.append(Slot(*wanted, self._key(person), room.key))
                start += length
        return found

    def place(self, person: Person, starts_at: datetime, minutes: int, day: date) -> Slot | None:
        """Take just this time with `person`, working hours or not; None if it is taken."""
        wanted = Span(starts_at, starts_at + timedelta(minutes=minutes))
        own = self._busy["person", self._key(person), day]
        rooms = [room for room in self._rooms(person, day) if not _overlaps(room.busy, wanted)]
        if _overlaps(own, wanted) or not rooms:
            return None
        return self.take(Slot(wanted.start, wanted.end, self._key(person), rooms[0].key), day)

    def take(self, slot: Slot, day: date) -> Slot:
        """Give the time of `slot` away."""
        span = Span(slot.starts_at, slot.ends_at)
        self._busy["person", slot.practitioner, day].append(span)
        self._busy["room", slot.room, day].append(span)
        return slot

    def hours(self, person: Person, day: date) -> tuple[Span, ...]:
        """Return the weekly hours of `person` on `day`."""
        if day.weekday() not in person.weekdays:
            return ()
        return self.spans(person, day, person.hours)

    def spans(
        self, person: Person, day: date, clocks: Iterable[tuple[time, time]]
    ) -> tuple[Span, ...]:
        """Return times of the wall clock on `day` as instants."""
        zone = self.clinic.sites[person.site].zone
        found = (wall_span(day, starts, ends, zone) for starts, ends in clocks)
        return merge(span for span in found if span)

    def fullness(self, site: str, days: Iterable[date]) -> float:
        """Return which part of the weekly hours at `site` is given away on `days`."""
        open_time = taken = timedelta()
        for day in days:
            for person in practitioners(site):
                busy = self._busy["person", self._key(person), day]
                if self.clinic.is_open(site, day):
                    open_time += _length(self.hours(person, day))
                    taken += _length(merge(busy))
        return taken / open_time if open_time else 0.0

    def _key(self, person: Person) -> int:
        return int(self.clinic.staff[person.username].pk)

    def _person(self, person: Person, day: date) -> Resource:
        key = self._key(person)
        extra = self.extra.get(key, ()) if day == self.clinic.today else ()
        working = merge([*self.hours(person, day), *extra])
        return Resource(key, working, merge(self._busy["person", key, day]))

    def _rooms(self, person: Person, day: date) -> list[Resource]:
        """Return the rooms of the person's site, their own first."""
        rooms = self.clinic.rooms[person.site]
        own = [*rooms[person.room :], *rooms[: person.room]]
        all_day = self.spans(person, day, [ALL_DAY])
        return [Resource(room.pk, all_day, merge(self._busy["room", room.pk, day])) for room in own]


def missing(wanted: Iterable[Span], known: Iterable[Span]) -> tuple[Span, ...]:
    """Return the time of `wanted` that `known` does not hold."""
    return subtract(wanted, known)


def _overlaps(busy: Iterable[Span], wanted: Span) -> bool:
    return any(span.start < wanted.end and wanted.start < span.end for span in busy)


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((span.end - span.start for span in spans), timedelta())
