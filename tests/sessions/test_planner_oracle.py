"""The planner is exact: held against every chain there is, and against a solver's proof."""

import sys
from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.domain.planner import Placeable, Spread, amounts_in
from sessions.domain.windows import Cadence, Gap
from tests.sessions.oracle import (
    Case,
    appointments_to_move,
    brute_force,
    greedy,
    least_moves,
    small_cases,
)
from tests.sessions.solver import clinic_case, solver_cost

CLINIC_CASES = 1000


@settings(max_examples=300)
@given(small_cases(), st.integers(1, 6))
def test_the_answer_is_the_best_of_all_chains_in_order(case, best):
    assert case.answer(best) == brute_force(case, best)


@settings(max_examples=200)
@given(appointments_to_move())
def test_as_few_appointments_as_possible_are_moved_and_then_as_little_as_possible(question):
    case, appointments = question
    found, least = case.answer().best, least_moves(case, appointments)
    if least is None:
        assert found is None
        return
    amounts = amounts_in(found.cost)
    assert (amounts["sessions_moved"], amounts["days_moved"], amounts["steps_moved"]) == least


def test_the_planner_finds_what_a_solver_proves_in_a_thousand_busy_calendars(capsys):
    spent = dict.fromkeys(("planner", "greedy", "solver"), 0.0)

    def timed(name, function, *arguments):
        began = process_time()
        answer = function(*arguments)
        spent[name] += process_time() - began
        return answer

    complete = greedy_is_stuck = greedy_is_dearer = 0
    for seed in range(CLINIC_CASES):
        case = clinic_case(seed)
        outcome = timed("planner", case.planned.answer)
        if outcome.best is None:
            stuck_at = outcome.stuck_at
            assert timed("solver", solver_cost, case.up_to(stuck_at)) is None, f"seed {seed}"
            before = timed("solver", solver_cost, case.up_to(stuck_at - 1))
            assert outcome.prefix.cost == before, f"seed {seed}"
            continue
        proved = timed("solver", solver_cost, case)
        assert outcome.best.cost == proved, f"seed {seed}: {amounts_in(outcome.best.cost)}"
        complete += 1
        simple = timed("greedy", greedy, case.planned)
        greedy_is_stuck += simple is None
        greedy_is_dearer += simple is not None and simple.cost > proved
    with capsys.disabled():
        sys.stdout.write(
            f"\n{CLINIC_CASES} calendars: {complete} hold a chain; of these the greedy one is stuck"
            f" in {greedy_is_stuck} and dearer in {greedy_is_dearer}. "
            + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items())
            + "\n"
        )
    # Both answers were really put to the test, and a greedy planner would not have done.
    assert 100 < complete < CLINIC_CASES - 100
    assert greedy_is_stuck > complete // 20
    assert greedy_is_dearer > complete // 20


@pytest.mark.parametrize("spread", Spread)
def test_with_every_day_free_each_session_gets_its_own_best_day(spread):
    cadence = Cadence(3, 2, Gap(7, 10), Gap(28, 35))
    sessions = [Placeable(number, dict.fromkeys(range(738000, 738060), 0)) for number in (1, 2, 3)]
    case = Case(cadence, tuple(sessions), date.fromordinal(738000), spread=spread)
    assert case.answer() == brute_force(case)
    assert case.answer().best == greedy(case)
