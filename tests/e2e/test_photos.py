"""(j) Photos are taken with the tablet's camera over the last one, and compared."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from records.models import Photo
from tests.e2e.clinic import session_of
from tests.e2e.pages import photos
from tests.e2e.people import heading, ready, toast
from tests.records.photos.pictures import jpeg

FRONT = "From the front"


def tile(page: Page, view: str):
    """Return the tile of a view, by its whole name."""
    return page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name=view, exact=True)
    )


def in_session_2(clinic):
    course = clinic.course(first_ahead=-9)
    first = session_of(course, 1)
    first.status, first.delivered_on = "DONE", clinic.day(-9)
    first.save(update_fields=["status", "delivered_on"])
    clinic.in_the_chair(course, 2)
    photos(clinic, course)
    return course, session_of(course, 2)


def test_a_set_is_taken_with_the_camera_and_compared_by_keyboard(clinic, enter):
    course, session = in_session_2(clinic)
    page = enter(clinic.petra, at=f"/sessions/{session.pk}/record/checks/", permissions=["camera"])
    page.get_by_role("link", name="Photos").click()
    expect(heading(page, "Photos of session 2 of 8")).to_be_visible()
    ready(page)
    expect(tile(page, FRONT).get_by_text(re.compile("Taken .*Petra"))).to_be_visible()

    # The last photo of the view lies over what the camera sees.
    tile(page, FRONT).get_by_role("button", name="Camera").click()
    camera = page.get_by_role("dialog")
    expect(camera.get_by_role("heading", name="Abdomen and waist: From the front")).to_be_visible()
    ghost = camera.locator("[data-ghost]")
    expect(ghost).to_be_visible()
    expect(ghost).to_have_js_property("complete", True)
    camera.get_by_label("How much of the last photo").press("End")
    expect(ghost).to_have_css("opacity", "1")
    shoot = camera.get_by_role("button", name="Take photo")
    expect(shoot).to_be_enabled()
    shoot.press("Enter")

    # It goes on to the next view that is missing; there is no photo of it yet.
    expect(camera.get_by_role("heading", name="Left side")).to_be_visible()
    expect(ghost).to_be_hidden()
    shoot.click()
    expect(camera.get_by_role("heading", name="Right side")).to_be_visible()
    camera.get_by_role("button", name="Close").click()
    expect(camera).to_be_hidden()
    expect(page.get_by_text("Chosen, not saved yet: 2")).to_be_visible()
    page.get_by_role("button", name="Save photos").click()
    expect(toast(page, "2 photos are kept.")).to_be_visible()
    taken = Photo.objects.filter(session=session).order_by("pk")
    assert [photo.view for photo in taken] == [
        "abdomen_front",
        "abdomen_front",
        "abdomen_lateral_left",
    ]
    assert taken[1].width > taken[1].height > 100

    page.goto(f"/courses/{course.pk}/photos/")
    expect(page.get_by_text("From before session 1 these views are missing")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    ready(page)
    page.get_by_role("button", name="One over the other").press("Enter")
    split = page.get_by_label("First photo, second photo")
    split.press("End")
    expect(split).to_have_attribute("aria-valuetext", "100 % of the first photo")
    upper = page.locator(".cmp-pane").nth(1)
    expect(upper).to_have_css("clip-path", "inset(0px 0px 0px 100%)")
    page.get_by_label("Zoom").press("End")
    expect(page.get_by_label("Zoom")).to_have_attribute("aria-valuetext", "400 %")
    width = page.locator(".cmp-pane").first.evaluate("pane => pane.scrollWidth / pane.clientWidth")
    assert width > 3.5


def test_without_a_script_a_file_is_enough(clinic, enter):
    _course, session = in_session_2(clinic)
    page = enter(clinic.petra, at=f"/sessions/{session.pk}/photos/", java_script_enabled=False)
    expect(page.get_by_role("button", name=re.compile("^Camera"))).to_have_count(0)
    file = {"name": "left.jpg", "mimeType": "image/jpeg", "buffer": jpeg(640, 480)}
    tile(page, "Left side").get_by_label("Photo").set_input_files(file)
    page.get_by_role("button", name="Save photos").click()
    expect(toast(page, "1 photo is kept.")).to_be_visible()
    page.get_by_text("Not photographed").click()
    page.get_by_role("checkbox", name="Right side", exact=True).check()
    page.get_by_label("Reason").fill("Came late")
    page.get_by_role("button", name="Keep the reason").click()
    expect(tile(page, "Right side").get_by_text("Declined: Came late")).to_be_visible()
    assert Photo.objects.filter(taken_at__gte=timezone.now().replace(hour=0)).count() >= 1


def test_a_photo_that_is_withdrawn_is_gone(clinic, enter):
    course, _session = in_session_2(clinic)
    photo = Photo.objects.get(session__isnull=False)
    page = enter(clinic.petra, at=f"/photos/{photo.key}/")
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_label("Reason").fill("Shows the other side.")
    page.get_by_role("button", name="Withdraw it").click()
    expect(toast(page, "The photo is withdrawn.")).to_be_visible()
    expect(page.locator(f"img[src*='{photo.key}']")).to_have_count(0)
    assert course.photos.count() == 2
