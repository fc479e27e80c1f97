"""(g) The same work where no script runs."""

from playwright.sync_api import expect

from patients.models import Patient
from sessions.models import Appointment
from tests.e2e.people import go_to, heading, row_of, toast
from treatments.models import TreatmentCourse


def test_reception_registers_plans_books_and_checks_in_without_scripts(clinic, enter):
    page = enter(clinic.maya, java_script_enabled=False)
    page.get_by_role("link", name="New patient").first.click()
    page.get_by_label("Given names").fill("李")
    page.get_by_label("Born on").fill("22/8/1990")
    page.get_by_role("button", name="Save and plan a course").click()
    # What is missing is said, and what was typed is still there.
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_label("Given names")).to_have_value("李")
    page.get_by_label("Not stated").check()
    page.get_by_label("Phone", exact=False).first.fill("+33 6 12 34 56 78")
    page.get_by_role("button", name="Save and plan a course").click()

    expect(heading(page, "Plan a course for 李")).to_be_visible()
    page.get_by_role("spinbutton", name="Sessions").fill("8")
    page.get_by_label("With", exact=True).select_option(label="Omar Haddad")
    page.get_by_role("button", name="Show the times").click()
    sessions = page.get_by_role("region", name="Sessions", exact=True)
    expect(sessions.get_by_role("listitem")).to_have_count(8)
    page.get_by_role("button", name="Book 8 sessions").click()
    expect(toast(page, "8 sessions booked.")).to_be_visible()

    go_to(page, "Today")
    row_of(page, "李").get_by_role("button", name="Check in").click()
    expect(row_of(page, "李")).to_contain_text("Waiting")
    row_of(page, "李").get_by_role("button", name="Undo").click()
    expect(row_of(page, "李").get_by_role("button", name="Check in")).to_be_visible()
    row_of(page, "李").get_by_role("button", name="Check in").click()

    assert Patient.objects.get().full_name == "李"
    assert TreatmentCourse.objects.get().total_sessions == 8
    place = Appointment.objects.get(session__number=1)
    assert (place.status, place.practitioner) == (Appointment.Status.ARRIVED, clinic.omar)


def test_search_and_cancel_work_without_scripts(clinic, enter):
    clinic.book(clinic.course(), 1, starts_at=clinic.began(5))
    page = enter(clinic.maya, java_script_enabled=False)
    search = page.get_by_role("searchbox", name="Find a patient")
    search.fill("whitfield")
    search.press("Enter")
    expect(heading(page, "Find a patient")).to_be_visible()
    expect(page.get_by_role("link", name="Amara Whitfield", exact=True)).to_be_visible()
    go_to(page, "Today")
    row = row_of(page, "Amara Whitfield")
    row.get_by_text("Cancel", exact=True).click()
    row.get_by_role("button", name="Patient unwell").click()
    expect(toast(page, "Amara Whitfield is cancelled.")).to_be_visible()
    expect(row.get_by_role("link", name="Rebook")).to_be_visible()
    assert Appointment.objects.get().status == Appointment.Status.CANCELLED
