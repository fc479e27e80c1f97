"""The sign step, the signed record, and notes."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from records.actions import drafts
from records.models import Amendment, SessionRecord
from tests.factories.core import PASSWORD
from tests.records.conftest import NOW, TODAY, arrive, fill

pytestmark = pytest.mark.django_db


def sign_url(record):
    return reverse("records:record-sign", args=[record.session.pk])


def detail_url(record):
    return reverse("records:record-detail", args=[record.session.pk])


def typed(record, **change):
    return {
        "version": record.version,
        "delivered_on": TODAY.isoformat(),
        "password": PASSWORD,
    } | change


def test_signing_leads_to_the_next_booking(clinician_client, complete, course):
    answer = clinician_client.post(sign_url(complete), typed(complete))
    following = course.sessions.get(number=2)
    assert answer.url == reverse("sessions:session-book", args=[following.pk])
    complete.refresh_from_db()
    assert complete.is_signed
    page = clinician_client.get(answer.url)
    assert "Signed 10:42." in page.content.decode()


def test_signing_the_last_one_leads_to_the_record(clinician_client, complete, course):
    course.sessions.filter(number__gt=1).update(status="SKIPPED")
    answer = clinician_client.post(sign_url(complete), typed(complete))
    assert answer.url == detail_url(complete)


def test_what_is_missing_is_listed_with_the_way_to_it(clinician_client, record):
    page = clinician_client.get(sign_url(record)).content.decode()
    assert "Checks: Answer: No infection, fever or wound in the area." in page
    assert "Injections: Record at least one zone." in page
    assert (
        f'href="{reverse("records:record-step", args=[record.session.pk, "injections"])}"' in page
    )
    answer = clinician_client.post(sign_url(record), typed(record))
    assert answer.status_code == 422
    assert "15 things are missing" in answer.content.decode()
    record.refresh_from_db()
    assert not record.is_signed


def test_an_expired_lot_is_named_with_its_day(clinician_client, complete, lot):
    type(lot).objects.filter(pk=lot.pk).update(expires_on="2026-09-30")
    page = clinician_client.get(sign_url(complete)).content.decode()
    assert "Crown. Lot DB-2609 of Dexpanthenol expired on 30 Sep 2026." in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong"}, "The password is wrong."),
        ({"password": ""}, "Enter your password to sign."),
        ({"delivered_on": "2026-11-27"}, "Choose today or the day it was booked for."),
        ({"delivered_on": "soon"}, "Choose today or the day it was booked for."),
        ({"late_code": "OTHER"}, "Say why the session is late."),
    ],
)
def test_a_signature_that_is_not_right_is_refused(clinician_client, complete, change, words):
    answer = clinician_client.post(sign_url(complete), typed(complete, **change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SessionRecord.objects.get().is_signed


def test_too_many_wrong_passwords_are_told(clinician_client, complete):
    for _try in range(5):
        clinician_client.post(sign_url(complete), typed(complete, password="wrong"))
    answer = clinician_client.post(sign_url(complete), typed(complete))
    assert answer.status_code == 422
    assert "Wait five minutes" in answer.content.decode()


def test_a_change_that_was_not_read_is_not_signed(clinician_client, complete):
    answer = clinician_client.post(sign_url(complete), typed(complete, version=1))
    assert answer.status_code == 409
    assert "Somebody else saved this record" in answer.content.decode()
    assert f'name="version" value="{complete.version}"' in answer.content.decode()


def test_the_double_press_ends_at_the_record(clinician_client, complete):
    clinician_client.post(sign_url(complete), typed(complete))
    answer = clinician_client.post(sign_url(complete), typed(complete))
    assert answer.url == detail_url(complete)


def test_a_course_that_stopped_meanwhile_is_told(clinician_client, complete, course):
    type(course).objects.filter(pk=course.pk).update(status="SUSPENDED", status_reason="Unwell")
    answer = clinician_client.post(sign_url(complete), typed(complete))
    assert answer.status_code == 422
    assert "This course is suspended" in answer.content.decode()


def test_a_patient_who_was_checked_out_meanwhile_is_told(clinician_client, complete):
    complete.session.appointments.update(status="NO_SHOW")
    complete.session.status = "PLANNED"
    complete.session.save(update_fields=["status"])
    answer = clinician_client.post(sign_url(complete), typed(complete))
    assert answer.status_code == 422
    assert "Check the patient in" in answer.content.decode()


def test_a_late_session_asks_why(clinician_client, signed, course, lot, crown, clinician):
    late = NOW + timedelta(days=12)
    with time_machine.travel(late, tick=False):
        clinician_client.force_login(clinician)
        session = arrive(course.sessions.get(number=2), at=late)
        record = drafts.open_record(session=session, by=clinician, at=late)
        record = fill(record, lot, crown, clinician, at=late)
        values = typed(record, delivered_on=late.date().isoformat())
        answer = clinician_client.post(sign_url(record), values)
        assert answer.status_code == 422
        assert "2 days late" in answer.content.decode()
        assert "Why it is late" in answer.content.decode()
        values |= {"late_code": "TRAVEL", "late_words": "Away for a week"}
        assert clinician_client.post(sign_url(record), values).status_code == 302
    assert session.deviations.get().reason == "TRAVEL"


def test_the_signed_record_says_who_when_and_what(clinician_client, signed):
    page = clinician_client.get(detail_url(signed)).content.decode()
    for words in [
        "Signed by Petra Lindqvist on 26 Nov 2026 at 10:42.",
        "Thursday 26 November 2026",
        "Crown",
        "Point by point",
        "1.20 ml Dexpanthenol, lot DB-2609, use by 30 Sep 2027",
        "Given and explained",
        "Allergy: penicillin",
    ]:
        assert words in page
    assert page.count("All clear") == 6


def test_a_draft_is_not_shown_as_a_record(clinician_client, record, course):
    answer = clinician_client.get(detail_url(record))
    assert answer.url == reverse("records:record-step", args=[record.session.pk, "checks"])
    unopened = reverse("records:record-detail", args=[course.sessions.get(number=3).pk])
    assert clinician_client.get(unopened).status_code == 404


def amend_url(record):
    return reverse("records:record-amend", args=[record.session.pk])


def test_a_note_is_added_with_its_reason(clinician_client, signed):
    assert clinician_client.get(amend_url(signed)).status_code == 200
    values = {"kind": "LATE_ENTRY", "words": "A bruise was seen.", "reason": "Seen at the door"}
    answer = clinician_client.post(amend_url(signed), values, follow=True)
    page = answer.content.decode()
    assert "A bruise was seen." in page
    assert "Why: Seen at the door. Petra Lindqvist" in page


def test_a_note_without_a_reason_is_shown_again(clinician_client, signed):
    answer = clinician_client.post(amend_url(signed), {"kind": "ADDENDUM", "words": "A bruise"})
    assert answer.status_code == 422
    assert "Say why the note is added now." in answer.content.decode()
    assert "A bruise" in answer.content.decode()
    assert not Amendment.objects.exists()


def test_a_draft_is_changed_and_not_amended(clinician_client, record, course):
    assert clinician_client.get(amend_url(record)).status_code == 302
    unopened = reverse("records:record-amend", args=[course.sessions.get(number=3).pk])
    assert clinician_client.get(unopened).status_code == 404


@pytest.mark.parametrize("role", ["reception", "admin"])
@pytest.mark.parametrize("page", ["record-detail", "record-amend", "record-sign"])
def test_other_roles_read_no_record(request, signed, role, page):
    client = request.getfixturevalue(f"{role}_client")
    answer = client.get(reverse(f"records:{page}", args=[signed.session.pk]))
    assert answer.status_code == 403
    for words in ["Amara", "penicillin", "Dexpanthenol", "Crown"]:
        assert words not in answer.content.decode()


def test_nobody_reads_a_record_without_signing_in(client, signed):
    assert client.get(detail_url(signed)).status_code == 302
