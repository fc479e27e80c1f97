"""Find a patient from anywhere, and everything else by its name: without a mouse, on a phone too."""

import re
from datetime import date, time

import pytest
from playwright.sync_api import expect

from meso_clinic.core.roles import Role
from tests.e2e.clinic import person
from tests.e2e.people import heading, ready, sign_in
from tests.e2e.watch import axe_findings

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def booked(clinic):
    """Amara Whitfield, whose next session is tomorrow."""
    course = clinic.course(clinic.patient())
    clinic.book(course, 1, starts_at=clinic.moment(1, time(9)))
    return course


@pytest.fixture
def namesakes(clinic):
    return [
        clinic.patient("Anna", "Berg", born_on=date(1987, 3, 14), phone="020 7946 0991"),
        clinic.patient("Anna", "Berg", born_on=date(1990, 8, 22), phone="020 7946 0992"),
    ]


def search(page):
    return page.get_by_role("searchbox", name="Find a patient")


def found(page):
    return page.get_by_role("region", name="Patients found")


def palette(page):
    return page.get_by_role("dialog", name="Pages and actions")


def type_name(page, name):
    page.keyboard.press("/")
    expect(search(page)).to_be_focused()
    page.keyboard.type(name)


def open_palette(page):
    page.keyboard.press("Control+k")
    expect(palette(page).get_by_role("option").first).to_be_visible()


def chosen(page):
    return palette(page).get_by_role("option", selected=True)


def no_sideways_scroll(page):
    return page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_a_patient_is_found_and_opened_with_the_keyboard(clinic, booked, enter):
    page = enter(clinic.maya)
    type_name(page, "whit")
    expect(found(page)).to_contain_text("Amara Whitfield")
    expect(found(page)).to_contain_text(re.compile(r"Next: \w{3} \d+ \w{3}, 09:00,\s+Body"))
    expect(found(page).get_by_role("link", name="020 7946 0991")).to_have_attribute(
        "href", "tel:02079460991"
    )
    page.keyboard.press("ArrowDown")
    expect(found(page).get_by_role("link", name="Amara Whitfield", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(heading(page, "Amara Whitfield")).to_be_visible()


def test_enter_opens_the_only_one_who_was_found(clinic, booked, namesakes, enter):
    page = enter(clinic.maya)
    type_name(page, "whit")
    # What is shown may still be the answer to fewer letters.
    expect(page.locator("[data-typed='whit']")).to_be_visible()
    expect(found(page)).to_contain_text("Amara Whitfield")
    page.keyboard.press("Enter")
    expect(heading(page, "Amara Whitfield")).to_be_visible()
    ready(page)
    type_name(page, "berg")
    expect(page.locator("[data-typed='berg']")).to_be_visible()
    expect(found(page)).to_contain_text("Anna Berg")
    page.keyboard.press("Enter")
    expect(heading(page, "Find a patient")).to_be_visible()
    expect(search(page)).to_have_value("berg")


def test_move_is_three_keys_from_the_name(clinic, booked, enter):
    page = enter(clinic.maya)
    type_name(page, "whit")  # 1: the key of the search
    expect(found(page)).to_contain_text("Amara Whitfield")
    page.keyboard.press("ArrowDown")  # 2
    page.keyboard.press("m")  # 3
    expect(heading(page, re.compile("Move session 1"))).to_be_visible()


def test_escape_closes_and_leaves(clinic, booked, enter):
    page = enter(clinic.maya)
    type_name(page, "whit")
    expect(found(page)).to_contain_text("Amara Whitfield")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(search(page)).to_be_focused()
    expect(found(page)).to_be_hidden()
    expect(search(page)).to_have_value("whit")
    page.keyboard.press("Escape")
    expect(search(page)).not_to_be_focused()
    expect(found(page)).to_be_hidden()


def test_the_search_begins_with_who_was_opened_last(clinic, booked, namesakes, enter):
    page = enter(clinic.maya)
    for patient in (namesakes[0], booked.patient):
        page.goto(f"/patients/{patient.pk}/")
    page.goto("/patients/")
    page.keyboard.press("/")
    expect(found(page)).to_contain_text("Opened last")
    expect(found(page).get_by_role("link", name=re.compile("^[A-Z]"))).to_have_text(
        [re.compile("Amara Whitfield"), re.compile("Move"), re.compile("Anna Berg")]
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    expect(found(page).get_by_role("link", name="Anna Berg")).to_be_focused()
    page.keyboard.press("Enter")
    expect(heading(page, "Anna Berg")).to_be_visible()


def test_nobody_found_is_a_new_patient_with_what_was_typed(clinic, enter):
    page = enter(clinic.maya)
    type_name(page, "Zora Quill 07700 900733")
    expect(found(page)).to_contain_text("No patient called Zora Quill 07700 900733.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(heading(page, "New patient")).to_be_visible()
    expect(page.get_by_label("Given names")).to_have_value("Zora")
    expect(page.get_by_label("Family names")).to_have_value("Quill")
    expect(page.get_by_label("Phone", exact=False).first).to_have_value("07700 900733")


def test_namesakes_are_told_apart(clinic, namesakes, enter):
    page = enter(clinic.maya)
    type_name(page, "anna berg")
    expect(found(page).get_by_text("Same name")).to_have_count(2)
    expect(found(page).locator("mark")).to_have_text(
        ["14 March 1987", "0991", "22 August 1990", "0992"]
    )
    page.keyboard.type(" 22 aug 1990")
    expect(found(page).get_by_text("Anna Berg")).to_have_count(1)


def test_the_page_is_the_equal_without_scripts(clinic, booked, namesakes, enter):
    page = enter(None, java_script_enabled=False)
    sign_in(page, clinic.maya)
    search(page).fill("a")
    search(page).press("Enter")
    row = page.locator(".hit").filter(has_text="Amara Whitfield")
    expect(row).to_contain_text("Next:")
    expect(row.get_by_role("link", name="Move")).to_be_visible()
    expect(page.get_by_text("Same name")).to_have_count(2)
    page.get_by_role("main").get_by_role("link", name="Amara Whitfield", exact=True).click()
    page.goto("/search/")
    expect(page.get_by_text("Opened last")).to_be_visible()
    page.goto("/commands/")
    page.get_by_role("main").get_by_role("link", name="Follow-ups").click()
    expect(heading(page, "Follow-ups")).to_be_visible()


def test_the_palette_goes_everywhere(clinic, booked, enter):
    page = enter(clinic.maya)
    open_palette(page)
    # Letters may be left out.
    page.keyboard.type("flow")
    expect(palette(page).get_by_role("option")).to_have_text([re.compile("Follow-ups")])
    page.get_by_role("combobox", name="Page, action or patient").fill("follow")
    expect(chosen(page)).to_have_text(re.compile("Follow-ups"))
    page.keyboard.press("Enter")
    expect(heading(page, "Follow-ups")).to_be_visible()
    ready(page)
    open_palette(page)
    # What was used last stands first.
    expect(chosen(page)).to_have_text(re.compile("Follow-ups"))
    page.keyboard.type("whit")
    expect(chosen(page)).to_have_text(re.compile("Amara Whitfield"))
    page.keyboard.press("Enter")
    expect(heading(page, "Amara Whitfield")).to_be_visible()


def test_the_palette_acts_and_closes(clinic, enter):
    page = enter(clinic.maya, color_scheme="light")
    open_palette(page)
    page.keyboard.type("col dark")
    expect(chosen(page)).to_have_text(re.compile("Dark colours"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    open_palette(page)
    page.keyboard.type("qqqq")
    expect(palette(page)).to_contain_text("New patient: qqqq")
    page.keyboard.press("Escape")
    expect(palette(page)).to_be_hidden()
    open_palette(page)
    page.keyboard.type("plan cou")
    expect(chosen(page)).to_have_text(re.compile("Plan a course"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Whose course is it?")).to_be_visible()


def test_the_palette_opens_by_a_click_and_offers_no_more_than_the_rights(clinic, enter):
    page = enter(clinic.alex)
    page.get_by_role("button", name="Pages and actions").click()
    names = palette(page).get_by_role("option")
    expect(names.filter(has_text="Close a day")).to_have_count(1)
    expect(names.filter(has_text="Plan a course")).to_have_count(0)
    page.get_by_role("combobox", name="Page, action or patient").fill("schedule")
    palette(page).get_by_role("option", name="Check the schedule").click()
    expect(heading(page, "Schedule check")).to_be_visible()


def test_the_keys_of_a_page_are_listed_and_work(clinic, booked, namesakes, enter):
    page = enter(clinic.maya, at="/patients/?order=name")
    page.keyboard.press("Shift+?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys.get_by_role("region", name="On this page")).to_contain_text("New patient")
    expect(keys.get_by_role("region", name="On this page")).not_to_contain_text("Plan a course")
    expect(keys.get_by_role("region", name="On every page")).to_contain_text("Go to Follow-ups")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Amara Whitfield")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Anna Berg").first).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(heading(page, "Amara Whitfield")).to_be_visible()
    ready(page)
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.go_back()
    expect(heading(page, "Amara Whitfield")).to_be_visible()
    ready(page)
    page.keyboard.press("p")
    expect(heading(page, re.compile("Plan a course for Amara"))).to_be_visible()
    page.goto("/patients/")
    page.keyboard.press("n")
    expect(heading(page, "New patient")).to_be_visible()


def test_the_day_is_run_with_single_keys(clinic, booked, enter):
    clinic.book(
        clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0551")),
        1,
        starts_at=clinic.began(5),
        room=1,
        practitioner=clinic.omar,
    )
    page = enter(clinic.maya, at="/today/")
    ready(page)
    row = page.get_by_role("article", name="Bao Tran")
    # No row is chosen yet: the first press shows which one it would be.
    page.keyboard.press("c")
    expect(row.get_by_role("link", name="Bao Tran").first).to_be_focused()
    page.keyboard.press("c")
    expect(row).to_contain_text("Waiting")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"date={clinic.day(1):%Y-%m-%d}"))
    expect(heading(page, re.compile(f"{clinic.day(1):%A}"))).to_be_visible()
    ready(page)
    page.keyboard.press("t")
    expect(heading(page, re.compile(f"{clinic.today:%A}"))).to_be_visible()


def test_keys_are_switched_off_in_the_list_and_in_the_account(clinic, enter):
    page = enter(clinic.maya, at="/account/")
    page.get_by_label("Use keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save shortcuts").click()
    expect(page.get_by_label("Use keyboard shortcuts")).not_to_be_checked()
    ready(page)
    for key in ("/", "Shift+?", "Control+k"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(search(page)).not_to_be_focused()
    # The button opens it all the same.
    page.get_by_role("button", name="Pages and actions").click()
    expect(palette(page)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show all keys").click()
    page.get_by_label("Use these keys on this device").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(search(page)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1440, "height": 900}], ids=["phone", "desk"])
def test_nothing_serious_with_results_and_palette_open(
    clinic, booked, namesakes, enter, scheme, viewport
):
    everyone = person("robin", "Robin", "Achterberg", *Role)
    page = enter(everyone, color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    findings = []
    for direction in ("ltr", "rtl"):
        page.goto("/patients/")
        page.evaluate(f"document.documentElement.dir = '{direction}'")
        search(page).fill("a")
        expect(found(page)).to_contain_text("Same name")
        findings += [f"results, {direction}: {line}" for line in axe_findings(page)]
        assert no_sideways_scroll(page)
        page.keyboard.press("Escape")
        open_palette(page)
        findings += [f"palette, {direction}: {line}" for line in axe_findings(page)]
        page.keyboard.type("berg")
        expect(palette(page).get_by_role("option")).to_have_count(2)
        findings += [f"patients, {direction}: {line}" for line in axe_findings(page)]
        assert no_sideways_scroll(page)
        page.keyboard.press("Escape")
        page.get_by_role("heading", level=1).click()
        page.keyboard.press("Shift+?")
        findings += [f"keys, {direction}: {line}" for line in axe_findings(page)]
    assert not findings, "\n".join(findings)


def test_the_phone_finds_calls_and_moves_by_touch(clinic, booked, enter):
    page = enter(clinic.maya, viewport=PHONE, has_touch=True, is_mobile=True)
    search(page).tap()
    search(page).fill("0991")
    expect(found(page).get_by_role("link", name="020 7946 0991")).to_be_visible()
    assert no_sideways_scroll(page)
    found(page).get_by_role("link", name="Move").tap()
    expect(heading(page, re.compile("Move session 1"))).to_be_visible()
    page.locator("details.me summary").tap()
    page.get_by_role("link", name="Pages and actions").tap()
    palette(page).get_by_role("option", name="Patients").tap()
    expect(heading(page, "Patients")).to_be_visible()
