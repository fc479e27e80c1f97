"""The shapes of the catalogue refuse values that cannot be right."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from treatments.domain.catalogue import INDICATIONS, PRODUCTS, PROTOCOLS, ZONES
from treatments.domain.catalogue.sources import CLINIC_SETTING

INDICATION = {text.slug: text for text in INDICATIONS}
PROTOCOL = {protocol.indication: protocol for protocol in PROTOCOLS}
PRODUCT = {product.code: product for product in PRODUCTS}


@pytest.mark.parametrize(
    "change",
    [
        {"total_sessions": 2, "initial_sessions": 1},
        {"total_sessions": 16},
        {"initial_sessions": 0},
        {"initial_sessions": 11},
        {"initial_min_days": 6},
        {"initial_max_days": 11},
        {"initial_min_days": 10, "initial_max_days": 9},
        {"monthly_min_days": 27},
        {"monthly_max_days": 36},
        {"depth_min_mm": Decimal("0.9")},
        {"depth_max_mm": Decimal("4.1")},
        {"depth_min_mm": Decimal("3.0"), "depth_max_mm": Decimal("2.0")},
        {"downtime_min_days": 4},
        {"downtime_min_days": -1},
        {"procedure_minutes": 61},
        {"procedure_minutes": 0},
        {"max_volume_ml": Decimal("0")},
        {"techniques": ()},
        {"techniques": ("subcutaneous_deep",)},
        {"outcome_scales": ("gais", "gais")},
        {"baseline_scales": (("wsrs",),)},
        {"indication": "weight_loss"},
        {"sources": {}},
    ],
)
def test_a_protocol_refuses_impossible_numbers(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        replace(PROTOCOL["cellulite_tightening"], **change)


@pytest.mark.parametrize(("total", "initial"), [(3, 1), (15, 15)])
def test_a_protocol_accepts_the_shortest_and_longest_course(total: int, initial: int) -> None:
    protocol = replace(PROTOCOL["hair_loss"], total_sessions=total, initial_sessions=initial)
    assert protocol.monthly_sessions == total - initial


@pytest.mark.parametrize(
    "change",
    [
        {"route": "intradermal"},
        {"route": "by mouth"},
        {"usual_volume_ml": Decimal("11")},
        {"max_volume_ml": Decimal("0")},
        {"min_interval_days": -1},
        {"indications": ()},
        {"allergens": ("pollen",)},
        {"product_class": "magic"},
        {"caution": " "},
        {"code": "Deoxy 10"},
        {"sources": {"caution": "hearsay"}},
    ],
)
def test_a_product_refuses_impossible_facts(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        replace(PRODUCT["deoxycholic_10"], **change)


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "weight_loss"},
        {"position": 0},
        {"evidence_grade": "excellent"},
        {"recovery_notes": "Same day: Rest."},
        {"recovery_notes": "Rest.\nRest more.\nStill rest."},
        {"aftercare": "One line.\n\nAnother."},
        {"summary": ""},
    ],
)
def test_an_indication_refuses_unfit_texts(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        replace(INDICATION["hair_loss"], **change)


@pytest.mark.parametrize(
    "change", [{"indication": "feet"}, {"code": "Left"}, {"name": ""}, {"position": 0}]
)
def test_a_zone_refuses_unfit_values(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        replace(ZONES[0], **change)


def test_rows_cannot_be_changed() -> None:
    for row in (INDICATIONS[0], PROTOCOLS[0], ZONES[0], PRODUCTS[0]):
        with pytest.raises(AttributeError):
            setattr(row, fields(row)[0].name, "other")


def test_a_product_names_its_sources_on_one_line() -> None:
    assert PRODUCT["biotin_5"].source == CLINIC_SETTING
    assert PRODUCT["deoxycholic_10"].source.startswith("Deoxycholic acid injection")
    assert PRODUCT["txa_100"].source.count("; ") == 1
