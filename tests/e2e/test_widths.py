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
