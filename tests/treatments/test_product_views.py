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
    assert [shown.name for shown, _usable in page.context["rows"]] == names
    assert [count for _, _, count in page.context["filters"]] == [3, 2, 1]
    usable = {shown.name: lots for shown, lots in page.context["rows"]}
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
        "is_multi_dose": "on",
        "days_after_opening": "7",
        "low_stock_below": "3",
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
    assert (product.is_multi_dose, product.days_after_opening) == (True, 7)
    assert product.low_stock_below == 3
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
        ({"days_after_opening": "29"}, "Days after opening must be between 1 and 28 days."),
        ({"days_after_opening": "0"}, "Days after opening must be between 1 and 28 days."),
        ({"low_stock_below": "-1"}, "Stock is low below must be between 0 and 10000."),
        ({"is_multi_dose": False}, "Days after opening are for a vial with several doses."),
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


def test_reception_sees_no_products(reception_client, product, detail, edit, add):
    lot = LotFactory(product=product)
    for url in (reverse("treatments:product-list"), detail, edit):
        assert reception_client.get(url).status_code == 403
    for name in ("lot-open", "lot-quarantine", "lot-release", "lot-use-up", "lot-restock"):
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
