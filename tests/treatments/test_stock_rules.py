"""Whether a lot may be used on a day, and why not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.domain.stock import (
    MULTI_DOSE_DAYS,
    LotFacts,
    Refusal,
    State,
    Why,
    can_move,
    can_open,
    is_low,
    lot_refusal,
    vials_in_stock,
)
from treatments.stock_words import refusal_sentence, state_words

TODAY = date(2026, 11, 26)
LOT = LotFacts(expires_on=TODAY + timedelta(days=300))
OPEN = replace(LOT, is_multi_dose=True, opened_on=TODAY, opened=1)


def why(lot, on=TODAY):
    refusal = lot_refusal(lot, on=on)
    return refusal and refusal.why


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"state": "QUARANTINED"}, Why.QUARANTINED),
        ({"state": "USED_UP"}, Why.USED_UP),
        ({"is_product_in_use": False}, Why.PRODUCT_OFF),
        ({"expires_on": TODAY}, None),
        ({"expires_on": TODAY - timedelta(days=1)}, Why.EXPIRED),
        ({"state": "QUARANTINED", "expires_on": date(2020, 1, 1)}, Why.QUARANTINED),
        ({"vials": 2, "spent": 1}, None),
        ({"vials": 2, "spent": 2}, Why.VIALS_SPENT),
        ({"spent": 900}, None),
        ({"is_multi_dose": True, "vials": 2, "spent": 2}, Why.NOT_OPENED),
    ],
)
def test_a_lot_is_refused_for_its_gravest_reason(change, expected):
    assert why(replace(LOT, **change)) is expected


@pytest.mark.parametrize(
    ("days", "label", "expected"),
    [
        (28, None, None),
        (29, None, Why.BEYOND_USE),
        (7, 7, None),
        (8, 7, Why.BEYOND_USE),
        # A label never makes the days longer.
        (29, 60, Why.BEYOND_USE),
        (-1, None, Why.OPENED_LATER),
    ],
)
def test_an_open_vial_is_used_within_28_days_or_what_its_label_says(days, label, expected):
    lot = replace(OPEN, days_after_opening=label)
    assert why(lot, on=TODAY + timedelta(days=days)) is expected


def test_a_closed_vial_of_several_doses_waits_for_its_day_of_opening():
    assert why(replace(OPEN, opened_on=None, opened=0)) is Why.NOT_OPENED


def test_a_day_of_before_is_judged_by_the_vial_that_was_open_then():
    """Opened anew on the 26th: what was given on the 25th came from the vial of the 5th."""
    lot = replace(OPEN, openings=(date(2026, 11, 5), TODAY), opened=2)
    yesterday = TODAY - timedelta(days=1)
    assert why(lot, on=yesterday) is None
    assert lot.vial_on(yesterday) == (date(2026, 11, 5), date(2026, 12, 3))
    assert lot.vial_on(TODAY) == (TODAY, TODAY + timedelta(days=28))
    assert why(lot, on=date(2026, 11, 4)) is Why.OPENED_LATER
    old = replace(lot, openings=(date(2026, 10, 1), TODAY))
    assert why(old, on=yesterday) is Why.BEYOND_USE


DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2199, 1, 1))


@given(expires_on=DAYS, opened_on=DAYS, on=DAYS, label=st.none() | st.integers(1, 28))
def test_nothing_is_used_after_its_date_or_28_days_after_opening(expires_on, opened_on, on, label):
    lot = replace(OPEN, expires_on=expires_on, opened_on=opened_on, days_after_opening=label)
    last = min(expires_on, opened_on + timedelta(days=label or MULTI_DOSE_DAYS))
    assert lot.beyond_use_on == last
    assert (lot_refusal(lot, on=on) is None) == (opened_on <= on <= last)


@given(expires_on=DAYS, openings=st.lists(DAYS, min_size=1, max_size=5), on=DAYS)
def test_the_last_vial_that_was_opened_by_then_decides(expires_on, openings, on):
    lot = replace(
        OPEN, expires_on=expires_on, opened_on=max(openings), openings=tuple(sorted(openings))
    )
    before = [day for day in openings if day <= on]
    allowed = bool(before) and on <= min(
        expires_on, max(before, default=on) + timedelta(days=MULTI_DOSE_DAYS)
    )
    assert (lot_refusal(lot, on=on) is None) == allowed


@given(vials=st.integers(1, 50), spent=st.integers(0, 80))
def test_a_single_dose_lot_serves_no_more_sessions_than_it_has_vials(vials, spent):
    lot = replace(LOT, vials=vials, spent=spent)
    assert (lot_refusal(lot, on=TODAY) is None) == (spent < vials)
    assert lot.vials_left == max(vials - spent, 0)


@given(state=st.sampled_from(State), expires_on=DAYS, on=DAYS, is_multi=st.booleans())
def test_only_a_lot_in_stock_is_ever_used(state, expires_on, on, is_multi):
    lot = LotFacts(expires_on=expires_on, state=state, is_multi_dose=is_multi, opened_on=on)
    if lot_refusal(lot, on=on) is None:
        assert state is State.AVAILABLE
        assert on <= expires_on


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("AVAILABLE", "QUARANTINED", True),
        ("AVAILABLE", "USED_UP", True),
        ("AVAILABLE", "AVAILABLE", False),
        ("QUARANTINED", "AVAILABLE", True),
        ("QUARANTINED", "USED_UP", False),
        ("USED_UP", "QUARANTINED", True),
        ("USED_UP", "AVAILABLE", True),
    ],
)
def test_a_lot_moves_between_its_states(before, after, expected):
    assert can_move(before, after) is expected


def test_a_vial_is_opened_while_one_is_left():
    assert can_open(OPEN)
    assert can_open(replace(OPEN, vials=2))
    assert not can_open(replace(OPEN, vials=1))
    assert not can_open(LOT)


@pytest.mark.parametrize(
    ("lots", "left"),
    [
        ([], 0),
        ([replace(LOT, vials=5, spent=3)], 2),
        ([replace(LOT, vials=5), replace(LOT, vials=4, state="QUARANTINED")], 5),
        ([replace(LOT, vials=5), LOT], None),
        ([replace(OPEN, vials=3, opened=2)], 2),
        # The open vial is too old, the closed one waits.
        ([replace(OPEN, vials=3, opened=2, opened_on=date(2026, 1, 1))], 1),
        ([replace(OPEN, opened_on=date(2026, 1, 1))], None),
        ([replace(OPEN, vials=3, opened=0, opened_on=None)], 3),
        ([replace(OPEN, vials=3, expires_on=date(2026, 1, 1))], 0),
    ],
)
def test_vials_in_stock_are_those_that_may_be_used_or_opened(lots, left):
    assert vials_in_stock(lots, on=TODAY) == left


def test_low_is_below_what_the_clinic_wants():
    assert is_low(2, threshold=3)
    assert not is_low(3, threshold=3)
    assert not is_low(0, threshold=0)
    assert not is_low(None, threshold=3)


@pytest.mark.parametrize("reason", Why)
def test_each_reason_has_a_sentence_and_a_word(reason):
    refusal = Refusal(reason, day=TODAY, vials=2)
    sentence = refusal_sentence(refusal, product="Caffeine", lot="A-1")
    assert "A-1" in sentence
    assert sentence.endswith(".")
    assert "%" not in sentence
    assert state_words(refusal) != state_words(None)
