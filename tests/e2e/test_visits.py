"""One appointment from the desk: booked, looked at, moved; with the clicks counted."""

from datetime import time
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sessions.actions.visits import book_visit
from sessions.models import Appointment
from tests.e2e.acts import acts, count_acts
from tests.e2e.clinic import Clinic, session_of
from tests.e2e.people import row_of, short_day, times_on, toast
from tests.e2e.test_calendar import PETRA, place
from tests.e2e.watch import axe_findings


def consultation(clinic: Clinic, *, ahead: int = 0, clock: time = time(15)) -> Appointment:
    change = book_visit(
        kind="CONSULTATION",
        patient=clinic.patient("Chloé", "Dubois", phone="020 7946 0552"),
        practitioner=clinic.petra,
        room=clinic.rooms[0],
        starts_at=clinic.moment(ahead, clock),
        minutes=30,
        key=uuid4(),
        by=clinic.maya,
        at=timezone.now(),
    )
    return change.lines.get().appointment


def panel(page):
    return page.locator("#panel")


def test_a_visit_is_booked_from_free_time_in_four_actions(clinic, enter):
    clinic.patient("Efua", "Mensah", phone="020 7946 0554")
    clinic.course(first_ahead=1)
    page = enter(clinic.maya, at=f"/calendar/?date={clinic.day(1):%Y-%m-%d}")
    expect(page.locator(".ec-body")).to_be_visible()
    count_acts(page)
    page.mouse.click(*place(page, PETRA, 14, 30))
    box = panel(page).get_by_role("searchbox", name="Patient")
    expect(box).to_be_focused()
    box.fill("mensah")
    panel(page).get_by_role("link", name="Efua Mensah").click()
    book = panel(page).get_by_role("button", name=f"Book {short_day(clinic.day(1))}, 14:30")
    expect(book).to_be_focused()
    assert axe_findings(page) == []
    book.click()
    expect(toast(page, f"Efua Mensah: {short_day(clinic.day(1))}, 14:30")).to_be_visible()
    assert acts(page).total <= 4
    held = Appointment.objects.get()
    assert (held.kind, held.starts_at) == ("CONSULTATION", clinic.moment(1, time(14, 30)))
    assert "/calendar/" in page.url
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(toast(page, "Taken back: the appointment is not booked any more.")).to_be_visible()


def test_the_next_session_is_booked_in_three_from_the_next_free_time(clinic, enter):
    course = clinic.course(first_ahead=1)
    page = enter(clinic.maya, at="/appointments/new/")
    count_acts(page)
    page.get_by_role("searchbox", name="Patient", exact=True).fill("whitfield")
    page.locator("#booking").get_by_role("link", name="Amara Whitfield").click()
    page.get_by_role("button", name=f"Book {short_day(clinic.day(1))}").click()
    expect(toast(page, f"Amara Whitfield: {short_day(clinic.day(1))}")).to_be_visible()
    assert acts(page).total <= 3
    assert session_of(course, 1).status == "BOOKED"


def test_a_visit_is_booked_without_scripts(clinic, enter):
    clinic.patient("Efua", "Mensah", phone="020 7946 0554")
    page = enter(
        clinic.maya,
        at=f"/appointments/new/?date={clinic.day(1):%Y-%m-%d}&time=11:00",
        java_script_enabled=False,
    )
    page.get_by_role("searchbox", name="Patient", exact=True).fill("mensah")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Efua Mensah").click()
    page.get_by_label("Review").check()
    page.get_by_role("button", name="Show times").click()
    expect(page.get_by_label("Length")).to_have_value("15")
    page.get_by_role("button", name=f"Book {short_day(clinic.day(1))}, 11:00").click()
    expect(toast(page, "Efua Mensah:")).to_be_visible()
    assert Appointment.objects.get().kind == "REVIEW"


def test_the_panel_opens_beside_the_day_and_gives_the_focus_back(clinic, enter):
    consultation(clinic)
    page = enter(clinic.maya, at="/today/?view=list")
    opener = row_of(page, "Chloé Dubois").locator("a[data-panel]").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("heading", level=1, name="Chloé Dubois")).to_be_focused()
    expect(panel(page)).to_contain_text("Consultation")
    assert axe_findings(page) == []
    panel(page).get_by_role("button", name="Check in").click()
    expect(panel(page).get_by_text("Waiting").first).to_be_visible()
    panel(page).get_by_role("button", name="Done").click()
    # The button is gone once the answer is there.
    expect(panel(page).get_by_role("button", name="Done")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(row_of(page, "Chloé Dubois").locator("a[data-panel]").first).to_be_focused()
    assert Appointment.objects.get().status == "DONE"


def test_the_page_behind_the_panel_works_without_scripts(clinic, enter):
    held = consultation(clinic)
    page = enter(clinic.maya, at=f"/appointments/{held.pk}/", java_script_enabled=False)
    page.get_by_role("button", name="Check in").click()
    expect(page.locator("#appointment")).to_contain_text("Waiting")
    page.locator("#appointment").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Check in")).to_be_visible()


def test_a_session_is_moved_in_three_clicks(clinic, enter):
    course = clinic.course()
    clinic.book(course, 1, starts_at=clinic.moment(0, time(15)))
    clinic.book(course, 2, starts_at=clinic.moment(7, time(15)))
    page = enter(clinic.maya, at=f"/today/?view=list&date={clinic.day(7):%Y-%m-%d}")
    count_acts(page)
    row_of(page, "Amara Whitfield").get_by_role("link", name="Move").click()
    times_on(page, clinic.day(9)).first.click()
    page.get_by_role("button", name="Move session 2").click()
    expect(toast(page, "Session 2 moved.")).to_be_visible()
    assert acts(page).total <= 3


def test_a_monthly_session_is_moved_to_any_of_its_days_in_three_clicks(clinic, enter):
    course = clinic.course(total=4, initial=2)
    for number, ahead in ((1, 0), (2, 7), (3, 36), (4, 70)):
        clinic.book(course, number, starts_at=clinic.moment(ahead, time(15)))
    page = enter(clinic.maya, at=f"/today/?view=list&date={clinic.day(36):%Y-%m-%d}")
    count_acts(page)
    row_of(page, "Amara Whitfield").get_by_role("link", name="Move").click()
    times_on(page, clinic.day(41)).first.click()
    page.get_by_role("button", name="Move session 3").click()
    expect(toast(page, "Session 3 moved.")).to_be_visible()
    assert acts(page).total <= 3


def test_a_consultation_is_moved_in_two_clicks_and_taken_back(clinic, enter):
    held = consultation(clinic, ahead=1)
    page = enter(clinic.maya, at=f"/appointments/{held.pk}/")
    count_acts(page)
    page.get_by_role("link", name="Move", exact=True).click()
    page.get_by_role("button", name=f"{short_day(clinic.day(2))}, 00:05").click()
    expect(toast(page, "Chloé Dubois: moved to")).to_be_visible()
    assert acts(page).total <= 3
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(toast(page, "Taken back: the appointment is on")).to_be_visible()
    assert Appointment.objects.get().starts_at == clinic.moment(1, time(15))


@pytest.mark.parametrize("clock", ["15:10", "11:00"])
def test_a_drop_shows_what_it_does_or_why_not(clinic, enter, clock):
    clinic.book(clinic.course(first_ahead=1), 1, starts_at=clinic.moment(1, time(11)))
    held = consultation(clinic, ahead=1)
    page = enter(
        clinic.maya, at=f"/appointments/{held.pk}/move/?to={clinic.day(1):%Y-%m-%d}T{clock}"
    )
    if clock == "11:00":
        expect(page.locator("#move")).to_contain_text("is not free.")
        page.get_by_role("link", name="Nearest:").click()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Move to").click()
    expect(toast(page, "Chloé Dubois: moved to")).to_be_visible()
