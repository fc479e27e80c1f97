"""Whether infections and late lumps have something in common: a lot, a product, a room, a person."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

# So many patients at least, whose cases began at most so many days apart, both days counted: [PK].
# In one outbreak 17 of 77 patients fell ill although the clinic's technique was right [S41].
LEAST: Final = 2
WITHIN: Final = timedelta(days=90)


class What(StrEnum):
    """What may be shared."""

    LOT = "LOT"
    PRODUCT = "PRODUCT"
    ROOM = "ROOM"
    PRACTITIONER = "PRACTITIONER"


class Shared(NamedTuple):
    """One lot, product, room or practitioner, by its primary key."""

    what: What
    key: int


@dataclass(frozen=True, slots=True)
class SpreadCase:
    """An infection or late lump that began on `on`, and all that the patient had met before."""

    event: int
    patient: int
    on: date
    met: frozenset[Shared]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cases of several patients, in order of their begin, with `shared` in common, within 90 days."""

    shared: Shared
    cases: tuple[SpreadCase, ...]

    @property
    def newest_on(self) -> date:
        """When the last of them began."""
        return self.cases[-1].on


def find_clusters(cases: Iterable[SpreadCase]) -> list[Cluster]:
    """Return every cluster that is no part of a larger one, by what is shared, the oldest first."""
    by_shared: dict[Shared, list[SpreadCase]] = defaultdict(list)
    for case in sorted(set(cases), key=lambda one: (one.on, one.event)):
        for shared in case.met:
            by_shared[shared].append(case)
    return [
        Cluster(shared, run)
        for shared in sorted(by_shared)
        for run in _runs(by_shared[shared])
        if len({case.patient for case in run}) >= LEAST
    ]


def _runs(cases: list[SpreadCase]) -> Iterable[tuple[SpreadCase, ...]]:
    """Yield the longest runs of `cases`, which are in order, whose first and last are near enough."""
    last_end = 0
    end = 0
    for begin, first in enumerate(cases):
        while end < len(cases) and cases[end].on - first.on <= WITHIN:
            end += 1
        if end > last_end:
            yield tuple(cases[begin:end])
            last_end = end
