"""(a) Reception registers a patient, books, and receives them."""

import re
from datetime import time

from playwright.sync_api import expect

from patients.models import Patient
from sessions.models import Appointment
from tests.e2e.people import (
    go_to,
    heading,
    row_of,
    short_day,
    toast,
)
from treatments.models import TreatmentCourse

NAME = "Zoë Müller-Łukasik"


def fill_in_patient(page):
    page.get_by_label("Given names").fill("Zoë")
    page.get_by_label("Family names").fill("Müller-Łukasik")
    page.get_by_label("Born on").fill("22 Aug 1990")
    page.get_by_label("Female", exact=True).check()
    page.get_by_label("Phone", exact=False).first.fill("020 7946 0815")


def test_reception_registers_books_and_checks_in(clinic, enter):
    page = enter(clinic.maya)
    page.get_by_role("link", name="New patient").first.click()
    fill_in_patient(page)
    page.get_by_role("button", name="Save and plan a course").click()

    expect(heading(page, f"Plan a course for {NAME}")).to_be_visible()
    page.get_by_label("With").select_option(label="Petra Lindqvist")
    expect(page.locator("[name=shown]")).to_have_value(
        re.compile(f"practitioner={clinic.petra.pk}&")
    )
    page.get_by_role("button", name="Book 10 sessions").click()
    expect(toast(page, "10 sessions booked.")).to_be_visible()

    go_to(page, "Today")
    row = row_of(page, NAME)
    expect(row).to_contain_text("Cellulite, 1 of 10")
    row.get_by_role("button", name=f"Check in, {NAME}").click()
    expect(row).to_contain_text("Waiting")
    expect(toast(page, f"{NAME} is checked in.")).to_be_visible()
    row.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("Booked")
    row.get_by_role("button", name=f"Check in, {NAME}").click()
    expect(row).to_contain_text("Waiting")

    patient = Patient.objects.get()
    place = Appointment.objects.get(session__number=1)
    assert Appointment.objects.count() == 10
    assert patient.full_name == NAME
    assert TreatmentCourse.objects.get().status == TreatmentCourse.Status.ACTIVE
    assert place.status == Appointment.Status.ARRIVED
    assert place.practitioner == clinic.petra
    assert place.starts_at.astimezone(clinic.zone).date() == clinic.today


def test_reception_finds_a_patient_by_part_of_the_name_without_its_accents(clinic, enter):
    patient = clinic.patient("Zoë", "Müller-Łukasik")
    course = clinic.course(patient)
    clinic.book(course, 1, starts_at=clinic.moment(1, time(9)))
    page = enter(clinic.maya)
    page.get_by_role("searchbox", name="Find a patient").press_sequentially("lukas mull")
    found = page.get_by_role("region", name="Patients found")
    expect(found).to_contain_text(f"Next: {short_day(clinic.day(1))}, 09:00")
    found.get_by_role("link", name=NAME, exact=True).click()
    expect(heading(page, NAME)).to_be_visible()
    expect(page.get_by_role("link", name="Move session")).to_be_visible()


def test_reception_sees_who_is_late_by_how_much(clinic, enter):
    clinic.book(clinic.course(), 1, starts_at=clinic.began(20))
    page = enter(clinic.maya)
    go_to(page, "Today")
    row = row_of(page, "Amara Whitfield")
    expect(page.get_by_role("heading", name="Call now")).to_be_visible()
    expect(row).to_contain_text(re.compile(r"Late 2\d min"))
    expect(row.get_by_role("link", name="020 7946 0991")).to_be_visible()
    row.get_by_role("button", name="No-show").click()
    expect(toast(page, "Amara Whitfield did not come.")).to_be_visible()
    expect(row.get_by_text("No-show", exact=True)).to_be_visible()
    expect(row.get_by_role("link", name="Rebook")).to_be_visible()
    assert Appointment.objects.get().status == Appointment.Status.NO_SHOW
