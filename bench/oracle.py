"""The same planning problem, solved by CP-SAT: slower, and written from the rules anew.

It knows nothing of bits, days or dynamic programming. Every free moment of every session is a
yes-or-no, found from the appointments; the windows and the wishes are what the solver is told.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from ortools.sat.python import cp_model

from bench.clinic import Clinic
from clinic.models import Shift
from sessions.models import Appointment

_STEP = timedelta(minutes=5)

# What counts, from most to least, each with more than it can ever come to.
RADIX = {
    "off_weekday": 1 << 4,
    "days_off_due": 1 << 9,
    "steps_off_time": 1 << 13,
    "steps_into_day": 1 << 13,
}
_WEIGHT: dict[str, int] = {}
for _name in reversed(RADIX):
    _WEIGHT[_name] = 1
    for _lower in list(_WEIGHT)[:-1]:
        _WEIGHT[_name] *= RADIX[_lower]


@dataclass(frozen=True, slots=True)
class Problem:
    """A new course of `total` sessions, the first `initial` of them 7 to 10 days apart.

    `hours` are the wished hours of the wall clock, from and to; `weekdays` the wished ones, any
    if empty.
    """

    practitioner: int
    total: int
    initial: int
    minutes: int
    first_on: date
    first_days: int
    weekdays: frozenset[int]
    hours: tuple[int, int]
    now: datetime
    initial_gap: tuple[int, int] = (7, 10)
    monthly_gap: tuple[int, int] = (28, 35)


def solve(problem: Problem, starts: Mapping[date, list[datetime]]) -> dict[str, int] | None:
    """Return the amounts of RADIX in the best course, None if there is no course at all."""
    model = cp_model.CpModel()
    costs: list[cp_model.LinearExprT] = []
    previous = None
    low, high = 0, problem.first_days - 1
    for number in range(1, problem.total + 1):
        day = model.new_int_var(low, high, f"day {number}")
        costs.append(_choose_slot(model, problem, starts, day, (low, high)))
        if previous is None:
            off = day
        else:
            gap = problem.initial_gap if number <= problem.initial else problem.monthly_gap
            model.add_linear_constraint(day - previous, *gap)
            off = _days_off_due(model, problem, number, previous, day)
        costs.append(_WEIGHT["days_off_due"] * off)
        previous = day
        next_gap = problem.initial_gap if number < problem.initial else problem.monthly_gap
        low, high = low + next_gap[0], high + next_gap[1]
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status != cp_model.OPTIMAL:
        raise RuntimeError(f"the solver ended with {solver.status_name(status)}")
    return _amounts(round(solver.objective_value))


def _choose_slot(
    model: cp_model.CpModel,
    problem: Problem,
    starts: Mapping[date, list[datetime]],
    day: cp_model.IntVar,
    bounds: tuple[int, int],
) -> cp_model.LinearExprT:
    """Choose one free moment between the days of `bounds` as `day`; return what it costs."""
    chosen, days, costs = [], [], []
    for after in range(bounds[0], bounds[1] + 1):
        on = problem.first_on + timedelta(days=after)
        for start in starts.get(on, ()):
            chosen.append(model.new_bool_var(""))
            days.append(after)
            costs.append(_slot_cost(problem, start))
    model.add_exactly_one(chosen)
    model.add(day == cp_model.LinearExpr.weighted_sum(chosen, days))
    return cp_model.LinearExpr.weighted_sum(chosen, costs)


def slot_amounts(problem: Problem, start: datetime) -> dict[str, int]:
    """Return what a moment of the wall clock costs, whatever the days around it."""
    begins, ends = (hour * 12 for hour in problem.hours)
    step = (start.hour * 60 + start.minute) // 5
    return {
        "off_weekday": bool(problem.weekdays) and start.weekday() not in problem.weekdays,
        "steps_off_time": max(0, begins - step, step - ends + 1),
        "steps_into_day": step,
    }


def _slot_cost(problem: Problem, start: datetime) -> int:
    return sum(_WEIGHT[name] * n for name, n in slot_amounts(problem, start).items())


def _days_off_due(
    model: cp_model.CpModel,
    problem: Problem,
    number: int,
    previous: cp_model.IntVar,
    day: cp_model.IntVar,
) -> cp_model.IntVar:
    """Return how far `day` lies from the day that is due after `previous`."""
    horizon = problem.first_days + 40 * number
    due = [_due(problem, number, after) for after in range(horizon)]
    wished = model.new_int_var(0, max(due), "")
    model.add_element(previous, due, wished)
    off = model.new_int_var(0, RADIX["days_off_due"], "")
    model.add_abs_equality(off, day - wished)
    return off


def _due(problem: Problem, number: int, after: int) -> int:
    """Return the due day after a session on day `after`, all counted from `first_on`."""
    if number <= problem.initial:
        return after + problem.initial_gap[0]
    on = problem.first_on + timedelta(days=after)
    month = (on + relativedelta(months=1) - problem.first_on).days
    earliest, latest = (after + days for days in problem.monthly_gap)
    return min(max(month, earliest), latest)


def _amounts(cost: int) -> dict[str, int]:
    return {name: cost // _WEIGHT[name] % RADIX[name] for name in RADIX}


class FreeMoments:
    """Every free moment of every practitioner, found by looking at one appointment after another."""

    def __init__(self, clinic: Clinic, first: date, days: int) -> None:
        self.clinic, self.first, self.days = clinic, first, days
        self._busy: dict[tuple[str, int], list[tuple[datetime, datetime]]] = defaultdict(list)
        begins = datetime.combine(first, time.min, clinic.site.zone)
        rows = Appointment.objects.live().filter(ends_at__gt=begins).order_by("held_from")
        for practitioner, room, held_from, held_until in rows.values_list(
            "practitioner", "room", "held_from", "held_until"
        ):
            self._busy["P", practitioner].append((held_from, held_until))
            self._busy["R", room].append((held_from, held_until))

    def of(self, problem: Problem) -> dict[date, list[datetime]]:
        """Return the wall-clock moments at which a session may begin, day by day."""
        length = timedelta(minutes=problem.minutes)
        shifts: dict[int, list[Shift]] = defaultdict(list)
        for shift in Shift.objects.filter(practitioner=problem.practitioner):
            shifts[shift.weekday].append(shift)
        found: dict[date, list[datetime]] = {}
        for day in (self.first + timedelta(days=n) for n in range(self.days)):
            found[day] = []
            for shift in shifts[day.weekday()]:
                start = datetime.combine(day, shift.starts, self.clinic.site.zone)
                ends = datetime.combine(day, shift.ends, self.clinic.site.zone)
                while start + length <= ends:
                    if start >= problem.now and self._is_free(problem.practitioner, start, length):
                        found[day].append(start)
                    start += _STEP
        return found

    def _is_free(self, practitioner: int, start: datetime, length: timedelta) -> bool:
        return self._holds_nothing("P", practitioner, start, length) and any(
            self._holds_nothing("R", room.pk, start, length) for room in self.clinic.rooms
        )

    def _holds_nothing(self, kind: str, key: int, start: datetime, length: timedelta) -> bool:
        busy = self._busy[kind, key]
        after = bisect_left(busy, start + length, key=lambda span: span[0])
        return after == 0 or busy[after - 1][1] <= start
