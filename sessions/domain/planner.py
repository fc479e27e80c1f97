"""The best complete chains of a course: one day for every session, each inside its window.

A window depends only on the day of the session before, and what a day costs is added up session by
session. So the best time of each day can be chosen first, and a dynamic programme over (session,
day) finds the cheapest chain exactly: never a greedy guess, and never a chain with a hole.
`docs/adr/0005-what-the-planner-prefers.md` explains the order of the costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from heapq import nsmallest

from sessions.domain.windows import Cadence, window_after

# What counts, from most to least; no amount of a later thing outweighs one of an earlier.
PREFERENCES = (
    "sessions_late",
    "days_late",
    "other_site",
    "sessions_moved",
    "other_practitioner",
    "days_moved",
    "steps_moved",
    "off_weekday",
    "days_off_due",
    "steps_off_time",
    "steps_into_day",
)

# One amount of a chain stays below 15 sessions of 300 steps or 400 days each.
_WEIGHT = {name: 1 << (16 * place) for place, name in enumerate(reversed(PREFERENCES))}


def cost_of(**amounts: int) -> int:
    """Return the cost of `amounts` (names of PREFERENCES) as one number; costs may be added."""
    return sum(_WEIGHT[name] * amount for name, amount in amounts.items())


def amounts_in(cost: int) -> dict[str, int]:
    """Return what a cost is made of."""
    return {name: cost // weight % (1 << 16) for name, weight in _WEIGHT.items()}


class Spread(StrEnum):
    """Which day of a window is wished for."""

    AS_DUE = "AS_DUE"
    SOON = "SOON"
    WIDE = "WIDE"


ANY_NUMBER_OF_DAYS = 100_000


@dataclass(frozen=True, slots=True)
class Placeable:
    """A session and what each day it may be on costs, as ordinals of dates.

    A session that stands where it is has one day. Days in `excused` may lie after its window, by
    `excused_days` at most: a reason is on record, or will be, or it was that late before.
    `late_days` says how far any other day may.
    """

    number: int
    costs: Mapping[int, int]
    excused: frozenset[int] = frozenset()
    excused_days: int = ANY_NUMBER_OF_DAYS
    late_days: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """A day for each session, in order, and what that costs."""

    days: tuple[date, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best chains, best first. Without one: the first session that no chain reaches.

    `prefix` is then the best chain of the sessions before it.
    """

    chains: tuple[Chain, ...] = ()
    stuck_at: int | None = None
    prefix: Chain = field(default=Chain((), 0))

    @property
    def best(self) -> Chain | None:
        """The best complete chain."""
        return self.chains[0] if self.chains else None


_Path = tuple["_Path | None", int]
_Layer = dict[int, list[tuple[int, _Path]]]


def best_chains(
    cadence: Cadence,
    sessions: Sequence[Placeable],
    *,
    previous_on: date | None,
    first_on: date,
    spread: Spread = Spread.AS_DUE,
    best: int = 1,
) -> Outcome:
    """Return the `best` cheapest chains for `sessions`, given by number.

    `previous_on` is the day of the last session before them that counts; None if there is none,
    and then the first one is due on `first_on` and may be on any of its days. Chains differ in at
    least one day; of equally cheap ones the one that ends earlier comes first, then the one whose
    last but one session is earlier, and so on. Without sessions, the empty chain is the best.
    """
    known_days = _reach_of(cadence, spread)
    layer: _Layer | None = None
    if previous_on is not None:
        layer = {previous_on.toordinal(): [(0, (None, 0))]}
    for session in sessions:
        following = (
            _first(session, first_on.toordinal())
            if layer is None
            else _step(layer, session, known_days, best)
        )
        if not following:
            return Outcome(stuck_at=session.number, prefix=_chains(layer, 1)[0])
        layer = following
    return Outcome(chains=tuple(_chains(layer, best)))


def _first(session: Placeable, due: int) -> _Layer:
    return {
        day: [(cost + abs(day - due) * _WEIGHT["days_off_due"], (None, day))]
        for day, cost in sorted(session.costs.items())
    }


def _step(layer: _Layer, session: Placeable, reach: "_Reach", best: int) -> _Layer:
    found: _Layer = {}
    costs, is_monthly = session.costs, reach.cadence.is_monthly(session.number)
    for previous, entries in layer.items():
        cheapest, path = entries[0]
        for day, gap_cost in reach.days(previous, session, is_monthly=is_monthly):
            cost = costs.get(day)
            if cost is None:
                continue
            added = cost + gap_cost
            known = found.get(day)
            # Of equally cheap ones the earlier day before wins: layers are in order of their days.
            if known is None:
                found[day] = [(total + added, (before, day)) for total, before in entries]
            elif best > 1:
                known.extend((total + added, (before, day)) for total, before in entries)
            elif cheapest + added < known[0][0]:
                known[0] = (cheapest + added, (path, day))
    if best == 1:
        return {day: found[day] for day in sorted(found)}
    return {day: nsmallest(best, found[day], key=_total) for day in sorted(found)}


def _total(entry: tuple[int, _Path]) -> int:
    return entry[0]


def _chains(layer: _Layer | None, best: int) -> list[Chain]:
    if layer is None:
        return [Chain((), 0)]
    entries = [entry for day in sorted(layer) for entry in layer[day]]
    return [Chain(_days(path), cost) for cost, path in nsmallest(best, entries, key=_total)]


def _days(path: _Path | None) -> tuple[date, ...]:
    days = []
    while path is not None and path[1]:
        days.append(date.fromordinal(path[1]))
        path = path[0]
    return tuple(reversed(days))


@lru_cache(maxsize=16)
def _reach_of(cadence: Cadence, spread: Spread) -> "_Reach":
    """Return what is known of a cadence: it holds for every course that repeats like that."""
    return _Reach(cadence, spread)


class _Reach:
    """Which days a session may be on after the one before, and what the gap costs."""

    def __init__(self, cadence: Cadence, spread: Spread) -> None:
        self.cadence, self.spread = cadence, spread
        self._known: dict[tuple[bool, int], tuple[int, list[tuple[int, int]]]] = {}

    def days(self, previous: int, session: Placeable, *, is_monthly: bool) -> list[tuple[int, int]]:
        """Return the days that `session` may be on when the one before is on `previous`."""
        known = self._known.get((is_monthly, previous))
        if known is None:
            known = self._known[is_monthly, previous] = self._read(previous, session.number)
        latest, days = known
        if not session.excused and not session.late_days:
            return days
        most = latest + session.excused_days
        late = [day for day in session.excused if latest < day <= most]
        late_cost = _WEIGHT["sessions_late"]
        furthest = latest + session.late_days
        # A session that stands has one day, however late it may be.
        looked_at = session.costs if len(session.costs) == 1 else range(latest + 1, furthest + 1)
        more = [
            (day, late_cost + (day - latest) * _WEIGHT["days_late"])
            for day in looked_at
            if latest < day <= furthest and day not in late
        ]
        return [*days, *more, *((day, 0) for day in late)]

    def _read(self, previous: int, number: int) -> tuple[int, list[tuple[int, int]]]:
        gap = self.cadence.gap_before(number)
        earliest, latest = previous + gap.min_days, previous + gap.max_days
        if self.spread is Spread.AS_DUE:
            on = date.fromordinal(previous)
            wished = window_after(self.cadence, number, on).due.toordinal()
        else:
            wished = earliest if self.spread is Spread.SOON else latest
        weight = _WEIGHT["days_off_due"]
        return latest, [(day, abs(day - wished) * weight) for day in range(earliest, latest + 1)]


def reach(
    cadence: Cadence,
    numbers: Sequence[int],
    *,
    previous_on: date | None,
    first: tuple[date, date],
    fixed: Mapping[int, date],
    excused: Mapping[int, date] | None = None,
    late_days: int = 0,
) -> list[tuple[int, int]]:
    """Return the first and the last day, as ordinals, that each session of `numbers` can come to.

    `first` bounds a first session; `fixed` are those that stand, `excused` the days on which others
    may be late. Days beyond need no look.
    """
    bounds: list[tuple[int, int]] = []
    low = high = previous_on.toordinal() if previous_on else None
    for number in numbers:
        if low is None or high is None:
            low, high = first[0].toordinal(), first[1].toordinal()
        else:
            gap = cadence.gap_before(number)
            low, high = low + gap.min_days, high + gap.max_days + late_days
        if excused and number in excused:
            high = max(high, excused[number].toordinal())
        if number in fixed:
            low = high = fixed[number].toordinal()
        bounds.append((low, high))
    return bounds
