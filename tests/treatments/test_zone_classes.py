"""To which part of the body a zone belongs, for the consent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.consent_words import where_line, zone_class_words
from treatments.domain.catalogue import ZONES
from treatments.domain.zone_classes import (
    FACE_ZONES,
    SCALP_ZONES,
    ZoneClass,
    all_words,
    class_of,
    classes_of,
    from_words,
    to_words,
    usual_class,
)

CODES = {zone.code for zone in ZONES}
PICKED = st.lists(st.sampled_from(sorted(CODES)))


def codes_of(indication):
    return [zone.code for zone in ZONES if zone.indication == indication]


def test_every_zone_that_is_named_is_in_the_catalogue():
    assert FACE_ZONES | SCALP_ZONES <= CODES
    assert not FACE_ZONES & SCALP_ZONES


@pytest.mark.parametrize(
    ("indication", "usual", "offered"),
    [
        ("hair_loss", "SCALP", {"SCALP"}),
        ("cellulite_tightening", "BODY", {"BODY"}),
        ("body_sculpting", "BODY", {"FACE", "BODY"}),
        ("skin_radiance", "FACE", {"FACE", "BODY"}),
        ("ageing_pigmentation", "FACE", {"FACE", "BODY"}),
    ],
)
def test_what_an_indication_treats(indication, usual, offered):
    assert usual_class(codes_of(indication)) == usual
    assert set(classes_of(codes_of(indication))) == offered


@pytest.mark.parametrize(
    ("code", "expected"), [("chin", "FACE"), ("vertex", "SCALP"), ("knee", "BODY"), ("", "BODY")]
)
def test_the_part_of_a_zone(code, expected):
    assert class_of(code) == expected


def test_no_zone_has_no_usual_part():
    assert usual_class([]) is None
    assert classes_of([]) == ()


@given(PICKED)
def test_the_usual_part_is_one_of_those_that_are_treated(codes):
    assert (usual_class(codes) in classes_of(codes)) == bool(codes)
    assert {class_of(code) for code in codes} == set(classes_of(codes))


@given(st.lists(st.sampled_from(ZoneClass)))
def test_what_is_kept_is_read_back(classes):
    assert from_words(to_words(classes)) == set(classes)
    assert to_words(classes) in all_words()


def test_all_that_can_be_kept():
    assert len(set(all_words())) == 2 ** len(ZoneClass)
    assert max(map(len, all_words())) <= 20


def test_the_words():
    assert where_line([]) == ""
    assert where_line([ZoneClass.BODY, ZoneClass.FACE]) == (
        "What is treated: Face and neck; Chest, body, arms and legs."
    )
    assert all(zone_class_words(one) for one in ZoneClass)
