"""The scales: ranges, directions and words, and that the sources document says the same."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.domain.pigment import SHARE, Part, Patch, pigment_score
from records.domain.scale_shapes import Direction, Grade, Kind, Rater, Side
from records.domain.scales import MORE_SCALES, SCALES
from tests.treatments.test_catalogue_sources import _references, _table_rows
from treatments.domain.catalogue import PROTOCOLS
from treatments.domain.catalogue.sources import CLINIC_SETTING
from treatments.domain.catalogue.vocabulary import OUTCOME_SCALES

SCALE = st.sampled_from(list(SCALES.values()))
MARKS = st.builds(Patch, st.integers(0, 6), st.integers(0, 4))


def plain(value):
    return f"{value.normalize():f}"


def test_every_scale_that_a_protocol_may_ask_for_is_known():
    assert set(OUTCOME_SCALES) <= set(SCALES)
    assert {code for codes in MORE_SCALES.values() for code in codes} <= set(SCALES)


def test_every_scale_stands_in_the_sources_document():
    documented = list(_table_rows("Outcome scales"))
    known = [
        [
            scale.code,
            f"{plain(scale.least)} to {plain(scale.most)} {scale.unit}".strip(),
            scale.better.lower(),
            scale.kind.lower(),
            scale.source,
        ]
        for scale in SCALES.values()
    ]
    assert documented == known
    assert {row[4] for row in documented} <= {CLINIC_SETTING, *_references()}


def test_the_baseline_of_each_indication_stands_in_the_sources_document():
    known = [
        [one.indication, "; ".join(" or ".join(group) for group in one.baseline_scales)]
        for one in PROTOCOLS
    ]
    assert list(_table_rows("Baseline scales")) == known


@pytest.mark.parametrize(
    ("code", "value", "label"),
    [
        ("gais", "1", "Very much better"),
        ("gais", "4", "No change"),
        ("gais", "6", ""),
        ("nm", "0", "Smooth standing and lying"),
        ("css", "5", "Mild"),
        ("css", "6", "Moderate"),
        ("css", "0", "None"),
        ("norwood", "3.5", "III at the crown: loss at the crown as well"),
        ("circumference_cm", "92.5", ""),
    ],
)
def test_a_value_has_the_words_of_its_grade(code, value, label):
    assert SCALES[code].label_of(Decimal(value)) == label


@pytest.mark.parametrize(
    ("code", "value", "is_allowed"),
    [
        ("gais", "3", True),
        ("gais", "2.5", False),
        ("gais", "0", False),
        ("norwood", "3.5", True),
        ("norwood", "4.5", False),
        ("mmasi", "24", True),
        ("mmasi", "24.1", False),
        ("mmasi", "7.2", True),
        ("circumference_cm", "92.55", False),
        ("faceq_skin", "100", True),
    ],
)
def test_a_scale_allows_its_own_values_only(code, value, is_allowed):
    assert SCALES[code].allows(Decimal(value)) is is_allowed


def test_directions_and_raters_are_those_of_the_scales():
    higher = {code for code, scale in SCALES.items() if scale.better is Direction.HIGHER}
    assert higher == {
        "satisfaction",
        "faceq_skin",
        "radiance_vas",
        "hair_density",
        "hair_diameter",
    }
    assert SCALES["gais"].raters == (Rater.CLINICIAN, Rater.PATIENT)
    assert SCALES["hair_density"].raters == (Rater.DEVICE,)
    assert SCALES["wsrs"].sides == (Side.LEFT, Side.RIGHT)


def test_only_what_is_measured_or_counted_has_percentages():
    ratio = {code for code, scale in SCALES.items() if scale.kind is Kind.RATIO}
    assert all(SCALES[code].unit for code in ratio)
    assert not any(scale.unit for code, scale in SCALES.items() if code not in ratio)


@given(SCALE)
def test_the_ends_of_a_scale_are_values_of_it(scale):
    assert scale.allows(scale.least)
    assert scale.allows(scale.most)
    assert not scale.allows(scale.most + scale.step)


@pytest.mark.parametrize(
    "change",
    [
        {"least": Decimal(5), "most": Decimal(5)},
        {"least": Decimal(-1)},
        {"step": Decimal(0)},
        {"raters": ()},
        {"sides": ()},
        {"grades": (Grade(Decimal(1), "One"), Grade(Decimal(2), "Two"))},
    ],
)
def test_a_scale_that_cannot_be_right_is_refused(change):
    with pytest.raises(ValueError, match="gais"):
        replace(SCALES["gais"], **change)


class TestPigment:
    def test_the_highest_score_is_24(self):
        assert pigment_score(dict.fromkeys(Part, Patch(6, 4))) == 24

    def test_the_parts_weigh_as_published(self):
        parts = dict.fromkeys(Part, Patch(0, 0))
        assert pigment_score(parts | {Part.FOREHEAD: Patch(3, 2)}) == Decimal("1.8")
        assert pigment_score(parts | {Part.CHIN: Patch(3, 2)}) == Decimal("0.6")
        assert sum(SHARE.values()) == 1

    def test_a_part_that_is_missing_is_not_taken_as_clear(self):
        with pytest.raises(KeyError):
            pigment_score({Part.CHIN: Patch(1, 1)})

    @pytest.mark.parametrize("marks", [(7, 1), (-1, 1), (1, 5), (1, -1)])
    def test_marks_that_there_are_not_are_refused(self, marks):
        with pytest.raises(ValueError, match="area is 0 to 6"):
            Patch(*marks)

    @given(st.fixed_dictionaries(dict.fromkeys(Part, MARKS)))
    def test_every_score_is_a_value_of_the_scale(self, parts):
        assert SCALES["mmasi"].allows(pigment_score(parts))
