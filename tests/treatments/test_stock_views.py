"""The pages of stock: what came in, what is aside, what runs low."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.treatments import LotFactory, ProductFactory
from treatments.actions.stock import open_vial, quarantine_lot
from treatments.models import Lot

pytestmark = pytest.mark.usefixtures("now")
TODAY = date(2026, 11, 26)


@pytest.fixture
def product(db):
    return ProductFactory(code="caffeine", name="Caffeine")


@pytest.fixture
def detail(product):
    return reverse("treatments:product-detail", args=[product.code])


@pytest.fixture
def add(product):
    return reverse("treatments:lot-add", args=[product.code])


def url(name, lot):
    return reverse(f"treatments:{name}", args=[lot.pk])


def said(answer):
    return " ".join(answer.content.decode().split())


def box(**change):
    return {
        "number": "DB-2609",
        "expires_on": "2027-09-30",
        "quantity": "10",
        "received_on": "2026-11-25",
    } | change


@pytest.mark.parametrize("who", ["clinician_client", "admin_client"])
def test_a_lot_is_put_in_stock(request, product, add, detail, audited, who):
    client = request.getfixturevalue(who)
    typed = box(number=" DB-2609 ", expires_on="30/9/2027")
    answer = client.post(add, typed, follow=True)
    assert answer.redirect_chain == [(detail, 302)]
    assert "Lot DB-2609 is in stock." in answer.content.decode()
    lot = product.lots.get()
    assert (lot.number, lot.expires_on, lot.status) == ("DB-2609", date(2027, 9, 30), "AVAILABLE")
    assert (lot.quantity, lot.received_on) == (10, date(2026, 11, 25))
    assert audited() == ["lot.received"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"number": ""}, "Enter the lot number."),
        ({"number": "x" * 61}, "Lot number can have 60 characters at most."),
        ({"number": "TWICE"}, "This lot is entered already."),
        ({"expires_on": ""}, "Enter the use-by date, like 30 Sep 2027."),
        ({"expires_on": "soon"}, "Use by must be a real date, like 30 Sep 2027."),
        ({"expires_on": "2026-11-25"}, "This date has passed"),
        ({"quantity": ""}, "Vials is missing."),
        ({"quantity": "0"}, "Vials must be between 1 and 10000."),
        ({"received_on": "2026-11-27"}, "This day is still to come. Check the date."),
    ],
)
def test_a_lot_that_cannot_be_is_refused(clinician_client, product, add, change, sentence):
    LotFactory(product=product, number="TWICE")
    typed = box(**change)
    answer = clinician_client.post(add, typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value
    assert product.lots.count() == 1


def test_a_lot_is_used_up_and_the_click_taken_back(clinician_client, product, audited):
    lot = LotFactory(product=product)
    answer = clinician_client.post(url("lot-use-up", lot), follow=True)
    assert "Lot " in said(answer)
    assert "is used up." in said(answer)
    undo = url("lot-restock", lot)
    assert f'action="{undo}"' in answer.content.decode()
    lot.refresh_from_db()
    assert lot.status == Lot.Status.USED_UP
    assert 'class="btn btn-s undo"' not in said(
        clinician_client.post(url("lot-use-up", lot), follow=True)
    )
    clinician_client.post(undo)
    lot.refresh_from_db()
    assert lot.status == Lot.Status.AVAILABLE
    assert audited() == ["lot.status_changed", "lot.status_changed"]


def test_quarantine_asks_for_a_reason_and_so_does_its_end(admin_client, product):
    lot = LotFactory(product=product, number="A-1")
    aside, release = url("lot-quarantine", lot), url("lot-release", lot)
    assert "Put in quarantine" in said(admin_client.get(aside))
    answer = admin_client.post(aside, {"reason": " "})
    assert answer.status_code == 422
    assert "Enter the reason." in said(answer)
    answer = admin_client.post(aside, {"reason": "Cloudy"}, follow=True)
    assert answer.redirect_chain == [(url("lot-detail", lot), 302)]
    for words in ("Lot A-1 is in quarantine.", "Cloudy", "Put in quarantine", "Alex Moreau"):
        assert words in said(answer)
    # A second click says nothing new.
    assert admin_client.post(aside, {"reason": "Again"}).status_code == 302
    answer = admin_client.post(url("lot-use-up", lot), follow=True)
    assert "This lot is in quarantine. Release it first." in said(answer)
    assert "Release from quarantine" in said(admin_client.get(release))
    answer = admin_client.post(release, {"reason": "Was cold"}, follow=True)
    assert "Lot A-1 can be used." in said(answer)
    assert list(lot.events.order_by("pk").values_list("kind", "reason")) == [
        ("QUARANTINED", "Cloudy"),
        ("RELEASED", "Was cold"),
    ]


def test_what_is_not_in_quarantine_is_not_released(clinician_client, product):
    lot = LotFactory(product=product, status=Lot.Status.USED_UP)
    answer = clinician_client.post(url("lot-release", lot), {"reason": "A slip"})
    assert answer.status_code == 409
    assert "used up, not in quarantine" in said(answer)
    assert "A slip" in said(answer)


def test_a_vial_is_opened_on_its_day(clinician_client, product):
    type(product).objects.update(is_multi_dose=True, days_after_opening=7)
    lot = LotFactory(product=product, quantity=2, received_on=date(2026, 11, 1))
    page = said(clinician_client.get(url("lot-detail", lot)))
    for words in ("Not opened yet", "has no day of opening", "Open a vial", "2 of 2 left"):
        assert words in page
    for typed, words in [
        ("", "Enter the day of opening"),
        ("2026-11-27", "still to come"),
        ("2026-10-31", "on or after the day it came in"),
        ("rubbish", "must be a real date"),
    ]:
        answer = clinician_client.post(url("lot-open", lot), {"on": typed})
        assert answer.status_code == 422
        assert words in said(answer)
    answer = clinician_client.post(url("lot-open", lot), {"on": "2026-11-20"}, follow=True)
    for words in ("is open.", "20 Nov 2026", "27 Nov 2026", "Can be used", "Vial opened"):
        assert words in said(answer)
    assert "Opened 20 Nov 2026" in said(
        clinician_client.get(reverse("treatments:product-detail", args=[product.code]))
    )
    answer = clinician_client.post(url("lot-open", lot), {"on": "2026-11-19"})
    assert "The vial before was opened after this day." in said(answer)


@pytest.mark.parametrize("who", ["clinician_client", "admin_client", "reception_client"])
def test_everybody_sees_what_is_low_and_what_ends(request, product, clinician, now, who):
    type(product).objects.update(low_stock_below=3)
    lot = LotFactory(product=product, number="A-1", quantity=2, expires_on=date(2026, 12, 24))
    aside = LotFactory(product=product, number="B-2", quantity=9)
    quarantine_lot(lot=aside, reason="A secret", by=clinician, at=now)
    LotFactory(product=product, number="GONE", status=Lot.Status.USED_UP)
    page = said(request.getfixturevalue(who).get(reverse("treatments:stock-list")))
    for words in ("2 vials left, low below 3", "Ends within 30 days", "A-1", "B-2", "24 Dec 2026"):
        assert words in page
    assert "GONE" not in page
    assert "A secret" not in page
    is_manager = who != "reception_client"
    assert (reverse("treatments:product-detail", args=["caffeine"]) in page) is is_manager
    assert lot.status == "AVAILABLE"


def test_an_empty_stock_says_so(reception_client):
    page = said(reception_client.get(reverse("treatments:stock-list")))
    assert "No lot in stock" in page


def test_the_list_takes_as_many_queries_for_many_lots(clinician_client, product):
    def queries():
        with CaptureQueriesContext(connection) as context:
            clinician_client.get(reverse("treatments:stock-list"))
        return len(context)

    LotFactory(product=product, quantity=1)
    queries()  # The first page counts follow-ups, which are kept for a while.
    few = queries()
    for number in range(12):
        LotFactory(product=ProductFactory(), quantity=number + 1)
    assert queries() == few


def test_reception_changes_no_lot(reception_client, product):
    lot = LotFactory(product=product)
    for name in ("lot-open", "lot-quarantine", "lot-release", "lot-use-up", "lot-restock"):
        assert reception_client.post(url(name, lot), {"reason": "x"}).status_code == 403
    assert reception_client.get(url("lot-detail", lot)).status_code == 403


def test_a_second_vial_too_old_is_said(clinician_client, product, clinician, now):
    type(product).objects.update(is_multi_dose=True)
    lot = LotFactory(product=product, number="A-1", quantity=1)
    open_vial(lot=lot, on=date(2026, 10, 1), by=clinician, at=now)
    page = said(clinician_client.get(url("lot-detail", lot)))
    assert "could be used until 29 Oct 2026" in page
    assert "Open too long" in page
