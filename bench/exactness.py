"""The planner beside CP-SAT: the same problems, the same optimum, how many times faster."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from time import perf_counter

from bench import asking, oracle, recipe, report, tasks
from bench.clinic import Clinic
from bench.oracle import FreeMoments, Problem
from patients.models import Patient
from sessions.domain.planner import Outcome, Placeable, amounts_in, best_chains, cost_of
from sessions.selectors.asking import FIRST_DAYS, HOURS, Ask, Wishes
from sessions.selectors.search import propose

LENGTHS = (3, 6, 10, 15)
_SEED = 7


def comparison(clinic: Clinic, repetitions: int) -> str:
    """Solve `repetitions` random problems of each length both ways; return both as a table."""
    free = FreeMoments(clinic, recipe.NOW.date(), recipe.FUTURE_DAYS)
    chance = random.Random(_SEED)
    patient = tasks.newcomer()
    rows = [_row(clinic, patient, free, chance, total, repetitions) for total in LENGTHS]
    heads = ("sessions", "with queries ms", "planner alone ms", "CP-SAT ms", "ratio", "optimum")
    return report.table(heads, rows)


def _row(
    clinic: Clinic,
    patient: Patient,
    free: FreeMoments,
    chance: random.Random,
    total: int,
    repetitions: int,
) -> list[str]:
    times: dict[str, list[float]] = defaultdict(list)
    same = 0
    for person in clinic.practitioners:
        propose(asking.new_course(clinic, patient, total, person))  # makes the weeks ready
    for _number in range(repetitions):
        ask, problem = _problem(clinic, patient, chance, total)
        starts = free.of(problem)
        began = perf_counter()
        proposal = propose(ask)
        proposed = perf_counter()
        outcome = _plan_alone(problem, starts)
        planned = perf_counter()
        best = oracle.solve(problem, starts)
        solved = perf_counter()
        times["whole"].append(proposed - began)
        times["alone"].append(planned - proposed)
        times["solver"].append(solved - planned)
        ours = _amounts(proposal.cost) if proposal.stuck_at is None else None
        alone = _amounts(outcome.best.cost) if outcome.best else None
        same += ours == best == alone
    middle = {name: sorted(some)[len(some) // 2] * 1000 for name, some in times.items()}
    return [
        str(total),
        f"{middle['whole']:.1f}",
        f"{middle['alone']:.1f}",
        f"{middle['solver']:.0f}",
        f"{middle['solver'] / middle['alone']:.0f}",
        f"the same in {same} of {repetitions}",
    ]


def _problem(
    clinic: Clinic, patient: Patient, chance: random.Random, total: int
) -> tuple[Ask, Problem]:
    person = chance.choice(clinic.practitioners)
    weekdays = frozenset(chance.sample(range(6), chance.choice((0, 2, 3))))
    wishes = Wishes(person, weekdays=weekdays, time_of_day=chance.choice(list(HOURS)))
    first_on = recipe.NOW.date() + timedelta(days=chance.randint(0, 20))
    ask = asking.new_course(clinic, patient, total, person, first_on=first_on, wishes=wishes)
    return ask, Problem(
        practitioner=person.pk,
        total=total,
        initial=asking.cadence(total).initial,
        minutes=recipe.MINUTES,
        first_on=first_on,
        first_days=FIRST_DAYS,
        weekdays=weekdays,
        hours=wishes.hours,
        now=recipe.NOW,
    )


def _plan_alone(problem: Problem, starts: dict[date, list[datetime]]) -> Outcome:
    """Plan from the same free moments as the solver, without a query."""
    costs = {
        day.toordinal(): min(cost_of(**oracle.slot_amounts(problem, moment)) for moment in moments)
        for day, moments in starts.items()
        if moments and day >= problem.first_on
    }
    last_first_day = problem.first_on.toordinal() + problem.first_days
    firsts = {day: cost for day, cost in costs.items() if day < last_first_day}
    return best_chains(
        asking.cadence(problem.total),
        [
            Placeable(number, costs=firsts if number == 1 else costs)
            for number in range(1, problem.total + 1)
        ],
        previous_on=None,
        first_on=problem.first_on,
    )


def _amounts(cost: int) -> dict[str, int]:
    """Return what a cost is made of; None of the rest may be in a new course."""
    amounts = amounts_in(cost)
    return {name: amounts.pop(name) for name in oracle.RADIX} | {
        name: amount for name, amount in amounts.items() if amount
    }
