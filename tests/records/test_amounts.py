"""What was given against points, syringe, protocol and product."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.domain.amounts import Given, ProductLimits, excesses, points_mismatch
from records.domain.facts import Numbing, ProtocolLimits
from records.domain.problems import Caution, Lack
from records.domain.readiness import cautions, missing_to_sign
from records.wording import problem_line
from tests.records.test_record_rules import COMPLETE, CROWN, DOSE, TODAY, dose, zone

DEOXYCHOLIC = ProductLimits(
    max_volume_ml=Decimal(10), max_points=50, max_point_ml=Decimal("0.2"), max_treatments=6
)
WEIGHED = {"weight_kg": Decimal(60), "weighed_on": TODAY}


def lacks(facts):
    return [problem.lack for problem in missing_to_sign(facts, delivered_on=TODAY)]


def warned(facts):
    return [problem.lack for problem in cautions(facts, on=TODAY)]


def ml(value):
    return Decimal(str(value))


@pytest.mark.parametrize(
    ("volume", "points", "each", "is_off"),
    [
        ("1.20", 24, "0.05", False),
        ("1.60", 24, "0.05", False),
        ("1.61", 24, "0.05", True),
        ("0.96", 24, "0.05", False),
        ("0.95", 24, "0.05", True),
        ("1.20", 24, None, False),
        ("0", 24, "0.05", False),
    ],
)
def test_a_quarter_off_is_still_the_same_story(volume, points, each, is_off):
    assert points_mismatch(ml(volume), points, each and ml(each)) is is_off


@given(
    points=st.integers(1, 400),
    each=st.decimals("0.005", 1, places=3),
    off=st.decimals("-0.24", "0.24", places=2),
)
def test_points_within_a_quarter_are_never_warned_of(points, each, off):
    volume = points * each / (1 + off)
    assert not points_mismatch(volume, points, each)
    assert points_mismatch(points * each / Decimal("1.26"), points, each)


@pytest.mark.parametrize(
    ("doses", "limits"),
    [
        ([("10", 50)], []),
        ([("5", 25), ("5", 25)], []),
        ([("5.01", 26), ("5", 25)], ["max_volume_ml", "max_points"]),
        ([("4", 51)], ["max_points"]),
        ([("4.2", 20)], ["max_point_ml"]),
    ],
)
def test_the_label_of_deoxycholic_acid(doses, limits):
    found = excesses(Given("Deoxycholic acid", ml(v), points, DEOXYCHOLIC) for v, points in doses)
    assert [excess.limit for excess in found] == limits


def test_a_seventh_session_with_it_is_one_too_many():
    sixth, seventh = (replace(DEOXYCHOLIC, given_before=before) for before in (5, 6))
    assert excesses([Given("D", ml(1), 20, sixth)]) == []
    [excess] = excesses([Given("D", ml(1), 20, seventh)])
    assert (excess.limit, excess.given, excess.most) == ("max_treatments", 7, 6)


@given(
    volumes=st.lists(st.decimals("0.01", 4, places=2), min_size=1, max_size=6),
    points=st.integers(1, 60),
)
def test_a_limit_counts_over_all_zones_of_a_session(volumes, points):
    found = {
        excess.limit
        for excess in excesses(Given("D", volume, points, DEOXYCHOLIC) for volume in volumes)
    }
    assert ("max_volume_ml" in found) is (sum(volumes) > 10)
    assert ("max_points" in found) is (points * len(volumes) > 50)
    assert ("max_point_ml" in found) is (max(volumes) / points > Decimal("0.2"))


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        (dose(product_class="detergent", route="SUBCUTANEOUS"), Lack.DETERGENT_IN_SKIN),
        (dose(product_class="detergent", route="ANY"), Lack.DETERGENT_IN_SKIN),
        (dose(route="SUBCUTANEOUS"), Lack.ROUTE_OTHER),
        (dose(route="TOPICAL"), Lack.ROUTE_OTHER),
        (zone(route="SUBCUTANEOUS", doses=(replace(DOSE, route="INTRADERMAL"),)), Lack.ROUTE_OTHER),
        (dose(product_class="autologous"), Lack.DONOR_MISSING),
        (dose(product_class="autologous", is_donor_patient=False), Lack.DONOR_OTHER),
        (dose(limits=replace(DEOXYCHOLIC, max_volume_ml=ml(1))), Lack.OVER_MAX_VOLUME_ML),
        (dose(limits=replace(DEOXYCHOLIC, max_points=20)), Lack.OVER_MAX_POINTS),
        (dose(limits=replace(DEOXYCHOLIC, max_point_ml=ml("0.04"))), Lack.OVER_MAX_POINT_ML),
        (dose(limits=replace(DEOXYCHOLIC, given_before=6)), Lack.OVER_MAX_TREATMENTS),
        (
            replace(COMPLETE, anaesthesia="CREAM", agent="Procaine", agent_dose="2 g"),
            Lack.NUMBING_AMOUNT_MISSING,
        ),
        (
            replace(COMPLETE, anaesthesia="INJECTED", agent="Procaine", agent_dose="2"),
            Lack.NUMBING_AMOUNT_MISSING,
        ),
        (dose(lidocaine_percent=ml(1)), Lack.NO_RECENT_WEIGHT),
    ],
)
def test_what_stops_a_signature_says_how_to_mend_it(facts, lack):
    assert lacks(facts) == [lack]
    [problem] = missing_to_sign(facts, delivered_on=TODAY)
    assert problem_line(problem).endswith(".")
    assert "%" not in problem_line(problem)


def test_what_fits_is_let_through():
    under = replace(DOSE, product_class="detergent", route="SUBCUTANEOUS", limits=DEOXYCHOLIC)
    assert lacks(zone(route="SUBCUTANEOUS", doses=(under,))) == []
    assert lacks(dose(product_class="autologous", is_donor_patient=True)) == []
    assert lacks(dose(route="INTRADERMAL")) == []


def injected(volume, **change):
    numbing = Numbing(strength_percent=ml(1), volume_ml=ml(volume))
    values = {
        "anaesthesia": "INJECTED",
        "agent": "Lidocaine",
        "agent_dose": "x",
        "numbing": numbing,
    }
    return replace(COMPLETE, **values | WEIGHED | change)


def test_injected_and_mixed_lidocaine_are_added_up():
    mixed = replace(DOSE, lidocaine_percent=ml(1), volume_ml=ml(10))
    zones = (replace(CROWN, doses=(mixed,)),)
    assert lacks(injected(17)) == []
    assert lacks(injected(17, zones=zones)) == []
    assert warned(injected(17, zones=zones)) == [Caution.LIDOCAINE_HIGH]
    assert lacks(injected("17.1", zones=zones)) == [Lack.LIDOCAINE_OVER]
    assert lacks(injected("17.1", agent="Procaine", zones=zones)) == []


def test_an_old_weight_is_no_weight():
    assert lacks(injected(1, weighed_on=TODAY - timedelta(days=91))) == [Lack.NO_RECENT_WEIGHT]
    assert lacks(injected(1, weighed_on=None)) == [Lack.NO_RECENT_WEIGHT]


def cream(**numbing):
    amounts = Numbing(**{"grams": ml(2), "area_cm2": 100} | numbing)
    return replace(
        COMPLETE, anaesthesia="CREAM", agent="Lidocaine cream", agent_dose="2 g", numbing=amounts
    )


def test_cream_above_its_limits_stops_and_the_rest_is_warned_of():
    assert lacks(cream()) == warned(cream()) == []
    assert lacks(cream(grams=ml("60.1"), area_cm2=600)) == [Lack.CREAM_TOO_MUCH]
    assert lacks(cream(area_cm2=601)) == [Lack.CREAM_AREA_TOO_LARGE]
    heavy = cream(grams=ml(16), strength_percent=ml(5), covered_minutes=61)
    assert lacks(heavy) == []
    assert warned(heavy) == [
        Caution.CREAM_THICK,
        Caution.CREAM_STRONG,
        Caution.CREAM_COVERED_LONG,
    ]


@pytest.mark.parametrize(
    ("facts", "caution"),
    [
        (zone(point_ml=ml("0.1")), Caution.POINTS_MISMATCH),
        (replace(COMPLETE, protocol=ProtocolLimits(max_volume_ml=ml(1))), Caution.OVER_PROTOCOL),
        (replace(COMPLETE, drawn_up_ml=ml(1)), Caution.OVER_DRAWN_UP),
        (
            replace(COMPLETE, protocol=ProtocolLimits(depth_mm=(ml(3), ml(4)))),
            Caution.DEPTH_OUTSIDE_PROTOCOL,
        ),
    ],
)
def test_what_looks_odd_is_said_and_stops_nothing(facts, caution):
    assert warned(facts) == [caution]
    assert lacks(facts) == []
    [problem] = cautions(facts, on=TODAY)
    assert "Check" in problem_line(problem)


def test_a_small_volume_is_not_rounded_away():
    limits = ProductLimits(max_point_ml=ml("0.005"))
    facts = dose(volume_ml=ml("0.24"), limits=limits)
    [problem] = missing_to_sign(facts, delivered_on=TODAY)
    assert "0.01 ml in one point is more than the most, 0.005 ml" in problem_line(problem)


def test_two_lots_of_one_product_share_the_points_they_went_into():
    limits = ProductLimits(max_points=50, max_point_ml=Decimal("0.2"))

    def over(volume, points):
        doses = tuple(replace(DOSE, lot=lot, volume_ml=ml(volume), limits=limits) for lot in "AB")
        facts = replace(COMPLETE, zones=(replace(CROWN, points=points, doses=doses),))
        return {one for one in lacks(facts) if one.value.startswith("over_")}

    assert over("4", 20) == {Lack.OVER_MAX_POINT_ML}
    assert over("2", 20) == set()
    # The points are counted once.
    assert over("2", 30) == set()
    assert over("2", 51) == {Lack.OVER_MAX_POINTS}
