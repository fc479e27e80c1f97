"""What the planner is held against in small: every chain there is, and the greedy one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from sessions.domain.planner import (
    ANY_NUMBER_OF_DAYS,
    Chain,
    Outcome,
    Placeable,
    Spread,
    best_chains,
    cost_of,
)
from sessions.domain.windows import Cadence, Link, Step, chain
from tests.sessions.strategies import cadences, days


@dataclass(frozen=True)
class Case:
    """A question to the planner."""

    cadence: Cadence
    sessions: tuple[Placeable, ...]
    first_on: date
    previous_on: date | None = None
    spread: Spread = Spread.AS_DUE

    def answer(self, best: int = 1) -> Outcome:
        """Return what the planner says."""
        return best_chains(
            self.cadence,
            self.sessions,
            previous_on=self.previous_on,
            first_on=self.first_on,
            spread=self.spread,
            best=best,
        )

    def links(self, days: Sequence[date]) -> list[Link]:
        """Return the sessions on `days`, with their windows by the rules of the chain."""
        steps = [
            Step(session.number, booked_on=day)
            for session, day in zip(self.sessions, days, strict=False)
        ]
        if self.previous_on is None:
            return chain(self.cadence, self.first_on, steps)
        before = Step(self.sessions[0].number - 1, delivered_on=self.previous_on)
        return chain(self.cadence, self.previous_on, [before, *steps])[1:]

    def is_kept(self, session: Placeable, link: Link) -> bool:
        """Whether `session` may stand where `link` says."""
        is_excused = link.on.toordinal() in session.excused
        late = link.window.days_late(link.on)
        most = max(session.excused_days * is_excused, session.late_days)
        return not link.is_early and late <= most

    def cost(self, session: Placeable, link: Link) -> int:
        """Return what it costs that `session` stands where `link` says."""
        cost = session.costs[link.on.toordinal()]
        if link.gap_days is None:
            return cost + cost_of(days_off_due=abs((link.on - self.first_on).days))
        if link.is_late:
            days = link.window.days_late(link.on)
            is_named = link.on.toordinal() in session.excused
            is_excused = is_named and days <= session.excused_days
            return cost + (0 if is_excused else cost_of(sessions_late=1, days_late=days))
        wished = {
            Spread.AS_DUE: link.window.due,
            Spread.SOON: link.window.earliest,
            Spread.WIDE: link.window.latest,
        }[self.spread]
        assert wished is not None
        return cost + cost_of(days_off_due=abs((link.on - wished).days))


# Every chain there is


def brute_force(case: Case, best: int = 1) -> Outcome:
    """Return the answer found by building every chain that keeps the rules."""
    known = [Chain((), 0)]
    for session in case.sessions:
        longer = list(_longer(case, session, known))
        if not longer:
            return Outcome(stuck_at=session.number, prefix=_in_order(known)[0])
        known = longer
    return Outcome(chains=tuple(_in_order(known)[:best]))


def _longer(case: Case, session: Placeable, known: Iterable[Chain]) -> Iterator[Chain]:
    for before in known:
        for day in map(date.fromordinal, session.costs):
            days = (*before.days, day)
            link = case.links(days)[-1]
            if case.is_kept(session, link):
                yield Chain(days, before.cost + case.cost(session, link))


def _in_order(chains: Iterable[Chain]) -> list[Chain]:
    return sorted(chains, key=lambda each: (each.cost, each.days[::-1]))


# Re-planning


@dataclass(frozen=True)
class Held:
    """An appointment on a day (as ordinal) at a step of it, and the free times, held or not."""

    number: int
    day: int
    step: int
    times: frozenset[tuple[int, int]]

    def moved(self, day: int, step: int) -> dict[str, int]:
        """Return what it costs to give it another time."""
        if (day, step) == (self.day, self.step):
            return {}
        return {
            "sessions_moved": 1,
            "days_moved": abs(day - self.day),
            "steps_moved": abs(step - self.step),
        }

    @property
    def placeable(self) -> Placeable:
        """The same for the planner: the best time of each day."""
        costs: dict[int, int] = {}
        for day, step in self.times:
            cost = cost_of(**self.moved(day, step))
            costs[day] = min(cost, costs.get(day, cost))
        return Placeable(self.number, costs)


def least_moves(case: Case, appointments: Sequence[Held]) -> tuple[int, int, int] | None:
    """Return how many move, by how many days and by how many steps, at the very least.

    Every choice of times that keeps the rules is looked at; None if there is none.
    """
    known: list[tuple[tuple[date, ...], tuple[int, int, int]]] = [((), (0, 0, 0))]
    for held, session in zip(appointments, case.sessions, strict=True):
        longer = []
        for before, (count, by_days, by_steps) in known:
            for day, step in held.times:
                days = (*before, date.fromordinal(day))
                if not case.is_kept(session, case.links(days)[-1]):
                    continue
                has_moved = (day, step) != (held.day, held.step)
                moved = (
                    count + has_moved,
                    by_days + abs(day - held.day),
                    by_steps + abs(step - held.step),
                )
                longer.append((days, moved))
        known = longer
    return min((moved for _days, moved in known), default=None)


# The greedy chain


def greedy(case: Case) -> Chain | None:
    """Return the chain in which every session takes its own cheapest day; None if it is stuck."""
    known = Chain((), 0)
    for session in case.sessions:
        options = list(_longer(case, session, [known]))
        if not options:
            return None
        known = _in_order(options)[0]
    return known


# Questions for hypothesis

# Few and small, so that many chains cost the same and every kind of cost decides now and then.
day_costs = st.builds(
    cost_of,
    sessions_moved=st.integers(0, 1),
    other_practitioner=st.integers(0, 1),
    off_weekday=st.integers(0, 1),
    steps_off_time=st.integers(0, 2),
)


@st.composite
def course_parts(draw):
    """A cadence, 3 to 5 of its sessions, the day before them, and a day each may well fall on."""
    cadence, begins = draw(cadences()), draw(days)
    count = draw(st.integers(3, min(5, cadence.total)))
    chosen = st.sets(st.integers(1, cadence.total), min_size=count, max_size=count)
    numbers = sorted(draw(chosen))
    previous_on = None if numbers[0] == 1 else begins
    spine, day = [], begins.toordinal()
    for number in numbers:
        gap = cadence.gap_before(number)
        day += 0 if number == 1 else draw(st.integers(gap.min_days, gap.max_days))
        spine.append((number, day))
    return cadence, begins, previous_on, spine


@st.composite
def small_cases(draw):
    """A question with few days for each session, so that every chain can be looked at."""
    cadence, begins, previous_on, spine = draw(course_parts())
    sessions = []
    for number, day in spine:
        offsets = draw(st.lists(st.integers(-4, 8), max_size=4, unique=True))
        # Mostly with the day of a chain that is known to hold, now and then without it.
        possible = [day + offset for offset in (offsets if len(offsets) == 1 else [0, *offsets])]
        sessions.append(
            Placeable(
                number=number,
                costs={each: draw(day_costs) for each in possible},
                excused=frozenset(each for each in possible if draw(st.integers(0, 4)) == 0),
                excused_days=draw(st.sampled_from([0, 2, ANY_NUMBER_OF_DAYS])),
                late_days=draw(st.sampled_from([0, 0, 0, 1, 5])),
            )
        )
    return Case(cadence, tuple(sessions), begins, previous_on, draw(st.sampled_from(Spread)))


@st.composite
def appointments_to_move(draw):
    """A kept course in which the first session has lost its day and others may have lost theirs."""
    cadence, begins, previous_on, spine = draw(course_parts())
    steps = st.integers(100, 106)
    appointments = []
    for place, (number, day) in enumerate(spine):
        step = draw(steps)
        others = draw(st.sets(st.tuples(st.integers(day - 4, day + 8), steps), max_size=4))
        is_lost = place == 0 or draw(st.integers(0, 4)) == 0
        times = {time for time in others if time[0] != day} if is_lost else {(day, step), *others}
        appointments.append(Held(number, day, step, frozenset(times)))
    sessions = tuple(held.placeable for held in appointments)
    return Case(cadence, sessions, begins, previous_on), appointments
