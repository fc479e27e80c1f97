"""What the rules say to a day: `sessions.domain.booking.judge`."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sessions.domain.booking import Judgement, Rule, Verdict, judge
from sessions.domain.windows import Cadence, Gap, Step, chain
from sessions.words import judgement_words
from tests.sessions.strategies import kept_chains

COURSE = Cadence(4, 3, Gap(7, 10), Gap(28, 35))
FIRST_ON = date(2026, 11, 26)


def verdict(steps, number, day):
    return judge(COURSE, FIRST_ON, steps, number, day)


def running(**second):
    """The first session delivered on its day, the others open."""
    return [Step(1, delivered_on=FIRST_ON), Step(2, **second), Step(3), Step(4)]


@pytest.mark.parametrize("day", [FIRST_ON, FIRST_ON - timedelta(30), FIRST_ON + timedelta(300)])
def test_the_first_session_is_allowed_on_any_day(day):
    steps = [Step(1), Step(2), Step(3), Step(4)]
    assert verdict(steps, 1, day) == Judgement(Verdict.ALLOWED, Rule.IN_WINDOW)


@pytest.mark.parametrize("day", [date(2026, 12, 3), date(2026, 12, 6)])
def test_both_ends_of_the_window_are_allowed(day):
    assert verdict(running(), 2, day) == Judgement(Verdict.ALLOWED, Rule.IN_WINDOW)


def test_a_day_before_the_window_is_refused():
    assert verdict(running(), 2, date(2026, 12, 2)) == Judgement(
        Verdict.REFUSED, Rule.TOO_EARLY, days=1
    )


def test_a_day_after_the_window_needs_a_reason():
    assert verdict(running(), 2, date(2026, 12, 9)) == Judgement(
        Verdict.NEEDS_REASON, Rule.TOO_LATE, days=3
    )


def test_an_open_session_before_it_keeps_the_window_shut():
    assert verdict(running(), 3, date(2026, 12, 10)) == Judgement(
        Verdict.REFUSED, Rule.ONE_BEFORE_OPEN, other=2
    )


def test_a_booked_session_before_it_opens_the_window():
    steps = running(booked_on=date(2026, 12, 4))
    assert verdict(steps, 3, date(2026, 12, 11)).verdict is Verdict.ALLOWED
    assert verdict(steps, 3, date(2026, 12, 10)).rule is Rule.TOO_EARLY


def test_a_skipped_session_before_it_does_not_keep_the_window_shut():
    steps = running(is_skipped=True)
    assert verdict(steps, 3, date(2026, 12, 3)).verdict is Verdict.ALLOWED


@pytest.mark.parametrize("number", [1, 2])
def test_a_finished_session_never_moves(number):
    steps = running(is_skipped=True)
    assert verdict(steps, number, date(2026, 12, 3)) == Judgement(Verdict.REFUSED, Rule.DONE)


def test_moving_a_session_so_that_the_next_one_is_early_is_refused():
    steps = running(booked_on=date(2026, 12, 3))
    steps[2] = Step(3, booked_on=date(2026, 12, 10))
    assert verdict(steps, 2, date(2026, 12, 5)) == Judgement(
        Verdict.REFUSED, Rule.PUSHES_NEXT, days=2, other=3
    )


def test_moving_too_late_over_the_next_one_is_refused_even_with_a_reason_to_come():
    steps = running(booked_on=date(2026, 12, 3))
    steps[2] = Step(3, booked_on=date(2026, 12, 10))
    assert verdict(steps, 2, date(2026, 12, 30)).verdict is Verdict.REFUSED


def test_moving_a_session_past_a_skipped_one_looks_at_the_next_that_counts():
    steps = [
        Step(1, delivered_on=FIRST_ON),
        Step(2, booked_on=date(2026, 12, 3)),
        Step(3, is_skipped=True),
        Step(4, booked_on=date(2026, 12, 31)),
    ]
    assert verdict(steps, 2, date(2026, 12, 3)).verdict is Verdict.ALLOWED
    pushed = verdict(steps, 2, date(2026, 12, 4))
    assert (pushed.rule, pushed.other, pushed.days) == (Rule.PUSHES_NEXT, 4, 1)


def test_an_open_session_after_it_is_pushed_freely():
    steps = running(booked_on=date(2026, 12, 3))
    assert verdict(steps, 2, date(2026, 12, 6)).verdict is Verdict.ALLOWED


# Properties


@given(kept_chains(), st.data())
def test_nothing_outside_its_window_is_ever_allowed(drawn, data):
    course, first_on, steps = drawn
    number = data.draw(st.integers(1, len(steps)))
    link = chain(course, first_on, steps)[number - 1]
    day = link.window.due + timedelta(days=data.draw(st.integers(-60, 60)))
    judgement = judge(course, first_on, steps, number, day)
    if judgement.verdict is Verdict.ALLOWED:
        assert link.window.holds(day)
        assert judgement.days == 0
    if judgement.verdict is Verdict.NEEDS_REASON:
        assert link.window.days_late(day) == judgement.days > 0
    if link.window.days_early(day):
        assert judgement.verdict is Verdict.REFUSED


@given(kept_chains(), st.data())
def test_a_moved_session_never_leaves_a_fixed_one_early(drawn, data):
    course, first_on, steps = drawn
    number = data.draw(st.integers(1, len(steps)))
    link = chain(course, first_on, steps)[number - 1]
    day = link.window.due + timedelta(days=data.draw(st.integers(-10, 60)))
    assume(judge(course, first_on, steps, number, day).verdict is not Verdict.REFUSED)
    moved = [replace(step, booked_on=day) if step.number == number else step for step in steps]
    for after in chain(course, first_on, moved)[number:]:
        assert not (after.step.fixed_on and not after.step.is_skipped and after.is_early)


@given(kept_chains(skips=False), st.data())
def test_a_finished_session_is_refused_on_every_day(drawn, data):
    course, first_on, steps = drawn
    delivered = [step for step in steps if step.delivered_on]
    assume(delivered)
    step = data.draw(st.sampled_from(delivered))
    day = first_on + timedelta(days=data.draw(st.integers(-400, 400)))
    assert judge(course, first_on, steps, step.number, day).rule is Rule.DONE


# Words


@pytest.mark.parametrize(
    ("steps", "number", "day", "words"),
    [
        (
            running(),
            2,
            date(2026, 12, 2),
            "Session 2 would be 1 day too early. Its window opens on Thu 3 Dec 2026.",
        ),
        (
            running(),
            2,
            date(2026, 12, 8),
            "Session 2 would be 2 days late: its window closes on Sun 6 Dec 2026. "
            "A clinician must give a reason.",
        ),
        (running(), 3, date(2026, 12, 8), "Book session 2 first: it opens this window."),
        (running(), 1, date(2026, 12, 8), "Session 1 is finished, so it never moves."),
        (running(), 2, date(2026, 12, 3), ""),
    ],
)
def test_each_verdict_says_what_is_wrong_and_how_to_put_it_right(steps, number, day, words):
    window = chain(COURSE, FIRST_ON, steps)[number - 1].window
    assert judgement_words(verdict(steps, number, day), number=number, window=window) == words


def test_a_pushed_session_is_named():
    steps = running(booked_on=date(2026, 12, 3))
    steps[2] = Step(3, booked_on=date(2026, 12, 10))
    window = chain(COURSE, FIRST_ON, steps)[1].window
    words = judgement_words(verdict(steps, 2, date(2026, 12, 5)), number=2, window=window)
    assert "Session 3 would then be 2 days too early." in words
