"""What the rules say to the days of an act, taken together: `judge_all`."""

from datetime import date, timedelta

from sessions.domain.booking import Judgement, Rule, Verdict, judge, judge_all
from sessions.domain.windows import Cadence, Gap, Step

COURSE = Cadence(4, 4, Gap(7, 10), Gap(28, 35))
START = date(2026, 11, 26)


def steps(*booked):
    return [
        Step(n, booked_on=None if day is None else START + timedelta(day))
        for n, day in enumerate(booked, start=1)
    ]


def found(booked, placed, **more):
    """Return what `judge_all` finds, as (number, rule, days)."""
    moved = {number: START + timedelta(day) for number, day in placed.items()}
    return [
        (each.number, each.judgement.rule, each.judgement.days)
        for each in judge_all(COURSE, START, steps(*booked), moved, **more)
    ]


def test_each_session_of_an_act_is_judged_by_the_others():
    assert found([None] * 4, {1: 2, 2: 9, 3: 20, 4: 26}) == [
        (1, Rule.IN_WINDOW, 0),
        (2, Rule.IN_WINDOW, 0),
        (3, Rule.TOO_LATE, 1),
        (4, Rule.TOO_EARLY, 1),
    ]


def test_a_session_whose_opener_does_not_move_is_not_spoken_of():
    # Session 3 stands early already; moving 1 within its day is not what did it.
    assert found([0, 7, 12, None], {1: 0}) == [(1, Rule.IN_WINDOW, 0)]


def test_a_late_session_that_the_act_brings_nearer_may_stay():
    assert found([0, 7, 21, None], {2: 9}) == [(2, Rule.IN_WINDOW, 0)]
    assert found([0, 9, 21, None], {2: 8}) == [
        (2, Rule.IN_WINDOW, 0),
        (3, Rule.LEAVES_LATE, 3),
    ]
    assert found([0, 9, 21, None], {2: 8}, explained={3: 3}) == [(2, Rule.IN_WINDOW, 0)]


def test_a_window_that_nothing_had_opened_was_not_missed_before():
    assert found([0, None, 21, None], {2: 9}) == [
        (2, Rule.IN_WINDOW, 0),
        (3, Rule.LEAVES_LATE, 2),
    ]
    assert found([None, None, 21, None], {1: 0}) == [(1, Rule.IN_WINDOW, 0)]


def test_what_was_delivered_is_not_left_late():
    given = steps(0, 7, 14, None)
    given[2] = Step(3, delivered_on=START + timedelta(21))
    moved = {2: START + timedelta(8)}
    assert [each.number for each in judge_all(COURSE, START, given, moved)] == [2]


def test_one_session_that_leaves_the_next_late_is_refused():
    judgement = judge(COURSE, START, steps(0, 10, 20, None), 2, START + timedelta(8))
    assert judgement == Judgement(Verdict.REFUSED, Rule.LEAVES_LATE, days=2, other=3)
