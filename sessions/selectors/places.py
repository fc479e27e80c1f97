"""Places that a form sends back."""

from collections.abc import Mapping
from datetime import UTC, datetime

from clinic.models import Room
from meso_clinic.core.models import User
from sessions.selectors.asking import Place

_Parts = tuple[datetime, int, int]


def read_places(typed: Mapping[int, str]) -> dict[int, Place]:
    """Return the places behind what `Place.value` wrote, by session number.

    What names no time, no practitioner or no room in use is left out. Takes 2 queries.
    """
    found = {number: parts for number, value in typed.items() if (parts := _parts(value))}
    if not found:
        return {}
    people = User.objects.practitioners().in_bulk({person for _at, person, _room in found.values()})
    rooms = (
        Room.objects.filter(is_active=True)
        .select_related("site")
        .in_bulk({room for _at, _person, room in found.values()})
    )
    return {
        number: Place(starts_at, people[person], rooms[room])
        for number, (starts_at, person, room) in found.items()
        if person in people and room in rooms
    }


def _parts(value: str) -> _Parts | None:
    try:
        start, person, room = value.split("/")
        starts_at = datetime.strptime(start, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    keys_are_numbers = all(key.isdecimal() and len(key) < 19 for key in (person, room))
    return (starts_at, int(person), int(room)) if keys_are_numbers and _is_near(starts_at) else None


def _is_near(starts_at: datetime) -> bool:
    """Whether the days around it exist: nobody books in the year 1 or 9999."""
    return 2000 <= starts_at.year <= 2199
