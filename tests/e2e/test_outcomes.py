"""(j) A result is scored before, in the middle and drawn; what is missing is asked for."""

import re
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import Page, expect

from records.actions.outcomes import Score, Sitting, record_outcomes
from records.models import OutcomeAssessment
from tests.e2e.people import heading, ready, toast
from tests.e2e.watch import axe_findings


def scale(page: Page, name: str):
    return page.get_by_role("group", name=name)


def without_findings(page: Page) -> None:
    """Look at the page in light and in dark."""
    page.emulate_media(color_scheme="light")
    found = axe_findings(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert found + axe_findings(page, "color-contrast") == []


def earlier(clinic, course, ago: int, circumference: str) -> None:
    """Score `course` so many days ago."""
    record_outcomes(
        course=course,
        sitting=Sitting(occasion="BASELINE", assessed_on=clinic.day(-ago), rated_by=clinic.petra),
        scores=[
            Score("circumference_cm", "CLINICIAN", "", Decimal(circumference)),
            Score("weight_bmi", "CLINICIAN", "", Decimal(70)),
        ],
        key=uuid4(),
        by=clinic.petra,
        at=timezone.now(),
    )


def test_a_baseline_is_asked_for_scored_and_corrected(clinic, enter):
    course = clinic.course(first_ahead=3)
    page = enter(clinic.petra, at=f"/courses/{course.pk}/", reduced_motion="reduce")
    expect(page.get_by_text("Due before session 1")).to_be_visible()
    page.get_by_role("link", name="Outcomes").click()
    expect(heading(page, "Outcomes")).to_be_visible()
    expect(page.get_by_role("heading", name="No scores yet")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^Score.*Baseline")).click()
    expect(heading(page, "Score")).to_be_visible()
    ready(page)
    scale(page, "Circumference").get_by_label("Left (cm)").fill("5")
    scale(page, "Weight").get_by_label("Clinician (kg)").fill("70.4")
    page.get_by_role("button", name="Keep the scores").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    without_findings(page)
    page.get_by_role("alert").get_by_role("link", name="Circumference must be 10 to 250").click()
    expect(scale(page, "Circumference").get_by_label("Left (cm)")).to_be_focused()
    expect(scale(page, "Weight").get_by_label("Clinician (kg)")).to_have_value("70.4")
    page.keyboard.press("Control+a")
    page.keyboard.type("58.4")
    page.keyboard.press("Enter")
    expect(toast(page, "The scores are kept.")).to_be_visible()
    expect(page.get_by_text("Complete")).to_be_visible()

    page.get_by_role("link", name=re.compile(r"^Correct.*58.4 cm")).click()
    page.get_by_label("Value (cm)").fill("58.9")
    page.get_by_label("Why it is corrected").fill("Read the wrong line")
    page.get_by_role("button", name="Correct the value").click()
    expect(page.locator("s", has_text="58.4 cm")).to_be_visible()
    expect(page.get_by_text("Read the wrong line")).to_be_visible()
    assert OutcomeAssessment.objects.current().count() == 2
    without_findings(page)

    desk = enter(clinic.maya, at=f"/courses/{course.pk}/")
    expect(desk.get_by_text("Baseline:")).to_be_visible()
    expect(desk.get_by_role("link", name="Outcomes")).to_have_count(0)


def test_what_changed_is_drawn_and_listed(clinic, enter):
    course = clinic.course(first_ahead=3)
    earlier(clinic, course, 10, "66.2")
    page = enter(
        clinic.petra,
        at=f"/courses/{course.pk}/outcomes/add/",
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
    )
    ready(page)
    page.get_by_label("Occasion").select_option(label="Other")
    scale(page, "Circumference").get_by_label("Whole area (cm)").fill("62")
    page.get_by_role("button", name="Keep the scores").click()
    expect(page.get_by_text("Better: −4.2 cm, −6 %")).to_be_visible()
    drawing = page.get_by_role("img", name="Circumference over the course. Lower is better.")
    expect(drawing).to_be_visible()
    expect(drawing.locator("circle")).to_have_count(2)
    page.get_by_role("link", name="Print").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(2)
