"""Planning, listing, stopping and printing courses."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.models import TreatmentSession
from tests.factories.patients import PatientFactory
from tests.factories.treatments import AssessmentFactory, IndicationFactory, ProductFactory
from tests.sessions.desk import Desk
from treatments.models import Assessment, TreatmentCourse

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)
Status = TreatmentCourse.Status


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def patient(site):
    return PatientFactory(given_names="Leila", family_names="Marchetti")


@pytest.fixture
def indication(site):
    return IndicationFactory(name="Cellulite", short_name="Cellulite")


def plan_url(patient):
    return reverse("sessions:course-plan", args=[patient.pk])


def settings_of(indication, clinician, **changes):
    return {
        "numbers_of": indication.pk,
        "indication": indication.pk,
        "total_sessions": 8,
        "monthly_from": 6,
        "first_on": "2026-11-26",
        "practitioner": clinician.pk,
        "goals": "",
        **changes,
    }


def test_the_planner_opens_with_the_protocols_numbers(
    patient, indication, clinician, reception_client
):
    page = reception_client.get(plan_url(patient)).content.decode()
    assert "26 November 2026 to" in page
    assert "8 sessions" in page
    assert page.count('class="cs prov"') == 8


def test_a_changed_number_changes_the_chain_at_once(
    patient, indication, clinician, reception_client
):
    answer = reception_client.get(
        plan_url(patient),
        settings_of(indication, clinician, total_sessions=5, monthly_from=4),
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="planner"' in page
    assert page.count('class="cs prov"') == 5


def test_another_indication_brings_its_own_numbers(
    patient, indication, clinician, reception_client
):
    other = IndicationFactory(protocol__total_sessions=12, protocol__initial_sessions=4)
    typed = settings_of(indication, clinician) | {"indication": other.pk}
    page = reception_client.get(plan_url(patient), typed).content.decode()
    assert page.count('class="cs prov"') == 12


def test_fewer_sessions_pull_the_monthly_phase_along(
    patient, indication, clinician, reception_client
):
    typed = settings_of(indication, clinician, total_sessions=3, monthly_from=6)
    page = reception_client.get(plan_url(patient), typed).content.decode()
    assert page.count('class="cs prov"') == 3


def test_planning_makes_an_active_course_with_its_windows(
    patient, indication, clinician, reception_client
):
    answer = reception_client.post(plan_url(patient), settings_of(indication, clinician))
    course = patient.courses.get()
    assert answer.url == reverse("sessions:course-detail", args=[course.pk])
    assert course.status == Status.ACTIVE
    sessions = list(course.sessions.order_by("number"))
    assert len(sessions) == 8
    assert f"{sessions[1].earliest_on}" == "2026-12-03"


def test_the_planned_product_can_lengthen_the_gaps(
    patient, indication, clinician, reception_client
):
    product = ProductFactory(min_interval_days=14)
    product.indications.add(indication)
    reception_client.post(plan_url(patient), settings_of(indication, clinician, product=product.pk))
    second = TreatmentSession.objects.get(number=2)
    assert (f"{second.earliest_on}", f"{second.latest_on}") == ("2026-12-10", "2026-12-13")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"total_sessions": 2}, "A course has 3 to 15 sessions."),
        ({"total_sessions": 16}, "A course has 3 to 15 sessions."),
        ({"total_sessions": "many"}, "Sessions must be a whole number from 3 to 15."),
        ({"first_on": "36 Nov 2026"}, "must be a real date"),
        ({"first_on": "2026-11-25"}, "The first session must be today or later."),
        ({"first_on": "9999-12-31"}, "must be a real date"),
    ],
)
def test_a_plan_outside_the_limits_is_refused_and_keeps_what_was_typed(
    patient, indication, clinician, reception_client, typed, sentence
):
    answer = reception_client.post(
        plan_url(patient), settings_of(indication, clinician, goals="Smoother skin", **typed)
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert not patient.courses.exists()


def test_hair_loss_stays_a_draft_without_the_specialist(site, patient, clinician, reception_client):
    hair = IndicationFactory(name="Hair loss", needs_specialist=True)
    page = reception_client.get(plan_url(patient)).content.decode()
    assert "A specialist has to see this patient first" in page
    answer = reception_client.post(plan_url(patient), settings_of(hair, clinician), follow=True)
    course = patient.courses.get()
    assert course.status == Status.DRAFT
    assert "No session can be booked until a specialist consultation is recorded." in (
        answer.content.decode()
    )


def test_hair_loss_starts_with_the_specialist(site, patient, clinician, clinician_client):
    hair = IndicationFactory(name="Hair loss", needs_specialist=True)
    clinician_client.post(plan_url(patient), settings_of(hair, clinician))
    course = patient.courses.get()
    activate = reverse("sessions:course-activate", args=[course.pk])
    clinician_client.post(activate)
    course.refresh_from_db()
    assert course.status == Status.DRAFT
    AssessmentFactory(patient=patient, indication=hair, kind=Assessment.Kind.SPECIALIST)
    clinician_client.post(activate)
    course.refresh_from_db()
    assert course.status == Status.ACTIVE


def test_activating_twice_is_refused_in_a_sentence(site, clinician_client):
    desk = Desk(site=site)
    answer = clinician_client.post(
        reverse("sessions:course-activate", args=[desk.course.pk]), follow=True
    )
    assert "This course is active." in answer.content.decode()


def test_without_an_indication_the_planner_says_who_can_help(patient, reception_client):
    page = reception_client.get(plan_url(patient)).content.decode()
    assert "No indication is offered" in page


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
