"""The clinic that is measured, as plain data: the same places for the same numbers, every time.

Ten practitioners work two shifts of six hours, five in the morning and five in the afternoon, from
Monday to Saturday; five rooms suit everything. The past is full; the future is 80 % full.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice, product
from typing import NamedTuple
from zoneinfo import ZoneInfo

# Raise it when the same numbers no longer give the same places.
VERSION = 1

ZONE = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 7, tzinfo=ZONE)  # a Monday, before the doors open
PRACTITIONERS = 10
ROOMS = 5
SHIFTS = ((time(8), time(14)), (time(14), time(20)))
WORKING_WEEKDAYS = range(6)
MINUTES = 30
FUTURE_DAYS = 460
FULL = 0.8
FEWEST_PATIENTS = 4_000
VISITS_A_DAY = 144
APPOINTMENTS_PER_PATIENT = 10

_SEED = 20_261_123
_PLACES_A_SHIFT = 6 * 60 // MINUTES


class Place(NamedTuple):
    """An appointment. Practitioner, room and patient are counted from 0; times are in UTC."""

    practitioner: int
    room: int
    patient: int
    starts_at: datetime
    ends_at: datetime


def patients_for(rows: int) -> int:
    """Return how many patients a clinic with `rows` appointments in its past has."""
    return max(FEWEST_PATIENTS, rows // APPOINTMENTS_PER_PATIENT)


def past(rows: int, *, skip: int = 0) -> Iterator[Place]:
    """Yield the `rows` latest appointments before today, the latest day first, less `skip` ones."""
    days = (NOW.date() - timedelta(days=n) for n in count(1))
    places = (place for day in days for place in _day(day, full=1.0, patients=patients_for(rows)))
    return islice(places, skip, rows)


def future() -> Iterator[Place]:
    """Yield the appointments of the next days, at random moments."""
    for day in _days(FUTURE_DAYS):
        yield from _day(day, full=FULL, patients=FEWEST_PATIENTS)


def gaps(days: int) -> Iterator[Place]:
    """Yield the appointments that fill what `future` leaves free on the next `days` days."""
    taken = set(future())
    for day in _days(days):
        everything = _day(day, full=1.0, patients=FEWEST_PATIENTS)
        yield from (place for place in everything if place not in taken)


def early_and_late(days: int) -> Iterator[Place]:
    """Yield what makes 144 visits of each of the next `days` full days: before and after the shifts."""
    for day in _days(days):
        if day.weekday() in WORKING_WEEKDAYS:
            yield from islice(_outside_shifts(day), VISITS_A_DAY - 2 * _PLACES_A_SHIFT * ROOMS)


def _outside_shifts(day: date) -> Iterator[Place]:
    moments = (time(7), time(7, 30), time(20), time(20, 30), time(21))
    for (turn, clock), room in product(enumerate(moments), range(ROOMS)):
        starts_at = datetime.combine(day, clock, ZONE).astimezone(UTC)
        yield Place(
            practitioner=room if clock < time(12) else ROOMS + room,
            room=room,
            patient=turn * ROOMS + room,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=MINUTES),
        )


def _days(number: int) -> list[date]:
    return [NOW.date() + timedelta(days=n) for n in range(number)]


def _day(day: date, full: float, patients: int) -> Iterator[Place]:
    """Yield the places of a day. Each has the same practitioner and room whatever is left out."""
    if day.weekday() not in WORKING_WEEKDAYS:
        return
    # By the day, so that a day is the same however many others there are.
    chance = random.Random(_SEED + day.toordinal())
    patient = int(chance.random() * patients)  # one draw, whatever the number of patients
    for shift, (starts, _ends) in enumerate(SHIFTS):
        begins = datetime.combine(day, starts, ZONE).astimezone(UTC)
        for place in range(_PLACES_A_SHIFT):
            starts_at = begins + timedelta(minutes=MINUTES * place)
            rooms = chance.sample(range(ROOMS), ROOMS)
            for turn, room in enumerate(rooms):
                patient = (patient + 1) % patients
                if chance.random() < full:
                    yield Place(
                        practitioner=shift * ROOMS + turn,
                        room=room,
                        patient=patient,
                        starts_at=starts_at,
                        ends_at=starts_at + timedelta(minutes=MINUTES),
                    )
