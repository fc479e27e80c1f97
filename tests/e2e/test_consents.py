"""(i) Consent is read and signed before the first session starts."""

import re
from datetime import time, timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions.actions.status import check_in
from sessions.models import Appointment
from tests.e2e.people import heading, ready, toast
from treatments.models import Consent, ConsentExplanation

AGREE = "I agree"


def waiting(clinic):
    """Check a patient in whose course asks for consent."""
    clinic.asks_for_consent()
    course = clinic.course()
    # Explained the other day: the patient has had time to think.
    ConsentExplanation.objects.create(
        course=course, at=timezone.now() - timedelta(days=2), by=clinic.petra
    )
    place = clinic.book(course, 1, starts_at=clinic.moment(0, time(13)))
    return check_in(appointment=place, by=clinic.maya, at=timezone.now())


def part(page: Page, title: str):
    return page.get_by_role("region", name=title)


def draw(page: Page) -> None:
    """Draw two strokes with the mouse."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    for left in (40, 160):
        page.mouse.move(box["x"] + left, box["y"] + 120)
        page.mouse.down()
        for step in range(1, 9):
            page.mouse.move(box["x"] + left + step * 10, box["y"] + 120 - (step % 4) * 20)
        page.mouse.up()


def test_nobody_is_treated_before_the_consent_is_signed(clinic, enter):
    place = waiting(clinic)
    desk = enter(clinic.maya, at=f"/appointments/{place.pk}/")
    expect(desk.locator("dt", has_text="Consent")).to_be_visible()
    expect(desk.get_by_role("link", name="read and sign")).to_have_count(0)

    chair = enter(clinic.petra, at=f"/appointments/{place.pk}/")
    chair.get_by_role("button", name="Start", exact=True).click()
    expect(chair.get_by_text("Consent is open.")).to_be_visible()
    place.refresh_from_db()
    assert place.status == Appointment.Status.ARRIVED

    chair.goto(f"/appointments/{place.pk}/")
    chair.get_by_role("link", name="read and sign").click()
    expect(heading(chair, "Read and sign")).to_be_visible()
    ready(chair)
    expect(chair.get_by_text("Talk to a doctor before you start").first).to_be_visible()
    expect(chair.locator("main input[type=radio]:checked")).to_have_count(0)
    chair.get_by_role("button", name="Sign", exact=True).click()
    expect(chair.get_by_role("heading", name="There is a problem")).to_be_visible()

    part(chair, "body sculpting").get_by_label(AGREE, exact=True).check()
    part(chair, "Photos for your record").get_by_label("I do not agree").check()
    chair.get_by_label("Name of the patient").fill("Amara Whitfield")
    draw(chair)
    chair.get_by_role("button", name="Undo line").click()
    draw(chair)
    chair.get_by_role("button", name="Sign", exact=True).click()
    expect(toast(chair, "The consent is signed.")).to_be_visible()

    agreed, declined = Consent.objects.in_order()
    assert (agreed.is_given, declined.is_given) == (True, False)
    assert agreed.signed_name == "Amara Whitfield"
    assert agreed.zone_classes == "BODY"
    assert re.fullmatch(r"(M\d+ \d+(L\d+ \d+)+){3}", agreed.signature)

    expect(chair.get_by_text("Complete")).to_be_visible()
    chair.get_by_role("button", name="Start", exact=True).click()
    expect(heading(chair, "Checks")).to_be_visible()
    place.refresh_from_db()
    assert place.status == Appointment.Status.IN_TREATMENT

    chair.goto(f"/consents/{agreed.pk}/")
    expect(chair.get_by_role("img", name="Signature of Amara Whitfield")).to_be_visible()


def test_without_a_script_a_typed_name_is_enough(clinic, enter):
    place = waiting(clinic)
    course = place.session.course
    page = enter(clinic.petra, at=f"/courses/{course.pk}/consents/sign/", java_script_enabled=False)
    expect(page.locator("canvas")).to_be_hidden()
    part(page, "body sculpting").get_by_label(AGREE, exact=True).check()
    page.get_by_label("Name of the patient").fill("Amara Whitfield")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(heading(page, "Consent")).to_be_visible()
    [consent] = Consent.objects.all()
    assert (consent.is_given, consent.signature) == (True, "")


def test_a_consent_that_is_taken_back_is_asked_for_again(clinic, enter):
    place = waiting(clinic)
    course = place.session.course
    page = enter(clinic.petra, at=f"/courses/{course.pk}/consents/sign/")
    part(page, "body sculpting").get_by_label(AGREE, exact=True).check()
    page.get_by_label("Name of the patient").fill("Amara Whitfield")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("It is signed and stands.")).to_be_visible()
    page.get_by_role("link", name="Take back").click()
    page.get_by_label("Reason").fill("Wants to think it over.")
    page.get_by_role("button", name="Take it back").click()
    expect(toast(page, "The consent is taken back.")).to_be_visible()
    expect(page.get_by_text("The patient took it back.")).to_be_visible()
    page.goto(f"/appointments/{place.pk}/")
    expect(page.get_by_role("link", name="read and sign")).to_be_visible()
