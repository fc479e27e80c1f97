"""axe finds nothing serious on any page, in light, in dark and mirrored."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from meso_clinic.core.roles import Role
from tests.e2e.clinic import person
from tests.e2e.pages import NOT_PAGES, furnish, more
from tests.e2e.people import sign_in
from tests.e2e.watch import axe_findings
from tests.test_access import ALL


@pytest.fixture
def everyone(clinic):
    """Somebody with every role: to them no page is closed."""
    return person("robin", "Robin", "Achterberg", *Role)


def test_nothing_serious_on_any_page_in_light_and_dark(clinic, everyone, enter, watch):
    places = furnish(clinic)
    paths = [reverse(name, args=args) + query for name, (args, query) in places.items()]
    page = enter(everyone, reduced_motion="reduce", color_scheme="light")
    public = enter(None, reduced_motion="reduce", color_scheme="light")
    found = []
    for path in [*paths, *more(clinic)]:
        is_public = path.startswith(("/login/", "/welcome/", "/join/", "/questions/"))
        window = public if is_public else page
        window.emulate_media(color_scheme="light")
        window.goto(path)
        if window.locator("h1").count() != 1:
            found.append(f"{path}: {window.locator('h1').count()} main headings")
        found += [f"{path}: {line}" for line in axe_findings(window)]
        window.emulate_media(color_scheme="dark")
        expect(window.locator("html")).to_have_attribute("data-bs-theme", "dark")
        found += [f"{path}, dark: {line}" for line in axe_findings(window, "color-contrast")]
    # One of the addresses leads nowhere, on purpose.
    watch.problems = [line for line in watch.problems if "/nothing/" not in line]
    assert not found, "\n".join(found)


def test_each_role_gets_pages_without_findings(clinic, enter):
    places = furnish(clinic)
    names = ("sessions:day", "patients:patient-detail", "sessions:course-detail")
    found = []
    for somebody in (clinic.maya, clinic.petra, clinic.alex):
        page = enter(somebody, reduced_motion="reduce")
        for name in names:
            args, query = places[name]
            page.goto(reverse(name, args=args) + query)
            found += [f"{name}, {somebody.username}: {line}" for line in axe_findings(page)]
            if somebody == clinic.petra:
                page.evaluate("document.documentElement.dir = 'rtl'")
                found += [f"{name}, mirrored: {line}" for line in axe_findings(page)]
    assert not found, "\n".join(found)


def test_the_first_page_of_a_new_clinic(enter):
    page = enter(None)
    sign_in(page, person("alex", "Alex", "Moreau", Role.ADMIN), lands_in_shell=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/manage/set-up/")
    assert axe_findings(page) == []


def test_no_page_is_left_out(clinic, everyone):
    """A page that is added has to be added to what axe looks at."""
    known = {*furnish(clinic), *NOT_PAGES}
    client = Client()
    client.force_login(everyone)
    missing = [
        address.name
        for address in ALL
        if address.name not in known and client.get(address.path).status_code != 405
    ]
    assert missing == []


def test_pages_that_say_what_is_wrong_are_without_findings(clinic, everyone, enter):
    places = furnish(clinic)
    page = enter(everyone, reduced_motion="reduce")
    found = []
    for name in (
        "patients:patient-register",
        "patients:allergy-add",
        "treatments:indication-edit",
        "core:person-add",
        "sessions:course-stop",
        "records:record-step",
        "records:record-sign",
        "records:record-amend",
    ):
        args, query = places[name]
        page.goto(reverse(name, args=args) + query)
        if name == "records:record-step":
            page.get_by_label("Points").fill("999")
        page.locator("main form, body > footer").locator(
            "button.btn-primary, button.btn-danger"
        ).first.click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        if not page.title().startswith("Error: "):
            found.append(f"{name}: the title does not say that there is an error")
        found += [f"{name}: {line}" for line in axe_findings(page)]
    assert not found, "\n".join(found)
