"""Who would take a time, and who is called first: the rules themselves."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.booking import Rule, Verdict, judge_all
from sessions.domain.waiting import (
    Answer,
    Asks,
    InCourse,
    Obstacle,
    Offer,
    Taking,
    Waiting,
    answer,
    day_answer,
    is_overdue,
    rank,
)
from sessions.domain.windows import Cadence, Gap, Step
from tests.sessions.strategies import kept_chains

LONDON = ZoneInfo("Europe/London")
CADENCE = Cadence(total=4, initial=4, initial_gap=Gap(7, 10), monthly_gap=Gap(28, 35))
# A Thursday.
FIRST = date(2026, 11, 26)
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
PETRA, OMAR = 1, 2


def day(after):
    return FIRST + timedelta(days=after)


def course(number=2, **booked):
    """A course delivered on its first day; `booked` are days after it, as s2=8."""
    steps = [Step(1, delivered_on=FIRST)]
    steps += [
        Step(n, booked_on=day(booked[f"s{n}"]) if f"s{n}" in booked else None) for n in (2, 3, 4)
    ]
    return InCourse(CADENCE, FIRST, tuple(steps), number)


def waiting(in_course=None, *, booked=None, key=1, since=FIRST, prefers=None, **taking):
    if booked is None and in_course is not None:
        on = in_course.steps[in_course.number - 1].booked_on
        booked = datetime.combine(on, time(15), LONDON) if on else None
    return Waiting(key, since, Taking(**taking), booked, in_course, prefers)


def offer(after, clock="10:00", practitioner=PETRA):
    starts_at = datetime.combine(day(after), time.fromisoformat(clock), LONDON)
    return Offer(starts_at, practitioner, LONDON)


def obstacle(who, free, now=NOW):
    return answer(who, free, now).obstacle


def test_a_day_inside_the_window_and_before_the_own_one_suits():
    who = waiting(course(s2=9))
    assert answer(who, offer(7), NOW) == Answer()
    assert answer(who, offer(9, "14:55"), NOW).suits


@pytest.mark.parametrize("clock", ["15:00", "15:05"])
def test_what_is_not_earlier_is_of_no_use(clock):
    assert obstacle(waiting(course(s2=9)), offer(9, clock)) is Obstacle.NOT_EARLIER


def test_a_day_before_the_window_never_suits():
    assert obstacle(waiting(course(s2=9)), offer(6)) is Obstacle.WINDOW


def test_a_day_after_the_window_suits_nobody_who_can_still_come_inside_it():
    assert obstacle(waiting(course()), offer(11)) is Obstacle.WINDOW


def test_whoever_is_overdue_takes_a_day_after_the_window_with_a_reason():
    late = waiting(course())
    now = datetime(2026, 12, 7, 8, tzinfo=UTC)
    assert answer(late, offer(12), now) == Answer(asks=Asks.REASON)
    booked_late = waiting(course(s2=14))
    assert answer(booked_late, offer(12), NOW) == Answer(asks=Asks.REASON)
    assert answer(booked_late, offer(10), NOW) == Answer()


def test_a_session_whose_window_nothing_has_opened_cannot_be_given():
    assert obstacle(waiting(course(number=3)), offer(15)) is Obstacle.WINDOW


def test_moving_it_may_take_the_ones_after_it_along():
    # Session 3 is on the last day that the one before allows.
    who = waiting(course(s2=9, s3=19))
    assert answer(who, offer(7), NOW) == Answer(asks=Asks.REPLAN)
    assert answer(who, offer(9), NOW) == Answer()


@pytest.mark.parametrize(
    ("taking", "free", "expected"),
    [
        ({"practitioner": OMAR}, offer(8), Obstacle.PERSON),
        ({"practitioner": PETRA}, offer(8), None),
        ({"weekdays": frozenset({0, 1})}, offer(8), Obstacle.WEEKDAY),
        ({"weekdays": frozenset({4})}, offer(8), None),
        ({"hours": (12, 17)}, offer(8, "11:55"), Obstacle.TIME_OF_DAY),
        ({"hours": (12, 17)}, offer(8, "12:00"), None),
        ({"hours": (12, 17)}, offer(8, "17:00"), Obstacle.TIME_OF_DAY),
        ({"until": day(7)}, offer(8), Obstacle.UNTIL),
        ({"until": day(8)}, offer(8), None),
        ({"notice": timedelta(days=4, hours=2)}, offer(8), None),
        ({"notice": timedelta(days=4, hours=2, minutes=5)}, offer(8), Obstacle.NOTICE),
    ],
)
def test_what_the_patient_wishes_is_heeded(taking, free, expected):
    assert obstacle(waiting(course(), **taking), free) is expected


def test_a_visit_of_another_kind_has_no_window_and_is_never_overdue():
    who = waiting()
    assert answer(who, offer(40), NOW) == Answer()
    assert not is_overdue(who, day(400))


def test_the_hour_that_a_clock_change_shows_twice_is_compared_as_it_passes():
    # 01:30 comes twice on this night: the earlier one is before a booking at the later one.
    twice = datetime(2027, 10, 31, 1, 30, tzinfo=LONDON)
    who = waiting(booked=twice.replace(fold=1))
    now = datetime(2027, 10, 30, 8, tzinfo=UTC)
    assert obstacle(who, Offer(twice, PETRA, LONDON), now) is None
    assert obstacle(who, Offer(twice.replace(fold=1), PETRA, LONDON), now) is Obstacle.NOT_EARLIER


def test_the_order_of_the_calls():
    today = day(4)
    overdue = waiting(course(s2=14), key=1, since=day(4))
    without_time = waiting(course(), key=2, since=day(4))
    closing_later = waiting(course(number=3, s2=9), key=3, since=day(0))
    consultation = waiting(key=4, since=day(0))
    booked = waiting(course(s2=9), key=5, since=day(0))
    longest = waiting(course(s2=9), key=6, since=day(-1))
    fond = waiting(course(s2=9), key=7, since=FIRST, prefers=PETRA)
    waits = [booked, fond, longest, consultation, closing_later, without_time, overdue]
    ranked = sorted(waits, key=lambda who: rank(who, PETRA, today))
    expected = [overdue, without_time, closing_later, consultation, longest, fond, booked]
    assert [who.key for who in ranked] == [who.key for who in expected]


@st.composite
def entries(draw, keys=None):
    cadence, first_on, steps = draw(kept_chains())
    number = draw(st.integers(1, cadence.total))
    booked_on = steps[number - 1].booked_on
    clock = time(draw(st.integers(8, 17)))
    return Waiting(
        key=draw(keys or st.integers(1, 10**6)),
        since=first_on - timedelta(days=draw(st.integers(0, 90))),
        taking=Taking(
            practitioner=draw(st.sampled_from([None, PETRA, OMAR])),
            weekdays=draw(st.frozensets(st.integers(0, 6), max_size=3)),
            hours=draw(st.sampled_from([(0, 24), (0, 12), (12, 17), (17, 24)])),
            notice=timedelta(hours=draw(st.sampled_from([0, 2, 48]))),
            until=draw(st.sampled_from([None, first_on + timedelta(days=30)])),
        ),
        booked_at=datetime.combine(booked_on, clock, LONDON) if booked_on else None,
        course=InCourse(cadence, first_on, tuple(steps), number),
        prefers=draw(st.sampled_from([None, PETRA, OMAR])),
    )


@given(entries(), st.integers(-20, 200), st.integers(8, 19), st.integers(-20, 60))
def test_a_time_is_offered_iff_the_wishes_and_the_rules_allow_it(who, ahead, hour, today_after):
    """Against the rules of booking and the wishes, put down one by one."""
    in_course, taking = who.course, who.taking
    on = in_course.first_on + timedelta(days=ahead)
    now = datetime.combine(in_course.first_on + timedelta(days=today_after), time(7), LONDON)
    free = Offer(datetime.combine(on, time(hour), LONDON), PETRA, LONDON)
    found = judge_all(
        in_course.cadence, in_course.first_on, in_course.steps, {in_course.number: on}
    )
    own = next(each.judgement for each in found if each.number == in_course.number)
    breaks_others = any(
        each.judgement.verdict is Verdict.REFUSED
        for each in found
        if each.number != in_course.number
    )
    late_is_all_right = own.rule is not Rule.TOO_LATE or is_overdue(who, now.date())
    expected = (
        (who.booked_at is None or free.starts_at < who.booked_at)
        and taking.practitioner in (None, PETRA)
        and (not taking.weekdays or on.weekday() in taking.weekdays)
        and taking.hours[0] <= hour < taking.hours[1]
        and free.starts_at.astimezone(UTC) - now.astimezone(UTC) >= taking.notice
        and (taking.until is None or on <= taking.until)
        and own.verdict is not Verdict.REFUSED
        and late_is_all_right
    )
    said = answer(who, free, now)
    assert said.suits is expected
    if said.suits and said.asks is Asks.NOTHING:
        # One click may book it: no rule speaks against it, for this session or another.
        assert own.verdict is Verdict.ALLOWED
        assert not breaks_others
    if said.suits and breaks_others:
        assert said.asks is Asks.REPLAN


@given(
    st.lists(entries(), min_size=1, max_size=8, unique_by=lambda who: who.key),
    st.integers(-20, 60),
    st.randoms(use_true_random=False),
)
def test_the_order_is_strict_and_does_not_depend_on_the_list(waits, today_after, random):
    today = waits[0].course.first_on + timedelta(days=today_after)
    ranked = sorted(waits, key=lambda who: rank(who, PETRA, today))
    random.shuffle(waits)
    assert sorted(waits, key=lambda who: rank(who, PETRA, today)) == ranked
    for before, after in pairwise(ranked):
        assert rank(before, PETRA, today) < rank(after, PETRA, today)
        assert is_overdue(before, today) >= is_overdue(after, today)


@given(entries(), st.integers(0, 60))
def test_nobody_is_overdue_who_can_still_come_inside_the_window(who, ahead):
    today = who.course.first_on + timedelta(days=ahead)
    latest = who.course.window.latest
    if is_overdue(who, today):
        assert latest is not None
        assert not day_answer(who, today, today).suits or who.booked_at or today > latest
