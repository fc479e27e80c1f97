"""Filling a clinic with the catalogue: once, and never over what the clinic has."""

import pytest

from meso_clinic.core.models import AuditEvent
from tests.factories.treatments import AT
from treatments.actions.catalogue import load_catalogue
from treatments.actions.content import change_indication, change_protocol, publish_indication
from treatments.actions.products import change_product
from treatments.domain import catalogue
from treatments.domain.text import PatientText
from treatments.models import Indication, IndicationRevision, Product, Protocol, Zone


@pytest.fixture
def loaded(admin):
    return load_catalogue(by=admin, at=AT)


def counts():
    return [
        model.objects.count() for model in (Indication, IndicationRevision, Protocol, Zone, Product)
    ]


def test_an_empty_clinic_gets_the_whole_catalogue(loaded, admin, audited):
    assert loaded == len(catalogue.INDICATIONS) + len(catalogue.PRODUCTS)
    assert counts() == [5, 5, 5, len(catalogue.ZONES), len(catalogue.PRODUCTS)]
    assert audited() == ["treatments.catalogue_loaded"]
    hair_loss = Indication.objects.get(slug="hair_loss")
    assert hair_loss.needs_specialist
    assert Indication.objects.filter(needs_specialist=True).get() == hair_loss
    for revision in IndicationRevision.objects.all():
        assert revision.text.missing() == []
        assert revision.published_by == admin
    for protocol in Protocol.objects.all():
        protocol.full_clean(exclude=["techniques", "outcome_scales"])


def test_loading_again_makes_nothing(loaded, admin, audited):
    before = counts()
    assert load_catalogue(by=admin, at=AT) == 0
    assert counts() == before
    assert len(audited()) == 1


def test_what_the_clinic_changed_stays(loaded, admin):
    indication = Indication.objects.get(slug="hair_loss")
    change_indication(
        indication=indication,
        name="Hair",
        short_name="Hair",
        is_active=False,
        rooms=[],
        by=admin,
        at=AT,
    )
    change_protocol(protocol=indication.protocol, total_sessions=6, by=admin, at=AT)
    text = PatientText.tidied({**_text_of(indication), "summary": "Ours."})
    publish_indication(
        indication=indication, base_number=1, text=text, reason="Ours", by=admin, at=AT
    )
    product = Product.objects.enabled()[0]
    change_product(
        product=product,
        is_enabled=False,
        usual_volume_ml=None,
        max_volume_ml=None,
        min_interval_days=300,
        by=admin,
        at=AT,
    )
    assert load_catalogue(by=admin, at=AT) == 0
    indication.refresh_from_db()
    product.refresh_from_db()
    assert (indication.name, indication.is_active) == ("Hair", False)
    assert indication.protocol.total_sessions == 6
    assert indication.revisions.newest_first()[0].summary == "Ours."
    assert (product.is_enabled, product.min_interval_days) == (False, 300)


def test_only_what_is_missing_is_made(loaded, admin):
    gone = Product.objects.order_by("pk")[0]
    gone.delete()
    before = AuditEvent.objects.count()
    assert load_catalogue(by=admin, at=AT) == 1
    assert Product.objects.filter(code=gone.code).exists()
    assert AuditEvent.objects.count() == before + 1


def _text_of(indication):
    live = indication.revisions.newest_first()[0].text
    return {name: getattr(live, name) for name in type(live).__slots__}
