"""How much local anaesthetic is safe."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from records.domain import numbing as rules
from records.domain.numbing import (
    CREAM_BLOCKS,
    CUT_SHARE,
    LEAST_HEIGHT_CM,
    CreamFinding,
    Level,
    LidocaineSource,
    cream_findings,
    dosing_weight_kg,
    lidocaine_dose,
    lidocaine_limit_mg,
    weight_counts,
)

TODAY = date(2026, 11, 26)


def source(percent, volume_ml, *, has_adrenaline=False):
    return LidocaineSource(Decimal(str(percent)), Decimal(str(volume_ml)), has_adrenaline)


# The published test vectors: weight, strength, volume, adrenaline; then mg, mg/kg and what follows.
@pytest.mark.parametrize(
    ("weight", "percent", "volume", "has_adrenaline", "mg", "each", "level"),
    [
        (60, 2, 5, False, 100, "1.67", Level.FINE),
        (50, 2, 12, False, 240, "4.80", Level.BLOCK),
        (80, 1, 31, False, 310, "3.88", Level.BLOCK),
        (60, 1, 40, True, 400, "6.67", Level.WARN),
    ],
)
def test_the_published_doses(weight, percent, volume, has_adrenaline, mg, each, level):
    dose = lidocaine_dose(
        [source(percent, volume, has_adrenaline=has_adrenaline)], weight_kg=Decimal(weight)
    )
    assert dose.mg == mg
    assert round(dose.mg_per_kg, 2) == Decimal(each)
    assert dose.level is level


def test_every_source_of_the_session_counts():
    sources = [source(1, 10), source(2, "6.25")]
    assert lidocaine_dose(sources, weight_kg=Decimal(50)).mg == 225
    assert lidocaine_dose(sources, weight_kg=Decimal(50)).level is Level.WARN
    sources.append(source(1, "0.1"))
    assert lidocaine_dose(sources, weight_kg=Decimal(50)).level is Level.BLOCK


def test_without_a_weight_no_lidocaine_is_injected_and_none_needs_no_weight():
    assert lidocaine_dose([source(1, 1)], weight_kg=None).level is Level.BLOCK
    assert lidocaine_dose([source(1, 1)], weight_kg=None).limit_mg is None
    assert lidocaine_dose([], weight_kg=None).level is Level.FINE


def test_one_plain_source_takes_the_higher_limit_away():
    both = [source(1, 20, has_adrenaline=True), source(1, 10)]
    assert lidocaine_dose(both, weight_kg=Decimal(60)).limit_mg == 270
    assert lidocaine_dose(both, weight_kg=Decimal(60)).level is Level.BLOCK
    slowed = [source(1, 20, has_adrenaline=True), source(1, 10, has_adrenaline=True)]
    assert lidocaine_dose(slowed, weight_kg=Decimal(60)).level is Level.FINE


def test_more_than_three_mg_per_kg_plain_is_warned_of():
    assert lidocaine_dose([source(1, "18")], weight_kg=Decimal(60)).level is Level.FINE
    assert lidocaine_dose([source(1, "18.1")], weight_kg=Decimal(60)).level is Level.WARN


def test_the_limit_is_cut_above_seventy():
    cut = Decimal(270) * Decimal("0.7")
    assert lidocaine_limit_mg(Decimal(60), has_adrenaline=False, is_cut=True) == cut
    assert lidocaine_dose([source(1, 1)], weight_kg=Decimal(60), age=71).limit_mg == cut
    assert lidocaine_dose([source(1, 1)], weight_kg=Decimal(60), age=70).limit_mg == 270
    assert lidocaine_dose([source(1, 1)], weight_kg=Decimal(60), is_cut=True).limit_mg == cut


@pytest.mark.parametrize(
    ("weight", "height", "expected"),
    [(90, 170, "63.58"), (86, 170, "86"), ("86.7", 170, "86.7"), ("86.8", 170, "63.58")],
)
def test_above_a_body_mass_index_of_30_the_ideal_weight_counts(weight, height, expected):
    assert dosing_weight_kg(Decimal(weight), height) == Decimal(expected)


def test_the_height_is_asked_for_exactly_where_it_decides():
    # 90 kg allow 300 mg; the ideal weight of 1.50 m allows 222.75 mg.
    for volume, asks in ((22, False), (23, True), (30, True), (31, False)):
        dose = lidocaine_dose([source(1, volume)], weight_kg=Decimal(90))
        assert dose.asks_height is asks
        assert dose.level is (Level.BLOCK if asks or volume == 31 else Level.FINE)
    tall = lidocaine_dose([source(1, 23)], weight_kg=Decimal(90), height_cm=190)
    short = lidocaine_dose([source(1, 23)], weight_kg=Decimal(90), height_cm=150)
    assert (tall.asks_height, tall.level) == (False, Level.FINE)
    assert (short.asks_height, short.level) == (False, Level.BLOCK)
    # Up to 67.5 kg nobody of 1.50 m has an index above 30.
    assert not lidocaine_dose([source(1, 30)], weight_kg=Decimal("67.5")).asks_height


@given(
    weight=st.decimals(30, 200, places=1),
    height=st.integers(100, 230),
    volume=st.decimals("0.1", 60, places=1),
    has_adrenaline=st.booleans(),
    is_cut=st.booleans(),
)
def test_no_height_and_no_illness_ever_allows_more(weight, height, volume, has_adrenaline, is_cut):
    given_ = [source(1, volume, has_adrenaline=has_adrenaline)]
    known = lidocaine_dose(given_, weight_kg=weight, height_cm=height, is_cut=is_cut)
    free = lidocaine_limit_mg(weight, has_adrenaline=has_adrenaline)
    assert known.limit_mg <= free
    assert (known.level is Level.BLOCK) is (known.mg > known.limit_mg)
    unknown = lidocaine_dose(given_, weight_kg=weight, is_cut=is_cut)
    # Whoever is not shorter than what is taken for granted gets no less for being measured.
    if unknown.level is not Level.BLOCK and height >= LEAST_HEIGHT_CM:
        assert known.level is not Level.BLOCK
    if is_cut:
        uncut = lidocaine_dose(given_, weight_kg=weight, height_cm=height)
        assert known.limit_mg == uncut.limit_mg * CUT_SHARE


sources = st.lists(
    st.builds(
        LidocaineSource,
        percent=st.decimals("0.1", 4, places=1),
        volume_ml=st.decimals("0.01", 60, places=2),
        has_adrenaline=st.booleans(),
    ),
    min_size=1,
    max_size=4,
)
weights = st.decimals(2, 400, places=1)


@given(sources=sources, weight=weights, age=st.integers(18, 100))
def test_exactly_what_is_above_the_limit_is_blocked(sources, weight, age):
    dose = lidocaine_dose(sources, weight_kg=weight, age=age)
    assert (dose.level is Level.BLOCK) is (dose.mg > dose.limit_mg)
    assert dose.mg == sum(one.mg for one in sources)
    assert dose.limit_mg <= (500 if all(one.has_adrenaline for one in sources) else 300)
    assert dose.limit_mg <= 7 * weight
    if dose.level is Level.FINE:
        assert dose.mg <= dose.limit_mg * Decimal("0.8")


@given(sources=sources, weight=weights, more=st.decimals("0.1", 10, places=1))
def test_more_lidocaine_is_never_safer(sources, weight, more):
    order = list(Level)
    less = lidocaine_dose(sources, weight_kg=weight)
    after = lidocaine_dose([*sources, source(1, more)], weight_kg=weight)
    assert order.index(after.level) >= order.index(less.level)


@given(sources=sources, weight=weights, heavier=st.decimals(0, 100, places=1))
@example(sources=[source("3.5", "6.37")], weight=Decimal("49.6"), heavier=Decimal(18))
def test_the_heavier_patient_may_have_as_much(sources, weight, heavier):
    order = list(Level)
    here = lidocaine_dose(sources, weight_kg=weight)
    there = lidocaine_dose(sources, weight_kg=weight + heavier)
    # What is heavy for the shortest is not dosed before the height is known.
    assert there.asks_height or order.index(there.level) <= order.index(here.level)


@given(sources=sources, weight=weights, heavier=st.decimals(0, 100, places=1))
def test_whoever_is_tall_enough_is_dosed_as_heavy_as_they_are(sources, weight, heavier):
    tall = 1000
    known = lidocaine_dose(sources, weight_kg=weight + heavier, height_cm=tall)
    there = lidocaine_dose(sources, weight_kg=weight + heavier)
    assert known == there or there.asks_height
    assert known.limit_mg >= lidocaine_dose(sources, weight_kg=weight, height_cm=tall).limit_mg


@pytest.mark.parametrize(("days", "counts"), [(0, True), (90, True), (91, False), (-1, False)])
def test_a_weight_counts_for_ninety_days(days, counts):
    assert weight_counts(TODAY - timedelta(days=days), on=TODAY) is counts
    assert not weight_counts(None, on=TODAY)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"grams": "60", "area_cm2": 600}, []),
        ({"grams": "60.1", "area_cm2": 600}, [CreamFinding.TOO_MUCH]),
        ({"area_cm2": 601}, [CreamFinding.AREA_TOO_LARGE]),
        ({"grams": "6", "area_cm2": 40}, []),
        ({"grams": "6.1", "area_cm2": 40}, [CreamFinding.THICK]),
        ({"percent": Decimal("4")}, []),
        ({"percent": Decimal("4.1")}, [CreamFinding.STRONG]),
        ({"covered_minutes": 60}, []),
        ({"covered_minutes": 61}, [CreamFinding.COVERED_LONG]),
    ],
)
def test_cream_by_grams_area_strength_and_cover(change, expected):
    values = {"grams": "2", "area_cm2": 100} | change
    values["grams"] = Decimal(values["grams"])
    assert cream_findings(**values) == expected


@given(
    grams=st.decimals("0.1", 100, places=1),
    area=st.integers(1, 2000),
    minutes=st.integers(0, 300),
)
def test_a_cream_is_forbidden_exactly_by_grams_or_area(grams, area, minutes):
    found = cream_findings(grams=grams, area_cm2=area, covered_minutes=minutes)
    assert bool(CREAM_BLOCKS & set(found)) is (grams > 60 or area > 600)


def test_the_sources_document_names_every_number():
    text = (Path(__file__).parents[2] / "docs" / "clinical-sources.md").read_text()
    section = text.split("\n## Local anaesthetics\n")[1].split("\n## ")[0]
    for numbers in (
        f"| {rules.PLAIN_MG_PER_KG} mg/kg and {rules.PLAIN_MOST_MG} mg |",
        f"| {rules.WITH_ADRENALINE_MG_PER_KG} mg/kg and {rules.WITH_ADRENALINE_MOST_MG} mg |",
        f"| {rules.CAREFUL_MG_PER_KG} mg/kg |",
        f"| {rules.WARN_SHARE:.0%} of the limit |".replace("80%", "80 %"),
        f"Above {rules.OLD_AGE} years",
        f"| {rules.WEIGHT_DAYS} days |",
        f"| {rules.CREAM_MOST_G} g and {rules.CREAM_MOST_CM2} cm² |",
        f"| {rules.CREAM_G_PER_10_CM2} g on 10 cm² |",
        f"| {rules.CREAM_STRONG_PERCENT} % lidocaine, or {rules.COVERED_MINUTES} minutes",
        f"usually {rules.USUAL_WAIT_MINUTES} |",
    ):
        assert numbers in section
