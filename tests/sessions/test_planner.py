"""The best chain of a course: what it keeps, what it prefers, and what it says when there is none."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.planner import (
    PREFERENCES,
    Chain,
    Outcome,
    Placeable,
    Spread,
    amounts_in,
    best_chains,
    cost_of,
    reach,
)
from sessions.domain.windows import Cadence, Gap, plan
from tests.sessions.oracle import small_cases
from tests.sessions.strategies import cadences, days

THURSDAY, WEEK = date(2026, 11, 26), timedelta(days=7)
WEEKLY, MONTHLY = Gap(7, 10), Gap(28, 35)


def cadence(total=5, initial=3, product_min_days=0):
    return Cadence(total, initial, WEEKLY, MONTHLY, product_min_days)


def on(*after, costs=(), since=THURSDAY):
    """Return what days so many days after `since` cost: nothing, or as `costs` say."""
    known = dict(zip(after, costs, strict=False))
    return {(since + timedelta(days=each)).toordinal(): known.get(each, 0) for each in after}


def free(days=200, since=THURSDAY):
    """Return that every day is free and costs nothing."""
    return on(*range(days), since=since)


def ordinals(*after, since=THURSDAY):
    return frozenset(on(*after, since=since))


def search(*sessions, previous_on=THURSDAY, first_on=THURSDAY, course=None, **options):
    """Search for sessions given as Placeable or, from the second on, as what their days cost."""
    first_number = 2 if previous_on else 1
    placeable = [
        each if isinstance(each, Placeable) else Placeable(number, each)
        for number, each in enumerate(sessions, start=first_number)
    ]
    return best_chains(
        course or cadence(), placeable, previous_on=previous_on, first_on=first_on, **options
    )


def gaps(outcome, since=THURSDAY):
    """Return how many days after `since` the sessions of the best chain are."""
    assert outcome.best is not None
    return [(day - since).days for day in outcome.best.days]


# Windows


def test_with_every_day_free_each_session_is_on_the_day_it_is_due():
    found = search(*[free()] * 5, previous_on=None)
    assert found.best == Chain(tuple(link.on for link in plan(cadence(), THURSDAY)), 0)
    assert found.stuck_at is None


@pytest.mark.parametrize(("after", "is_found"), [(6, False), (7, True), (10, True), (11, False)])
def test_an_initial_session_is_7_to_10_days_after_the_one_before(after, is_found):
    found = search(on(after))
    assert (found.best is not None) == is_found
    assert found.stuck_at == (None if is_found else 2)


@pytest.mark.parametrize(("after", "is_found"), [(27, False), (28, True), (35, True), (36, False)])
def test_a_monthly_session_is_28_to_35_days_after_the_one_before(after, is_found):
    found = search(Placeable(4, on(after)))
    assert (found.best is not None) == is_found
    assert found.stuck_at == (None if is_found else 4)


def test_a_monthly_session_is_due_at_the_end_of_a_month_that_is_too_short():
    january = date(2027, 1, 31)
    found = search(
        Placeable(4, free(since=january)), Placeable(5, free(since=january)), previous_on=january
    )
    assert found.best == Chain((date(2027, 2, 28), date(2027, 3, 28)), 0)


def test_a_longer_product_interval_moves_the_window():
    course = cadence(product_min_days=14)
    assert gaps(search(free(), course=course)) == [14]
    assert search(on(*range(14), 18), course=course).best is None
    assert gaps(search(on(*range(14), 17), course=course)) == [17]


def test_a_first_session_has_no_window_and_is_as_near_to_the_wished_day_as_it_can_be():
    assert gaps(search(on(9, 3), previous_on=None)) == [3]
    assert gaps(search(on(-2, 3), previous_on=None)) == [-2]


def test_a_session_that_leads_nowhere_on_its_cheapest_day_is_on_another():
    # The third one is free only 18 days on: the second must not be on its due day.
    found = search(on(7, 8), on(18))
    assert gaps(found) == [8, 18]


def test_skipped_sessions_leave_no_trace():
    # The gap runs from the last session that counts, and it is the gap of the one that follows.
    assert gaps(search(Placeable(2, free()), Placeable(5, free()))) == [7, 38]


# What is preferred


def test_no_amount_of_a_later_thing_outweighs_one_of_an_earlier():
    for earlier, later in pairwise(PREFERENCES):
        assert cost_of(**{earlier: 1}) > cost_of(**{later: 15 * 400})
    later = dict.fromkeys(PREFERENCES[1:], 15 * 400)
    assert cost_of(**{PREFERENCES[0]: 1}) > cost_of(**later)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"sessions_late": 1}, {"days_late": 30}),
        ({"days_late": 1}, {"other_site": 15}),
        ({"other_site": 1}, {"sessions_moved": 15}),
        ({"sessions_moved": 2}, {"sessions_moved": 1, "other_practitioner": 1}),
        ({"other_practitioner": 1}, {"days_moved": 7}),
        ({"days_moved": 1}, {"steps_moved": 90}),
        ({"steps_moved": 1}, {"off_weekday": 15}),
        ({"off_weekday": 1}, {"days_off_due": 7}),
        ({"days_off_due": 1}, {"steps_off_time": 90}),
        ({"steps_off_time": 1}, {"steps_into_day": 200}),
    ],
)
def test_of_two_days_the_one_with_less_of_what_counts_more_is_taken(worse, better):
    costs = [cost_of(**worse), cost_of(**better)]
    assert gaps(search(on(-1, 1, costs=costs), previous_on=None)) == [1]


def test_the_wished_weekday_is_worth_days_off_the_due_day():
    assert gaps(search(on(7, 10, costs=[cost_of(off_weekday=1), 0]))) == [10]


def test_the_known_practitioner_is_worth_another_weekday():
    costs = [cost_of(other_practitioner=1), cost_of(off_weekday=1, steps_off_time=100)]
    assert gaps(search(on(7, 10, costs=costs))) == [10]


def test_the_due_day_is_worth_another_time_of_day():
    assert gaps(search(on(7, 8, costs=[cost_of(steps_off_time=100), 0]))) == [7]


def test_the_wished_time_is_worth_more_than_a_day_filled_from_its_beginning():
    costs = [cost_of(steps_off_time=1), cost_of(steps_into_day=280)]
    assert gaps(search(on(6, 8, costs=costs), previous_on=None, first_on=THURSDAY + WEEK)) == [8]


@pytest.mark.parametrize(
    ("spread", "initial", "monthly"),
    # From 26 November a month is 30 days; from 3 December, 31.
    [(Spread.AS_DUE, 7, 30), (Spread.SOON, 7, 28), (Spread.WIDE, 10, 35)],
)
def test_the_spread_says_which_day_of_a_window_is_wished_for(spread, initial, monthly):
    assert gaps(search(free(), spread=spread)) == [initial]
    assert gaps(search(Placeable(4, free()), spread=spread)) == [monthly]


# Sessions that stand, and late ones


def test_a_session_that_stands_in_the_middle_bends_those_around_it():
    found = search(free(), Placeable(3, on(19)), free())
    assert gaps(found) == [9, 19, 50]
    assert amounts_in(found.best.cost)["days_off_due"] == 2 + 3


def test_sessions_that_stand_too_close_leave_no_chain():
    assert search(free(), Placeable(3, on(13)), free()).stuck_at == 3


def test_a_late_day_with_a_reason_is_kept_and_costs_nothing_more():
    found = search(Placeable(2, on(20), excused=ordinals(20)), free())
    assert gaps(found) == [20, 27]
    assert found.best.cost == 0


def test_a_late_day_without_a_reason_is_no_day():
    assert search(Placeable(2, on(20), excused=ordinals(21))).stuck_at == 2


@pytest.mark.parametrize(("excused_days", "is_found"), [(9, False), (10, True)])
def test_a_reason_holds_for_no_more_than_its_days(excused_days, is_found):
    session = Placeable(2, on(20), excused=ordinals(20), excused_days=excused_days)
    assert (search(session).best is not None) == is_found


def test_no_reason_makes_an_early_day_possible():
    late_and_early = Placeable(2, on(6), excused=ordinals(6), late_days=30)
    assert search(late_and_early).stuck_at == 2


def test_a_reason_for_a_day_inside_the_window_changes_nothing():
    found = search(Placeable(2, on(9), excused=ordinals(9)))
    assert amounts_in(found.best.cost)["days_off_due"] == 2


def test_a_session_is_late_only_as_the_last_resort():
    dear = cost_of(sessions_moved=1, other_practitioner=1, days_moved=400, off_weekday=1)
    inside = search(Placeable(2, on(10, 11, costs=[dear, 0]), late_days=5))
    assert gaps(inside) == [10]
    late = search(Placeable(2, on(13, 12), late_days=5))
    assert gaps(late) == [12]
    assert amounts_in(late.best.cost) == {
        **dict.fromkeys(PREFERENCES, 0),
        "sessions_late": 1,
        "days_late": 2,
    }


def test_one_session_very_late_is_better_than_two_a_little():
    # The second on day 12 (2 late) leads to the third on day 23 (1 late); on day 15, to none late.
    found = search(Placeable(2, on(12, 15), late_days=5), Placeable(3, on(23), late_days=5))
    assert gaps(found) == [15, 23]
    assert amounts_in(found.best.cost)["days_late"] == 5


@pytest.mark.parametrize(("after", "is_found"), [(15, True), (16, False)])
def test_late_days_say_how_far_a_session_may_be_late(after, is_found):
    assert (search(Placeable(2, on(after), late_days=5)).best is not None) == is_found


# When there is no chain


def test_the_first_session_that_no_chain_reaches_is_named_with_the_best_chain_before_it():
    found = search(on(7, 9), on(19), on(30), free())
    days = (THURSDAY + timedelta(days=9), THURSDAY + timedelta(days=19))
    assert found == Outcome(stuck_at=4, prefix=Chain(days, cost_of(days_off_due=2 + 3)))


def test_of_several_chains_before_it_the_best_one_is_given():
    found = search(on(7, 8), on(14, 15), on(30))
    assert (found.stuck_at, found.best) == (4, None)
    assert found.prefix == Chain((THURSDAY + WEEK, THURSDAY + 2 * WEEK), 0)


def test_without_a_first_day_nothing_comes_before():
    assert search({}, free(), previous_on=None) == Outcome(stuck_at=1)
    assert search({}, free()) == Outcome(stuck_at=2)


@pytest.mark.parametrize("previous_on", [None, THURSDAY])
def test_without_sessions_the_empty_chain_is_the_best(previous_on):
    assert search(previous_on=previous_on, best=3) == Outcome(chains=(Chain((), 0),))


# One answer


def test_of_equally_good_chains_the_earliest_end_is_taken_however_the_days_are_given():
    forwards, backwards = on(-1, 1, 6, 8), on(8, 6, 1, -1)
    for costs in (forwards, backwards):
        found = search(costs, previous_on=None, best=4)
        assert [(chain.days[0] - THURSDAY).days for chain in found.chains] == [-1, 1, 6, 8]


def test_of_equally_good_days_before_the_earlier_is_taken_however_they_are_given():
    dearer = cost_of(days_off_due=2)  # what the day before would be off the due day
    for first in (on(1, -1, costs=[dearer, 0]), on(-1, 1, costs=[0, dearer])):
        assert gaps(search(first, on(8), previous_on=None)) == [-1, 8]


def test_a_late_day_with_a_reason_does_not_change_which_of_equally_good_chains_is_taken():
    # Both cost four days off the due day; the third session is earlier in the one that is taken.
    third = Placeable(3, on(18, 30, costs=[0, cost_of(days_off_due=4)]), excused=ordinals(30))
    fourth = Placeable(4, on(90), excused=ordinals(90))
    assert gaps(search(on(7, 8), third, fourth)) == [8, 18, 90]


def test_a_reason_counts_on_a_day_that_might_be_late_without_one():
    found = search(Placeable(2, on(12), excused=ordinals(12), late_days=5), best=3)
    assert found.chains == (Chain((THURSDAY + timedelta(days=12),), 0),)


def test_the_best_chains_come_in_order_and_are_different():
    found = search(free(), free(), best=6)
    assert [[(day - THURSDAY).days for day in chain.days] for chain in found.chains] == [
        [7, 14],
        [7, 15],
        [8, 15],
        [7, 16],
        [8, 16],
        [9, 16],
    ]
    assert [chain.cost // cost_of(days_off_due=1) for chain in found.chains] == [0, 1, 1, 2, 2, 2]
    assert found.best == found.chains[0]


def test_there_are_no_more_chains_than_there_are():
    assert len(search(on(7, 8), on(15), best=9).chains) == 2


# Costs

amounts = st.fixed_dictionaries({}, optional=dict.fromkeys(PREFERENCES, st.integers(0, 65535)))


@given(amounts)
def test_a_cost_says_what_it_is_made_of(given_amounts):
    assert amounts_in(cost_of(**given_amounts)) == dict.fromkeys(PREFERENCES, 0) | given_amounts


@given(st.lists(st.tuples(*[st.integers(0, 400)] * len(PREFERENCES)), max_size=15))
def test_the_costs_of_a_course_add_up_without_running_into_each_other(sessions):
    total = sum(cost_of(**dict(zip(PREFERENCES, each, strict=True))) for each in sessions)
    assert amounts_in(total) == {
        name: sum(each[place] for each in sessions) for place, name in enumerate(PREFERENCES)
    }


def test_a_cost_that_is_none_of_the_preferences_is_refused():
    with pytest.raises(KeyError):
        cost_of(steps_of_the_stairs=1)


# Every chain keeps the rules


@given(small_cases(), st.integers(1, 5))
def test_every_chain_keeps_the_rules_and_costs_what_it_says(case, best):
    outcome = case.answer(best)
    assert bool(outcome.chains) == (outcome.stuck_at is None)
    for chain in (*outcome.chains, outcome.prefix):
        links = case.links(chain.days)
        for session, link in zip(case.sessions, links, strict=False):
            assert link.on.toordinal() in session.costs
            assert not link.is_early
            is_excused = link.on.toordinal() in session.excused
            most = max(session.excused_days * is_excused, session.late_days)
            assert link.window.days_late(link.on) <= most
        costs = (case.cost(*each) for each in zip(case.sessions, links, strict=False))
        assert chain.cost == sum(costs)
    assert len(set(outcome.chains)) == len(outcome.chains)
    assert all(len(chain.days) == len(case.sessions) for chain in outcome.chains)
    assert [chain.cost for chain in outcome.chains] == sorted(c.cost for c in outcome.chains)


# How far a course reaches


def test_a_course_reaches_from_its_shortest_gaps_to_its_longest():
    first = (THURSDAY, THURSDAY + timedelta(days=13))
    bounds = reach(cadence(), range(1, 6), previous_on=None, first=first, fixed={})
    since = THURSDAY.toordinal()
    assert [(low - since, high - since) for low, high in bounds] == [
        (0, 13),
        (7, 23),
        (14, 33),
        (42, 68),
        (70, 103),
    ]


def test_a_session_that_stands_and_late_days_bend_the_reach():
    bounds = reach(
        cadence(),
        [2, 3, 4],
        previous_on=THURSDAY,
        first=(THURSDAY, THURSDAY),
        fixed={3: THURSDAY + timedelta(days=18)},
        late_days=2,
    )
    since = THURSDAY.toordinal()
    assert [(low - since, high - since) for low, high in bounds] == [(7, 12), (18, 18), (46, 55)]


@pytest.mark.parametrize(("after", "ends"), [(30, [30, 40]), (8, [10, 20])])
def test_a_late_day_with_a_reason_lets_those_after_it_be_later(after, ends):
    bounds = reach(
        cadence(),
        [2, 3],
        previous_on=THURSDAY,
        first=(THURSDAY, THURSDAY),
        fixed={},
        excused={2: THURSDAY + timedelta(days=after)},
    )
    since = THURSDAY.toordinal()
    assert [low - since for low, _high in bounds] == [7, 14]
    assert [high - since for _low, high in bounds] == ends


@given(cadences(), days, st.integers(0, 5), st.sampled_from(Spread))
def test_no_chain_leaves_the_reach_and_the_longest_one_comes_to_its_end(
    course, first_on, late_days, spread
):
    numbers = range(1, course.total + 1)
    bounds = reach(
        course,
        numbers,
        previous_on=None,
        first=(first_on, first_on),
        fixed={},
        late_days=late_days,
    )

    def found(possible):
        sessions = [
            Placeable(number, dict.fromkeys(each, 0), late_days=late_days)
            for number, each in zip(numbers, possible, strict=True)
        ]
        return best_chains(course, sessions, previous_on=None, first_on=first_on, spread=spread)

    inside = [range(low, high + 1) for low, high in bounds]
    beyond = [inside[0], *(range(low - 9, high + 10) for low, high in bounds[1:])]
    assert found(inside).best == found(beyond).best
    for end, step in ((0, -1), (1, 1)):
        assert found([[each[end]] for each in bounds]).best is not None
        assert found([*beyond[:-1], [bounds[-1][end] + step]]).best is None
