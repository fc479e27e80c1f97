"""How results were scored."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import factory

from records.models import OutcomeAssessment
from tests.factories.treatments import AT, TreatmentCourseFactory


class OutcomeFactory(factory.django.DjangoModelFactory):
    """A circumference of 92 cm from before the course."""

    class Meta:
        model = OutcomeAssessment

    course = factory.SubFactory(TreatmentCourseFactory)
    scale = "circumference_cm"
    value = Decimal(92)
    rater = "CLINICIAN"
    rated_by = factory.LazyAttribute(
        lambda own: None if own.rater == "PATIENT" else own.course.practitioner
    )
    occasion = "BASELINE"
    assessed_on = date(2026, 11, 20)
    recorded_at = AT
    recorded_by = factory.SelfAttribute("course.practitioner")
    key = factory.LazyFunction(uuid4)
