"""What was agreed to."""

from uuid import uuid4

import factory

from tests.factories.core import UserFactory
from tests.factories.treatments import AT, IndicationFactory, TreatmentCourseFactory
from treatments.domain.consents import COURSE_UNITS, digest
from treatments.models import Consent, ConsentTemplate


class ConsentTemplateFactory(factory.django.DjangoModelFactory):
    """The first text of the treatment, for one indication."""

    class Meta:
        model = ConsentTemplate

    class Params:
        photos = factory.Trait(unit="PHOTOS", indication=None, title="Photos")

    unit = "TREATMENT"
    indication = factory.SubFactory(IndicationFactory)
    version = 1
    title = "Consent to the treatment"
    text = "What it is: Small injections.\nYour choice: You decide."
    reason = "First version"
    published_at = AT
    published_by = factory.SubFactory(UserFactory, admin=True)


class ConsentFactory(factory.django.DjangoModelFactory):
    """Agreed to by the patient of a course, with a typed name."""

    class Meta:
        model = Consent

    class Params:
        of = factory.SubFactory(TreatmentCourseFactory)

    patient = factory.SelfAttribute("of.patient")
    course = factory.LazyAttribute(
        lambda own: own.of if own.template.unit in COURSE_UNITS else None
    )
    template = factory.LazyAttribute(
        lambda own: ConsentTemplateFactory(indication=own.of.indication)
    )
    product_class = factory.LazyAttribute(
        lambda own: own.of.product.product_class if own.of.product else ""
    )
    unit = factory.SelfAttribute("template.unit")
    text = factory.SelfAttribute("template.shown")
    text_sha256 = factory.LazyAttribute(lambda own: digest(own.text))
    is_given = True
    signed_name = "Amara Whitfield"
    taken_by = factory.SelfAttribute("of.practitioner")
    signed_at = AT
    key = factory.LazyFunction(uuid4)
