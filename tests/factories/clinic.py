"""The clinic itself."""

from datetime import time

import factory

from clinic.models import ClinicProfile, Closure, Room, Shift, Site
from tests.factories.core import UserFactory


class ClinicProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClinicProfile
        django_get_or_create = ("pk",)

    pk = 1
    name = "Linden Street Clinic"
    phone = "020 7946 0142"
    record_prefix = "LSC"


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site

    name = factory.Sequence(lambda n: f"Site {n}")
    timezone = "Europe/London"


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda n: f"Room {n}")


class ShiftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Shift

    practitioner = factory.SubFactory(UserFactory, clinician=True)
    site = factory.SubFactory(SiteFactory)
    weekday = 0
    starts = time(9)
    ends = time(17)


class ClosureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Closure

    site = factory.SubFactory(SiteFactory)
    reason = "Training day"


def works_every_day(practitioner, site, starts=time(9), ends=time(17)):
    """Give `practitioner` the same hours at `site` on all seven days."""
    return [
        ShiftFactory(
            practitioner=practitioner, site=site, weekday=weekday, starts=starts, ends=ends
        )
        for weekday in range(7)
    ]
