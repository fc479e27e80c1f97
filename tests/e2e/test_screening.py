"""(i) The health questions: asked, answered on a device handed over, signed off."""

import re
from datetime import time

from django.utils import timezone
from playwright.sync_api import Page, expect

from patients.models import Screening, ScreeningQuestion
from sessions.actions.status import check_in
from sessions.models import Appointment
from tests.e2e.people import heading, ready, toast
from tests.e2e.watch import axe_findings
from tests.factories.core import PASSWORD
from treatments.models import Clearance

PREGNANT, THINNER, PRESSURE = "pregnancy", "anticoagulant", "hypertension_uncontrolled"
TABLET = {"width": 810, "height": 1080}


def waiting(clinic, *codes: str) -> Appointment:
    """Let the clinic ask these questions, and check a patient in."""
    clinic.asks_about_health()
    ScreeningQuestion.objects.exclude(code__in=codes).update(is_active=False)
    course = clinic.course()
    place = clinic.book(course, 1, starts_at=clinic.moment(0, time(13)))
    return check_in(appointment=place, by=clinic.maya, at=timezone.now())


def choose(page: Page, code: str, words: str) -> None:
    """Answer a question by its text."""
    text = ScreeningQuestion.objects.get(code=code).text
    asked = page.get_by_role("group", name=re.compile(re.escape(text)))
    asked.get_by_role("radio", name=words, exact=True).check()


def start(page: Page, place: Appointment) -> None:
    page.goto(f"/appointments/{place.pk}/")
    page.get_by_role("button", name="Start", exact=True).click()


def status(place: Appointment) -> str:
    place.refresh_from_db()
    return str(place.status)


def test_a_session_starts_when_the_questions_are_answered(clinic, enter):
    place = waiting(clinic, PREGNANT, THINNER)
    desk = enter(clinic.maya, at=f"/appointments/{place.pk}/")
    expect(desk.get_by_role("link", name="hand over")).to_be_visible()
    expect(desk.get_by_role("link", name="ask now")).to_have_count(0)

    chair = enter(clinic.petra)
    start(chair, place)
    expect(chair.get_by_text("Health questions are open.")).to_be_visible()
    assert status(place) == Appointment.Status.ARRIVED

    chair.goto(f"/appointments/{place.pk}/")
    chair.get_by_role("link", name="ask now").click()
    expect(heading(chair, "Health questions")).to_be_visible()
    ready(chair)
    expect(chair.locator("main input:checked")).to_have_count(0)
    chair.get_by_role("button", name="Save the answers").click()
    problem = chair.get_by_role("alert").filter(has_text="There is a problem")
    expect(problem).to_be_focused()
    expect(problem.get_by_role("link")).to_have_count(2)
    assert axe_findings(chair) == []
    choose(chair, PREGNANT, "No")
    choose(chair, THINNER, "No")
    chair.get_by_role("button", name="Save the answers").click()
    expect(toast(chair, "The answers are saved.")).to_be_visible()
    start(chair, place)
    expect(heading(chair, "Checks")).to_be_visible()
    assert status(place) == Appointment.Status.IN_TREATMENT


def test_a_block_stops_the_start_and_says_why_to_clinicians(clinic, enter):
    place = waiting(clinic, PREGNANT)
    course = place.session.course
    chair = enter(clinic.petra, at=f"/patients/{place.patient_id}/screening/")
    choose(chair, PREGNANT, "Yes")
    chair.get_by_role("button", name="Save the answers").click()
    expect(toast(chair, "The answers are saved.")).to_be_visible()
    start(chair, place)
    expect(chair.get_by_text("This treatment cannot start now.")).to_be_visible()
    assert status(place) == Appointment.Status.ARRIVED

    chair.goto(f"/courses/{course.pk}/may-start/")
    expect(heading(chair, "Must not start")).to_be_visible()
    expect(chair.get_by_text("Pregnant or possibly pregnant").first).to_be_visible()
    assert axe_findings(chair) == []
    desk = enter(clinic.maya, at=f"/patients/{place.patient_id}/")
    expect(desk.get_by_role("list", name="Alerts").get_by_text("Clinical hold")).to_be_visible()
    expect(desk.get_by_text("Pregnant or possibly pregnant")).to_have_count(0)


def test_a_prescriber_signs_off_and_the_session_starts(clinic, enter):
    place = waiting(clinic, THINNER)
    course = place.session.course
    clinic.omar.is_prescriber = True
    clinic.omar.save(update_fields=["is_prescriber"])
    chair = enter(clinic.petra, at=f"/patients/{place.patient_id}/screening/")
    choose(chair, THINNER, "Yes")
    chair.get_by_role("button", name="Save the answers").click()
    expect(toast(chair, "The answers are saved.")).to_be_visible()
    chair.goto(f"/courses/{course.pk}/may-start/")
    expect(heading(chair, "Sign-off needed by a prescriber")).to_be_visible()
    expect(chair.get_by_role("button", name="Sign off")).to_have_count(0)

    doctor = enter(clinic.omar, at=f"/courses/{course.pk}/may-start/")
    doctor.get_by_role("button", name="Sign off").click()
    expect(doctor.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert axe_findings(doctor) == []
    doctor.get_by_label("Why it is safe to go on").fill("Her doctor agrees, INR 2.1.")
    doctor.get_by_role("button", name="Sign off").click()
    expect(toast(doctor, "It is signed off.")).to_be_visible()
    expect(heading(doctor, "May start")).to_be_visible()
    assert Clearance.objects.get().by == clinic.omar
    start(chair, place)
    expect(heading(chair, "Checks")).to_be_visible()


def test_no_to_all_marks_what_it_set(clinic, enter):
    place = waiting(clinic, PREGNANT, "recent_vaccine")
    page = enter(
        clinic.petra,
        at=f"/patients/{place.patient_id}/screening/?part=short",
        java_script_enabled=False,
    )
    choose(page, "recent_vaccine", "Not known")
    page.get_by_role("button", name="No to all").click()
    expect(page.get_by_text("Set by “No to all”")).to_have_count(1)
    assert not Screening.objects.exists()
    choose(page, PREGNANT, "Yes")
    expect(page.get_by_text("Set by “No to all”")).to_be_hidden()
    choose(page, PREGNANT, "No")
    page.get_by_role("button", name="Save the answers").click()
    expect(toast(page, "The answers are saved.")).to_be_visible()
    assert Screening.objects.get().part == "SHORT"


def test_a_tablet_is_handed_over_locked_and_given_back(clinic, enter):
    place = waiting(clinic, PREGNANT, THINNER, PRESSURE)
    tablet = enter(clinic.maya, at=f"/patients/{place.patient_id}/", viewport=TABLET)
    tablet.get_by_role("link", name="Hand over").first.click()
    tablet.get_by_role("button", name="Lock and hand over").click()
    questions = heading(tablet, "Questions about your health")
    expect(questions).to_be_visible()
    assert axe_findings(tablet) == []
    tablet.emulate_media(color_scheme="dark")
    assert axe_findings(tablet, "color-contrast") == []
    locked = tablet.url

    for way_out in ("/today/", f"/patients/{place.patient_id}/", "/login/", "/nothing/"):
        tablet.goto(way_out)
        assert tablet.url == locked
    tablet.go_back()
    tablet.go_back()
    expect(questions).to_be_visible()
    assert tablet.url == locked
    expect(tablet.get_by_role("navigation")).to_have_count(0)
    # What only a clinician can see is not asked here.
    expect(tablet.locator("main").get_by_role("group")).to_have_count(2)

    choose(tablet, PREGNANT, "No")
    tablet.get_by_role("button", name="Send my answers").click()
    expect(tablet.get_by_role("heading", name="There is a problem")).to_be_visible()
    choose(tablet, THINNER, "I do not know")
    tablet.get_by_role("button", name="Send my answers").click()
    expect(heading(tablet, "Thank you")).to_be_visible()
    expect(tablet.get_by_text("Give the tablet back.")).to_be_visible()
    assert axe_findings(tablet) == []
    tablet.go_back()
    expect(heading(tablet, "Thank you")).to_be_visible()
    assert Screening.objects.get().is_by_patient

    tablet.get_by_role("link", name="For staff: take the device back").click()
    tablet.get_by_label("Email or user name").fill("maya")
    tablet.get_by_label("Password").fill("wrong")
    tablet.get_by_role("button", name="Take it back").click()
    expect(tablet.get_by_text("Email or password is wrong.")).to_be_visible()
    assert axe_findings(tablet) == []
    tablet.get_by_label("Password").fill(PASSWORD)
    tablet.get_by_role("button", name="Take it back").click()
    expect(heading(tablet, "Amara Whitfield")).to_be_visible()
    expect(tablet.get_by_role("navigation", name="Main")).to_be_visible()

    chair = enter(clinic.petra, at=f"/patients/{place.patient_id}/screening/")
    # What the patient left for the clinician, and what was not known.
    expect(chair.locator("main").get_by_role("group")).to_have_count(2)
