"""Lots come in, are opened, used up, put aside and released."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from meso_clinic.core.constraints import violates
from tests.at_once import at_once, refused
from tests.factories.treatments import AT, LotFactory, ProductFactory
from treatments import lot_registry
from treatments.actions.stock import (
    LotRefused,
    LotUnchanged,
    open_vial,
    quarantine_lot,
    receive_lot,
    release_lot,
    restock_lot,
    use_up_lot,
)
from treatments.models import LotEvent

TODAY = AT.date()


@pytest.fixture
def vial(db):
    return LotFactory(product__is_multi_dose=True, quantity=2, received_on=date(2026, 10, 1))


def events(lot):
    return list(lot.events.order_by("pk").values_list("kind", flat=True))


def test_a_lot_comes_in_once(clinician, audited):
    values = {"product": ProductFactory(), "number": "A-1", "by": clinician, "at": AT}
    lot = receive_lot(expires_on=TODAY, quantity=5, **values)
    assert (lot.status, lot.quantity, lot.received_on) == ("AVAILABLE", 5, TODAY)
    assert events(lot) == ["RECEIVED"]
    with pytest.raises(ValidationError, match="This lot is entered already"):
        receive_lot(expires_on=TODAY, **values)
    with pytest.raises(ValidationError, match="at least one vial"):
        receive_lot(expires_on=TODAY, quantity=0, **values | {"number": "A-2"})
    assert audited() == ["lot.received"]


def test_the_vials_of_a_lot_are_opened_one_after_the_other(vial, clinician, audited):
    first = open_vial(lot=vial, on=TODAY - timedelta(days=9), by=clinician, at=AT)
    assert (first.opened_on, first.vials_opened) == (TODAY - timedelta(days=9), 1)
    second = open_vial(lot=vial, on=TODAY, by=clinician, at=AT)
    assert (second.opened_on, second.vials_opened) == (TODAY, 2)
    with pytest.raises(LotRefused, match="All vials of this lot were opened"):
        open_vial(lot=vial, on=TODAY, by=clinician, at=AT)
    assert events(vial) == ["OPENED", "OPENED"]
    assert audited() == ["lot.opened", "lot.opened"]


@pytest.mark.parametrize(
    ("change", "on", "words"),
    [
        ({"status": "QUARANTINED"}, TODAY, "not in stock"),
        ({"status": "USED_UP"}, TODAY, "not in stock"),
        ({"expires_on": TODAY - timedelta(days=1)}, TODAY, "past its date"),
        ({"opened_on": TODAY, "vials_opened": 1}, TODAY - timedelta(days=1), "opened after"),
        ({}, date(2026, 9, 30), "on or after the day it came in"),
    ],
)
def test_what_may_not_be_opened_is_refused(vial, clinician, audited, change, on, words):
    type(vial).objects.filter(pk=vial.pk).update(**change)
    with pytest.raises((LotRefused, ValidationError), match=words):
        open_vial(lot=vial, on=on, by=clinician, at=AT)
    assert (events(vial), audited()) == ([], [])


def test_a_single_dose_vial_is_not_opened_for_later(clinician, db):
    with pytest.raises(LotRefused, match="single-dose vial is used at once"):
        open_vial(lot=LotFactory(), on=TODAY, by=clinician, at=AT)


def test_a_lot_is_put_aside_and_released_with_reasons(clinician, audited):
    lot = LotFactory()
    aside = quarantine_lot(lot=lot, reason=" Cloudy. ", by=clinician, at=AT)
    assert aside.status == "QUARANTINED"
    with pytest.raises(LotUnchanged):
        quarantine_lot(lot=lot, reason="Again", by=clinician, at=AT)
    with pytest.raises(LotRefused, match="Release it"):
        use_up_lot(lot=lot, by=clinician, at=AT)
    with pytest.raises(LotRefused, match="Release it with a reason"):
        restock_lot(lot=lot, by=clinician, at=AT)
    assert release_lot(lot=lot, reason="It was cold.", by=clinician, at=AT).status == "AVAILABLE"
    with pytest.raises(LotUnchanged):
        release_lot(lot=lot, reason="Again", by=clinician, at=AT)
    assert list(lot.events.order_by("pk").values_list("kind", "reason")) == [
        ("QUARANTINED", "Cloudy."),
        ("RELEASED", "It was cold."),
    ]
    assert audited() == ["lot.status_changed", "lot.status_changed"]


@pytest.mark.parametrize("act", [quarantine_lot, release_lot])
def test_quarantine_and_release_need_a_reason(clinician, audited, act):
    lot = LotFactory(status="AVAILABLE" if act is quarantine_lot else "QUARANTINED")
    before = lot.status
    with pytest.raises(ValidationError, match="Enter the reason"):
        act(lot=lot, reason="  ", by=clinician, at=AT)
    lot.refresh_from_db()
    assert (lot.status, audited()) == (before, [])


def test_a_lot_is_used_up_and_put_back(clinician):
    lot = LotFactory()
    assert use_up_lot(lot=lot, by=clinician, at=AT).status == "USED_UP"
    with pytest.raises(LotUnchanged):
        use_up_lot(lot=lot, by=clinician, at=AT)
    with pytest.raises(LotRefused, match="used up, not in quarantine"):
        release_lot(lot=lot, reason="A slip", by=clinician, at=AT)
    assert restock_lot(lot=lot, by=clinician, at=AT).status == "AVAILABLE"
    with pytest.raises(LotUnchanged):
        restock_lot(lot=lot, by=clinician, at=AT)
    assert events(lot) == ["USED_UP", "RESTOCKED"]


def test_what_another_app_holds_is_not_released(clinician, monkeypatch):
    lot, other = LotFactory(status="QUARANTINED"), LotFactory(status="QUARANTINED")
    monkeypatch.setattr(lot_registry, "_holds", [])
    held = {lot.pk: "It is recalled."}
    lot_registry.register_hold(lambda key: held.get(key, ""))
    with pytest.raises(LotRefused, match="It is recalled"):
        release_lot(lot=lot, reason="Fine", by=clinician, at=AT)
    assert release_lot(lot=other, reason="Fine", by=clinician, at=AT).status == "AVAILABLE"


def test_the_history_of_a_lot_is_never_changed(clinician):
    lot = LotFactory()
    quarantine_lot(lot=lot, reason="Cloudy", by=clinician, at=AT)
    statements = [
        f"UPDATE {LotEvent._meta.db_table} SET reason = 'None'",
        f"DELETE FROM {LotEvent._meta.db_table}",
    ]
    for statement in statements:
        with (
            pytest.raises(IntegrityError) as error,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert violates(error.value, "lot_event_is_append_only")
    assert str(lot.events.get()) == f"QUARANTINED of lot {lot.pk}"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_the_last_vial_one_is_told(clinician):
    lot = LotFactory(product__is_multi_dose=True, quantity=1)

    def work():
        return open_vial(lot=lot, on=TODAY, by=clinician, at=AT)

    [told] = refused(at_once(work, work))
    assert isinstance(told, LotRefused)
    lot.refresh_from_db()
    assert (lot.vials_opened, events(lot)) == (1, ["OPENED"])
