"""What a course is asked for, as its sessions go on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta

from records.domain.outcomes import Advice, BaselineState, DueState, Occasion, Trend
from records.selectors.outcomes import offered_scales, read_baselines, read_outcomes
from tests.factories.treatments import ProductFactory
from tests.records.scoring import ScoringDesk
from treatments.actions.courses import suspend_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return ScoringDesk(total_sessions=4, initial_sessions=2)


def states(read):
    return {due.occasion: state for due, state in read.dues}


class TestBaseline:
    def test_it_is_ahead_then_due_then_missing(self, desk):
        assert desk.read(-20).baseline is BaselineState.AHEAD
        assert desk.read(-14).baseline is BaselineState.DUE
        desk.give_all(0)
        assert desk.read(3).baseline is BaselineState.MISSING

    def test_the_booked_day_counts_before_the_planned_one(self, desk):
        desk.book(1, 20)
        assert desk.read(0).baseline is BaselineState.AHEAD
        assert desk.read(6).baseline is BaselineState.DUE

    def test_a_first_session_that_is_late_keeps_it_due(self, desk):
        assert desk.read(30).dates.first_on == desk.day(30)
        assert desk.read(30).baseline is BaselineState.DUE

    def test_it_is_complete_with_one_of_each_group(self):
        hair = ScoringDesk("hair_loss")
        hair.score("BASELINE", -3, sinclair="2")
        assert hair.read(-2).baseline is BaselineState.DUE
        hair.score("BASELINE", -3, hair_density="90")
        assert hair.read(-2).baseline is BaselineState.COMPLETE

    def test_a_planned_product_for_pigment_asks_for_its_score(self):
        product = ProductFactory(product_class="antifibrinolytic")
        pigment = ScoringDesk("ageing_pigmentation", product=product)
        assert pigment.read(-2).groups == (("wsrs", "glogau"), ("mmasi",))
        other = ScoringDesk("skin_radiance", product=product)
        assert other.read(-2).groups == (("radiance_vas",),)

    def test_a_scale_that_the_clinic_does_not_ask_for_is_not_required(self, desk):
        protocol = desk.course.indication.protocol
        protocol.outcome_scales = ["nm", "a scale of another clinic"]
        protocol.save()
        assert desk.read(-2).groups == (("nm",),)
        assert desk.read(-2).asked == ("nm",)

    def test_nothing_is_asked_where_the_protocol_asks_for_nothing(self, desk):
        protocol = desk.course.indication.protocol
        protocol.outcome_scales = []
        protocol.save()
        read = desk.read(-2)
        assert read.baseline is BaselineState.NOT_ASKED
        assert read.dues == []
        assert [one.code for one in offered_scales(read, is_more=False)] == [
            "gais",
            "satisfaction",
            "pain_nrs",
        ]


class TestWhatIsDue:
    def test_days_follow_the_delivered_sessions(self, desk):
        desk.give_all(0, 9)
        read = desk.read(9)
        assert states(read) == {
            Occasion.BASELINE: DueState.MISSED,
            Occasion.MID_COURSE: DueState.AHEAD,
        }
        [mid] = desk.read(10).due_now
        assert (mid.occasion, mid.from_on) == (Occasion.MID_COURSE, desk.day(10))

    def test_mid_course_is_done_with_the_scales_of_the_baseline(self, desk):
        desk.give_all(0, 9)
        desk.score("MID_COURSE", 12, nm="2")
        assert states(desk.read(12))[Occasion.MID_COURSE] is DueState.DUE
        desk.score("MID_COURSE", 12, circumference_cm="90")
        assert states(desk.read(12))[Occasion.MID_COURSE] is DueState.DONE

    def test_the_end_follows_the_last_delivered_session(self, desk):
        desk.give_all(0, 9, 39, 70)
        desk.course.refresh_from_db()
        read = desk.read(98)
        assert [due.occasion for due in read.due_now] == [Occasion.END]
        assert states(read)[Occasion.MID_COURSE] is DueState.MISSED
        six = read.dues[-1][0]
        assert six.from_on == desk.day(70) + relativedelta(months=6)

    def test_a_course_without_monthly_sessions_has_no_middle(self):
        short = ScoringDesk(total_sessions=3, initial_sessions=3)
        short.give_all(0, 7, 14)
        short.course.refresh_from_db()
        found = states(short.read(30))
        assert Occasion.MID_COURSE not in found
        assert Occasion.END in found

    def test_hair_follows_its_first_session(self):
        hair = ScoringDesk("hair_loss", total_sessions=4, initial_sessions=2)
        hair.give_all(0, 9)
        dues = hair.read(30).dues
        assert [due.occasion for due, _state in dues[1:]] == ["MONTHS_3", "MONTHS_6", "MONTHS_12"]
        assert dues[1][0].from_on == hair.day(0) + relativedelta(months=3)

    def test_a_suspended_course_waits(self, desk):
        desk.give_all(0)
        suspend_course(course=desk.course, reason="Abroad", by=desk.practitioner, at=desk.moment(3))
        assert list(states(desk.read(60))) == [Occasion.BASELINE]

    def test_pigment_is_due_again_after_four_weeks(self):
        pigment = ScoringDesk("ageing_pigmentation")
        assert not pigment.read(0).is_pigment_due
        pigment.score("BASELINE", -2, wsrs="3", mmasi="12.4")
        assert not pigment.read(25).is_pigment_due
        assert pigment.read(26).is_pigment_due


class TestChange:
    def test_it_is_counted_from_the_baseline(self, desk):
        [first] = desk.score("BASELINE", -2, circumference_cm="92")
        desk.give_all(0, 9)
        [mid] = desk.score("MID_COURSE", 12, circumference_cm="89.5")
        read = desk.read(12)
        assert read.change(first) is None
        assert read.change(mid).difference == Decimal("-2.5")
        assert read.change(mid).trend is Trend.BETTER

    def test_without_a_baseline_nothing_is_compared(self, desk):
        desk.give_all(0, 9)
        [mid] = desk.score("MID_COURSE", 12, circumference_cm="89.5")
        assert desk.read(12).change(mid) is None

    def test_an_improvement_scale_needs_no_baseline(self, desk):
        desk.give_all(0, 9)
        [mid] = desk.score("MID_COURSE", 12, gais="2")
        assert desk.read(12).change(mid).trend is Trend.BETTER


class TestAdvice:
    def test_no_change_after_the_initial_phase_asks_for_a_review(self, desk):
        desk.score("BASELINE", -2, nm="2", circumference_cm="92")
        desk.give_all(0, 9)
        assert desk.read(12).advice is Advice.NONE
        desk.score("MID_COURSE", 12, nm="2", circumference_cm="91.2")
        assert desk.read(12).advice is Advice.REVIEW_OR_STOP

    def test_what_does_not_follow_a_course_says_nothing(self):
        body = ScoringDesk("body_sculpting", total_sessions=4, initial_sessions=2)
        body.score("BASELINE", -2, weight_bmi="70")
        body.give_all(0, 9)
        body.score("MID_COURSE", 12, weight_bmi="60")
        assert body.read(12).advice is Advice.NONE

    def test_the_newest_value_of_each_scale_counts(self, desk):
        desk.score("BASELINE", -2, nm="2")
        desk.give_all(0, 9)
        desk.score("MID_COURSE", 12, nm="2")
        desk.score("OTHER", 20, nm="1")
        assert desk.read(20).advice is Advice.GO_ON


class TestOfferedScales:
    def test_those_of_the_protocol_come_first_and_more_on_request(self, desk):
        read = desk.read(-2)
        few = [one.code for one in offered_scales(read, is_more=False)]
        more = [one.code for one in offered_scales(read, is_more=True)]
        assert few == ["nm", "css", "circumference_cm", "gais", "satisfaction"]
        assert more[: len(few)] == few
        assert "crpcss" in more


def test_many_courses_take_as_many_queries_as_one(desk, django_assert_num_queries):
    courses = [desk.course, desk.neighbour(indication=desk.course.indication).course]
    for course in courses:
        assert course.site.zone
        assert course.indication.slug
    today = desk.day(0)
    with django_assert_num_queries(4):
        read_outcomes(courses[:1], today=today)
    with django_assert_num_queries(4):
        assert set(read_baselines(courses, today=today)) == {one.pk for one in courses}
    with django_assert_num_queries(0):
        assert read_outcomes([], today=today + timedelta(days=1)) == {}
