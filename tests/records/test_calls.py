"""Calls after a session: which is due, who makes it, and what comes of it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from meso_clinic.core.models import AuditEvent
from records.actions.calls import CallRefused, note_call
from records.domain.calls import (
    CALL_AFTER,
    LAST_LISTED,
    LISTED_UNTIL,
    CallTime,
    DueCall,
    call_on,
    due_call,
)
from records.models import AftercareCall
from records.selectors.calls import calls_to_make
from sessions.models import TreatmentSession
from tests.at_once import at_once, refused
from tests.factories.reactions import AdverseEventFactory
from tests.records.conftest import NOW, TODAY
from tests.treatments.test_catalogue_sources import _table_rows

GIVEN = date(2026, 9, 1)
times = st.sampled_from(CallTime)
days = st.integers(-10, 200).map(lambda after: GIVEN + timedelta(days=after))


# Which call is due


@pytest.mark.parametrize(
    ("after", "answered", "expected"),
    [
        (1, [], None),
        (2, [], CallTime.HOURS_48),
        (13, [], CallTime.HOURS_48),
        (14, [], CallTime.WEEKS_2),
        (14, ["48-hours"], CallTime.WEEKS_2),
        (2, ["48-hours"], None),
        (42, [], CallTime.WEEKS_6),
        (84, ["6-weeks"], CallTime.WEEKS_12),
        (112, [], CallTime.WEEKS_12),
        (113, [], None),
    ],
)
def test_the_newest_call_whose_day_has_come_is_due(after, answered, expected):
    due = due_call(GIVEN, answered, today=GIVEN + timedelta(days=after))
    assert due == (DueCall(expected, call_on(expected, GIVEN)) if expected else None)


@given(days, st.sets(times))
def test_a_due_call_was_not_answered_and_its_day_has_come(today, answered):
    due = due_call(GIVEN, answered, today=today)
    if due is not None:
        assert due.time not in answered
        assert due.on <= today <= GIVEN + LISTED_UNTIL
    elif GIVEN + CALL_AFTER[CallTime.HOURS_48] <= today <= GIVEN + LISTED_UNTIL:
        assert answered


def test_the_calls_come_in_their_order():
    assert all(CALL_AFTER[one] < CALL_AFTER[other] for one, other in pairwise(CallTime))


def test_the_calls_stand_in_the_sources_document():
    rows = [(row[0], row[1]) for row in _table_rows("Calls after a session")]
    assert rows == [(time.value, str(CALL_AFTER[time].days)) for time in CallTime]
    assert timedelta(weeks=4) == LAST_LISTED


# Reading and noting


@pytest.fixture
def delivered(signed):
    """A session that was given on the 26th."""
    return TreatmentSession.objects.select_related("course__site").get(pk=signed.session_id)


def note(session, by, time=CallTime.HOURS_48, answer="WELL", days=2, **change):
    at = NOW + timedelta(days=days)
    return note_call(session=session, time=time, answer=answer, by=by, at=at, **change)


def due(session, days):
    found = calls_to_make(session.course.site, TODAY + timedelta(days=days))
    return [(one.session.pk, one.due.time) for one in found]


def test_a_call_is_due_until_somebody_reached_the_patient(delivered, clinician):
    assert due(delivered, 1) == []
    assert due(delivered, 2) == [(delivered.pk, CallTime.HOURS_48)]
    note(delivered, clinician, answer="UNREACHED")
    assert due(delivered, 2) == [(delivered.pk, CallTime.HOURS_48)]
    call = note(delivered, clinician, answer="SYMPTOMS", words=" Fever. ")
    assert call.words == "Fever."
    assert due(delivered, 3) == []
    assert due(delivered, 42) == [(delivered.pk, CallTime.WEEKS_6)]
    event = AuditEvent.objects.filter(kind="aftercare.called").latest("pk")
    assert (event.by, event.patient_id) == (clinician, delivered.course.patient_id)


def test_with_the_next_session_the_patient_is_seen(delivered):
    second = delivered.course.sessions.get(number=2)
    given_on = TODAY + timedelta(days=7)
    type(second).objects.filter(pk=second.pk).update(status="DONE", delivered_on=given_on)
    assert due(delivered, 8) == []
    assert due(delivered, 9) == [(second.pk, CallTime.HOURS_48)]


def test_nobody_calls_for_a_patient_who_died(delivered):
    AdverseEventFactory(
        course=delivered.course, grade=5, is_red_flag=True, outcome="DIED", kind="anaphylaxis"
    )
    assert due(delivered, 2) == []


def test_another_site_has_its_own_calls(delivered):
    site = delivered.course.site
    site.pk = None
    site.name = "Elsewhere"
    site.save(force_insert=True)
    assert calls_to_make(site, TODAY + timedelta(days=2)) == []


def test_a_call_before_its_time_is_refused(delivered, clinician):
    with pytest.raises(CallRefused, match="too early"):
        note(delivered, clinician, days=1)
    unseen = delivered.course.sessions.get(number=2)
    with pytest.raises(CallRefused, match="too early"):
        note(unseen, clinician)


@pytest.mark.parametrize(
    ("answer", "words"), [("SYMPTOMS", " "), ("", ""), ("MAYBE", "x")], ids=str
)
def test_a_call_says_what_came_of_it(delivered, clinician, answer, words):
    with pytest.raises(ValidationError):
        note(delivered, clinician, answer=answer, words=words)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_reached_the_patient_one_is_told(delivered, clinician):
    calls = [lambda: note(delivered, clinician)] * 2
    [told] = refused(at_once(*calls))
    assert isinstance(told, ValidationError)
    assert AftercareCall.objects.count() == 1


@pytest.mark.parametrize("change", [{"words": "Other"}, {"answer": "SYMPTOMS"}], ids=str)
def test_a_call_is_never_changed(delivered, clinician, change):
    call = note(delivered, clinician)
    with pytest.raises(IntegrityError), transaction.atomic():
        AftercareCall.objects.filter(pk=call.pk).update(**change)


@pytest.mark.parametrize(
    "change", [{"time": "1-week"}, {"answer": "SYMPTOMS"}, {"answer": "MAYBE"}, {}], ids=str
)
def test_the_database_takes_no_other_calls(delivered, clinician, change):
    note(delivered, clinician)
    values = {"session": delivered, "time": "48-hours", "answer": "WELL", "at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        AftercareCall.objects.create(by=clinician, **values | change)


# The pages


def call_url(session, time="48-hours"):
    return reverse("records:aftercare-call", args=[session.pk, time])


def sent(session, **change):
    return {"patient": session.course.patient_id, "answer": "WELL", "words": ""} | change


def said(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def later(delivered, client, clinician):
    """Two days later, with the clinician at the screen."""
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        client.force_login(clinician)
        yield client


def test_the_follow_ups_name_the_call_and_the_desk_learns_that_somebody_calls(
    later, delivered, reception
):
    page = said(later.get(reverse("sessions:follow-ups")))
    assert "Calls by a clinician" in page
    assert "48 hours after the session. Ask for pain, swelling and fever." in page
    assert call_url(delivered) in page
    later.force_login(reception)
    desk = said(later.get(reverse("sessions:follow-ups")))
    assert "A clinician has to call. Due since" in desk
    for clinical in ("48 hours", "fever", call_url(delivered)):
        assert clinical not in desk


def test_a_call_is_noted_and_leaves_the_list(later, delivered):
    page = said(later.get(call_url(delivered)))
    assert "Never called" in page
    assert "Ask for pain, swelling and fever." in page
    answer = later.post(call_url(delivered), sent(delivered, answer="UNREACHED"))
    assert answer.url == reverse("sessions:follow-ups")
    assert "Not reached" in said(later.get(call_url(delivered)))
    later.post(call_url(delivered), sent(delivered))
    assert "Calls by a clinician" not in said(later.get(reverse("sessions:follow-ups")))


def test_symptoms_lead_to_the_report_of_a_reaction(later, delivered):
    answer = later.post(
        call_url(delivered), sent(delivered, answer="SYMPTOMS", words="Warm and red.")
    )
    report = reverse("records:reaction-report", args=[delivered.course.patient_id])
    assert answer.url == f"{report}?session={delivered.pk}"


def test_what_is_wrong_is_said_and_what_was_typed_stays(later, delivered):
    answer = later.post(call_url(delivered), sent(delivered, answer="SYMPTOMS"))
    assert answer.status_code == 422
    assert "Say what was found." in said(answer)
    early = later.post(call_url(delivered, "6-weeks"), sent(delivered, words="Fine so far."))
    assert early.status_code == 422
    assert "It is too early for this call." in said(early)
    assert "Fine so far." in said(early)
    later.post(call_url(delivered), sent(delivered))
    again = later.post(call_url(delivered), sent(delivered))
    assert again.status_code == 422
    assert "Somebody reached the patient already." in said(again)
    assert AftercareCall.objects.count() == 1


def test_a_form_of_another_patient_is_refused(later, delivered):
    answer = later.post(call_url(delivered), sent(delivered, patient=0))
    assert answer.status_code == 409
    assert not AftercareCall.objects.exists()


def test_there_is_no_such_call(later, delivered):
    assert later.get(call_url(delivered, "1-week")).status_code == 404
    unseen = delivered.course.sessions.get(number=2)
    assert later.get(call_url(unseen)).status_code == 404


def test_many_calls_cost_no_more_queries(delivered, django_assert_max_num_queries, clinician):
    with django_assert_max_num_queries(2):
        assert due(delivered, 2)
