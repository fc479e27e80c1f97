"""Products as a clinic sets them, and their lots."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories.treatments import LotFactory, ProductFactory
from treatments.models import Lot, Product

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def product(db, cellulite):
    product = ProductFactory(
        code="caffeine",
        name="Caffeine",
        strength="50 mg/ml",
        caution="Not with a heart rhythm disorder.",
        source="A trial of 2019",
        allergens=["sulfite", "unheard-of"],
        usual_volume_ml=Decimal("2.00"),
    )
    product.indications.add(cellulite)
    return product


@pytest.fixture
def detail(product):
    return reverse("treatments:product-detail", args=[product.code])


@pytest.fixture
def edit(product):
    return reverse("treatments:product-edit", args=[product.code])


@pytest.fixture
def add(product):
    return reverse("treatments:lot-add", args=[product.code])


@pytest.mark.parametrize("who", ["clinician_client", "admin_client"])
@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("", ["Caffeine", "Zinc", "Arnica"]),
        ("in-use", ["Caffeine", "Zinc"]),
        ("off", ["Arnica"]),
        ("rubbish", ["Caffeine", "Zinc", "Arnica"]),
    ],
)
def test_the_list_shows_what_is_in_use_first(request, product, who, show, names):
    ProductFactory(name="Arnica", is_enabled=False)
    ProductFactory(name="Zinc")
    LotFactory(product=product)
    LotFactory(product=product, expires_on=date(2026, 11, 25))
    LotFactory(product=product, status=Lot.Status.QUARANTINED)
    client = request.getfixturevalue(who)
    page = client.get(reverse("treatments:product-list"), {"show": show})
    assert [shown.name for shown in page.context["products"]] == names
    assert [count for _, _, count in page.context["filters"]] == [3, 2, 1]
    usable = {shown.name: shown.usable_lots for shown in page.context["products"]}
    assert usable.get("Caffeine", 1) == 1


def test_an_empty_list_says_so(admin_client):
    html = admin_client.get(reverse("treatments:product-list")).content.decode()
    assert "No product here" in html


def test_the_page_of_a_product_tells_its_caution_its_source_and_its_lots(
    clinician_client, product, detail
):
    LotFactory(product=product, number="DB-2609")
    LotFactory(product=product, number="OLD-1", expires_on=date(2026, 11, 25))
    LotFactory(product=product, number="BAD-1", status=Lot.Status.QUARANTINED)
    LotFactory(product=product, number="GONE-1", status=Lot.Status.USED_UP)
    html = " ".join(clinician_client.get(detail).content.decode().split())
    for said in (
        "Not with a heart rhythm disorder.",
        "A trial of 2019",
        "Sulfites, unheard-of",
        "Cellulite",
        "DB-2609",
        "Past its date",
        "Quarantined",
        "Put back in stock",
        "2 ml",
        "Not set",
    ):
        assert said in html
    assert reverse("treatments:product-edit", args=["caffeine"]) not in html


def test_an_admin_finds_the_way_to_change_it(admin_client, detail, edit):
    assert edit in admin_client.get(detail).content.decode()


def numbers(**change):
    return {
        "is_enabled": "on",
        "usual_volume_ml": "1.5",
        "max_volume_ml": "4",
        "min_interval_days": "14",
    } | change


def test_what_a_clinic_sets_is_changed(admin_client, product, edit, audited):
    html = admin_client.get(edit).content.decode()
    assert "Not with a heart rhythm disorder." in html
    assert "A trial of 2019" in html
    values = numbers(max_volume_ml="")
    del values["is_enabled"]
    assert admin_client.post(edit, values).status_code == 302
    product.refresh_from_db()
    assert product.is_enabled is False
    assert product.usual_volume_ml == Decimal("1.50")
    assert product.max_volume_ml is None
    assert product.min_interval_days == 14
    assert product.caution == "Not with a heart rhythm disorder."
    assert audited() == ["product.changed"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"usual_volume_ml": "0"}, "Usual volume must be between 0.05 and 100 ml."),
        ({"usual_volume_ml": "-1"}, "Usual volume must be between 0.05 and 100 ml."),
        ({"usual_volume_ml": "a lot"}, "Usual volume must be between 0.05 and 100 ml."),
        ({"usual_volume_ml": "5"}, "Usual volume must not be above the most per session."),
        ({"max_volume_ml": "101"}, "Most per session must be between 0.05 and 100 ml."),
        ({"max_volume_ml": "1.001"}, "Most per session must be between 0.05 and 100 ml."),
        ({"min_interval_days": "366"}, "Least days between uses must be between 0 and 365 days."),
        ({"min_interval_days": "-1"}, "Least days between uses must be between 0 and 365 days."),
        ({"min_interval_days": ""}, "Least days between uses is missing."),
    ],
)
def test_a_number_outside_its_limits_is_refused(admin_client, product, edit, change, sentence):
    typed = numbers(**change)
    answer = admin_client.post(edit, typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    for name, value in change.items():
        assert answer.context["form"][name].value() == value
    assert Product.objects.get(pk=product.pk).min_interval_days == 0


@pytest.mark.parametrize("who", ["clinician_client", "admin_client"])
def test_a_lot_is_put_in_stock(request, product, add, detail, audited, who):
    client = request.getfixturevalue(who)
    answer = client.post(add, {"number": " DB-2609 ", "expires_on": "30/9/2027"}, follow=True)
    assert answer.redirect_chain == [(detail, 302)]
    assert "Lot DB-2609 is in stock." in answer.content.decode()
    lot = product.lots.get()
    assert (lot.number, lot.expires_on, lot.status) == ("DB-2609", date(2027, 9, 30), "AVAILABLE")
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
    ],
)
def test_a_lot_that_cannot_be_is_refused(clinician_client, product, add, change, sentence):
    LotFactory(product=product, number="TWICE")
    typed = {"number": "DB-2609", "expires_on": "2027-09-30"} | change
    answer = clinician_client.post(add, typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value
    assert product.lots.count() == 1


@pytest.mark.parametrize(
    ("before", "name", "after", "words", "undo"),
    [
        ("AVAILABLE", "lot-quarantine", "QUARANTINED", "is in quarantine.", "lot-release"),
        ("QUARANTINED", "lot-release", "AVAILABLE", "can be used.", "lot-quarantine"),
        ("AVAILABLE", "lot-use-up", "USED_UP", "is used up.", "lot-release"),
        ("USED_UP", "lot-release", "AVAILABLE", "can be used.", "lot-use-up"),
    ],
)
def test_a_lot_changes_its_status_and_back(
    clinician_client, product, audited, before, name, after, words, undo
):
    lot = LotFactory(product=product, status=before)
    answer = clinician_client.post(reverse(f"treatments:{name}", args=[lot.pk]), follow=True)
    lot.refresh_from_db()
    assert lot.status == after
    assert words in answer.content.decode()
    assert audited() == ["lot.status_changed"]
    undo_url = reverse(f"treatments:{undo}", args=[lot.pk])
    assert f'action="{undo_url}"' in answer.content.decode()
    clinician_client.post(undo_url)
    lot.refresh_from_db()
    assert lot.status == before


def test_a_second_click_changes_nothing_and_offers_no_undo(clinician_client, product, audited):
    lot = LotFactory(product=product, status=Lot.Status.QUARANTINED)
    url = reverse("treatments:lot-quarantine", args=[lot.pk])
    answer = clinician_client.post(url, follow=True)
    assert answer.status_code == 200
    assert 'class="btn btn-s undo"' not in answer.content.decode()
    assert audited() == []


def test_reception_sees_no_products(reception_client, product, detail, edit, add):
    lot = LotFactory(product=product)
    for url in (reverse("treatments:product-list"), detail, edit):
        assert reception_client.get(url).status_code == 403
    for name in ("lot-quarantine", "lot-release", "lot-use-up"):
        url = reverse(f"treatments:{name}", args=[lot.pk])
        assert reception_client.post(url).status_code == 403
    assert reception_client.post(add, {"number": "A"}).status_code == 403
    assert product.lots.count() == 1


def test_a_clinician_does_not_change_the_numbers(clinician_client, product, edit):
    assert clinician_client.get(edit).status_code == 403
    assert clinician_client.post(edit, numbers()).status_code == 403


def test_what_does_not_exist_is_not_found(admin_client, db):
    for url in (
        reverse("treatments:product-detail", args=["none"]),
        reverse("treatments:product-edit", args=["none"]),
    ):
        assert admin_client.get(url).status_code == 404
    assert admin_client.post(reverse("treatments:lot-add", args=["none"])).status_code == 404
    assert admin_client.post(reverse("treatments:lot-release", args=[999_999])).status_code == 404


def test_products_are_a_place_for_clinicians(clinician_client):
    html = clinician_client.get(reverse("treatments:product-list")).content.decode()
    assert f'href="{reverse("treatments:product-list")}"' in html
