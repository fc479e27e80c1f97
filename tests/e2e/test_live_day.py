"""(k) The day follows what others do, and never pulls anything away from under a hand."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions.actions.status import check_in
from sessions.models import Appointment
from tests.e2e.people import go_to, row_of, toast


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


def test_what_another_desk_does_appears_without_a_reload(clinic, enter):
    amara, _bao = two_patients(clinic)
    page = enter(clinic.maya)
    go_to(page, "Today")
    page.evaluate("window.stayed = true")
    expect(row_of(page, "Amara Whitfield")).not_to_contain_text("Waiting")
    arrives(clinic, amara)
    look_again(page)
    expect(row_of(page, "Amara Whitfield")).to_contain_text("Waiting")
    expect(page.get_by_role("link", name=re.compile(r"^Waiting 1"))).to_be_visible()
    assert page.evaluate("window.stayed")


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


def test_a_lost_connection_is_told_and_mends_itself(clinic, enter):
    amara, _bao = two_patients(clinic)
    page = enter(clinic.maya)
    go_to(page, "Today")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    expect(page.get_by_text(re.compile(r"Updated \d\d:\d\d\. Reconnecting\."))).to_be_visible()
    arrives(clinic, amara)
    page.context.set_offline(False)
    expect(page.get_by_text("Reconnecting.")).to_be_hidden()
    expect(row_of(page, "Amara Whitfield")).to_contain_text("Waiting")


def test_two_people_on_one_row_see_each_others_change(clinic, enter):
    two_patients(clinic)
    desks = [enter(clinic.maya), enter(clinic.alex)]
    for desk in desks:
        go_to(desk, "Today")
    row_of(desks[0], "Amara Whitfield").get_by_role("button", name="Check in").click()
    expect(toast(desks[0], "Amara Whitfield is checked in.")).to_be_visible()
    row_of(desks[1], "Amara Whitfield").get_by_role("button", name="No-show").click()
    expect(toast(desks[1], "already")).to_be_visible()
    expect(row_of(desks[1], "Amara Whitfield")).to_contain_text("Waiting")
    assert Appointment.objects.filter(status="ARRIVED").count() == 1


def test_a_private_screen_hides_names_on_the_board_and_in_the_queue(clinic, enter):
    two_patients(clinic)
    page = enter(clinic.maya)
    go_to(page, "Today")
    page.get_by_text("Maya Brandt").click()
    page.get_by_role("button", name="Show initials only").click()
    expect(row_of(page, "A. W.")).to_be_visible()
    expect(page.get_by_text("Whitfield")).to_have_count(0)
