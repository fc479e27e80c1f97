"""A record that waits for its signature is not forgotten."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.records.conftest import NOW

pytestmark = pytest.mark.django_db


def listed(client, user, at):
    with time_machine.travel(at, tick=False):
        client.force_login(user)
        return client.get(reverse("sessions:follow-ups")).content.decode()


def test_a_record_begun_today_is_still_being_written(record, client, clinician):
    assert "Record not signed" not in listed(client, clinician, NOW)


def test_a_record_of_yesterday_asks_its_clinician_for_the_signature(record, client, clinician):
    page = listed(client, clinician, NOW + timedelta(days=1))
    assert "Record not signed" in page
    assert reverse("records:record-step", args=[record.session_id, "sign"]) in page


def test_reception_sees_the_reminder_and_no_way_into_the_record(record, client, reception):
    page = listed(client, reception, NOW + timedelta(days=1))
    assert "Record not signed" in page
    assert reverse("records:record-step", args=[record.session_id, "sign"]) not in page
