"""What the clinic's calendars say, read once for all the questions of one moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from clinic.models import Closure, Room, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.free_time import GRID, Span
from sessions.domain.openings import Bits, Need, Openings
from sessions.domain.timeline import Timeline, joined, part, steps_in
from sessions.models import Appointment
from sessions.selectors.busy import Resource, read_busy
from sessions.selectors.free import (
    Hours,
    RoomUse,
    Taken,
    day_bounds,
    hours_of_day,
    read_rooms,
)
from treatments.models import Indication

_DAY = timedelta(days=1)
_USUAL_DAY = _DAY // GRID


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days, both included, of the calendars of sites, practitioners, rooms and patients.

    All but the sites are primary keys.
    """

    first: date
    last: date
    sites: Mapping[int, Site]
    practitioners: frozenset[int]
    rooms: frozenset[int]
    patients: frozenset[int]

    def joined(self, other: Self) -> Self:
        """Return the days of both and between, and everything that either of them names."""
        return type(self)(
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            sites={**self.sites, **other.sites},
            practitioners=self.practitioners | other.practitioners,
            rooms=self.rooms | other.rooms,
            patients=self.patients | other.patients,
        )

    def with_days(self, around: timedelta, *, not_before: date) -> Self:
        """Return this with the days `around` it, none of them before `not_before`."""
        first = max(self.first - around, not_before)
        return replace(self, first=min(self.first, first), last=self.last + around)


class Calendars:
    """The calendars as they were read, each part of them once.

    Asked for something that it knows, it answers from memory; what it does not know it reads. It
    never looks again: whoever has several questions at one moment passes it on from one to the
    next, and nobody keeps it past a write.
    """

    def __init__(self) -> None:
        self._rooms: dict[int, list[RoomUse]] = {}
        self._known: Stretch | None = None
        self._forget()

    def _forget(self) -> None:
        """Forget all that is known from a first day on."""
        self._hours = Hours()
        self._closures: dict[int, list[Closure]] = {}
        self._met: dict[int, list[tuple[int, Span]]] = {}
        self._forget_bits()

    def _forget_bits(self) -> None:
        """Forget all that is known up to a last day."""
        self._busy: dict[Resource, int] = {}
        self._sites: dict[int, _SiteDays] = {}

    @cached_property
    def practitioners(self) -> dict[int, User]:
        """Everybody who gives sessions, by primary key, in the order of their names."""
        return {person.pk: person for person in User.objects.practitioners()}

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The clinic's sites that are in use, in order."""
        return tuple(Site.objects.open())

    def _offered_every(self, site: Site) -> int:
        """Return the clinic's grid of offered times, in steps. The rooms of `site` are known."""
        minutes = next((use.offer_every for use in self._rooms[site.pk]), None)
        return steps_in(minutes or 0) or 1

    def rooms(self, sites: Iterable[Site], indication: Indication | None) -> list[Room]:
        """Return the rooms in use at `sites` that suit `indication`. Takes 1 query, or none.

        A room that is set up for nothing suits all.
        """
        wanted = list(sites)
        missing = [site for site in wanted if site.pk not in self._rooms]
        if missing:
            self._rooms |= read_rooms(missing)
        return [
            use.room for site in wanted for use in self._rooms[site.pk] if use.suits(indication)
        ]

    def read(self, wanted: Stretch) -> None:
        """Read what is not known of `wanted`: at most 4 queries when the weeks are ready.

        Closures, hours and the patients' appointments are read for all days to come: they are few,
        and are not read again when a later day is asked for.
        """
        known = self._known
        self._known = everything = wanted.joined(known) if known else wanted
        if known is None or everything.first < known.first:
            self._forget()
        elif everything.last > known.last:
            self._forget_bits()
        # A day of a site begins up to 14 hours before that of the UTC and ends up to 12 after it.
        self._line = Timeline(
            datetime.combine(everything.first - _DAY, time.min, UTC),
            ((everything.last - everything.first) + 3 * _DAY) // GRID,
        )
        self._read_closures([key for key in everything.sites if key not in self._closures])
        self._hours.read(everything.practitioners, everything.first)
        resources = [("P", key) for key in everything.practitioners]
        resources += [("R", key) for key in everything.rooms]
        self._read_busy([each for each in resources if each not in self._busy])
        self._read_patients([key for key in everything.patients if key not in self._met])

    def _read_closures(self, sites: Sequence[int]) -> None:
        if sites:
            self._closures |= {key: [] for key in sites}
            first = self._line.origin.date()
            for shut in Closure.objects.filter(site__in=sites).touching(first, date.max):
                self._closures[shut.site_id].append(shut)

    def _read_busy(self, resources: Sequence[Resource]) -> None:
        if resources:
            self._busy |= read_busy(resources, self._line)

    def _read_patients(self, patients: Sequence[int]) -> None:
        if patients:
            self._met |= {key: [] for key in patients}
            held = Appointment.objects.live().filter(
                patient__in=patients, ends_at__gt=self._line.origin
            )
            for patient, key, *span in held.values_list("patient", "pk", "starts_at", "ends_at"):
                self._met[patient].append((key, Span(*span)))

    def _site_days(self, site: Site) -> "_SiteDays":
        assert self._known is not None  # its days were read
        if site.pk not in self._sites:
            first, last = self._known.first, self._known.last
            self._sites[site.pk] = _SiteDays(site, first, last, self._closures[site.pk])
        return self._sites[site.pk]

    def openings(
        self,
        *,
        site: Site,
        practitioners: Iterable[int],
        indication: Indication | None,
        patient: Patient,
        need: Need,
        first: date,
        last: date,
        now: datetime,
        ignoring: Sequence[Appointment] = (),
        taken: Sequence[Taken] = (),
    ) -> Openings:
        """Return where an appointment of `patient` may begin at `site` from `first` to `last`.

        Both days are included. `practitioners` are primary keys; the rooms are those that suit
        `indication`, all of them if it is None. The time of appointments in `ignoring` counts as
        free: they are about to move; that of `taken` does not. Nothing begins before `now` (aware).
        """
        people = sorted(set(practitioners))
        rooms = self.rooms([site], indication)
        self.read(
            Stretch(
                first=first,
                last=last,
                sites={site.pk: site},
                practitioners=frozenset(people),
                rooms=frozenset(room.pk for room in rooms),
                patients=frozenset({patient.pk}),
            )
        )
        days = self._site_days(site)
        begin, end = days.limits[first][0], days.limits[last][1]
        line = Timeline(days.line.moment(begin), end - begin)
        resources: list[Resource] = [("P", key) for key in people]
        resources += [("R", room.pk) for room in rooms]
        busy = _with_taken(_without(self._busy_on(line, resources), ignoring, line), taken, line)
        always = part(days.open, begin, end)
        return Openings(
            zone=site.zone,
            timeline=line,
            days=days.between(first, last),
            closed={day: reason for day, reason in days.closed.items() if first <= day <= last},
            practitioners={
                key: Bits(part(days.working(key, self._hours), begin, end), busy["P", key])
                for key in people
            },
            rooms={room.pk: Bits(always, busy["R", room.pk]) for room in rooms},
            patient_busy=line.touched(self._met_by(patient, ignoring, taken)),
            need=need,
            not_before=min(max(0, -(-(now - line.origin) // GRID)), line.length),
            every=self._offered_every(site),
        )

    def _busy_on(self, line: Timeline, resources: Iterable[Resource]) -> dict[Resource, int]:
        skip = self._line.index(line.origin)
        return {each: part(self._busy[each], skip, skip + line.length) for each in resources}

    def _met_by(
        self, patient: Patient, ignoring: Sequence[Appointment], taken: Sequence[Taken]
    ) -> list[Span]:
        gone = {appointment.pk for appointment in ignoring}
        met = [span for key, span in self._met[patient.pk] if key not in gone]
        met += [Span(one.held_from, one.held_until) for one in taken if one.patient == patient.pk]
        return met


def read_openings(
    *,
    site: Site,
    practitioners: Iterable[int],
    indication: Indication | None,
    patient: Patient,
    need: Need,
    first: date,
    last: date,
    now: datetime,
    ignoring: Sequence[Appointment] = (),
    taken: Sequence[Taken] = (),
) -> Openings:
    """Read where an appointment may begin, for one question (see `Calendars.openings`).

    Takes 5 queries when the weeks are ready, whatever the number of days.
    """
    return Calendars().openings(
        site=site,
        practitioners=practitioners,
        indication=indication,
        patient=patient,
        need=need,
        first=first,
        last=last,
        now=now,
        ignoring=ignoring,
        taken=taken,
    )


def _without(
    busy: dict[Resource, int], ignoring: Sequence[Appointment], line: Timeline
) -> dict[Resource, int]:
    for appointment in ignoring:
        own = line.touched([Span(appointment.held_from, appointment.held_until)])
        for key in (("P", appointment.practitioner_id), ("R", appointment.room_id)):
            if key in busy:
                busy[key] &= ~own
    return busy


def _with_taken(
    busy: dict[Resource, int], taken: Sequence[Taken], line: Timeline
) -> dict[Resource, int]:
    for promised in taken:
        own = line.touched([Span(promised.held_from, promised.held_until)])
        for key in (("P", promised.practitioner), ("R", promised.room)):
            if key in busy:
                busy[key] |= own
    return busy


class _SiteDays:
    """Days of a site as bits of its own timeline: when it is open, and who works."""

    def __init__(self, site: Site, first: date, last: date, closures: Sequence[Closure]) -> None:
        self.site = site
        self.line = Timeline.over(day_bounds(site, first, last))
        self.limits = _limits(site, self.line, first, last)
        self.closed = {day: shut.reason for shut in closures for day in _days_of(shut, first, last)}
        # The eighth day of a week is one on which nobody works.
        self._shape = [
            (7 if day in self.closed else day.weekday(), end - begin)
            for day, (begin, end) in self.limits.items()
        ]
        self.open = joined(
            [(0 if kind == 7 else (1 << length) - 1, length) for kind, length in self._shape]
        )
        self._places = {day: n for n, day in enumerate(self.limits) if day not in self.closed}
        self._odd = [day for day, n in self._places.items() if self._shape[n][1] != _USUAL_DAY]
        self._working: dict[int, int] = {}

    def between(self, first: date, last: date) -> dict[date, tuple[int, int]]:
        """Return first step and the one after the last of each day, counted from that of `first`."""
        shift = self.limits[first][0]
        return {
            day: (begin - shift, end - shift)
            for day, (begin, end) in self.limits.items()
            if first <= day <= last
        }

    def working(self, person: int, hours: Hours) -> int:
        """Return the steps on which `person` (a primary key) works.

        A usual day is its weekday's pattern. Days with a one-off change, and those on which clocks
        change, are worked out from the wall clock.
        """
        if not hours.works_at(person, self.site):
            return 0
        if person not in self._working:
            week = [*(self._usual(person, weekday, hours) for weekday in range(7)), 0]
            parts = [(week[kind], length) for kind, length in self._shape]
            changed = hours.days_changed(person, self.site)
            for day in (*self._odd, *(day for day in changed if day in self._places)):
                place = self._places[day]
                parts[place] = (self._worked_out(person, day, hours), parts[place][1])
            self._working[person] = joined(parts)
        return self._working[person]

    def _usual(self, person: int, weekday: int, hours: Hours) -> int:
        weekly = hours.weekly(person, self.site, weekday)
        return _ANY_DAY.inside(hours_of_day(_UTC, _ANY_DAY.origin.date(), weekly, ()))

    def _worked_out(self, person: int, day: date, hours: Hours) -> int:
        begin, end = self.limits[day]
        origin = datetime.combine(day, time.min, self.site.zone).astimezone(UTC)
        return Timeline(origin, end - begin).inside(hours.on_day(person, self.site, day))


_UTC = ZoneInfo("UTC")
# Some day without a clock change.
_ANY_DAY = Timeline(datetime(2000, 1, 3, tzinfo=UTC), _USUAL_DAY)


def _limits(site: Site, line: Timeline, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Return the first step of each day and the one after its last."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    begins = [line.index(datetime.combine(day, time.min, site.zone)) for day in days]
    return dict(zip(days, pairwise([*begins, line.length]), strict=True))


def _days_of(shut: Closure, first: date, last: date) -> Iterator[date]:
    begins, ends = max(shut.starts_on, first), min(shut.ends_on, last)
    return (begins + timedelta(days=n) for n in range((ends - begins).days + 1))
