"""(i) A phone and a tablet: nothing is wider than the screen."""

from datetime import time

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 1366}


@pytest.fixture
def course(clinic):
    patient = clinic.patient("Wilhelmina Alexandrina", "von Hohenzollern-Sigmaringen")
    course = clinic.course(patient)
    clinic.book(course, 1, starts_at=clinic.began(20))
    clinic.book(course, 2, starts_at=clinic.moment(7, time(11)))
    return course


@pytest.mark.parametrize("viewport", [PHONE, TABLET], ids=["phone", "tablet"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways(clinic, course, enter, viewport, scheme):
    page = enter(clinic.petra, viewport=viewport, color_scheme=scheme)
    wide = []
    for path in (
        "/today/",
        f"/patients/{course.patient_id}/",
        f"/patients/{course.patient_id}/courses/new/",
        f"/courses/{course.pk}/",
        "/patients/",
        "/patients/new/",
        "/courses/",
        f"/courses/{course.pk}/plan/",
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("html").get_attribute("data-bs-theme") == scheme
        over = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        if over > 0:
            wide.append(f"{path} is {over} px wider than the screen: {_widest(page)}")
    assert not wide, "\n".join(wide)


def _widest(page):
    """Name the elements that reach out of the screen furthest."""
    return page.evaluate(
        "() => [...document.querySelectorAll('main *, header *, nav *')]"
        ".map(e => [e.getBoundingClientRect().right, e]).filter(([right]) => right > innerWidth)"
        ".sort((a, b) => b[0] - a[0]).slice(0, 4)"
        ".map(([right, e]) => `${e.tagName}.${e.getAttribute('class')} ${Math.round(right)}`)"
    )


def test_the_bar_of_a_phone_holds_five_places_and_the_menu_the_others(clinic, enter):
    page = enter(clinic.petra, at="/today/", viewport=PHONE)
    main = page.get_by_role("navigation", name="Main")
    bar = main.locator(".nav-i:visible")
    assert [words.split("\n")[0] for words in bar.all_inner_texts()] == [
        "Today",
        "Calendar",
        "Patients",
        "Follow-ups",
        "Emergency",
    ]
    heights = bar.locator(".nav-t").evaluate_all("all => all.map(each => each.offsetHeight)")
    assert max(heights) == min(heights)
    main.locator(".me summary").click()
    main.get_by_role("link", name="Products").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Products")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(main.get_by_role("link", name="Products")).to_have_count(1)
    expect(main.locator(".nav-i:visible")).to_have_count(7)
