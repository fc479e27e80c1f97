"""A record that waits for its signature is not forgotten."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from records.domain.readiness import SIGN_WITHIN
from sessions.models import Appointment
from tests.records.conftest import NOW

pytestmark = pytest.mark.django_db


def listed(client, user, at):
    with time_machine.travel(at, tick=False):
        client.force_login(user)
        return client.get(reverse("sessions:follow-ups")).content.decode()


# The session was booked from 10:30 to 11:20.
ENDS = NOW + timedelta(minutes=38)


@pytest.mark.parametrize(("late", "is_listed"), [(-1, False), (0, True), (3600, True)])
def test_a_record_may_wait_24_hours_from_the_end_of_its_session(
    record, client, clinician, late, is_listed
):
    page = listed(client, clinician, ENDS + SIGN_WITHIN + timedelta(seconds=late))
    assert ("Record not signed" in page) is is_listed


def test_a_session_that_began_after_its_time_ended_later(record, client, clinician):
    begun = ENDS + timedelta(hours=2)
    type(record).objects.filter(pk=record.pk).update(opened_at=begun)
    assert "Record not signed" not in listed(client, clinician, ENDS + SIGN_WITHIN)
    assert "Record not signed" in listed(client, clinician, begun + SIGN_WITHIN)


def test_a_draft_without_a_place_in_the_calendar_counts_from_its_begin(record, client, clinician):
    Appointment.objects.update(status="CANCELLED", cancel_reason="CLINIC")
    assert "Record not signed" not in listed(client, clinician, NOW + timedelta(hours=23))
    assert "Record not signed" in listed(client, clinician, NOW + SIGN_WITHIN)


def test_a_late_record_asks_its_clinician_for_the_signature(record, client, clinician):
    page = listed(client, clinician, ENDS + SIGN_WITHIN)
    assert reverse("records:record-step", args=[record.session_id, "sign"]) in page


def test_reception_sees_the_reminder_and_no_way_into_the_record(record, client, reception):
    page = listed(client, reception, ENDS + SIGN_WITHIN)
    assert "Record not signed" in page
    assert reverse("records:record-step", args=[record.session_id, "sign"]) not in page
