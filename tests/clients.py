"""Somebody of each role, signed in."""

import pytest
from django.test import Client

from tests.factories.clinic import ClinicProfileFactory, SiteFactory
from tests.factories.core import UserFactory


@pytest.fixture
def clinic_profile(db):
    return ClinicProfileFactory()


@pytest.fixture
def site(clinic_profile):
    return SiteFactory(name="Linden Street")


@pytest.fixture
def reception(site):
    return UserFactory(reception=True, first_name="Maya", last_name="Brandt")


@pytest.fixture
def clinician(site):
    return UserFactory(clinician=True, first_name="Petra", last_name="Lindqvist")


@pytest.fixture
def admin(site):
    return UserFactory(admin=True, first_name="Alex", last_name="Moreau")


def _signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reception_client(reception):
    return _signed_in(reception)


@pytest.fixture
def clinician_client(clinician):
    return _signed_in(clinician)


@pytest.fixture
def admin_client(admin):
    return _signed_in(admin)
