"""Planning, listing, stopping and printing courses."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.patients import AllergyFactory
from tests.factories.treatments import AssessmentFactory, IndicationFactory
from tests.sessions.desk import Desk
from treatments.models import Assessment, TreatmentCourse

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)
Status = TreatmentCourse.Status


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def test_a_hair_loss_draft_starts_once_the_specialist_has_been(site, clinician_client):
    hair = IndicationFactory(name="Hair loss", needs_specialist=True)
    course = Desk(site=site, indication=hair, status=Status.DRAFT, activated_at=None).course
    activate = reverse("sessions:course-activate", args=[course.pk])
    answer = clinician_client.post(activate, follow=True)
    assert "Record the specialist consultation to activate it." in answer.content.decode()
    course.refresh_from_db()
    assert course.status == Status.DRAFT
    AssessmentFactory(patient=course.patient, indication=hair, kind=Assessment.Kind.SPECIALIST)
    clinician_client.post(activate)
    course.refresh_from_db()
    assert course.status == Status.ACTIVE


def test_activating_twice_is_refused_in_a_sentence(site, clinician_client):
    desk = Desk(site=site)
    answer = clinician_client.post(
        reverse("sessions:course-activate", args=[desk.course.pk]), follow=True
    )
    assert "This course is active." in answer.content.decode()


def test_a_clinician_suspends_and_resumes(site, clinician_client):
    course = Desk(site=site).course
    clinician_client.post(
        reverse("sessions:course-suspend", args=[course.pk]), {"reason": "Cold sore"}
    )
    course.refresh_from_db()
    assert (course.status, course.status_reason) == (Status.SUSPENDED, "Cold sore")
    page = clinician_client.get(reverse("sessions:course-detail", args=[course.pk]))
    assert "Cold sore" in page.content.decode()
    clinician_client.post(reverse("sessions:course-resume", args=[course.pk]))
    course.refresh_from_db()
    assert course.status == Status.ACTIVE


def test_a_clinician_stops_a_course_with_a_reason(site, clinician_client):
    course = Desk(site=site).course
    url = reverse("sessions:course-stop", args=[course.pk])
    assert clinician_client.get(url).status_code == 200
    assert clinician_client.post(url, {"reason": ""}).status_code == 422
    clinician_client.post(url, {"reason": "Moves abroad"})
    course.refresh_from_db()
    assert course.status == Status.DISCONTINUED
    again = clinician_client.post(url, {"reason": "Moves abroad"})
    assert again.status_code == 422
    assert "This course is discontinued." in again.content.decode()


def test_resuming_what_runs_is_refused_in_a_sentence(site, clinician_client):
    course = Desk(site=site).course
    answer = clinician_client.post(reverse("sessions:course-resume", args=[course.pk]), follow=True)
    assert "This course is active." in answer.content.decode()


def test_reception_stops_no_course(site, reception_client):
    course = Desk(site=site).course
    assert (
        reception_client.post(reverse("sessions:course-stop", args=[course.pk])).status_code == 403
    )


@pytest.mark.parametrize("shown", ["", "overdue", "draft", "suspended", "ended", "nonsense"])
def test_the_list_of_courses_has_a_page_for_each_filter(site, reception_client, shown):
    Desk(site=site)
    answer = reception_client.get(reverse("sessions:course-list"), {"status": shown})
    assert answer.status_code == 200


def test_an_overdue_course_stands_first_and_says_so(site, reception_client):
    late = Desk(site=site, patient__family_names="Overdue")
    late.book(1, 0)
    late.arrive(1)
    late.deliver(1, 0)
    Desk(site=site, patient__family_names="Ontime")
    with time_machine.travel(late.moment(20), tick=False):
        reception_client.force_login(late.reception)
        page = reception_client.get(reverse("sessions:course-list")).content.decode()
        overdue = reception_client.get(reverse("sessions:course-list"), {"status": "overdue"})
    assert page.index("Overdue") < page.index("Ontime")
    assert "Ontime" not in overdue.content.decode()


def test_the_list_takes_the_same_queries_whatever_the_courses(site, reception_client):
    url = reverse("sessions:course-list")
    Desk(site=site)
    reception_client.get(url)  # counts the follow-ups for the next minute
    with CaptureQueriesContext(connection) as one:
        reception_client.get(url)
    for _ in range(3):
        Desk(site=site)
    with CaptureQueriesContext(connection) as four:
        reception_client.get(url)
    assert len(four) == len(one) <= 20


def test_the_printed_plan_has_dates_notes_disclaimer_and_signatures(site, reception_client):
    desk = Desk(site=site)
    desk.book(1, 0)
    page = reception_client.get(
        reverse("sessions:course-print", args=[desk.course.pk])
    ).content.decode()
    for words in (
        "Your treatment plan",
        "Thursday 26 November 2026",
        "10:00",
        "to be set",
        "7 to 10 days",
        "After each session",
        "Get help the same day if you have",
        "Talk to a doctor before you start",
        "Patient signature",
        "Not yet assessed",
    ):
        assert words in page


def test_the_patients_page_shows_the_course(site, reception_client):
    desk = Desk(site=site)
    desk.book(1, 0)
    page = reception_client.get(
        reverse("patients:patient-detail", args=[desk.course.patient_id])
    ).content.decode()
    assert "Session 1 of 8" in page
    assert "Course ruler." in page
    assert "Talk to a doctor before you start" in page


def test_search_tells_the_next_session(site, reception_client):
    desk = Desk(site=site, patient__given_names="Zoë", patient__family_names="Marchetti")
    desk.book(1, 0)
    page = reception_client.get(reverse("patients:patient-search"), {"q": "zoe"}).content.decode()
    assert "Next: Thu 26 Nov, 10:00" in page


@pytest.mark.parametrize("page", ["course-detail", "course-replan", "course-plan"])
def test_allergies_stand_on_top_of_every_page_of_a_course(
    site, clinician_client, reception_client, page
):
    desk = Desk(site=site)
    AllergyFactory(patient=desk.course.patient, substance="Chlorhexidine")
    desk.book(1, 0)
    is_new = page == "course-plan"
    url = reverse(
        f"sessions:{page}", args=[desk.course.patient_id if is_new else desk.course.pk]
    ) + ("?from=1" if page == "course-replan" else "")
    assert "Allergy: Chlorhexidine" in clinician_client.get(url).content.decode()
    told = reception_client.get(url).content.decode()
    assert "Safety note: ask a clinician" in told
    assert "Chlorhexidine" not in told
