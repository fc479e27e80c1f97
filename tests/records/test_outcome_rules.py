"""When scores are due, what a difference means, and when a course is looked at again."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from records.domain.outcomes import (
    Advice,
    BaselineState,
    Change,
    CourseDates,
    Due,
    DueState,
    Occasion,
    Trend,
    advise,
    baseline_state,
    compare,
    counts_as_baseline,
    due_dates,
    due_state,
    judged_from,
    missing_groups,
    pigment_due_on,
)
from records.domain.scale_shapes import Direction
from records.domain.scales import SCALES

FIRST = date(2026, 3, 2)
GROUPS = (("nm",), ("circumference_cm",))
DAYS = st.integers(0, 400)


def days(count):
    return FIRST + timedelta(days=count)


def course(*delivered, **facts):
    """A course whose sessions were delivered so many days after the first of March 2026."""
    given_on = tuple(days(count) for count in delivered)
    return CourseDates(
        **{"first_on": given_on[0] if given_on else FIRST, "delivered": given_on, **facts}
    )


def starts(dates):
    return {due.occasion: due.from_on for due in due_dates(dates)}


class TestWhatIsDue:
    def test_a_course_ahead_asks_for_its_baseline_alone(self):
        [due] = due_dates(course())
        assert due == Due(Occasion.BASELINE, days(-14), FIRST)

    def test_mid_course_follows_the_initial_phase_and_stays_open(self):
        found = due_dates(course(0, 7, 14, initial_ended_on=days(14)))
        assert found[1:] == [Due(Occasion.MID_COURSE, days(15), None)]

    def test_the_end_is_four_weeks_after_the_last_session(self):
        over = course(0, 7, 35, initial_ended_on=days(7), ended_on=days(35), is_over=True)
        assert [due.occasion for due in due_dates(over)] == [
            Occasion.BASELINE,
            Occasion.MID_COURSE,
            Occasion.END,
            Occasion.MONTHS_3,
            Occasion.MONTHS_6,
        ]
        mid, end, three, six = due_dates(over)[1:]
        assert mid.until_on == end.from_on - timedelta(days=1)
        assert end.from_on == days(35 + 28)
        assert three.from_on == days(35) + relativedelta(months=3)
        assert six.from_on == days(35) + relativedelta(months=6)
        assert six.until_on == six.from_on + (six.from_on - three.from_on)

    def test_hair_is_scored_three_six_and_twelve_months_after_the_first_session(self):
        assert starts(course(0, 7, is_hair=True, initial_ended_on=days(7))) == {
            Occasion.BASELINE: days(-14),
            Occasion.MONTHS_3: date(2026, 6, 2),
            Occasion.MONTHS_6: date(2026, 9, 2),
            Occasion.MONTHS_12: date(2027, 3, 2),
        }

    def test_hair_that_was_not_treated_yet_has_its_baseline_alone(self):
        assert list(starts(course(is_hair=True))) == [Occasion.BASELINE]

    def test_an_occasion_is_asked_for_until_the_next_one(self):
        due = Due(Occasion.END, days(10), days(20))
        assert due_state(due, days(9), is_done=False) is DueState.AHEAD
        assert due_state(due, days(10), is_done=False) is DueState.DUE
        assert due_state(due, days(20), is_done=False) is DueState.DUE
        assert due_state(due, days(21), is_done=False) is DueState.MISSED
        assert due_state(due, days(21), is_done=True) is DueState.DONE

    def test_pigment_is_scored_every_four_weeks_while_the_course_runs(self):
        assert pigment_due_on([days(0), days(20)], course(5)) == days(48)
        assert pigment_due_on([], course(5)) is None
        assert pigment_due_on([days(0)], course(5, is_over=True)) is None

    @given(st.lists(DAYS, min_size=1, max_size=15, unique=True).map(sorted), st.integers(0, 60))
    def test_due_days_follow_the_delivered_days(self, delivered, shift):
        def over(by):
            moved = [count + by for count in delivered]
            return course(*moved, ended_on=days(moved[-1]), is_over=True)

        now, later = starts(over(0)), starts(over(shift))
        assert later[Occasion.END] - now[Occasion.END] == timedelta(days=shift)
        assert later[Occasion.BASELINE] - now[Occasion.BASELINE] == timedelta(days=shift)
        assert all(later[occasion] >= now[occasion] for occasion in now)

    @given(st.lists(DAYS, min_size=2, max_size=15, unique=True).map(sorted), st.booleans())
    def test_only_one_later_occasion_is_due_at_a_time(self, delivered, is_hair):
        over = course(
            *delivered,
            initial_ended_on=days(delivered[0]),
            ended_on=days(delivered[-1]),
            is_over=True,
            is_hair=is_hair,
        )
        later = due_dates(over)[1:]
        for one, other in pairwise(later):
            assert one.from_on <= one.until_on < other.from_on


class TestBaseline:
    @pytest.mark.parametrize(("day", "counts"), [(-15, False), (-14, True), (0, True), (1, False)])
    def test_it_is_at_most_fourteen_days_older_than_the_first_session(self, day, counts):
        assert counts_as_baseline(days(day), course()) is counts

    def test_one_scale_of_each_group_is_enough(self):
        assert missing_groups((("wsrs", "glogau"), ("mmasi",)), {"glogau"}) == (("mmasi",),)

    @pytest.mark.parametrize(
        ("dates", "today", "state"),
        [
            (course(), -15, BaselineState.AHEAD),
            (course(), -14, BaselineState.DUE),
            (course(0), 3, BaselineState.MISSING),
            (course(is_over=True), 3, BaselineState.NOT_ASKED),
        ],
    )
    def test_what_is_missing_depends_on_the_day(self, dates, today, state):
        assert baseline_state(GROUPS, [("nm", FIRST)], dates, days(today)) is state

    def test_it_is_complete_with_all_groups(self):
        scored = [("nm", days(-3)), ("circumference_cm", days(-1))]
        assert baseline_state(GROUPS, scored, course(0), days(9)) is BaselineState.COMPLETE

    def test_values_that_are_too_old_are_asked_for_again(self):
        scored = [("nm", days(-30)), ("circumference_cm", days(-30))]
        assert baseline_state(GROUPS, scored, course(), days(-2)) is BaselineState.DUE

    def test_nothing_is_asked_without_groups(self):
        assert baseline_state((), [], course(), FIRST) is BaselineState.NOT_ASKED


class TestChange:
    @pytest.mark.parametrize(
        ("code", "first", "last", "trend", "percent"),
        [
            ("circumference_cm", "92", "90", Trend.BETTER, -2),
            ("circumference_cm", "92", "91", Trend.SAME, -1),
            ("circumference_cm", "92", "93.1", Trend.WORSE, 1),
            ("hair_density", "80", "100", Trend.BETTER, 25),
            ("hair_density", "0", "100", Trend.BETTER, None),
            ("nm", "3", "2", Trend.BETTER, None),
            ("radiance_vas", "4", "6.5", Trend.BETTER, None),
            ("weight_bmi", "70", "71.4", Trend.SAME, 2),
            ("weight_bmi", "70", "72", Trend.DIFFERENT, 3),
            ("gais", "4", "2", Trend.BETTER, None),
            ("gais", "4", "5", Trend.WORSE, None),
        ],
    )
    def test_a_difference_has_a_direction(self, code, first, last, trend, percent):
        change = compare(SCALES[code], Decimal(first), Decimal(last))
        assert (change.trend, change.percent) == (trend, percent)
        assert change.difference == Decimal(last) - Decimal(first)

    @given(st.data())
    def test_the_way_back_is_the_other_direction(self, data):
        codes = [code for code, one in SCALES.items() if one.better is not Direction.CONTEXT]
        scale = SCALES[data.draw(st.sampled_from(codes))]
        value = st.decimals(scale.least, scale.most, places=1)
        first, last = data.draw(value), data.draw(value)
        back = {Trend.BETTER: Trend.WORSE, Trend.WORSE: Trend.BETTER, Trend.SAME: Trend.SAME}
        assert compare(scale, last, first).trend is back[compare(scale, first, last).trend]

    @given(st.data())
    def test_grades_have_no_percentages(self, data):
        codes = [code for code, one in SCALES.items() if not one.is_ratio]
        scale = SCALES[data.draw(st.sampled_from(codes))]
        value = st.decimals(scale.least, scale.most, places=1)
        assert compare(scale, data.draw(value), data.draw(value)).percent is None


class TestAdvice:
    """R24: without a measurable change after the initial phase, review or stop."""

    SAME = Change(Decimal(92), Decimal(92), Trend.SAME, 0)
    WORSE = Change(Decimal(92), Decimal(95), Trend.WORSE, 3)
    BETTER = Change(Decimal(92), Decimal(88), Trend.BETTER, -4)

    def test_nothing_is_said_before_the_initial_phase_is_over(self):
        assert judged_from(course(0, 7)) is None
        assert advise([(days(8), self.SAME)], course(0, 7)) is Advice.NONE

    def test_scores_from_before_its_end_do_not_count(self):
        dates = course(0, 7, initial_ended_on=days(7))
        assert advise([(days(7), self.SAME)], dates) is Advice.NONE
        assert advise([], dates) is Advice.NONE

    @pytest.mark.parametrize("change", [SAME, WORSE])
    def test_no_measurable_change_asks_for_a_review_or_a_stop(self, change):
        dates = course(0, 7, initial_ended_on=days(7))
        assert advise([(days(9), change)], dates) is Advice.REVIEW_OR_STOP

    def test_one_change_for_the_better_is_enough(self):
        dates = course(0, 7, initial_ended_on=days(7))
        found = advise([(days(9), self.SAME), (days(9), self.BETTER)], dates)
        assert found is Advice.GO_ON

    def test_a_course_that_is_over_cannot_be_stopped(self):
        dates = course(0, 7, initial_ended_on=days(7), is_over=True)
        assert advise([(days(9), self.SAME)], dates) is Advice.NONE

    @pytest.mark.parametrize(
        ("on", "advice"),
        [
            (date(2026, 6, 1), Advice.NONE),
            (date(2026, 6, 2), Advice.REVIEW),
            (date(2026, 9, 1), Advice.REVIEW),
            (date(2026, 9, 2), Advice.REVIEW_OR_STOP),
        ],
    )
    def test_hair_is_not_judged_before_three_to_six_months(self, on, advice):
        dates = course(0, 7, initial_ended_on=days(7), is_hair=True)
        assert advise([(on, self.SAME)], dates) is advice

    def test_hair_that_was_not_treated_yet_is_not_judged(self):
        assert advise([(FIRST, self.SAME)], course(is_hair=True)) is Advice.NONE

    @given(st.lists(st.sampled_from([SAME, WORSE, BETTER]), min_size=1), DAYS)
    def test_it_never_asks_to_stop_what_got_better(self, changes, day):
        dates = course(0, 7, initial_ended_on=days(7))
        found = advise([(days(8 + day), change) for change in changes], dates)
        assert (found is Advice.GO_ON) is (self.BETTER in changes)
