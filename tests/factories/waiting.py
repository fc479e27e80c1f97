"""Who waits for an earlier time."""

import factory

from sessions.models import Appointment, WaitlistEntry
from tests.factories.core import UserFactory
from tests.factories.sessions import TreatmentSessionFactory
from tests.factories.treatments import AT


class WaitlistEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WaitlistEntry

    class Params:
        consultation = factory.Trait(
            kind=Appointment.Kind.CONSULTATION, session=None, minutes=30, patient=None, site=None
        )

    kind = Appointment.Kind.SESSION
    session = factory.SubFactory(TreatmentSessionFactory)
    patient = factory.LazyAttribute(lambda own: own.session.course.patient)
    site = factory.LazyAttribute(lambda own: own.session.course.site)
    added_at = AT
    added_by = factory.SubFactory(UserFactory, reception=True)
