"""What went wrong, or only looked like it."""

from datetime import date
from uuid import uuid4

import factory

from records.models import AdverseEvent, AdverseEventUpdate
from tests.factories.core import UserFactory
from tests.factories.treatments import AT, TreatmentCourseFactory


class AdverseEventFactory(factory.django.DjangoModelFactory):
    """A mild bruise, told by the patient, not known after which session."""

    class Meta:
        model = AdverseEvent

    class Params:
        late_lump = factory.Trait(kind="nodule_late", is_red_flag=True, is_expected=False)

    course = factory.SubFactory(TreatmentCourseFactory)
    patient = factory.SelfAttribute("course.patient")
    kind = "bruise"
    grade = 1
    is_red_flag = False
    onset_on = date(2026, 11, 20)
    source = AdverseEvent.Source.PATIENT
    relatedness = AdverseEvent.Relatedness.PROBABLE
    is_expected = True
    is_serious = False
    description = "A bruise of two centimetres."
    outcome = "ONGOING"
    is_review = False
    reported_at = AT
    reported_by = factory.SubFactory(UserFactory, clinician=True)
    key = factory.LazyFunction(uuid4)


class AdverseEventUpdateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AdverseEventUpdate

    event = factory.SubFactory(AdverseEventFactory)
    number = 1
    words = "Smaller than before."
    grade = factory.SelfAttribute("event.grade")
    is_red_flag = factory.SelfAttribute("event.is_red_flag")
    outcome = "ONGOING"
    is_review = False
    at = AT
    by = factory.SubFactory(UserFactory, clinician=True)
