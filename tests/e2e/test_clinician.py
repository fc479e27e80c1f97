"""(b) A clinician plans a course, books, treats, signs, and adds to what is signed."""

from datetime import time

from playwright.sync_api import expect

from records.models import Amendment, SessionRecord
from sessions.models import Appointment, TreatmentSession
from sessions.templatetags.course_words import span
from tests.e2e.clinic import session_of
from tests.e2e.people import (
    chain_row,
    choose_first_time,
    go_to,
    heading,
    ready,
    row_of,
    short_day,
    times_on,
    toast,
)
from tests.factories.core import PASSWORD
from treatments.models import TreatmentCourse


def test_a_clinician_plans_a_course_books_three_sessions_and_signs_the_first(clinic, enter):
    patient = clinic.patient()
    page = enter(clinic.petra, at=f"/patients/{patient.pk}/")
    page.get_by_role("link", name="Plan a course").first.click()
    expect(heading(page, "Plan a course for Amara Whitfield")).to_be_visible()
    ready(page)
    page.get_by_label("Indication").select_option(label="Cellulite and skin tightening")
    sessions = page.get_by_role("spinbutton", name="Sessions")
    expect(sessions).to_have_value("10")
    for left in ("9", "8"):
        page.get_by_role("button", name="One fewer").click()
        expect(sessions).to_have_value(left)
    expect(page.get_by_role("region", name="Sessions").get_by_role("listitem")).to_have_count(8)
    expect(page.get_by_label("With", exact=True)).to_have_value(str(clinic.petra.pk))
    expect(page.get_by_role("heading", name="Talk to a doctor before you start")).to_be_visible()
    page.get_by_role("button", name="Keep as draft").click()
    page.get_by_role("button", name="Activate the course").click()

    # Session 1 in two days; moving it to today moves the window of session 2 before the eye.
    choose_first_time(page, 1, clinic.day(2))
    expect(page.get_by_text(f"Allowed: {span(clinic.day(9), clinic.day(12))}")).to_be_visible()
    chain_row(page, 1).get_by_role("link", name="Move session 1").click()
    times_on(page, clinic.today).first.click()
    page.get_by_role("button", name="Move session 1").click()
    expect(toast(page, "Session 1 moved.")).to_be_visible()
    expect(page.get_by_text(f"Allowed: {span(clinic.day(7), clinic.day(10))}")).to_be_visible()
    choose_first_time(page, 2, clinic.day(7))
    choose_first_time(page, 3, clinic.day(14))
    expect(chain_row(page, 3)).to_contain_text(short_day(clinic.day(14)))

    go_to(page, "Today")
    row = row_of(page, "Amara Whitfield")
    row.get_by_role("button", name="Check in").click()
    expect(row).to_contain_text("Waiting")
    row.get_by_role("button", name="Start").click()
    log_and_sign(page, number=1)

    expect(page.get_by_role("heading", name="Session 4: choose a time")).to_be_visible()
    expect(toast(page, "Signed")).to_be_visible()
    chain_row(page, 1).get_by_role("link", name="Record 1").click()
    expect(page.get_by_text("Never changed since.")).to_be_visible()
    expect(page.get_by_text("LOT-", exact=False).first).to_be_visible()
    # Nobody gets back into the steps of what is signed.
    signed_at = page.url
    page.goto(f"{signed_at}record/checks/")
    expect(page).to_have_url(signed_at)

    course = TreatmentCourse.objects.get()
    assert (course.total_sessions, course.practitioner) == (8, clinic.petra)
    first = session_of(course, 1)
    assert (first.status, first.delivered_on) == (TreatmentSession.Status.DONE, clinic.today)
    assert Appointment.objects.live().count() == 3
    assert SessionRecord.objects.get().signed_by == clinic.petra
    assert session_of(course, 4).earliest_on == clinic.day(21)

    add_a_note(page)


def log_and_sign(page, number):
    """Fill in the five steps as somebody with gloves would, and sign."""
    expect(heading(page, "Checks")).to_be_visible()
    page.get_by_role("button", name="All clear").click()
    expect(heading(page, "Anaesthesia")).to_be_visible()
    page.get_by_label("Cream", exact=True).check()
    page.get_by_label("Agent", exact=True).fill("Lidocaine 2.5 %, prilocaine 2.5 %")
    page.get_by_label("Amount (g)").fill("2")
    page.get_by_label("Area (cm²)").fill("40")
    page.get_by_label("Povidone-iodine", exact=True).check()
    page.get_by_label("Left to dry").check()
    page.get_by_label("Sterile gloves, single-use needle").check()
    page.get_by_role("button", name="Next: injections").click()
    expect(heading(page, "Where")).to_be_visible()
    page.get_by_label("Point by point", exact=True).check()
    page.get_by_label("Points").fill("24")
    page.get_by_label("Depth (mm)").fill("2.5")
    page.get_by_label("30G, 4 mm", exact=True).check()
    lots = page.get_by_label("Product and lot", exact=True)
    lots.select_option(index=1)
    page.get_by_label("Volume (ml)", exact=True).fill("1.20")
    page.get_by_label("Redness", exact=True).check()
    page.get_by_role("button", name="Next: after-care").click()
    expect(heading(page, "After-care")).to_be_visible()
    page.get_by_label("After-care given and explained").check()
    page.get_by_role("group", name="Pain").get_by_label("3", exact=True).check()
    page.get_by_role("group", name="What the injections left").get_by_label("Papules").check()
    page.get_by_role("group", name="Reaction").get_by_label("None", exact=True).check()
    page.get_by_label("Watched for (minutes)").fill("15")
    page.get_by_label("Notes").fill("Tolerated well.")
    page.get_by_role("button", name="Next: sign").click()
    expect(heading(page, "Sign")).to_be_visible()
    page.get_by_label("Your password").fill("not my password")
    page.get_by_role("button", name="Sign and finish").click()
    expect(page.get_by_role("alert")).to_contain_text("The password is wrong.")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign and finish").click()


def add_a_note(page):
    page.get_by_role("link", name="Add a note").click()
    expect(heading(page, "Add a note")).to_be_visible()
    page.get_by_role("group", name="Kind of note").get_by_role("radio").first.check()
    page.get_by_label("Note", exact=True).fill("The left thigh was treated first.")
    page.get_by_label("Why it is added now").fill("Left out by mistake")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("The left thigh was treated first.")).to_be_visible()
    note = Amendment.objects.get()
    assert note.reason == "Left out by mistake"


def test_a_clinician_sees_the_own_day_and_the_days_around_it(clinic, enter):
    clinic.book(clinic.course(), 1, starts_at=clinic.began(5))
    other = clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0555"))
    clinic.book(other, 1, starts_at=clinic.moment(1, time(9)), practitioner=clinic.omar)
    page = enter(clinic.petra)
    go_to(page, "Today")
    page.get_by_role("link", name=f"{clinic.day(1):%A} {clinic.day(1).day}").click()
    expect(row_of(page, "Bao Tran")).to_be_visible()
    page.get_by_role("navigation", name="Whose day").get_by_role("link", name="Mine").click()
    expect(page.get_by_text("No appointments on")).to_be_visible()
    page.get_by_role("link", name="Today", exact=True).last.click()
    expect(row_of(page, "Amara Whitfield")).to_be_visible()
    expect(row_of(page, "Bao Tran")).to_have_count(0)
