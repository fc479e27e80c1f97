"""Free time, derived from working hours, one-off changes, closures and appointments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from clinic.models import Closure, Room, Shift, ShiftException, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.free_time import Resource, Slot, Span, merge, slots, subtract, wall_span
from sessions.models import Appointment
from treatments.models import Indication

# How far apart the times are that a free stretch offers. A setting of the clinic's desk.
OFFER_EVERY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a site's calendar holds from `first` to `last` (days of the site, both included)."""

    site: Site
    first: date
    last: date
    practitioners: dict[int, Resource]
    rooms: dict[int, Resource]
    patient_busy: tuple[Span, ...]
    closures: tuple[Closure, ...]

    def slots(self, *, length: timedelta, not_before: datetime) -> list[Slot]:
        """Return the bookable times of `length`, none before `not_before` (aware)."""
        return slots(
            self.practitioners.values(),
            list(self.rooms.values()),
            self.patient_busy,
            length=length,
            step=OFFER_EVERY,
            not_before=not_before.astimezone(UTC),
        )

    def closure_on(self, day: date) -> Closure | None:
        """Return the closure that holds `day`."""
        return next((shut for shut in self.closures if shut.starts_on <= day <= shut.ends_on), None)


def read_calendar(
    *,
    site: Site,
    practitioners: Iterable[User],
    indication: Indication | None,
    patient: Patient,
    first: date,
    last: date,
    moving: Appointment | None = None,
) -> Calendar:
    """Read the calendar of `site` for `practitioners`, rooms that suit `indication`, and `patient`.

    `moving` is an appointment that is about to move: its own time counts as free. Takes 6 queries
    whatever the number of days.
    """
    people = sorted({person.pk for person in practitioners})
    closures = tuple(Closure.objects.filter(site=site).touching(first, last))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    open_days = [day for day in days if not any(c.starts_on <= day <= c.ends_on for c in closures)]
    working = working_hours(site, people, open_days)
    rooms = suitable_rooms(site, indication)
    all_day = merge(
        span for day in open_days if (span := wall_span(day, time.min, time.min, site.zone))
    )
    busy = _busy(site, people, [room.pk for room in rooms], patient, first, last, moving)
    return Calendar(
        site=site,
        first=first,
        last=last,
        practitioners={
            key: Resource(key, working[key], merge(busy["practitioner", key])) for key in people
        },
        rooms={room.pk: Resource(room.pk, all_day, merge(busy["room", room.pk])) for room in rooms},
        patient_busy=merge(busy["patient", patient.pk]),
        closures=closures,
    )


def suitable_rooms(site: Site, indication: Indication | None) -> list[Room]:
    """Return the rooms in use at `site` that suit `indication`; a room set up for nothing suits all."""
    rooms = (
        Room.objects.filter(site=site, is_active=True)
        .prefetch_related("indications")
        .order_by("name", "pk")
    )
    return [
        room
        for room in rooms
        if indication is None
        or not (suits := {suited.pk for suited in room.indications.all()})
        or indication.pk in suits
    ]


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
    shifts: dict[tuple[int, int], list[Shift]] = defaultdict(list)
    for shift in Shift.objects.filter(site=site, practitioner__in=people):
        shifts[shift.practitioner_id, shift.weekday].append(shift)
    changes: dict[tuple[int, date], list[ShiftException]] = defaultdict(list)
    for change in ShiftException.objects.filter(
        Q(site=site) | Q(site__isnull=True), practitioner__in=people, on__range=(days[0], days[-1])
    ):
        changes[change.practitioner_id, change.on].append(change)
    return {
        person: merge(
            span
            for day in days
            for span in _hours_of_day(
                site, day, shifts[person, day.weekday()], changes[person, day]
            )
        )
        for person in people
    }


def _hours_of_day(
    site: Site, day: date, shifts: Sequence[Shift], changes: Sequence[ShiftException]
) -> tuple[Span, ...]:
    def span(starts: time | None, ends: time | None) -> list[Span]:
        found = wall_span(day, starts or time.min, ends or time.min, site.zone)
        return [found] if found else []

    works = [found for shift in shifts for found in span(shift.starts, shift.ends)]
    away: list[Span] = []
    for change in changes:
        is_away = change.kind == ShiftException.Kind.AWAY
        (away if is_away else works).extend(span(change.starts, change.ends))
    return subtract(works, away)


def _busy(
    site: Site,
    people: Sequence[int],
    rooms: Sequence[int],
    patient: Patient,
    first: date,
    last: date,
    moving: Appointment | None,
) -> dict[tuple[str, int], list[Span]]:
    bounds = day_bounds(site, first, last)
    held = (
        Appointment.objects.live()
        .overlapping(bounds.start, bounds.end)
        .filter(Q(practitioner__in=people) | Q(room__in=rooms) | Q(patient=patient))
    )
    if moving is not None:
        held = held.exclude(pk=moving.pk)
    busy: dict[tuple[str, int], list[Span]] = defaultdict(list)
    for practitioner, room, who, starts_at, ends_at in held.values_list(
        "practitioner", "room", "patient", "starts_at", "ends_at"
    ):
        span = Span(starts_at, ends_at)
        busy["practitioner", practitioner].append(span)
        busy["room", room].append(span)
        busy["patient", who].append(span)
    return busy
