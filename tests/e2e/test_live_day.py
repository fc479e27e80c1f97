"""(k) The day follows what others do, and never pulls anything away from under a hand."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from patients.models import Patient
from sessions.actions.status import check_in
from sessions.models import Appointment
from tests.e2e.people import go_to, ready, row_of, toast


def look_again(page: Page) -> None:
    """Let the page ask at once what it asks every 20 seconds."""
    with page.expect_response(re.compile("/today/changes/")):
        page.evaluate("window.dispatchEvent(new Event('online'))")


def arrives(clinic, course):
    """Check the patient in at another desk."""
    place = Appointment.objects.get(session__course=course)
    check_in(appointment=place, by=clinic.petra, at=timezone.now())


def two_patients(clinic):
    """Book two patients who are due about now."""
    courses = [clinic.course(), clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0555"))]
    for room, (course, person) in enumerate(zip(courses, (clinic.petra, clinic.omar), strict=True)):
        clinic.book(course, 1, starts_at=clinic.began(3), room=room, practitioner=person)
    return courses


def test_what_another_desk_does_appears_within_twenty_seconds_and_without_a_reload(clinic, enter):
    amara, _bao = two_patients(clinic)
    page = enter(clinic.maya)
    page.clock.install()
    go_to(page, "Today")
    page.wait_for_load_state("networkidle")
    page.evaluate("window.stayed = true")
    expect(row_of(page, "Amara Whitfield")).not_to_contain_text("Waiting")
    arrives(clinic, amara)
    page.clock.fast_forward("00:20")
    expect(row_of(page, "Amara Whitfield")).to_contain_text("Waiting")
    expect(page.get_by_role("link", name=re.compile(r"^Waiting 1"))).to_be_visible()
    assert page.evaluate("window.stayed")
    # Nothing more has happened: nothing more is sent.
    with page.expect_response(re.compile("/today/changes/")) as answer:
        page.clock.fast_forward("00:20")
    assert answer.value.status == 304


def test_a_row_under_the_pointer_waits_until_the_pointer_leaves(clinic, enter):
    amara, _bao = two_patients(clinic)
    page = enter(clinic.maya)
    go_to(page, "Today")
    row = row_of(page, "Amara Whitfield")
    row.get_by_role("button", name="Check in").hover()
    before = row.bounding_box()
    arrives(clinic, amara)
    look_again(page)
    expect(page.get_by_text("This day has changed.")).to_be_visible()
    assert row.bounding_box() == before
    expect(row.get_by_role("button", name="Check in")).to_be_visible()
    page.mouse.move(5, 5)
    expect(row).to_contain_text("Waiting")
    expect(page.get_by_text("This day has changed.")).to_be_hidden()


def test_focus_and_place_stay_when_other_rows_change(clinic, enter):
    amara, _bao = two_patients(clinic)
    page = enter(clinic.maya)
    go_to(page, "Today")
    page.mouse.move(5, 5)
    button = row_of(page, "Bao Tran").get_by_role("button", name="Check in")
    button.focus()
    before = button.bounding_box()
    arrives(clinic, amara)
    look_again(page)
    expect(row_of(page, "Amara Whitfield")).to_contain_text("Waiting")
    expect(button).to_be_focused()
    after = button.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2


def test_an_open_menu_is_left_alone_until_it_closes(clinic, enter):
    amara, _bao = two_patients(clinic)
    page = enter(clinic.maya)
    go_to(page, "Today")
    row = row_of(page, "Bao Tran")
    row.get_by_text("Cancel", exact=True).click()
    expect(row.get_by_text("Why?")).to_be_visible()
    arrives(clinic, amara)
    look_again(page)
    expect(row.get_by_text("Why?")).to_be_visible()
    row.get_by_role("button", name="Patient asked").click()
    expect(toast(page, "Bao Tran is cancelled.")).to_be_visible()
    expect(row_of(page, "Amara Whitfield")).to_contain_text("Waiting")


def test_what_somebody_types_beside_the_day_stays_when_the_day_changes(clinic, enter):
    amara, _bao = two_patients(clinic)
    page = enter(clinic.maya)
    go_to(page, "Today")
    page.get_by_role("link", name="Book", exact=True).click()
    typed = page.locator("#panel").get_by_role("searchbox", name="Patient")
    expect(typed).to_be_focused()
    typed.press_sequentially("tra")
    expect(page.locator("#panel").get_by_role("link", name="Bao Tran")).to_be_visible()
    arrives(clinic, amara)
    look_again(page)
    expect(row_of(page, "Amara Whitfield")).to_contain_text("Waiting")
    expect(typed).to_be_focused()
    page.keyboard.type("n")
    expect(typed).to_have_value("tran")
    expect(page.locator("#panel").get_by_role("link", name="Bao Tran")).to_be_visible()


def test_a_lost_connection_is_told_loses_no_click_and_mends_itself(clinic, enter, watch):
    amara, _bao = two_patients(clinic)
    page = enter(clinic.maya)
    go_to(page, "Today")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    expect(page.get_by_text(re.compile(r"Updated \d\d:\d\d\. Reconnecting\."))).to_be_visible()
    row_of(page, "Bao Tran").get_by_role("button", name="Check in").click()
    bar = page.get_by_role("alert").filter(has_text="Not saved. Check the connection")
    expect(bar).to_be_visible()
    arrives(clinic, amara)
    page.context.set_offline(False)
    expect(page.get_by_text("Reconnecting.")).to_be_hidden()
    expect(row_of(page, "Amara Whitfield")).to_contain_text("Waiting")
    bar.get_by_role("button", name="Try again").click()
    expect(toast(page, "Bao Tran is checked in.")).to_be_visible()
    expect(bar).to_be_hidden()
    # htmx says so as well.
    watch.problems = [line for line in watch.problems if "htmx:sendError" not in line]


def test_two_people_on_one_board_see_each_others_change_instead_of_overwriting_it(clinic, enter):
    two_patients(clinic)
    maya, alex = desks = [enter(clinic.maya), enter(clinic.alex)]
    for desk in desks:
        go_to(desk, "Today")
    row_of(maya, "Amara Whitfield").get_by_role("button", name="Check in").click()
    expect(toast(maya, "Amara Whitfield is checked in.")).to_be_visible()
    # This desk has not asked again yet: its row is an old one.
    row_of(alex, "Amara Whitfield").get_by_role("button", name="No-show").click()
    expect(toast(alex, "already")).to_be_visible()
    expect(row_of(alex, "Amara Whitfield")).to_contain_text("Waiting")
    row_of(alex, "Bao Tran").get_by_role("button", name="No-show").click()
    expect(toast(alex, "Bao Tran did not come.")).to_be_visible()
    maya.mouse.move(5, 5)
    look_again(maya)
    expect(row_of(maya, "Bao Tran").get_by_role("link", name="Rebook")).to_be_visible()
    statuses = Appointment.objects.order_by("patient__given_names").values_list("status", flat=True)
    assert list(statuses) == ["ARRIVED", "NO_SHOW"]


def test_a_private_screen_names_nobody_by_itself(clinic, enter):
    two_patients(clinic)
    page = enter(clinic.maya, at=f"/patients/{Patient.objects.get(family_names='Whitfield').pk}/")
    go_to(page, "Today")
    page.get_by_text("Maya Brandt").click()
    page.get_by_role("button", name="Show initials only").click()
    expect(row_of(page, "A. W.")).to_be_visible()
    expect(page.locator(".ev-a").filter(has_text="A. W.")).to_be_visible()
    ready(page)
    # Neither the search nor the palette shows whom somebody opened last.
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Find a patient")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Opened last")).to_have_count(0)
    expect(page.get_by_text("Whitfield")).to_have_count(0)
    page.keyboard.press("Escape")
    for path in ("/today/?view=list", "/calendar/", "/calendar/?view=list"):
        page.goto(path)
        expect(page.get_by_text("A. W.").first).to_be_visible()
        expect(page.get_by_text("Whitfield")).to_have_count(0)
    # Whom somebody opens on purpose has the whole name, so that no two are mixed up.
    page.goto("/today/")
    row_of(page, "A. W.").get_by_role("link", name="details of A. W.").click()
    expect(page.locator("#panel").get_by_role("heading", name="Amara Whitfield")).to_be_visible()
