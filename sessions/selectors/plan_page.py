"""What the page of a new course shows: its proposal drawn row by row, and the panel beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from sessions import planner_words as words
from sessions.selectors.asking import Ask, Place
from sessions.selectors.drawing import DrawnCourse, DrawnRow, draw_plan
from sessions.selectors.fixes import (
    Fix,
    FixKind,
    OtherDay,
    explain,
    find_fixes,
    other_times,
)
from sessions.selectors.proposals import Proposal, ProposedRow
from sessions.selectors.search import openings_for, propose

# A kept time further away than the longest course is not looked at.
LONGEST = timedelta(days=3 * 366)
# How many other times stand below a way out: those nearest to its own.
TIMES_BESIDE = 6


@dataclass(frozen=True, slots=True)
class Offer:
    """A time to choose. `use` is what choosing it changes on the page, as a query string."""

    place: Place
    use: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class PageRow:
    """A session on the page. `place` is the one to book, or one that is kept against a rule."""

    drawn: DrawnRow
    place: Place | None
    problem: str = ""
    is_pinned: bool = False
    lost: Place | None = None
    is_changing: bool = False

    @property
    def row(self) -> ProposedRow:
        """The row of the proposal."""
        assert self.drawn.proposed is not None  # only a proposal is shown here
        return self.drawn.proposed

    @property
    def number(self) -> int:
        """Which session it is."""
        return self.drawn.number

    @property
    def is_stuck(self) -> bool:
        """Whether it is the one that needs a fix."""
        return self.drawn.is_problem

    @property
    def is_bad(self) -> bool:
        """Whether something is wrong with it."""
        return self.is_stuck or bool(self.problem)


@dataclass(frozen=True, slots=True)
class FixCard:
    """A whole way out as a card, and other times of the same day."""

    number: int
    fix: Fix
    title: str
    says: str
    moves: tuple[tuple[ProposedRow, Place, str], ...]
    others: tuple[tuple[ProposedRow, str], ...]
    use: str
    beside: tuple[Offer, ...]

    @property
    def place(self) -> Place:
        """Where the session without a time would be."""
        assert self.fix.row.place is not None  # a way out places every session
        return self.fix.row.place


@dataclass(frozen=True, slots=True)
class FixPanel:
    """Why a session has no time, and what can be done."""

    row: PageRow
    says: str
    cards: tuple[FixCard, ...]


@dataclass(frozen=True, slots=True)
class DayOffers:
    """A day of a session's window, with the times to choose or what is in the way."""

    day: OtherDay
    offers: tuple[Offer, ...]
    obstacle: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class TimesPanel:
    """The other times of a session."""

    row: PageRow
    allowed: str
    days: tuple[DayOffers, ...]
    anybody: bool
    late: bool


@dataclass
class PlanPage:
    """The answer to `ask`. `pins` are the times that somebody keeps.

    While a lost time is replaced, `shown` are the times as they were before; `ask` then holds more
    than the pins.
    """

    ask: Ask
    pins: Mapping[int, Place]
    rtl: bool = False
    shown: Mapping[int, Place] = field(default_factory=dict)
    change: int | None = None
    anybody: bool = False
    late: bool = False

    @cached_property
    def proposal(self) -> Proposal:
        """The best chain, or what there is of it."""
        return propose(self.ask)

    @cached_property
    def drawn(self) -> DrawnCourse:
        """The chain as it is drawn."""
        return draw_plan(self.proposal, today=self.ask.today, rtl=self.rtl)

    @cached_property
    def rows(self) -> tuple[PageRow, ...]:
        """The sessions, in order."""
        drawn = self.drawn.rows  # reads the days of the whole course, and the pins lie among them
        gone = taken_pins(self.ask, self.pins)
        return tuple(self._row(row, gone) for row in drawn)

    def _row(self, drawn: DrawnRow, gone: set[int]) -> PageRow:
        number, place = drawn.number, drawn.proposed.place if drawn.proposed else None
        kept = self.pins.get(number)
        problem = ""
        if kept and number in gone:
            problem = words.pin_lost_words(number, kept)
        elif kept and number == self.stuck_at:
            problem = words.pin_words(number, kept, drawn.link.window)
        return PageRow(
            drawn=drawn,
            place=place or kept if problem else place,
            problem=problem,
            is_pinned=kept is not None and (place is not None or bool(problem)),
            lost=self.shown.get(number) if number in self.moved else None,
            is_changing=number == self.change,
        )

    @cached_property
    def moved(self) -> tuple[int, ...]:
        """The sessions that have another time than before."""
        return tuple(
            row.number
            for row in self.proposal.rows
            if row.place and row.number in self.shown and row.place != self.shown[row.number]
        )

    @property
    def stuck_at(self) -> int | None:
        """The session that has no time."""
        return self.proposal.stuck_at

    @property
    def total(self) -> int:
        """How many sessions there are."""
        return len(self.proposal.rows)

    @property
    def ready(self) -> int:
        """How many sessions can be booked as they stand, as far as is known."""
        return sum(row.place is not None and not row.problem for row in self.rows)

    @property
    def needs_fix(self) -> PageRow | None:
        """The first session that needs one."""
        return next((row for row in self.rows if row.is_bad), None)

    @cached_property
    def panel(self) -> FixPanel | TimesPanel | None:
        """What stands beside the chain: other times where asked for, else the ways out."""
        if row := self._to_change():
            return self._times(row)
        stuck = next((row for row in self.rows if row.is_stuck), None)
        return self._fixes(stuck) if stuck else None

    @property
    def fixes(self) -> FixPanel | None:
        """The panel, if it is about a session without a time."""
        return self.panel if isinstance(self.panel, FixPanel) else None

    @property
    def times(self) -> TimesPanel | None:
        """The panel, if it lists the times of a session."""
        return self.panel if isinstance(self.panel, TimesPanel) else None

    def _to_change(self) -> PageRow | None:
        """Return the row whose times are asked for; one that waits for an earlier has none."""
        return next(
            (row for row in self.rows if row.is_changing and (row.place or row.is_stuck)), None
        )

    def _times(self, row: PageRow) -> TimesPanel:
        found = other_times(
            self.ask, self.proposal, row.number, anybody=self.anybody, late=self.late
        )
        on = row.place.on if row.place else row.row.link.window.due
        open_on = _first_to_open(found, on)
        person = row.place.practitioner if row.place else self.proposal.practitioner
        return TimesPanel(
            row=row,
            allowed=words.window_words(row.row.link.window),
            days=tuple(
                DayOffers(
                    day=day,
                    offers=_offers(row.number, day.places, row.place if day.on == on else None),
                    obstacle=words.obstacle_words(day.obstacle, day.closure, person.display_name),
                    is_open=day.on == open_on,
                )
                for day in found
            ),
            anybody=self.anybody,
            late=self.late,
        )

    def _fixes(self, row: PageRow) -> FixPanel:
        explanation = explain(self.ask, self.proposal)
        assert explanation is not None  # a session is stuck
        fixes = find_fixes(self.ask, self.proposal)
        days = self._days_of(fixes, row.number)
        return FixPanel(
            row=row,
            says=row.problem or words.explanation_words(explanation, self.proposal),
            cards=tuple(self._card(number, fix, days) for number, fix in enumerate(fixes, start=1)),
        )

    def _days_of(self, fixes: tuple[Fix, ...], number: int) -> dict[date, OtherDay]:
        """Return the days of the ways out that lie in the window, with all their times."""
        if not fixes:
            return {}
        found = other_times(self.ask, self.proposal, number, anybody=True)
        return {day.on: day for day in found}

    def _card(self, number: int, fix: Fix, days: Mapping[date, OtherDay]) -> FixCard:
        place = fix.row.place
        assert place is not None  # a way out places every session
        moved = {row.number for row in fix.moved}
        beside = days[place.on].places if place.on in days and not fix.moved else ()
        return FixCard(
            number=number,
            fix=fix,
            title=words.place_words(place, self.proposal),
            says=words.fix_words(fix, self.proposal),
            moves=tuple(
                (row, fix.before[row.number], words.change_words(row, self.proposal))
                for row in fix.moved
            ),
            others=tuple(
                (row, words.change_words(row, self.proposal))
                for row in fix.changed
                if row.number not in moved and row.number != fix.number
            ),
            use=_use(fix),
            beside=_offers(fix.number, _nearest(beside, place), place, fix.pins) if beside else (),
        )


def taken_pins(ask: Ask, pins: Mapping[int, Place]) -> set[int]:
    """Return the numbers of those `pins` that are not free (any more)."""
    gone: set[int] = set()
    by_site = sorted(pins.items(), key=lambda pin: pin[1].room.site.pk)
    for _site, group in groupby(by_site, key=lambda pin: pin[1].room.site.pk):
        there = dict(group)
        site = next(iter(there.values())).room.site
        days = [place.on for place in there.values()]
        openings, _rooms = openings_for(
            ask,
            site,
            {place.practitioner.pk for place in there.values()},
            first=max(min(days), ask.today),
            last=max(*days, ask.today),
        )
        gone |= {
            number
            for number, place in there.items()
            if not openings.can_stay(place.practitioner.pk, place.room.pk, place.starts_at)
        }
    return gone


def bounded(pins: Mapping[int, Place], first_on: date, total: int) -> dict[int, Place]:
    """Return those of `pins` that a course of `total` sessions from `first_on` on could keep."""
    return {
        number: place
        for number, place in pins.items()
        if number <= total and abs(place.on - first_on) <= LONGEST
    }


def _offers(
    number: int,
    places: Sequence[Place],
    chosen: Place | None,
    pins: Mapping[int, Place] | None = None,
) -> tuple[Offer, ...]:
    """Return `places` of one day for session `number` in order, the chosen one among them.

    Choosing one keeps it, and `pins` of other sessions as well.
    """
    times = {(place.starts_at, place.practitioner.pk): place for place in places}
    own = (chosen.starts_at, chosen.practitioner.pk) if chosen else None
    if chosen and own:
        times[own] = chosen
    return tuple(
        Offer(times[key], _keep({**(pins or {}), number: times[key]}), key == own)
        for key in sorted(times)
    )


def _keep(pins: Mapping[int, Place]) -> str:
    """Return what keeps `pins` on the page."""
    return urlencode({f"pin-{number}": place.value for number, place in pins.items()})


def _use(fix: Fix) -> str:
    """Return what using a way out changes on the page: wishes, or the times that are kept."""
    if fix.kind is FixKind.WIDEN:
        wishes = fix.proposal.wishes
        return urlencode(
            {
                "weekdays": sorted(wishes.weekdays) or "",
                "time_of_day": wishes.time_of_day,
                "only": "on" if wishes.only else "",
            },
            doseq=True,
        )
    return _keep(fix.pins)


def _nearest(places: Sequence[Place], to: Place) -> list[Place]:
    """Return the other times that are nearest to one of them."""
    others = [place for place in places if place.starts_at != to.starts_at]
    return sorted(others, key=lambda place: abs(place.starts_at - to.starts_at))[: TIMES_BESIDE - 1]


def _first_to_open(days: Sequence[OtherDay], on: date) -> date | None:
    """Return the day to show open: the nearest to `on` that has times."""
    free = [day.on for day in days if day.places]
    return min(free, key=lambda day: abs(day - on), default=None)
