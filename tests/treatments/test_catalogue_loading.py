"""An empty clinic is filled once, and what the clinic changed stays."""

import pytest

from tests.treatments.conftest import NOW
from treatments.actions.catalogue import FIRST_REASON, load_catalogue
from treatments.domain import catalogue
from treatments.models import Indication, IndicationRevision, Product, Protocol, Zone

pytestmark = pytest.mark.django_db

ALL = len(catalogue.INDICATIONS) + len(catalogue.PRODUCTS)


def everything():
    """Return every row of the catalogue's tables as it stands."""
    tables = (Indication, IndicationRevision, Protocol, Zone, Product)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_it_makes_everything_and_says_so_once(admin, audited):
    assert load_catalogue(by=admin, at=NOW) == ALL
    assert set(Indication.objects.values_list("slug", flat=True)) == {
        text.slug for text in catalogue.INDICATIONS
    }
    assert Product.objects.count() == len(catalogue.PRODUCTS)
    assert Zone.objects.count() == len(catalogue.ZONES)
    assert audited() == ["treatments.catalogue_loaded"]


def test_a_second_time_it_changes_nothing(admin, audited):
    load_catalogue(by=admin, at=NOW)
    before = everything()
    assert load_catalogue(by=admin, at=NOW) == 0
    assert everything() == before
    assert len(audited()) == 1


@pytest.mark.parametrize("text", catalogue.INDICATIONS, ids=lambda text: text.slug)
def test_an_indication_gets_its_text_as_version_1(admin, text):
    load_catalogue(by=admin, at=NOW)
    revision = Indication.objects.get(slug=text.slug).revisions.get()
    assert revision.number == 1
    assert (revision.reason, revision.published_by, revision.published_at) == (
        FIRST_REASON,
        admin,
        NOW,
    )
    for name in (
        "summary",
        "who_it_suits",
        "evidence",
        "recovery_notes",
        "aftercare",
        "when_to_call",
        "disclaimer_addition",
    ):
        assert getattr(revision, name) == getattr(text, name), name


@pytest.mark.parametrize("numbers", catalogue.PROTOCOLS, ids=lambda numbers: numbers.indication)
def test_an_indication_gets_its_numbers(admin, numbers):
    load_catalogue(by=admin, at=NOW)
    indication = Indication.objects.get(slug=numbers.indication)
    assert indication.needs_specialist is numbers.needs_specialist
    kept = indication.protocol
    for field in Protocol._meta.fields:
        if field.name in ("id", "indication"):
            continue
        if field.name.startswith("buffer_"):  # a setting of the clinic, which begins without
            assert getattr(kept, field.name) == 0
            continue
        wanted = getattr(numbers, field.name)
        wanted = list(wanted) if isinstance(wanted, tuple) else wanted
        assert getattr(kept, field.name) == wanted, field.name


def test_only_hair_loss_needs_the_specialist(admin):
    load_catalogue(by=admin, at=NOW)
    asking = Indication.objects.filter(needs_specialist=True)
    assert [indication.slug for indication in asking] == ["hair_loss"]


@pytest.mark.parametrize("facts", catalogue.PRODUCTS, ids=lambda facts: facts.code)
def test_a_product_is_kept_as_the_catalogue_has_it(admin, facts):
    load_catalogue(by=admin, at=NOW)
    product = Product.objects.get(code=facts.code)
    product.full_clean()
    assert product.is_enabled is facts.is_enabled
    assert product.max_volume_ml == facts.max_volume_ml
    assert product.min_interval_days == facts.min_interval_days
    assert product.route == facts.route.upper()
    assert product.source == facts.source
    assert {known.slug for known in product.indications.all()} == set(facts.indications)


def test_what_the_clinic_changed_stays_and_only_the_missing_is_made(admin, audited):
    load_catalogue(by=admin, at=NOW)
    cellulite = Indication.objects.get(slug="cellulite_tightening")
    cellulite.name = "Smoother skin"
    cellulite.save(update_fields=["name"])
    Protocol.objects.filter(indication=cellulite).update(total_sessions=12)
    used = Product.objects.filter(is_enabled=True)
    used.update(is_enabled=False)
    missing = Product.objects.order_by("pk")[0]
    missing.delete()

    assert load_catalogue(by=admin, at=NOW) == 1
    cellulite.refresh_from_db()
    assert cellulite.name == "Smoother skin"
    assert cellulite.protocol.total_sessions == 12
    assert set(used.values_list("code", flat=True)) <= {missing.code}
    assert len(audited()) == 2
