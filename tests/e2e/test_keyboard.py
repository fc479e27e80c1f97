"""(f) The desk without a mouse."""

from playwright.sync_api import expect

from sessions.models import Appointment
from tests.e2e.people import ready, row_of
from tests.factories.core import PASSWORD


def tab_to(page, target, key="Tab", at_most=60):
    """Press Tab until `target` has the focus, as somebody without a mouse does."""
    for _ in range(at_most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard never reached {target}")


def test_the_desk_works_with_the_keyboard_alone(clinic, enter):
    clinic.book(clinic.course(), 1, starts_at=clinic.began(5))
    page = enter()
    page.goto("/login/")
    expect(page.get_by_label("Email or user name")).to_be_focused()
    page.keyboard.type("maya")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    ready(page)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Find a patient")
    expect(search).to_be_focused()
    page.keyboard.type("whit")
    expect(page.get_by_role("region", name="Patients found")).to_contain_text("Amara Whitfield")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Amara Whitfield", exact=True).first).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).to_be_focused()

    today = page.get_by_role("navigation", name="Main").get_by_role("link", name="Today")
    tab_to(page, today, key="Shift+Tab")
    page.keyboard.press("Enter")
    row = row_of(page, "Amara Whitfield")
    tab_to(page, row.get_by_role("button", name="Check in"))
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Waiting")
    assert Appointment.objects.get().status == Appointment.Status.ARRIVED
    tab_to(page, row.get_by_role("button", name="Undo"))
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Check in")).to_be_visible()
    assert Appointment.objects.get().status == Appointment.Status.BOOKED


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
    # The browser gives the focus back with the next frame, sooner than anybody types.
    expect(page.locator("body")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("gt/")
    expect(page.get_by_role("searchbox", name="Find a patient")).to_have_value("gt/")
    expect(page.get_by_role("heading", level=1, name="Patients")).to_be_visible()
