"""The waiting list of a site as pages show it, and the news that stand on top of its day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from clinic.models import Site
from sessions.models import WaitlistEntry
from sessions.selectors.waiting.freed import read_freed
from sessions.selectors.waiting.matching import CameFree, Match, Matching
from sessions.selectors.waiting.rows import WaitingRow, read_rows


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The list of a site: who waits, what came free, and for each entry the first time it fits."""

    rows: tuple[WaitingRow, ...]
    came_free: tuple[CameFree, ...]
    earliest: Mapping[int, Match]


def read_waiting_list(site: Site, now: datetime) -> WaitingList:
    """Read the waiting list of `site` at `now` (aware).

    It takes the same number of queries whatever the number of entries, and one if nobody waits.
    """
    rows = read_rows(site, now)
    if not rows:
        return WaitingList((), (), {})
    matching = Matching(site, rows, now)
    return WaitingList(tuple(rows), matching.came_free(read_freed(site, now)), matching.earliest())


def read_came_free(site: Site, now: datetime) -> tuple[CameFree, ...]:
    """Read what came free and somebody waits for, in order of time.

    One query if nobody waits, two more if nothing came free, and a constant number otherwise.
    """
    if not WaitlistEntry.objects.open().filter(site=site).exists():
        return ()
    freed = read_freed(site, now)
    if not freed:
        return ()
    return Matching(site, read_rows(site, now), now).came_free(freed)
