"""Free time, derived from working hours, one-off changes, closures and appointments."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q

from clinic.models import ClinicProfile, Closure, Room, Shift, ShiftException, Site
from patients.models import Patient
from sessions.domain.free_time import (
    GRID,
    Span,
    merge,
    subtract,
    wall_span,
)
from sessions.domain.openings import Bits, Need, Openings
from sessions.domain.timeline import Timeline, joined, steps_in
from sessions.models import Appointment
from sessions.selectors.busy import read_busy
from treatments.models import Indication


class Taken(NamedTuple):
    """Time of a practitioner, a room and a patient (primary keys) that is promised, not written."""

    held_from: datetime
    held_until: datetime
    practitioner: int
    room: int
    patient: int


def read_openings(
    *,
    site: Site,
    practitioners: Iterable[int],
    rooms: Sequence[Room],
    patient: Patient,
    need: Need,
    first: date,
    last: date,
    now: datetime,
    ignoring: Sequence[Appointment] = (),
    taken: Sequence[Taken] = (),
) -> Openings:
    """Read where an appointment of `patient` may begin at `site` from `first` to `last`, included.

    `practitioners` are primary keys; rooms are those given (see `suitable_rooms`). The time of
    appointments in `ignoring` counts as free: they are about to move; that of `taken` does not.
    Nothing begins before `now`
    (aware). Takes 6 queries when the weeks are ready, whatever the number of days.
    """
    people = sorted(set(practitioners))
    closures = Closure.objects.filter(site=site).touching(first, last)
    closed = {day: shut.reason for shut in closures for day in _days_of(shut, first, last)}
    line = Timeline.over(day_bounds(site, first, last))
    limits = _limits(site, line, first, last)
    resources = [*(("P", key) for key in people), *(("R", room.pk) for room in rooms)]
    busy = _without(read_busy(resources, line), ignoring, line)
    for promised in taken:
        own = line.touched([Span(promised.held_from, promised.held_until)])
        for key in (("P", promised.practitioner), ("R", promised.room)):
            if key in busy:
                busy[key] |= own
    met = [Span(one.held_from, one.held_until) for one in taken if one.patient == patient.pk]
    always = joined(
        [
            ((1 << end - begin) - 1 if day not in closed else 0, end - begin)
            for day, (begin, end) in limits.items()
        ]
    )
    working = _working_bits(site, people, limits, closed)
    return Openings(
        zone=site.zone,
        timeline=line,
        days=limits,
        closed=closed,
        practitioners={key: Bits(working[key], busy["P", key]) for key in people},
        rooms={room.pk: Bits(always, busy["R", room.pk]) for room in rooms},
        patient_busy=line.touched([*_patient_spans(patient, line, ignoring), *met]),
        need=need,
        not_before=min(max(0, -(-(now - line.origin) // GRID)), line.length),
        every=_offered_every(),
    )


def _limits(site: Site, line: Timeline, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Return the first step of each day and the one after its last."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    begins = [line.index(datetime.combine(day, time.min, site.zone)) for day in days]
    return dict(zip(days, pairwise([*begins, line.length]), strict=True))


def _offered_every() -> int:
    """Return the clinic's grid of offered times, in steps."""
    minutes = ClinicProfile.objects.values_list("offer_every_minutes", flat=True).first()
    return steps_in(minutes or 0) or 1


_USUAL_DAY = timedelta(days=1) // GRID


def _working_bits(
    site: Site, people: Sequence[int], limits: dict[date, tuple[int, int]], closed: Container[date]
) -> dict[int, int]:
    """Return the working steps of each of `people`. Takes 2 queries.

    A usual day is its weekday's pattern. Days with a one-off change, and those on which clocks
    change, are worked out from the wall clock.
    """
    days = list(limits)
    shifts, changes = _read_hours(site, people, days[0], days[-1])
    line = Timeline(datetime(2000, 1, 3, tzinfo=UTC), _USUAL_DAY)  # some day without a clock change
    utc = ZoneInfo("UTC")

    def usual(person: int, weekday: int) -> int:
        hours = _hours_of_day(utc, line.origin.date(), shifts[person, weekday], ())
        return line.inside(hours)

    def worked_out(person: int, day: date) -> int:
        begin, end = limits[day]
        origin = datetime.combine(day, time.min, site.zone).astimezone(UTC)
        hours = _hours_of_day(site.zone, day, shifts[person, day.weekday()], changes[person, day])
        return Timeline(origin, end - begin).inside(hours)

    # The eighth day of a week is one on which nobody works.
    shape = [
        (7 if day in closed else day.weekday(), end - begin) for day, (begin, end) in limits.items()
    ]
    places = {day: place for place, day in enumerate(days) if day not in closed}
    odd = [day for day, place in places.items() if shape[place][1] != _USUAL_DAY]
    changed: dict[int, list[date]] = defaultdict(list)
    for person, day in list(changes):
        if day in places:
            changed[person].append(day)
    found = {}
    for person in people:
        week = [*(usual(person, weekday) for weekday in range(7)), 0]
        parts = [(week[kind], length) for kind, length in shape]
        for day in (*odd, *changed[person]):
            parts[places[day]] = (worked_out(person, day), parts[places[day]][1])
        found[person] = joined(parts)
    return found


def _days_of(shut: Closure, first: date, last: date) -> Iterator[date]:
    begins, ends = max(shut.starts_on, first), min(shut.ends_on, last)
    return (begins + timedelta(days=n) for n in range((ends - begins).days + 1))


def _without(
    busy: dict[tuple[str, int], int], ignoring: Sequence[Appointment], line: Timeline
) -> dict[tuple[str, int], int]:
    for appointment in ignoring:
        own = line.touched([Span(appointment.held_from, appointment.held_until)])
        for key in (("P", appointment.practitioner_id), ("R", appointment.room_id)):
            if key in busy:
                busy[key] &= ~own
    return busy


def _patient_spans(patient: Patient, line: Timeline, ignoring: Sequence[Appointment]) -> list[Span]:
    held = (
        Appointment.objects.live()
        .filter(patient=patient)
        .overlapping(line.origin, line.moment(line.length))
        .exclude(pk__in=[appointment.pk for appointment in ignoring])
    )
    return [Span(*span) for span in held.values_list("starts_at", "ends_at")]


def suitable_rooms(site: Site, indication: Indication | None) -> list[Room]:
    """Return the rooms in use at `site` that suit `indication`; a room set up for nothing suits all."""
    rooms = Room.objects.filter(site=site, is_active=True).order_by("name", "pk")
    if indication is None:
        return list(rooms)
    suits = Q(indications__isnull=True) | Q(indications=indication)
    return list(rooms.filter(suits).distinct())


def day_bounds(site: Site, first: date, last: date) -> Span:
    """Return the instants from the beginning of `first` to the end of `last` at `site`."""
    start = datetime.combine(first, time.min, site.zone)
    end = datetime.combine(last + timedelta(days=1), time.min, site.zone)
    return Span(start.astimezone(UTC), end.astimezone(UTC))


def working_hours(
    site: Site, people: Sequence[int], days: Sequence[date]
) -> dict[int, tuple[Span, ...]]:
    """Return when each of `people` (primary keys) works at `site` on `days`, in order.

    Closures are not heeded here: leave closed days out of `days`. Takes 2 queries.
    """
    if not days:
        return dict.fromkeys(people, ())
    shifts, changes = _read_hours(site, people, days[0], days[-1])
    return {
        person: merge(
            span
            for day in days
            for span in _hours_of_day(
                site.zone, day, shifts[person, day.weekday()], changes[person, day]
            )
        )
        for person in people
    }


def _read_hours(
    site: Site, people: Sequence[int], first: date, last: date
) -> tuple[dict[tuple[int, int], list[Shift]], dict[tuple[int, date], list[ShiftException]]]:
    shifts: dict[tuple[int, int], list[Shift]] = defaultdict(list)
    for shift in Shift.objects.filter(site=site, practitioner__in=people):
        shifts[shift.practitioner_id, shift.weekday].append(shift)
    changes: dict[tuple[int, date], list[ShiftException]] = defaultdict(list)
    for change in ShiftException.objects.filter(
        Q(site=site) | Q(site__isnull=True), practitioner__in=people, on__range=(first, last)
    ):
        changes[change.practitioner_id, change.on].append(change)
    return shifts, changes


def _hours_of_day(
    zone: ZoneInfo, day: date, shifts: Sequence[Shift], changes: Sequence[ShiftException]
) -> tuple[Span, ...]:
    def span(starts: time | None, ends: time | None) -> list[Span]:
        found = wall_span(day, starts or time.min, ends or time.min, zone)
        return [found] if found else []

    works = [found for shift in shifts for found in span(shift.starts, shift.ends)]
    away: list[Span] = []
    for change in changes:
        is_away = change.kind == ShiftException.Kind.AWAY
        (away if is_away else works).extend(span(change.starts, change.ends))
    return subtract(works, away)
