"""Red flags, who has to look at what by when, and what fits together."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.domain.reaction_kinds import BY_CODE, REACTION_KINDS, ReactionKind
from records.domain.reactions import (
    Asked,
    Look,
    Misfit,
    Outcome,
    ReactionState,
    bars_products,
    is_expected,
    is_follow_up_due,
    is_red_flag,
    kind_look_at,
    misfits,
    next_look,
    review_due_at,
)

AT = datetime(2026, 11, 26, 10, tzinfo=UTC)
TODAY = AT.date()

codes = st.sampled_from(sorted(BY_CODE))
grades = st.integers(1, 5)
outcomes = st.sampled_from(list(Outcome))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
states = st.builds(
    ReactionState,
    grade=grades,
    is_red_flag=st.booleans(),
    outcome=outcomes,
    asked_at=st.just(AT),
    is_reviewed=st.booleans(),
    is_looked_at=st.booleans(),
    follow_up_on=st.none() | days,
)
kinds = st.sampled_from(REACTION_KINDS)
moments = st.integers(-8640, 60000).map(lambda minutes: AT + timedelta(minutes=minutes))
LONDON = ZoneInfo("Europe/London")


def kind(**change):
    values = {
        "code": "x",
        "name": "X",
        "signs": "S.",
        "onset_days": (0, 1),
        "onset": "soon",
        "clears": "soon",
        "red_flag": "growing",
        "action": "Look.",
        "look_within_hours": 24,
    } | change
    return ReactionKind(**values)


@pytest.mark.parametrize(
    "change",
    [
        {"onset_days": (-1, 2)},
        {"onset_days": (3, 2)},
        {"red_flag": ""},
        {"is_always_red": True},
        {"sources": ()},
        {"look_within_hours": -1},
        {"look_within_hours": 14 * 24 + 1},
    ],
)
def test_an_impossible_kind_is_refused(change):
    with pytest.raises(ValueError, match="x "):
        kind(**change)


def test_every_kind_of_the_catalogue_has_its_own_code():
    assert len(BY_CODE) == len(REACTION_KINDS) == 24


@pytest.mark.parametrize(
    ("code", "grade", "has_sign", "is_red"),
    [
        ("bruise", 1, False, False),
        ("bruise", 2, False, False),
        ("bruise", 3, False, True),
        ("bruise", 1, True, True),
        ("nodule_early", 1, False, False),
        ("nodule_late", 1, False, True),
        ("anaphylaxis", 2, False, True),
        ("necrosis_ulcer", 1, False, True),
        ("alopecia_site", 1, False, True),
    ],
)
def test_a_red_flag_comes_by_kind_by_grade_or_by_its_sign(code, grade, has_sign, is_red):
    assert is_red_flag(code, grade, has_sign=has_sign) is is_red


@given(codes, grades, st.booleans())
def test_a_worse_grade_never_takes_a_red_flag_away(code, grade, has_sign):
    if is_red_flag(code, grade, has_sign=has_sign):
        assert all(is_red_flag(code, worse, has_sign=has_sign) for worse in range(grade, 6))
        assert is_red_flag(code, grade, has_sign=True)


@pytest.mark.parametrize(
    ("code", "grade", "days_after", "has_sign", "expected"),
    [
        ("bruise", 1, 0, False, True),
        ("bruise", 2, 1, False, True),
        ("bruise", 1, 5, False, False),
        ("bruise", 1, None, False, False),
        ("bruise", 3, 0, False, False),
        ("bruise", 1, 0, True, False),
        ("bacterial_infection", 1, 3, False, False),
        ("nodule_late", 1, 21, False, False),
    ],
)
def test_expected_is_what_patients_are_told(code, grade, days_after, has_sign, expected):
    assert is_expected(BY_CODE[code], grade, days_after, has_sign=has_sign) is expected


def test_a_kind_without_a_last_day_may_come_late():
    late = kind(onset_days=(14, None), is_common=True, code="bruise")
    assert is_expected(late, 1, 4000, has_sign=False)


@given(codes, grades, st.none() | st.integers(-5, 500), st.booleans())
def test_nothing_expected_is_a_red_flag(code, grade, days_after, has_sign):
    if is_expected(BY_CODE[code], grade, days_after, has_sign=has_sign):
        assert not is_red_flag(code, grade, has_sign=has_sign)


def test_a_prescriber_has_a_day_to_see_what_is_moderate():
    state = ReactionState(
        grade=2, is_red_flag=False, outcome=Outcome.ONGOING, asked_at=AT, follow_up_on=None
    )
    assert review_due_at(state) == AT + timedelta(hours=24)


@given(states)
def test_a_review_is_due_exactly_while_nobody_has_seen_what_asks_for_one(state):
    asks = state.is_open and not state.is_reviewed and (state.is_red_flag or state.grade >= 2)
    assert (review_due_at(state) is not None) is asks


@given(states, days)
def test_a_day_to_look_again_comes_and_stays_until_it_is_over(state, today):
    due = is_follow_up_due(state, today)
    assert due is (state.is_open and state.follow_up_on is not None and state.follow_up_on <= today)
    if due:
        assert is_follow_up_due(state, today + timedelta(days=30))


def seen(code, now=AT, zone=LONDON, **change):
    values = {"grade": 1, "is_red_flag": False, "outcome": Outcome.ONGOING, "asked_at": AT}
    return next_look(BY_CODE[code], ReactionState(**values | change), now=now, zone=zone)


def test_each_kind_is_looked_at_in_its_own_time():
    assert seen("nodule_early") == Look(Asked.KIND, AT + timedelta(hours=72))
    assert seen("numbness_induration") == Look(Asked.KIND, AT + timedelta(hours=48))
    end_of_day = datetime(2026, 11, 26, 23, 59, tzinfo=LONDON)
    assert seen("bacterial_infection") == Look(Asked.KIND, end_of_day)
    assert seen("nodule_early", is_looked_at=True) is None


def test_the_same_day_is_the_day_of_the_site():
    """10 in London is the evening in Auckland."""
    auckland = ZoneInfo("Pacific/Auckland")
    assert seen("pain_burning", zone=auckland).at == datetime(2026, 11, 26, 23, 59, tzinfo=auckland)


def test_a_far_look_is_listed_when_it_comes_near():
    due = AT + timedelta(hours=14 * 24)
    assert seen("bruise") is None
    assert seen("bruise", now=due - timedelta(hours=72)) == Look(Asked.KIND, due)
    assert seen("bruise", now=due + timedelta(seconds=1)).is_overdue(due + timedelta(seconds=1))


def test_a_prescriber_comes_first_and_no_later_than_the_kind_asks():
    assert seen("bruise", grade=2) == Look(Asked.PRESCRIBER, AT + timedelta(hours=24))
    same_day = seen("pain_burning", grade=2)
    assert same_day.asked is Asked.PRESCRIBER
    assert same_day.at < AT + timedelta(hours=24)


@given(kinds, states, moments)
def test_every_open_reaction_has_a_look_until_somebody_looked(kind, state, now):
    look = next_look(kind, state, now=now, zone=LONDON)
    by_kind = kind_look_at(kind, state, zone=LONDON)
    assert (by_kind is None) is (not state.is_open or state.is_looked_at)
    if not state.is_open:
        assert look is None
    if review_due_at(state) is not None:
        assert look.asked is Asked.PRESCRIBER
        assert look.at <= review_due_at(state)
    elif by_kind is not None and by_kind <= now:
        assert look.at <= by_kind
        assert look.is_overdue(now) or look.at == now


@given(codes, grades)
def test_what_is_barred_is_what_came_before_anaphylaxis_or_a_grave_allergy(code, grade):
    is_grave_allergy = code in {"allergy_local", "allergy_delayed"} and grade >= 4
    assert bars_products(code, grade) is (code == "anaphylaxis" or is_grave_allergy)


@given(states)
def test_only_an_open_red_flag_stops_treatment(state):
    assert state.stops_treatment is (state.is_red_flag and state.outcome is Outcome.ONGOING)


@pytest.mark.parametrize(
    ("grade", "outcome", "resolved_on", "found"),
    [
        (1, "ONGOING", None, []),
        (1, "RESOLVED", TODAY, []),
        (1, "RESOLVED", None, [Misfit.RESOLVED_WITHOUT_DAY]),
        (1, "ONGOING", TODAY, [Misfit.DAY_BUT_ONGOING]),
        (1, "RESOLVED", TODAY + timedelta(days=1), [Misfit.DAY_IN_FUTURE]),
        (1, "RESOLVED", TODAY - timedelta(days=9), [Misfit.DAY_BEFORE_ONSET]),
        (3, "SEQUELAE", None, []),
        (2, "UNKNOWN", None, []),
        (5, "DIED", None, []),
        (4, "DIED", None, [Misfit.DEATH_WITHOUT_GRADE]),
        (5, "ONGOING", None, [Misfit.GRADE_WITHOUT_DEATH]),
    ],
)
def test_what_does_not_fit_together_is_said(grade, outcome, resolved_on, found):
    onset_on = TODAY - timedelta(days=5)
    assert (
        misfits(
            grade=grade, outcome=outcome, resolved_on=resolved_on, onset_on=onset_on, today=TODAY
        )
        == found
    )


@given(grades, outcomes, st.none() | days, days)
def test_what_fits_is_what_the_database_takes(grade, outcome, resolved_on, onset_on):
    if not misfits(
        grade=grade, outcome=outcome, resolved_on=resolved_on, onset_on=onset_on, today=TODAY
    ):
        assert (outcome is Outcome.DIED) is (grade == 5)
        assert outcome is not Outcome.RESOLVED or resolved_on is not None
        assert resolved_on is None or onset_on <= resolved_on <= TODAY
