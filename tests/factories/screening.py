"""Health questions, what was answered, what it means, and what was signed off."""

from uuid import uuid4

import factory

from patients.models import Screening, ScreeningAnswer, ScreeningQuestion
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import AT, TreatmentCourseFactory
from treatments.models import Clearance, ContraindicationRule


class ScreeningQuestionFactory(factory.django.DjangoModelFactory):
    """Asked of the patient, in the full questionnaire only."""

    class Meta:
        model = ScreeningQuestion

    class Params:
        short = factory.Trait(is_short=True, group="CHANGES")
        asks_day = factory.Trait(kind="DAY", detail="On which day?")
        asks_words = factory.Trait(kind="WORDS", detail="Which one?")
        clinicians = factory.Trait(is_for_clinician=True, group="CLINICIAN")

    code = factory.Sequence(lambda n: f"question_{n}")
    text = factory.Sequence(lambda n: f"Is it {n}?")
    group = "ILLNESS"
    position = factory.Sequence(lambda n: n + 1)
    source = "clinic setting"


class ScreeningFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Screening

    patient = factory.SubFactory(PatientFactory)
    part = "FULL"
    completed_at = AT
    by = factory.SubFactory(UserFactory, clinician=True)
    key = factory.LazyFunction(uuid4)


class ScreeningAnswerFactory(factory.django.DjangoModelFactory):
    """No."""

    class Meta:
        model = ScreeningAnswer

    patient = factory.SubFactory(PatientFactory)
    answered_at = AT
    screening = factory.LazyAttribute(
        lambda own: ScreeningFactory(patient=own.patient, completed_at=own.answered_at)
    )
    question = factory.SubFactory(ScreeningQuestionFactory)
    asked = factory.SelfAttribute("question.text")
    value = "NO"
    unchanged_since = factory.SelfAttribute("answered_at")


class ContraindicationRuleFactory(factory.django.DjangoModelFactory):
    """A yes forbids every treatment."""

    class Meta:
        model = ContraindicationRule

    class Params:
        sign_off = factory.Trait(level="SIGNOFF")
        warn = factory.Trait(level="WARN")

    code = factory.Sequence(lambda n: f"rule-{n}")
    question = factory.SubFactory(ScreeningQuestionFactory)
    level = "BLOCK"
    words = "Not with this."
    source = "clinic setting"


class ClearanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clearance

    course = factory.SubFactory(TreatmentCourseFactory)
    rule = factory.SubFactory(ContraindicationRuleFactory, sign_off=True)
    reason = "Stable for years."
    by = factory.SubFactory(UserFactory, clinician=True, is_prescriber=True)
    at = AT
