"""A clinic on the morning of 26 November 2026, and its planner."""

from datetime import time

import pytest
import time_machine

from tests.factories.clinic import RoomFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import IndicationFactory
from tests.sessions.planner_page.page import MORNING, plan_url


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def patient(site):
    return PatientFactory(given_names="Leila", family_names="Marchetti")


@pytest.fixture
def room(site):
    return RoomFactory(site=site, name="Room 1")


@pytest.fixture
def indication(site):
    return IndicationFactory(name="Cellulite", short_name="Cellulite")


@pytest.fixture
def petra(clinician, site, room):
    works_every_day(clinician, site, time(9), time(17))
    return clinician


@pytest.fixture
def malik(site, room):
    malik = UserFactory(clinician=True, first_name="Malik", last_name="Duarte")
    works_every_day(malik, site, time(9), time(17))
    return malik


@pytest.fixture
def show(patient, reception_client):
    """Ask for the page with settings, as reception."""

    def ask(typed=None, client=reception_client, **headers):
        return client.get(plan_url(patient), typed or {}, headers=headers)

    return ask
