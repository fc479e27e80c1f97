"""(f) The desk without a mouse."""

import re
from datetime import time

from playwright.sync_api import expect

from tests.e2e.acts import acts, count_acts
from tests.e2e.clinic import session_of
from tests.e2e.people import heading, ready, row_of, short_day, toast
from tests.factories.core import PASSWORD


def tab_to(page, target, key="Tab", at_most=60):
    """Press Tab until `target` has the focus, as somebody without a mouse does."""
    for _ in range(at_most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard never reached {target}")


def test_the_desk_works_with_the_keyboard_alone(clinic, enter):
    course = clinic.course()
    clinic.book(course, starts_at=clinic.began(3))
    clinic.patient("Bao", "Tran", phone="020 7946 0555")
    page = enter()
    page.goto("/login/")
    count_acts(page)
    keys, panel = page.keyboard, page.locator("#panel")
    expect(page.get_by_label("Email or user name")).to_be_focused()
    keys.type("maya")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    ready(page)
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    today = page.get_by_role("navigation", name="Main").get_by_role("link", name="Today")
    tab_to(page, today, key="Shift+Tab")
    with page.expect_navigation():
        keys.press("Enter")
    row = row_of(page, "Amara Whitfield")
    ready(page)
    keys.press("j")
    details = row.get_by_role("link", name="details of Amara Whitfield")
    expect(details).to_be_focused()
    keys.press("c")
    expect(row).to_contain_text("Waiting")
    tab_to(page, row.get_by_role("button", name="Undo"))
    keys.press("Enter")
    expect(row.get_by_role("button", name="Check in")).to_be_visible()

    tab_to(page, details, key="Shift+Tab")
    keys.press("Enter")
    expect(panel.get_by_role("heading", level=1, name="Amara Whitfield")).to_be_focused()
    keys.press("Escape")
    expect(panel).to_be_hidden()
    expect(details).to_be_focused()

    keys.press("m")
    expect(heading(page, "Move session 1")).to_be_visible()
    ready(page)
    day = page.locator("details.slot-d").filter(has_text=short_day(clinic.day(2)))
    tab_to(page, day.locator("summary"))
    if day.get_attribute("open") is None:
        keys.press("Enter")
    tab_to(page, day.get_by_role("button").first)
    keys.press("Enter")
    move = page.get_by_role("button", name="Move session 1")
    expect(move).to_be_visible()
    ready(page)
    tab_to(page, move, at_most=90)
    keys.press("Enter")
    expect(toast(page, "Session 1 moved.")).to_be_visible()
    assert session_of(course, 1).appointments.live().get().starts_at >= clinic.moment(2, time(0))
    ready(page)

    keys.press("g")
    keys.press("t")
    expect(page).to_have_url(re.compile("/today/$"))
    expect(page.get_by_role("heading", name=re.compile("No appointments on"))).to_be_visible()
    ready(page)
    here = page.url
    keys.press("n")
    expect(panel.get_by_role("searchbox", name="Patient")).to_be_focused()
    keys.type("tran")
    found = panel.get_by_role("link", name="Bao Tran")
    expect(found).to_be_visible()
    tab_to(page, found)
    keys.press("Enter")
    expect(panel.get_by_role("button", name=re.compile("^Book "))).to_be_focused()
    keys.press("Enter")
    expect(toast(page, "Bao Tran: ")).to_be_visible()
    ready(page)

    keys.press("/")
    keys.type("tran")
    expect(page.get_by_role("region", name="Patients found")).to_contain_text("Bao Tran")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(heading(page, "Bao Tran")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(f"^{re.escape(here)}"))
    expect(row_of(page, "Bao Tran")).to_have_count(1)
    assert acts(page).presses == 0


def test_letters_go_places_but_never_out_of_a_field(clinic, enter):
    page = enter(clinic.maya)
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", level=1, name="Patients")).to_be_visible()
    ready(page)
    page.keyboard.press("Shift+?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("gt/")
    expect(page.get_by_role("searchbox", name="Find a patient")).to_have_value("gt/")
    expect(page.get_by_role("heading", level=1, name="Patients")).to_be_visible()


def test_a_key_counts_as_soon_as_a_dialog_is_closed(clinic, enter):
    clinic.patient()
    page = enter(clinic.maya, at="/patients/")
    ready(page)
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("checkbox", name="Use these keys on this device")).to_be_focused()
    # The browser takes the focus out of what is closed with its next frame: until then the keys
    # go to a box that is not there any more.
    page.evaluate(
        """() => {
          document.querySelector("#keys").close();
          const key = new KeyboardEvent("keydown", { key: "j", bubbles: true });
          document.activeElement.dispatchEvent(key);
        }"""
    )
    expect(page.get_by_role("link", name="Amara Whitfield")).to_be_focused()
