"""What a patient reads, and what of it must be said; how much of a product may be given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.domain.stock import volume_fits, volumes_in_order
from treatments.domain.text import FIELDS, PatientText, has_words, notes_without_words, tidy

FULL = PatientText(**dict.fromkeys(FIELDS, "Same day: Something."))


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b", "\u2060\u00ad", "\ufeff"])
def test_a_text_without_a_visible_sign_has_no_words(text):
    assert not has_words(text)
    assert tidy(text) == ""


def test_times_without_words_are_named():
    assert notes_without_words("Day 1: Rest.\n48 hours: \nNo sauna.") == ["48 hours"]


@given(st.text())
def test_tidying_twice_changes_nothing(text):
    once = tidy(text)
    assert tidy(once) == once
    assert bool(once) == has_words(once)


def test_a_full_text_lacks_nothing_and_the_addition_may_be_empty():
    assert FULL.missing() == []
    assert (
        PatientText.tidied({**dict.fromkeys(FIELDS, "x"), "disclaimer_addition": ""}).missing()
        == []
    )


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "disclaimer_addition"])
def test_what_is_empty_is_missing(field):
    text = PatientText.tidied({name: "x" for name in FIELDS if name != field})
    assert text.missing() == [field]
    assert text.differences(PatientText.tidied(dict.fromkeys(FIELDS, "x"))) == [field]


@pytest.mark.parametrize(
    ("usual", "most", "fits"),
    [(None, None, True), (None, 1, True), (2, None, True), (2, 2, True), (3, 2, False)],
)
def test_volumes_are_in_order(usual, most, fits):
    assert volumes_in_order(usual, most) is fits


def test_a_volume_that_is_not_set_fits():
    assert volume_fits(None)
