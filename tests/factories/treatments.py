"""What is treated."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory

from tests.factories.clinic import SiteFactory
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from treatments.models import (
    Assessment,
    Indication,
    IndicationRevision,
    Lot,
    Product,
    Protocol,
    TreatmentCourse,
    Zone,
)

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


class IndicationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Indication
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"indication-{n}")
    name = factory.Sequence(lambda n: f"Indication {n}")
    short_name = factory.LazyAttribute(lambda own: own.name)

    revision = factory.RelatedFactory(
        "tests.factories.treatments.IndicationRevisionFactory", factory_related_name="indication"
    )
    protocol = factory.RelatedFactory(
        "tests.factories.treatments.ProtocolFactory", factory_related_name="indication"
    )
    zone = factory.RelatedFactory(
        "tests.factories.treatments.ZoneFactory", factory_related_name="indication"
    )


class IndicationRevisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IndicationRevision

    indication = factory.SubFactory(IndicationFactory, revision=None)
    number = 1
    summary = "What the course is."
    who_it_suits = "Who it suits."
    evidence = "What is known."
    recovery_notes = "Same day: Redness is common.\n48 hours: No sauna."
    aftercare = "Keep the skin clean."
    when_to_call = "a fever\na lump that grows"
    reason = "First version"
    published_at = AT
    published_by = factory.SubFactory(UserFactory, admin=True)


class ProtocolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Protocol

    indication = factory.SubFactory(IndicationFactory, protocol=None)
    total_sessions = 8
    initial_sessions = 5
    session_minutes = 50
    depth_min_mm = Decimal("2.0")
    depth_max_mm = Decimal("4.0")
    max_volume_ml = Decimal(20)
    techniques = factory.LazyFunction(lambda: ["point_by_point"])


class ZoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Zone

    indication = factory.SubFactory(IndicationFactory, zone=None)
    code = factory.Sequence(lambda n: f"zone-{n}")
    name = factory.Sequence(lambda n: f"Zone {n}")


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"product-{n}")
    name = factory.Sequence(lambda n: f"Product {n}")
    product_class = "vitamin"
    route = Product.Route.INTRADERMAL
    source = "clinic setting"


class LotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lot

    product = factory.SubFactory(ProductFactory)
    number = factory.Sequence(lambda n: f"LOT-{n}")
    expires_on = date(2028, 1, 31)


class TreatmentCourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TreatmentCourse

    patient = factory.SubFactory(PatientFactory)
    indication = factory.SubFactory(IndicationFactory)
    revision = factory.LazyAttribute(lambda own: own.indication.revisions.get())
    site = factory.SubFactory(SiteFactory)
    practitioner = factory.SubFactory(UserFactory, clinician=True)
    total_sessions = 8
    initial_sessions = 5
    session_minutes = 50
    first_on = date(2026, 11, 26)
    status = TreatmentCourse.Status.ACTIVE
    planned_at = AT
    activated_at = AT
    planned_by = factory.SelfAttribute("practitioner")


class AssessmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assessment

    patient = factory.SubFactory(PatientFactory)
    indication = factory.SubFactory(IndicationFactory)
    kind = Assessment.Kind.GENERAL
    assessed_on = date(2026, 11, 1)
    assessed_by = "Dr Ines Halloran"
    finding = "Suitable"
    recorded_at = AT
    recorded_by = factory.SubFactory(UserFactory, clinician=True)
