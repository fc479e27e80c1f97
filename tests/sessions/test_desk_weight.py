"""What the desk asks for all day is small and takes few queries, however full the day is."""

import gzip
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.models import Appointment
from tests.sessions.test_calendar import NOON, full_week, rows_of  # noqa: F401

pytestmark = pytest.mark.django_db
# Bytes, packed as they go over the wire. Of 8,000 for the page, 150 are left to the content
# addresses that an installation has in the names of its files.
WHOLE_PAGE, FRAGMENT = 7_850, 5_900


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(full_week):  # noqa: F811
    """It is noon: whoever came before was treated, and three wait."""
    past = Appointment.objects.filter(starts_at__lt=NOON - timedelta(minutes=45))
    past.update(status="DONE")
    late = Appointment.objects.filter(starts_at__lt=NOON, status="BOOKED")
    late.update(status="IN_TREATMENT")
    return full_week


def size(answer):
    return len(gzip.compress(answer.content, 6))


def test_a_board_of_144_visits_is_small(desk, reception_client):
    url = reverse("sessions:day")
    page = reception_client.get(url)
    assert len(rows_of(page.context["calendar"])) == 144
    fragment = reception_client.get(url, headers={"HX-Request": "true"})
    assert size(fragment) <= FRAGMENT
    assert size(page) <= WHOLE_PAGE


def test_the_board_takes_the_same_queries_for_144_visits_as_for_none(desk, reception_client):
    url = reverse("sessions:day")
    reception_client.get(url)
    with CaptureQueriesContext(connection) as full:
        reception_client.get(url)
    with CaptureQueriesContext(connection) as empty:
        reception_client.get(url, {"date": "2027-06-01"})
    assert len(full) <= len(empty) + 1
    assert len(full) <= 11
    # One of them is for those who leave without a next visit.
    with CaptureQueriesContext(connection) as fragment:
        reception_client.get(url, headers={"HX-Request": "true"})
    assert len(fragment) <= 9


def test_the_data_of_the_board_takes_eight_queries(desk, reception_client):
    url = reverse("sessions:calendar-data") + "?date=2026-11-26"
    with CaptureQueriesContext(connection) as asked:
        data = reception_client.get(url).json()
    assert len(rows_of(data)) == 144
    assert len(asked) <= 8
