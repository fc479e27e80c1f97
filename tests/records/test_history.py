"""The patient's tab of sessions: what was given, newest first, for clinicians."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.actions.signing import amend_record
from records.selectors.history import given_sessions
from sessions.actions.chain import refresh_windows
from sessions.models import Appointment, TreatmentSession
from tests.factories.patients import PatientFactory
from tests.records.conftest import NOW, TODAY, arrive

pytestmark = pytest.mark.django_db


def page(client, patient):
    return client.get(reverse("records:patient-sessions", args=[patient.pk]))


def delivered_without_a_record(course, number, on):
    session = arrive(course.sessions.get(number=number), at=NOW - (TODAY - on))
    Appointment.objects.filter(session=session).update(status="DONE")
    TreatmentSession.objects.filter(pk=session.pk).update(status="DONE", delivered_on=on)
    refresh_windows(course)
    return session


def test_what_was_given_is_listed_with_its_volume_points_and_skin(
    clinician_client, signed, patient
):
    amend_record(
        record=signed, kind="ADDENDUM", words="Called", reason="Asked", by=signed.signed_by, at=NOW
    )
    [row] = given_sessions(patient)
    assert (row.session.number, row.on, row.gap_days) == (1, TODAY, None)
    assert (row.volume_ml, row.points, row.notes, row.skin) == (
        signed_volume(signed),
        24,
        1,
        "Redness",
    )
    told = " ".join(page(clinician_client, patient).content.decode().split())
    assert "1.20 ml, 24 points" in told
    assert "1 note" in told
    assert reverse("records:record-detail", args=[row.session.pk]) in told


def signed_volume(record):
    return sum(dose.volume_ml for dose in record.administrations.all())


def test_the_newest_stands_first_with_the_days_since_the_one_before(signed, course, patient):
    second = delivered_without_a_record(course, 2, TODAY + timedelta(days=8))
    newest, oldest = given_sessions(patient)
    assert (newest.session, newest.gap_days, newest.record) == (second, 8, None)
    assert (newest.skin, newest.volume_ml, newest.is_signed) == ("", None, False)
    assert oldest.is_signed


def test_a_missed_appointment_is_named(clinician_client, session, patient):
    Appointment.objects.filter(session=session).update(status="NO_SHOW")
    told = page(clinician_client, patient).content.decode()
    assert "Did not come" in told
    assert "No session yet" in told


def test_a_patient_without_sessions_has_a_page_that_says_so(clinician_client):
    told = page(clinician_client, PatientFactory()).content.decode()
    assert "No session yet" in told


def test_the_desk_has_no_such_tab(reception_client, admin_client, patient):
    assert page(reception_client, patient).status_code == 403
    assert page(admin_client, patient).status_code == 403
    detail = reception_client.get(reverse("patients:patient-detail", args=[patient.pk]))
    assert reverse("records:patient-sessions", args=[patient.pk]) not in detail.content.decode()


def test_the_page_takes_the_same_queries_for_one_session_as_for_three(
    clinician_client, signed, course, patient, django_assert_max_num_queries
):
    page(clinician_client, patient)
    with CaptureQueriesContext(connection) as one:
        page(clinician_client, patient)
    for number in (2, 3):
        delivered_without_a_record(course, number, TODAY + timedelta(days=8 * (number - 1)))
    with django_assert_max_num_queries(3):
        assert len(given_sessions(patient)) == 3
    with django_assert_max_num_queries(len(one)):
        page(clinician_client, patient)


def test_a_signed_record_is_among_the_documents_for_clinicians(
    clinician_client, reception_client, signed, patient
):
    url = reverse("patients:patient-documents", args=[patient.pk])
    record = reverse("records:record-detail", args=[signed.session_id])
    assert f'href="{record}"' in clinician_client.get(url).content.decode()
    assert record not in reception_client.get(url).content.decode()
