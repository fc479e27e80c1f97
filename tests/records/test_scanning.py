"""A lot picked with a scanner."""

from datetime import date

import pytest

from records.actions.zones import save_zone
from records.models import ZoneTreatment
from records.selectors.scanning import ScanProblem, scanned_lot
from records.wording import scan_sentence
from tests.factories.treatments import LotFactory, ProductFactory
from tests.records.conftest import NOW, TODAY, zone_values
from tests.records.test_step_pages import typed, url
from treatments.domain.stock import Why

pytestmark = pytest.mark.django_db

GTIN = "09506000134352"
BOX = f"]d201{GTIN}1727093010DB-2609"


def found(typed, record):
    scan = scanned_lot(typed, record, TODAY)
    if scan.refusal:
        assert scan.problem is ScanProblem.REFUSED
    return scan.lot or (scan.refusal.why if scan.refusal else scan.problem)


@pytest.mark.parametrize("code", [BOX, "DB-2609", "db-2609", f"(01){GTIN}(17)270900(10)DB-2609"])
def test_a_box_leads_to_its_lot(lot, record, code):
    assert found(code, record) == lot


def test_two_products_with_one_lot_number_are_told_apart_by_the_code(lot, record, indication):
    other = LotFactory(number="DB-2609", expires_on=lot.expires_on)
    other.product.indications.add(indication)
    assert found(BOX, record) is ScanProblem.SEVERAL_LOTS
    type(lot.product).objects.filter(pk=lot.product_id).update(gtin=GTIN)
    assert found(BOX, record) == lot
    assert found("DB-2609", record) is ScanProblem.SEVERAL_LOTS


@pytest.mark.parametrize(
    ("state", "code", "problem"),
    [
        ({}, "", ScanProblem.UNREADABLE),
        ({}, f"01{GTIN}17270930", ScanProblem.UNREADABLE),
        ({}, f"01{GTIN}1727093010NONE", ScanProblem.UNKNOWN_LOT),
        ({}, f"01{GTIN}1727083110DB-2609", ScanProblem.OTHER_DATE),
        ({"expires_on": date(2026, 11, 25)}, "DB-2609", Why.EXPIRED),
        ({"status": "QUARANTINED"}, "DB-2609", Why.QUARANTINED),
        ({"status": "USED_UP"}, "DB-2609", Why.USED_UP),
    ],
)
def test_a_box_that_must_not_be_used_says_why(lot, record, state, code, problem):
    type(lot).objects.filter(pk=lot.pk).update(**state)
    assert found(code, record) is problem


def test_a_box_for_something_else_is_not_used_here(record):
    LotFactory(number="X-1", product=ProductFactory())
    assert found("X-1", record) is ScanProblem.OTHER_USE


def test_a_cream_is_not_injected(lot, record):
    type(lot.product).objects.filter(pk=lot.product_id).update(route="TOPICAL")
    assert found(BOX, record) is ScanProblem.OTHER_USE


def test_a_vial_that_went_into_another_session_is_not_used_again(
    lot, crown, record, other_record, clinician
):
    type(lot).objects.filter(pk=lot.pk).update(quantity=1)
    save_zone(record=other_record, version=1, by=clinician, at=NOW, **zone_values(lot, crown))
    assert found(BOX, record) is Why.VIALS_SPENT
    assert "other sessions took 1" in scan_sentence(scanned_lot(BOX, record, TODAY))
    assert found(BOX, other_record) == lot


def test_a_scan_fills_in_the_lot_and_keeps_what_was_typed(clinician_client, record, lot, crown):
    values = typed(lot, crown, 1, volume_ml="", scan=BOX, go="scan", points="31") | {"lot": ""}
    answer = clinician_client.post(url(record.session, "injections"), values)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{lot.pk}" selected' in page
    assert 'value="31"' in page
    assert "data-unsaved" in page
    assert not ZoneTreatment.objects.exists()


def test_an_unknown_code_says_what_to_do(clinician_client, record, lot, crown):
    values = typed(lot, crown, 1, scan="]d2999", go="scan", points="31")
    answer = clinician_client.post(url(record.session, "injections"), values)
    assert answer.status_code == 422
    assert "Lot ]d2999 is not in stock." in answer.content.decode()
    assert 'value="31"' in answer.content.decode()


@pytest.mark.parametrize("odd", ["x" * 5000, "١٢٣", "9" * 40, "'\"<script>"])
def test_odd_codes_and_keys_break_nothing(clinician_client, record, lot, crown, odd):
    values = typed(lot, crown, 1, lot_2=odd, go="scan") | {"scan": odd, "lot": odd}
    answer = clinician_client.post(url(record.session, "injections"), values)
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode()


def test_the_lot_in_hand_is_offered_for_the_next_zone(
    clinician_client, record, lot, crown, frontal
):
    step = url(record.session, "injections")
    clinician_client.post(step, typed(lot, crown, 1))
    page = clinician_client.get(f"{step}?zone={frontal.pk}").content.decode()
    assert f'value="{lot.pk}" selected' in page
    assert "Copied, check" in page
    # Looking at it records nothing.
    left = {"version": 2, "zone": frontal.pk, "lot": lot.pk, "go": "aftercare"}
    assert clinician_client.post(step, left).status_code == 302
    assert ZoneTreatment.objects.get().zone == crown


def test_a_printed_number_that_begins_like_a_field_is_not_cut(lot, record, indication):
    assert found("10DB-2609", record) is ScanProblem.UNKNOWN_LOT
    printed = LotFactory(number="10DB-2609", product=lot.product)
    assert found("10DB-2609", record) == printed
    assert found("]d210DB-2609", record) == lot
