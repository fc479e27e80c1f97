"""The calendar by mouse, by keyboard alone and by touch, whatever the browser's own time zone."""

import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.actions import add_shift
from clinic.models import Shift
from sessions.actions.status import cancel_appointment
from sessions.models import Appointment
from tests.e2e.clinic import Clinic
from tests.e2e.watch import axe_findings

# Where in the columns a time is, scrolled into the middle of what can be seen.
PLACE = """([column, minute]) => {
  const main = document.querySelector(".ec-main");
  const first = Number(document.querySelector("#calendar-data").textContent.match(
    /"from": ?"(\\d\\d)/)[1]) * 60;
  const cell = document.querySelectorAll(".ec-body .ec-day")[column];
  const offset = ((minute - first) / 15) * 23 + 4;
  main.scrollTop = offset - main.clientHeight / 2;
  main.scrollTop = offset - main.clientHeight / 2;
  const box = cell.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + offset];
}"""


def place(page, column, hour, minute=0):
    return page.evaluate(PLACE, [column, hour * 60 + minute])


def card(page, name):
    return page.locator(".ec-event:not(.ec-preview) .ev-a").filter(has_text=name)


def panel(page):
    return page.locator("#panel")


def live(page):
    return page.locator("[data-calendar] > [aria-live]")


@pytest.fixture
def tomorrow(clinic: Clinic):
    """Amara with Petra at 11:00, Bao with Omar at 11:00; the columns are Omar's and Petra's."""
    clinic.book(clinic.course(first_ahead=1), 1, starts_at=clinic.moment(1, time(11)))
    other = clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0551"), first_ahead=1)
    clinic.book(other, 1, starts_at=clinic.moment(1, time(11)), practitioner=clinic.omar, room=1)
    return f"/calendar/?date={clinic.day(1):%Y-%m-%d}"


OMAR, PETRA = 0, 1


def test_a_click_on_free_time_begins_a_booking_there(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    with page.expect_request(re.compile("/appointments/new/")) as asked:
        page.mouse.click(*place(page, PETRA, 14, 30))
    for part in (
        f"date={clinic.day(1):%Y-%m-%d}",
        "time=14%3A30",
        f"practitioner={clinic.petra.pk}",
        f"site={clinic.site.pk}",
    ):
        assert part in asked.value.url
    expect(panel(page)).to_be_visible()
    expect(panel(page)).to_contain_text("14:30")


def test_a_card_opens_the_appointment_and_escape_gives_the_focus_back(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    card(page, "Amara Whitfield").click()
    expect(panel(page)).to_contain_text("Amara Whitfield")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(card(page, "Amara Whitfield")).to_be_focused()


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 8, start[1] + 8)
    expect(page.locator(".cal-no").first).to_be_attached()
    page.mouse.move(*end, steps=8)


def test_a_card_dragged_to_an_allowed_time_shows_what_changes_and_stays_until_then(
    clinic, tomorrow, enter
):
    page = enter(clinic.maya, at=tomorrow)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    start, end = place(page, PETRA, 11), place(page, PETRA, 13)
    start = place(page, PETRA, 11)
    end = [start[0], start[1] + 8 * 23]
    drag(page, start, end)
    expect(page.locator(".cal-tip")).to_have_text("13:00")
    with page.expect_request(re.compile(r"/move/\?to=")) as asked:
        page.mouse.up()
    assert f"to={clinic.day(1):%Y-%m-%d}T13%3A00" in asked.value.url
    assert f"practitioner={clinic.petra.pk}" in asked.value.url
    expect(panel(page)).to_be_visible()
    expect(panel(page)).to_contain_text("13:00")
    expect(card(page, "Amara Whitfield")).to_contain_text("11:00")
    expect(page.locator(".cal-no")).to_have_count(0)


def test_by_room_a_card_is_dragged_to_another_room_with_its_own_practitioner(
    clinic, tomorrow, enter
):
    page = enter(clinic.maya, at=f"{tomorrow}&by=room")
    expect(card(page, "Amara Whitfield")).to_be_visible()
    held = Appointment.objects.get(patient__given_names="Amara")
    taken = Appointment.objects.get(patient__given_names="Bao")
    rooms = [room.pk for room in clinic.rooms]
    start = place(page, rooms.index(held.room_id), 11)
    other = place(page, rooms.index(taken.room_id), 11)
    drag(page, start, [other[0], start[1]])
    expect(page.locator(".cal-tip.is-no")).to_have_text("This time is taken.")
    page.mouse.move(other[0], start[1] + 8 * 23, steps=8)
    expect(page.locator(".cal-tip")).to_have_text("13:00")
    with page.expect_request(re.compile(r"/move/\?to=")) as asked:
        page.mouse.up()
    assert f"room={taken.room_id}" in asked.value.url
    with page.expect_navigation():
        panel(page).locator("#move form button[type=submit]").click()
    expect(card(page, "Amara Whitfield")).to_contain_text("13:00")
    held.refresh_from_db()
    assert (held.room_id, held.practitioner) == (taken.room_id, clinic.petra)


def test_a_time_that_is_taken_says_so_before_the_drop_and_nothing_moves(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    start = place(page, PETRA, 11)
    bao = card(page, "Bao Tran").bounding_box()
    drag(page, start, [bao["x"] + 40, start[1] + 2])
    expect(page.locator(".cal-tip.is-no")).to_have_text("This time is taken.")
    expect(live(page)).to_have_text("This time is taken.")
    page.mouse.up()
    expect(page.locator(".cal-tip")).to_be_hidden()
    expect(panel(page)).to_be_hidden()
    assert page.url.endswith(tomorrow)


def test_escape_ends_a_drag(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    start = place(page, PETRA, 11)
    drag(page, start, [start[0], start[1] + 8 * 23])
    page.keyboard.press("Escape")
    expect(live(page)).to_have_text("Nothing was moved.")
    page.mouse.up()
    expect(panel(page)).to_be_hidden()
    expect(card(page, "Amara Whitfield")).to_contain_text("11:00")


def test_booking_and_moving_by_keyboard_alone(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    grid = page.locator(".ec-main")
    grid.focus()
    page.keyboard.press("ArrowDown")
    expect(live(page)).to_contain_text("Omar Haddad: free")
    page.keyboard.press("ArrowRight")
    expect(live(page)).to_contain_text("Petra Lindqvist: free")
    with page.expect_request(re.compile("/appointments/new/")) as asked:
        page.keyboard.press("n")
    assert f"practitioner={clinic.petra.pk}" in asked.value.url
    expect(panel(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()

    card(page, "Amara Whitfield").focus()
    page.keyboard.press("m")
    ghost = page.locator(".cal-ghost")
    expect(ghost).to_contain_text("11:00")
    page.keyboard.press("Escape")
    expect(ghost).to_have_count(0)
    page.keyboard.press("m")
    expect(ghost).to_be_visible()
    for _step in range(12):
        page.keyboard.press("ArrowDown")
    expect(ghost).to_contain_text("12:00")
    expect(live(page)).to_contain_text("12:00, Petra Lindqvist")
    page.keyboard.press("ArrowLeft")
    expect(live(page)).to_contain_text("Omar Haddad")
    page.keyboard.press("ArrowRight")
    with page.expect_request(re.compile(r"/move/\?to=")) as moved:
        page.keyboard.press("Enter")
    assert f"practitioner={clinic.petra.pk}" in moved.value.url
    expect(panel(page)).to_be_visible()


def test_arrow_keys_go_from_card_to_card_and_tab_reaches_one(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    page.locator(".ec-main").focus()
    page.keyboard.press("Tab")
    expect(card(page, "Amara Whitfield")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(card(page, "Bao Tran")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel(page)).to_contain_text("Bao Tran")


def test_keys_go_to_day_week_today_and_on(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    for key, address in (
        ("2", "view=week"),
        ("1", "view=day"),
        ("ArrowRight", f"date={clinic.day(2):%Y-%m-%d}"),
        ("t", f"date={clinic.day(0):%Y-%m-%d}"),
    ):
        page.locator("h1").wait_for()
        page.keyboard.press(key)
        page.wait_for_url(re.compile(address))
    page.go_back()
    page.wait_for_url(re.compile(f"date={clinic.day(2):%Y-%m-%d}"))


def test_on_a_touch_screen_a_tap_opens_and_a_long_press_drags(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow, viewport={"width": 820, "height": 1100}, has_touch=True)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    x, y = place(page, PETRA, 11)
    page.touchscreen.tap(x, y + 10)
    expect(panel(page)).to_contain_text("Amara Whitfield")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in points]},
        )

    send("touchStart", (x, y + 10))
    expect(page.locator(".cal-no").first).to_be_attached()
    for step in range(1, 9):
        send("touchMove", (x, y + 10 + step * 23))
    with page.expect_request(re.compile(r"/move/\?to=")) as asked:
        send("touchEnd")
    assert "T13%3A00" in asked.value.url


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_clock_is_that_of_the_site_whatever_the_browsers_zone(clinic, tomorrow, enter, zone):
    page = enter(clinic.maya, at=tomorrow, timezone_id=zone)
    amara = card(page, "Amara Whitfield")
    expect(amara).to_contain_text("11:00")
    x, y = place(page, PETRA, 11)
    box = amara.bounding_box()
    assert abs(box["y"] - y) < 12
    assert box["x"] < x < box["x"] + box["width"]
    with page.expect_request(re.compile("/appointments/new/")) as asked:
        page.mouse.click(*place(page, PETRA, 23, 15))
    assert f"date={clinic.day(1):%Y-%m-%d}&time=23%3A15" in asked.value.url
    page.goto(f"/calendar/?week={clinic.day(1):%Y-%m-%d}")
    expect(card(page, "Amara Whitfield")).to_contain_text("11:00")
    expect(page.locator(".ec-col-group.ec-today, .ec-col-group").first).to_be_visible()


def last_sunday(year, month):
    end = date(year, month, 31)
    return end - timedelta(days=(end.weekday() + 1) % 7)


def test_a_day_with_a_clock_change_has_the_hours_it_really_has(clinic, enter):
    clinic.site.timezone = "Europe/London"
    clinic.site.save(update_fields=["timezone"])
    year = clinic.day(0).year + 1
    # Both at home and in a browser whose own clocks change on other days.
    page = enter(clinic.maya, timezone_id="America/New_York")
    for on, hours, first in (
        (last_sunday(year, 10), 25, ["01:00", "01:00", "02:00"]),
        (last_sunday(year, 3), 23, ["02:00", "03:00", "04:00"]),
    ):
        for path in ("/calendar/", "/today/"):
            page.goto(f"{path}?date={on:%Y-%m-%d}")
            expect(page.locator(".cal-note").first).to_contain_text(f"this day has {hours} hours")
            expect(page.locator(".ec-sidebar time").first).to_be_attached()
            labels = [one for one in page.locator(".ec-sidebar time").all_inner_texts() if one]
            assert labels[1:4] == first or labels[:3] == first
            expect(page.locator(".ec-body .ec-sidebar .ec-slot")).to_have_count(hours * 2)


def test_changes_by_others_appear_and_leave_the_focus_where_it_is(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    amara = card(page, "Amara Whitfield")
    amara.focus()
    third = clinic.course(clinic.patient("Chloé", "Dubois", phone="020 7946 0552"), first_ahead=1)
    clinic.book(third, 1, starts_at=clinic.moment(1, time(16)))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(card(page, "Chloé Dubois")).to_be_visible()
    expect(amara).to_be_focused()


def look_again(page):
    """Let the calendar ask at once, and wait for the answer."""
    with page.expect_response(re.compile("/calendar/data/")) as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    return answer.value


def test_an_unchanged_calendar_is_not_sent_again(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    third = clinic.course(clinic.patient("Chloé", "Dubois", phone="020 7946 0552"), first_ahead=1)
    clinic.book(third, 1, starts_at=clinic.moment(1, time(16)))
    assert look_again(page).status == 200
    # The answer is another one from minute to minute.
    assert 304 in (look_again(page).status, look_again(page).status)


def test_a_card_under_the_pointer_stays_until_the_pointer_goes(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    amara = card(page, "Amara Whitfield")
    amara.hover()
    visit = Appointment.objects.get(patient__family_names="Whitfield")
    cancel_appointment(
        appointment=visit, by=clinic.maya, at=timezone.now(), reason="PATIENT", words=""
    )
    third = clinic.course(clinic.patient("Chloé", "Dubois", phone="020 7946 0552"), first_ahead=1)
    clinic.book(third, 1, starts_at=clinic.moment(1, time(16)))
    look_again(page)
    expect(card(page, "Chloé Dubois")).to_be_visible()
    expect(amara).not_to_contain_text("Cancelled")
    page.mouse.move(5, 5)
    expect(amara).to_contain_text("Cancelled")


def days_shown(page):
    return page.evaluate("JSON.parse(document.querySelector('#calendar-data').textContent).days")


def test_other_days_wait_until_the_panel_closes(clinic, enter):
    clinic.book(clinic.course(first_ahead=7), 1, starts_at=clinic.moment(7, time(11)))
    weekday = clinic.day(8).weekday()
    Shift.objects.filter(weekday=weekday).delete()
    page = enter(clinic.maya, at=f"/calendar/?week={clinic.day(7):%Y-%m-%d}")
    assert len(days_shown(page)) == 6
    card(page, "Amara Whitfield").click()
    expect(panel(page)).to_contain_text("Amara Whitfield")
    add_shift(
        practitioner=clinic.petra,
        site=clinic.site,
        weekday=weekday,
        starts=time(9),
        ends=time(17),
        by=clinic.alex,
        at=timezone.now(),
    )
    assert look_again(page).status == 200
    look_again(page)
    expect(panel(page)).to_contain_text("Amara Whitfield")
    assert len(days_shown(page)) == 6
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert len(days_shown(page)) == 7


def test_a_lost_connection_and_a_lost_session_are_told(clinic, tomorrow, enter):
    page = enter(clinic.maya, at=tomorrow)
    expect(card(page, "Amara Whitfield")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text(re.compile(r"Updated \d\d:\d\d\. Reconnecting\."))).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Reconnecting.")).to_be_hidden()
    page.context.clear_cookies()
    look_again(page)
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.locator("#stale").get_by_role("link", name="Sign in").click()
    page.wait_for_url(re.compile("next=/calendar/"))


def test_a_move_from_the_calendar_ends_on_the_same_calendar(clinic, tomorrow, enter):
    page = enter(clinic.maya)
    here = f"{tomorrow}&who={clinic.petra.pk}"
    page.goto(here)
    card(page, "Amara Whitfield").focus()
    page.keyboard.press("m")
    expect(page.locator(".cal-ghost")).to_be_visible()
    for _step in range(12):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        panel(page).locator("#move form button[type=submit]").click()
    assert page.url.endswith(here)
    expect(card(page, "Amara Whitfield")).to_contain_text("12:00")


def test_axe_finds_nothing_at_three_widths_in_light_dark_and_mirrored(clinic, tomorrow, enter):
    page = enter(clinic.maya, reduced_motion="reduce", color_scheme="light")
    found = []
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for path in (tomorrow, "/calendar/", "/calendar/?view=list", "/calendar/?by=room"):
            page.emulate_media(color_scheme="light")
            page.goto(path)
            page.locator("[data-calendar] .ec-main, .cal-day").first.wait_for()
            found += [f"{width} {path}: {line}" for line in axe_findings(page)]
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                found.append(f"{width} {path}: {wide} px too wide")
            page.emulate_media(color_scheme="dark")
            expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
            found += [f"{width} {path}, dark: {line}" for line in axe_findings(page)]
            page.evaluate("document.documentElement.dir = 'rtl'")
            found += [f"{width} {path}, mirrored: {line}" for line in axe_findings(page)]
    assert not found, "\n".join(found)
