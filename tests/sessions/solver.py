"""What the planner is held against in large: busy clinics, and a solver that knows nothing of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from ortools.sat.python import cp_model

from sessions.domain.planner import Placeable, Spread, cost_of
from sessions.domain.timeline import nearest
from sessions.domain.windows import Cadence, Gap, same_day_next_month
from tests.sessions.oracle import Case


@dataclass(frozen=True)
class Time:
    """A free time: its day as ordinal, and what it costs in the solver's own terms."""

    day: int
    other_practitioner: int = 0
    off_weekday: int = 0
    steps_off_time: int = 0
    steps_into_day: int = 0

    @property
    def cost(self) -> int:
        """What the planner counts for it."""
        return cost_of(**self.amounts)

    @property
    def amounts(self) -> dict[str, int]:
        """What it costs, by name."""
        return {name: value for name, value in vars(self).items() if name != "day"}


@dataclass(frozen=True)
class ClinicCase:
    """A course to be placed in a busy calendar: the free times that each session may take."""

    cadence: Cadence
    first_on: date
    times: tuple[tuple[Time, ...], ...]
    spread: Spread

    @cached_property
    def planned(self) -> Case:
        """The same question as the planner is asked it: only the best time of each day."""
        sessions = [
            Placeable(number, _cheapest(times)) for number, times in enumerate(self.times, start=1)
        ]
        return Case(self.cadence, tuple(sessions), self.first_on, spread=self.spread)

    def up_to(self, number: int) -> "ClinicCase":
        """Return the question for the sessions up to `number`."""
        return ClinicCase(self.cadence, self.first_on, self.times[:number], self.spread)


def _cheapest(times: Iterable[Time]) -> dict[int, int]:
    costs: dict[int, int] = {}
    for time in times:
        costs[time.day] = min(costs.get(time.day, time.cost), time.cost)
    return costs


# A working day begins at 8:00 and has room for seven sessions of 85 minutes, in steps of 5.
_OPENS, _SESSION, _SESSIONS = 96, 17, 7
_WISHED = {"any": (0, 288), "morning": (0, 144), "afternoon": (144, 204), "evening": (204, 288)}


def clinic_case(seed: int) -> ClinicCase:
    """Return a course of 3 to 15 sessions in a calendar that is 50 to 90 % full."""
    random = Random(seed)
    total = random.randint(3, 15)
    cadence = Cadence(
        total=total,
        initial=random.randint(1, min(total, 6)),
        initial_gap=random.choice([Gap(7, 10), Gap(7, 8), Gap(7, 7)]),
        monthly_gap=random.choice([Gap(28, 35), Gap(28, 31)]),
        product_min_days=random.choice([0, 0, 0, 14]),
    )
    first_on = date(2026, 1, 1) + timedelta(days=random.randrange(4000))
    bounds = _bounds(cadence, first_on.toordinal())
    free = _free_times(random, bounds[0][0], bounds[-1][1])
    times = [tuple(time for time in free if low <= time.day <= high) for low, high in bounds]
    if random.random() < 0.2:  # one session stands where it is
        number = random.randrange(total)
        times[number] = times[number][:1] or times[number]
    spread = random.choice([Spread.AS_DUE, Spread.AS_DUE, Spread.SOON, Spread.WIDE])
    return ClinicCase(cadence, first_on, tuple(times), spread)


def _bounds(cadence: Cadence, first: int) -> list[tuple[int, int]]:
    bounds = [(first, first + 13)]
    for number in range(2, cadence.total + 1):
        gap = cadence.gap_before(number)
        low, high = bounds[-1]
        bounds.append((low + gap.min_days, high + gap.max_days))
    return bounds


def _free_times(random: Random, first: int, last: int) -> list[Time]:
    full = random.uniform(0.5, 0.9)
    wished_days = set(random.sample(range(6), random.randint(0, 2)))
    wished = random.choice(list(_WISHED.values()))
    people = random.randint(1, 2)
    only_wished_days = bool(wished_days) and random.random() < 0.3
    works = [set(random.sample(range(6), random.randint(2, 5))) for _ in range(people)]
    away = [
        {week for week in range(first // 7, last // 7 + 1) if random.random() < 0.1}
        for _ in range(people)
    ]
    free = []
    for day in range(first, last + 1):
        weekday = date.fromordinal(day).weekday()
        off_weekday = int(bool(wished_days) and weekday not in wished_days)
        for person in range(people):
            if weekday not in works[person] or day // 7 in away[person]:
                continue
            for place in range(_SESSIONS):
                step = _OPENS + place * _SESSION
                if random.random() < full or (only_wished_days and off_weekday):
                    continue
                near = nearest(1 << step, *wished)
                assert near is not None
                free.append(Time(day, person, off_weekday, near[1], step))
    return free


# The solver


def solver_cost(case: ClinicCase) -> int | None:
    """Return the least cost that OR-tools proves; None if it proves that there is no chain.

    Every time of every day is a variable of its own, and the gaps are inequalities between days.
    """
    if not all(case.times):
        return None
    return _Model(case).solve()


_LEVELS = (
    "other_practitioner",
    "off_weekday",
    "days_off_due",
    "steps_off_time",
    "steps_into_day",
)


class _Model:
    def __init__(self, case: ClinicCase) -> None:
        self.case, self.model = case, cp_model.CpModel()
        self.origin = case.first_on.toordinal()
        self.weights = self._weights()
        self.taken = [self._take(times) for times in case.times]
        self.days = [self._day(taken) for taken in self.taken]
        self.off = [self._off_due(place) for place in range(len(case.times))]

    def _weights(self) -> dict[str, int]:
        """Return weights that are as small as they can be without one level reaching the next."""
        most = {
            name: sum(max(time.amounts.get(name, 0) for time in times) for times in self.case.times)
            for name in _LEVELS
        }
        most["days_off_due"] = 14 * len(self.case.times)
        weights, weight = {}, 1
        for name in reversed(_LEVELS):
            weights[name] = weight
            weight *= most[name] + 1
        assert weight < 1 << 62
        return weights

    def _take(self, times: Sequence[Time]) -> list[tuple[Time, cp_model.IntVar]]:
        taken = [(time, self.model.new_bool_var("")) for time in times]
        self.model.add_exactly_one(variable for _time, variable in taken)
        return taken

    def _day(self, taken: Sequence[tuple[Time, cp_model.IntVar]]) -> cp_model.IntVar:
        """Return the day of a session, counted from the first wished one."""
        days = sorted({time.day - self.origin for time, _variable in taken})
        day = self.model.new_int_var_from_domain(cp_model.Domain.from_values(days), "")
        self.model.add(day == sum((time.day - self.origin) * variable for time, variable in taken))
        return day

    def _off_due(self, place: int) -> cp_model.IntVar:
        """Return a variable that is at least as large as a session is off its wished day."""
        off = self.model.new_int_var(0, 14, "")
        wished = self._wished(place)
        self.model.add(off >= self.days[place] - wished)
        self.model.add(off >= wished - self.days[place])
        return off

    def _wished(self, place: int) -> cp_model.LinearExpr | int:
        if place == 0:
            return 0
        number, before = place + 1, self.days[place - 1]
        gap = self.case.cadence.gap_before(number)
        self.model.add_linear_constraint(self.days[place] - before, gap.min_days, gap.max_days)
        if self.case.spread is Spread.WIDE:
            return before + gap.max_days
        if self.case.spread is Spread.SOON or not self.case.cadence.is_monthly(number):
            return before + gap.min_days
        return before + self._gap_to_same_day(place, gap)

    def _gap_to_same_day(self, place: int, gap: Gap) -> cp_model.IntVar:
        """Return the days from the session before to the same day next month, inside the gap."""
        last = max(time.day for time in self.case.times[place - 1]) - self.origin
        gaps = []
        for offset in range(last + 1):
            day = date.fromordinal(self.origin + offset)
            month = (same_day_next_month(day) - day).days
            gaps.append(min(max(month, gap.min_days), gap.max_days))
        wished = self.model.new_int_var(gap.min_days, gap.max_days, "")
        self.model.add_element(self.days[place - 1], gaps, wished)
        return wished

    def _objective(self) -> cp_model.LinearExprT:
        weights = self.weights
        chosen = sum(
            variable * sum(weights[name] * amount for name, amount in time.amounts.items())
            for taken in self.taken
            for time, variable in taken
        )
        return chosen + weights["days_off_due"] * sum(self.off)

    def solve(self) -> int | None:
        """Return the cost of the best chain in the planner's terms."""
        self.model.minimize(self._objective())
        solver = cp_model.CpSolver()
        # The models are small: one worker, and no search for what only large ones repay.
        solver.parameters.num_workers = 1
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        solver.parameters.presolve_probing_deterministic_time_limit = 0
        solver.parameters.linearization_level = 0
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL, solver.status_name(status)
        chosen = [
            time
            for taken in self.taken
            for time, variable in taken
            if solver.boolean_value(variable)
        ]
        off = sum(solver.value(variable) for variable in self.off)
        return sum(time.cost for time in chosen) + cost_of(days_off_due=off)
