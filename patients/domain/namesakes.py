"""Tell people with the same name apart by what a caller can be asked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from patients.domain.searching import fold

TAIL_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a list; `key` is whatever the list knows them by."""

    key: int
    name: str
    born_on: date
    phone: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What tells a person from those of the same name: the birth date, the phone's end, or both."""

    by_birth: bool
    by_phone: bool


def differences(people: Iterable[Person]) -> dict[int, Difference]:
    """Return, by key, what differs between people of one name; nobody who is alone with it.

    Case, accents and the order of the names do not make another name.
    """
    alike: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for person in people:
        alike[tuple(sorted(fold(person.name).split()))].append(person)
    found: dict[int, Difference] = {}
    for namesakes in alike.values():
        if len(namesakes) > 1:
            difference = Difference(
                by_birth=len({person.born_on for person in namesakes}) > 1,
                by_phone=len({split_phone(person.phone)[1] for person in namesakes}) > 1,
            )
            found |= {person.key: difference for person in namesakes}
    return found


def split_phone(phone: str) -> tuple[str, str]:
    """Return `phone` before its last four digits, and from there: "020 7946 " and "0991"."""
    places = [at for at, letter in enumerate(phone) if letter.isdigit()][-TAIL_DIGITS:]
    cut = places[0] if places else len(phone)
    return phone[:cut], phone[cut:]
