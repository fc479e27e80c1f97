"""Who would take which time: free time of a site beside those who wait for some of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic.models import Site
from meso_clinic.core.models import User
from sessions.domain.openings import Need, Openings
from sessions.domain.timeline import nearest
from sessions.domain.waiting import Answer, Asks, Offer, day_answer, rank, time_obstacle
from sessions.selectors.asking import Place
from sessions.selectors.waiting.free_time import FreeTime
from sessions.selectors.waiting.freed import Freed, joined
from sessions.selectors.waiting.rows import WaitingRow


@dataclass(frozen=True, slots=True)
class Match:
    """A time that the patient of `row` would take, and what booking it takes beside a click."""

    row: WaitingRow
    place: Place
    asks: Asks

    @property
    def is_one_click(self) -> bool:
        """Whether one click books it."""
        return self.asks is Asks.NOTHING


@dataclass(frozen=True, slots=True)
class CameFree:
    """Time that came free `at` a moment, with those who would take it, the first to call first."""

    starts_at: datetime
    practitioner: User
    at: datetime
    matches: tuple[Match, ...]

    @property
    def anchor(self) -> str:
        """What the page calls it: practitioner and start."""
        return f"free-{self.practitioner.pk}-{self.starts_at:%Y%m%d%H%M}"


class Matching:
    """Those of `rows` who may be given a time now, and the free time of their site."""

    def __init__(self, site: Site, rows: Sequence[WaitingRow], now: datetime) -> None:
        self._rows = [row for row in rows if row.may_be_given]
        self._free = FreeTime(site, self._rows, now)
        self._answers: dict[tuple[int, date], Answer] = {}

    def came_free(self, freed: Iterable[Freed]) -> tuple[CameFree, ...]:
        """Return those of `freed` that somebody would take, each with its patients in order."""
        told = ((one, self._matches(one)) for one in joined(freed))
        return tuple(
            CameFree(one.starts_at, self._free.people[one.practitioner], one.at, matches)
            for one, matches in told
            if matches
        )

    def earliest(self) -> dict[int, Match]:
        """Return for each entry the first free time that its patient would take, if there is one."""
        return {row.entry.pk: match for row in self._rows if (match := self._earliest(row))}

    def _matches(self, freed: Freed) -> tuple[Match, ...]:
        """Return what each would take of `freed`, the first to call first."""
        matches = [match for row in self._rows if (match := self._nearest(row, freed))]
        today = self._free.today
        matches.sort(key=lambda match: rank(match.row.waiting, freed.practitioner, today))
        return tuple(matches)

    def _nearest(self, row: WaitingRow, freed: Freed) -> Match | None:
        """Return the start nearest to that of `freed` that uses some of its time and suits."""
        openings = self._free.openings(row)
        if openings is None or freed.practitioner not in openings.practitioners:
            return None
        starts = ((at, freed.practitioner) for at in _nearest_first(openings, row.need, freed))
        return self._first_that_suits(row, openings, starts)

    def _earliest(self, row: WaitingRow) -> Match | None:
        openings = self._free.openings(row)
        if openings is None:
            return None
        days = (day for day in openings.days if self._day_answer(row, day).suits)
        starts = (start for day in days for start in _starts_on(openings, day))
        return self._first_that_suits(row, openings, starts)

    def _first_that_suits(
        self, row: WaitingRow, openings: Openings, starts: Iterable[tuple[datetime, int]]
    ) -> Match | None:
        """Return the first of `starts`, moments with a practitioner, that the patient would take."""
        matches = (self._match(row, openings, at, person) for at, person in starts)
        return next((match for match in matches if match), None)

    def _match(
        self, row: WaitingRow, openings: Openings, starts_at: datetime, person: int
    ) -> Match | None:
        free = self._free
        offer = Offer(starts_at, person, free.site.zone)
        if time_obstacle(row.waiting, offer, free.now):
            return None
        answer = self._day_answer(row, offer.local.date())
        if not answer.suits:
            return None
        room = free.rooms[openings.rooms_at(starts_at)[0]]
        return Match(row, Place(starts_at, free.people[person], room), answer.asks)

    def _day_answer(self, row: WaitingRow, on: date) -> Answer:
        key = (row.entry.pk, on)
        if key not in self._answers:
            self._answers[key] = day_answer(row.waiting, on, self._free.today)
        return self._answers[key]


def _starts_on(openings: Openings, day: date) -> list[tuple[datetime, int]]:
    """Return what may begin on `day`, in order, each moment with its practitioner."""
    return sorted(
        (moment, person)
        for person in openings.practitioners
        for moment in openings.moments(person, day)
    )


def _nearest_first(openings: Openings, need: Need, freed: Freed) -> Iterator[datetime]:
    """Yield the starts that use some of the time of `freed`, those nearest to its own first."""
    line, free = openings.timeline, _using(openings, need, freed)
    wished = line.index(freed.starts_at)
    while found := nearest(free, wished, wished + 1):
        step, _off = found
        yield line.moment(step)
        free &= ~(1 << step)


def _using(openings: Openings, need: Need, freed: Freed) -> int:
    """Return the steps at which what takes `need` may begin and touches the time of `freed`."""
    line, minute = openings.timeline, timedelta(minutes=1)
    length, before, after = need.minutes * minute, need.before * minute, need.after * minute
    # Of the starts that touch the freed time, none begins before the first or after the last.
    first = max(line.index(freed.held.start - length - after) + 1, 0)
    end = max(line.index(freed.held.end + before - timedelta(seconds=1)) + 1, 0)
    return openings.starts(freed.practitioner) & ((1 << end) - 1) >> first << first
