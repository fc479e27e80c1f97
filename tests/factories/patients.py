"""Who is treated."""

from datetime import UTC, date, datetime

import factory

from patients.domain.searching import fold
from patients.models import Allergy, Patient
from patients.phones import comparable_digits
from tests.factories.core import UserFactory


class PatientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Patient

    record_number = factory.Sequence(lambda n: f"LSC-{n + 1:05}")
    given_names = factory.Sequence(lambda n: f"Given{n}")
    family_names = factory.Sequence(lambda n: f"Family{n}")
    born_on = date(1990, 8, 22)
    sex = Patient.Sex.FEMALE
    phone = factory.Sequence(lambda n: f"07700 9{n:05}")
    registered_at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    search_names = factory.LazyAttribute(lambda own: fold(f"{own.given_names} {own.family_names}"))
    phone_digits = factory.LazyAttribute(lambda own: comparable_digits(own.phone, country="GB"))


class AllergyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Allergy

    class Params:
        withdrawn = factory.Trait(
            withdrawn_at=datetime(2026, 11, 3, 9, tzinfo=UTC), withdrawn_reason="Entered twice"
        )

    patient = factory.SubFactory(PatientFactory)
    substance = "Latex"
    noted_at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    noted_by = factory.SubFactory(UserFactory, clinician=True)
