"""When each session may happen: by example from the rules of the chain, and by property."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.windows import Cadence, Gap, Step, Window, chain, plan, window_after
from tests.sessions.strategies import cadences, days, kept_chains
from treatments.domain.catalogue import PROTOCOLS

WEEKLY, MONTHLY = Gap(7, 10), Gap(28, 35)


def cadence(total=8, initial=5, weekly=WEEKLY, monthly=MONTHLY, product_min_days=0):
    return Cadence(total, initial, weekly, monthly, product_min_days)


def monthly_window(previous_on, **numbers):
    return window_after(cadence(**numbers), 6, previous_on)


# The numbers


@pytest.mark.parametrize(("least", "most"), [(0, 7), (-1, 3), (8, 7)])
def test_an_impossible_gap_is_refused(least, most):
    with pytest.raises(ValueError, match="gap"):
        Gap(least, most)


@pytest.mark.parametrize(("total", "initial"), [(8, 0), (8, 9), (3, 4)])
def test_initial_sessions_are_some_or_all_of_the_course(total, initial):
    with pytest.raises(ValueError, match="initial sessions"):
        cadence(total=total, initial=initial)


def test_the_first_session_after_the_initial_phase_follows_a_monthly_gap():
    course = cadence(total=8, initial=5)
    assert [course.is_monthly(number) for number in range(1, 9)] == [False] * 5 + [True] * 3
    assert course.gap_before(5) == WEEKLY
    assert course.gap_before(6) == MONTHLY


# Windows by example


def test_an_initial_session_is_due_a_week_later():
    window = window_after(cadence(), 2, date(2026, 11, 26))
    assert window == Window(
        due=date(2026, 12, 3), earliest=date(2026, 12, 3), latest=date(2026, 12, 6)
    )


@pytest.mark.parametrize(
    ("previous_on", "due"),
    [
        # The same day next month.
        (date(2026, 11, 26), date(2026, 12, 26)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        # Clamped to the month's end.
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2027, 1, 29), date(2027, 2, 28)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        # Leap years.
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2028, 1, 29), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 3, 29)),
        (date(2027, 2, 28), date(2027, 3, 28)),
    ],
)
def test_a_monthly_session_is_due_on_the_same_day_next_month(previous_on, due):
    window = monthly_window(previous_on)
    assert window.due == due
    assert window.earliest == previous_on + timedelta(days=28)
    assert window.latest == previous_on + timedelta(days=35)


def test_the_due_day_stays_inside_a_narrowed_window():
    late_start = monthly_window(date(2026, 11, 26), monthly=Gap(32, 35))
    assert late_start.due == late_start.earliest == date(2026, 12, 28)
    early_end = monthly_window(date(2026, 11, 26), monthly=Gap(28, 29))
    assert early_end.due == early_end.latest == date(2026, 12, 25)


def test_a_window_of_one_day_is_possible():
    window = window_after(cadence(weekly=Gap(7, 7)), 2, date(2026, 11, 26))
    assert window.earliest == window.due == window.latest == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("product_min_days", "weekly", "monthly"),
    [
        (0, Gap(7, 10), Gap(28, 35)),
        (7, Gap(7, 10), Gap(28, 35)),
        (14, Gap(14, 17), Gap(28, 35)),
        (28, Gap(28, 31), Gap(28, 35)),
        (42, Gap(42, 45), Gap(42, 49)),
    ],
)
def test_the_products_minimum_wins_where_it_is_larger(product_min_days, weekly, monthly):
    course = cadence(product_min_days=product_min_days)
    assert course.gap_before(2) == weekly
    assert course.gap_before(6) == monthly


def test_days_early_and_late_are_counted_from_the_windows_ends():
    window = Window(due=date(2026, 12, 3), earliest=date(2026, 12, 3), latest=date(2026, 12, 6))
    assert window.days_early(date(2026, 12, 1)) == 2
    assert window.days_early(date(2026, 12, 3)) == 0
    assert window.days_late(date(2026, 12, 6)) == 0
    assert window.days_late(date(2026, 12, 9)) == 3
    assert window.holds(date(2026, 12, 3))
    assert window.holds(date(2026, 12, 6))
    assert not window.holds(date(2026, 12, 2))
    assert not window.holds(date(2026, 12, 7))


def test_the_first_session_may_be_on_any_day():
    window = plan(cadence(), date(2026, 11, 26))[0].window
    assert window == Window(due=date(2026, 11, 26))
    assert window.holds(date(1999, 1, 1))
    assert window.holds(date(2099, 1, 1))


# Chains by example


def test_a_plan_of_eight_sessions_on_the_calendar():
    assert [link.on for link in plan(cadence(), date(2026, 11, 26))] == [
        date(2026, 11, 26),
        date(2026, 12, 3),
        date(2026, 12, 10),
        date(2026, 12, 17),
        date(2026, 12, 24),
        date(2027, 1, 24),
        date(2027, 2, 24),
        date(2027, 3, 24),
    ]


def test_dates_do_not_move_with_the_clocks():
    # Clocks go forward on 28 March 2027 and back on 31 October 2027: a week stays a week.
    spring = plan(cadence(), date(2027, 3, 27))
    assert spring[1].on == date(2027, 4, 3)
    autumn = plan(cadence(), date(2027, 10, 30))
    assert autumn[1].on == date(2027, 11, 6)


@pytest.mark.parametrize("numbers", PROTOCOLS, ids=lambda numbers: numbers.indication)
def test_every_protocol_of_the_catalogue_makes_a_plan(numbers):
    course = Cadence(
        numbers.total_sessions,
        numbers.initial_sessions,
        Gap(numbers.initial_min_days, numbers.initial_max_days),
        Gap(numbers.monthly_min_days, numbers.monthly_max_days),
    )
    links = plan(course, date(2028, 1, 31))
    assert len(links) == numbers.total_sessions
    gaps = [link.gap_days for link in links[1:]]
    first, rest = gaps[: numbers.initial_sessions - 1], gaps[numbers.initial_sessions - 1 :]
    assert all(gap == 7 for gap in first)
    assert rest
    assert all(gap is not None and 28 <= gap <= 31 for gap in rest)


@pytest.mark.parametrize("total", range(3, 16))
def test_a_plan_has_as_many_sessions_as_were_asked_for(total):
    links = plan(cadence(total=total, initial=2), date(2026, 1, 31))
    assert [link.step.number for link in links] == list(range(1, total + 1))
    assert links[0].gap_days is None


def test_delivered_counts_before_booked_and_booked_before_due():
    first_on = date(2026, 11, 26)
    planned = [Step(1), Step(2), Step(3)]
    booked = [Step(1, booked_on=date(2026, 11, 27)), *planned[1:]]
    delivered = [
        Step(1, booked_on=date(2026, 11, 27), delivered_on=date(2026, 11, 30)),
        *planned[1:],
    ]
    course = cadence(total=3, initial=3)
    seconds = [chain(course, first_on, steps)[1] for steps in (planned, booked, delivered)]
    assert [link.window.earliest for link in seconds] == [
        date(2026, 12, 3),
        date(2026, 12, 4),
        date(2026, 12, 7),
    ]


def test_a_skipped_session_passes_the_day_before_it_on():
    steps = [Step(1, delivered_on=date(2026, 11, 26)), Step(2, is_skipped=True), Step(3)]
    links = chain(cadence(total=3, initial=3), date(2026, 11, 26), steps)
    assert links[2].window.earliest == date(2026, 12, 3)
    assert links[2].gap_days == 7


def test_a_skipped_last_initial_session_leaves_the_monthly_gap():
    steps = [Step(1, delivered_on=date(2026, 11, 26)), Step(2, is_skipped=True), Step(3)]
    links = chain(cadence(total=3, initial=2), date(2026, 11, 26), steps)
    assert links[2].window.earliest == date(2026, 12, 24)


def test_a_link_knows_whether_it_stands_outside_its_window():
    first_on = date(2026, 11, 26)

    def second(on):
        steps = [Step(1, delivered_on=first_on), Step(2, booked_on=on), Step(3)]
        return chain(cadence(total=3, initial=3), first_on, steps)[1]

    assert second(date(2026, 12, 2)).is_early
    assert not second(date(2026, 12, 3)).is_early
    assert not second(date(2026, 12, 6)).is_late
    assert second(date(2026, 12, 7)).is_late


# Properties


@given(cadences(), days)
def test_a_plan_keeps_every_rule_of_its_cadence(course, first_on):
    links = plan(course, first_on)
    assert [link.step.number for link in links] == list(range(1, course.total + 1))
    assert links[0].on == first_on
    for before, after in pairwise(links):
        gap = course.gap_before(after.step.number)
        assert after.window.earliest is not None
        assert after.window.latest is not None
        assert after.window.earliest <= after.window.due <= after.window.latest
        assert gap.min_days <= (after.on - before.on).days <= gap.max_days
        assert (after.on - before.on).days == after.gap_days


@given(cadences())
def test_no_gap_is_shorter_than_the_product_asks(course):
    for number in range(2, course.total + 1):
        gap = course.gap_before(number)
        own = course.monthly_gap if number > course.initial else course.initial_gap
        assert gap.min_days >= max(course.product_min_days, own.min_days)
        assert gap.max_days - gap.min_days == own.max_days - own.min_days


@given(kept_chains())
def test_gaps_of_a_kept_chain_are_within_the_cadence(drawn):
    course, first_on, steps = drawn
    previous_on = None
    for link in chain(course, first_on, steps):
        assert not link.is_early
        assert not link.is_late
        assert link.window.holds(link.window.due)
        if previous_on is not None:
            gap = course.gap_before(link.step.number)
            assert gap.min_days <= (link.on - previous_on).days <= gap.max_days
        if not link.step.is_skipped:
            previous_on = link.on


@given(kept_chains(), st.data())
def test_delivering_later_never_opens_a_later_window_earlier(drawn, data):
    course, first_on, steps = drawn
    position = data.draw(st.integers(0, len(steps) - 1))
    on = chain(course, first_on, steps)[position].on
    later_on = on + timedelta(days=data.draw(st.integers(0, 90)))
    # What follows is not fixed, so that it moves.
    steps = [
        step if index <= position else replace(step, delivered_on=None, booked_on=None)
        for index, step in enumerate(steps)
    ]

    def windows(day):
        moved = [
            replace(step, delivered_on=day) if index == position else step
            for index, step in enumerate(steps)
        ]
        return [link.window for link in chain(course, first_on, moved)[position + 1 :]]

    for sooner, later in zip(windows(on), windows(later_on), strict=True):
        assert later.due >= sooner.due
        if sooner.earliest and sooner.latest:
            assert later.earliest is not None
            assert later.latest is not None
            assert later.earliest >= sooner.earliest
            assert later.latest >= sooner.latest


@given(kept_chains(), days)
def test_every_day_is_early_late_or_inside(drawn, day):
    course, first_on, steps = drawn
    for link in chain(course, first_on, steps):
        sides = [link.window.days_early(day) > 0, link.window.days_late(day) > 0]
        assert not all(sides)
        assert link.window.holds(day) is not any(sides)
