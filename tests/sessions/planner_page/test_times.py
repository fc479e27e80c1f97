"""Times that are kept, other times of a session, and where the focus goes."""

import re

import pytest

from tests.factories.treatments import IndicationFactory
from tests.sessions.desk import Desk
from tests.sessions.planner_page.page import (
    away,
    clocks,
    close,
    days,
    form,
    place,
    read,
    settings_of,
)

pytestmark = pytest.mark.django_db


def test_a_kept_time_stays_when_anything_else_changes(show, indication, petra, room):
    kept = place(16, "11:00", petra, room)
    answer = show(settings_of(indication, petra, first_on="2026-11-28", **{"pin-3": kept}))
    assert days(answer)[:4] == [2, 9, 16, 23]
    assert form(answer).sends["pin-3"] == [kept]
    assert clocks(answer)[2] == "11:00"


def test_a_time_that_is_not_kept_any_more_is_free_to_move(show, indication, petra, room):
    sent = form(show(settings_of(indication, petra, **{"pin-3": place(16, "11:00", petra, room)})))
    del sent.sends["pin-3"]
    assert days(show(sent.sends))[:3] == [0, 7, 14]


def test_a_kept_time_that_is_too_early_says_so_and_can_be_released(show, indication, petra, room):
    pins = {"pin-1": place(0, "09:00", petra, room), "pin-2": place(4, "09:00", petra, room)}
    answer = show(settings_of(indication, petra, **pins))
    page = read(answer)
    assert (
        "Session 2 is kept on Mon 30 Nov, 09:00, 3 days too early: its window opens on Thu 3 Dec. "
        "Release it, or choose another time."
    ) in page
    assert "Session 2 needs a fix." in page
    released = show(form(answer).pressing("Release"))
    assert days(released)[:2] == [0, 7]
    assert "pin-2" not in form(released).sends


def test_a_kept_time_that_somebody_else_has_now_says_so(show, site, indication, petra, room):
    kept = place(7, "10:00", petra, room)
    neighbour = Desk(site=site, practitioner=petra)
    neighbour.book(1, 0)
    neighbour.book(2, 7)
    answer = show(settings_of(indication, petra, **{"pin-2": kept}))
    page = read(answer)
    assert (
        "Session 2: Thu 3 Dec, 10:00 is not free any more. Release it, or choose another time."
    ) in page
    assert "7 of 8 sessions ready" in page


def test_a_kept_time_that_leaves_no_room_says_so(show, indication, petra, room):
    pins = {"pin-1": place(0, "09:00", petra, room), "pin-3": place(40, "09:00", petra, room)}
    answer = show(settings_of(indication, petra, **pins))
    assert answer.status_code == 200
    assert form(answer).sends["pin-3"] == [pins["pin-3"]]


# Other times of a session


def test_a_session_lists_the_other_times_of_its_window(show, indication, petra):
    answer = show(settings_of(indication, petra, change=2))
    page = read(answer)
    assert "Session 2: choose a time" in page
    assert "Allowed: Thu 3 to Sun 6 Dec." in page
    chosen = show(form(answer).pressing("Fri 4 Dec, 11:00"))
    assert days(chosen)[:3] == [0, 8, 15]
    assert form(chosen).sends["pin-2"] == form(chosen).sends["place-2"]
    assert "choose a time" not in read(chosen)


def test_the_panel_closes(show, indication, petra):
    answer = show(settings_of(indication, petra, change=2))
    closed = show(form(answer).sends | {"close": "1"})
    assert "choose a time" not in read(closed)


def test_a_day_without_times_says_why(show, site, indication, petra, reception):
    close(site, 8, 8, reception)
    away(petra, 9, 9, reception)
    page = read(show(settings_of(indication, petra, change=2)))
    assert "Fri 4 Dec Closed: Christmas." in page
    assert "Sat 5 Dec Petra Lindqvist is away." in page


def test_everybodys_times_can_be_seen(show, indication, petra, malik):
    page = read(show(settings_of(indication, petra, change=2)))
    assert "Duarte" not in page.split("choose a time")[1].split("Goals")[0]
    page = read(show(settings_of(indication, petra, change=2, anybody="1")))
    assert "Duarte" in page.split("choose a time")[1]


def test_a_clinician_sees_the_times_after_the_window(
    show, indication, petra, clinician_client, reception_client
):
    typed = settings_of(indication, petra, change=2, late="1")
    assert "1 day late" in read(show(typed, clinician_client))
    page = read(show(typed))
    assert "1 day late" not in page
    assert "After the window a clinician must book it and give a reason." in page


def test_a_window_of_one_day_is_said_as_one_day(show, petra):
    narrow = IndicationFactory(protocol__initial_min_days=7, protocol__initial_max_days=7)
    assert "Allowed: Thu 3 Dec." in read(show(settings_of(narrow, petra, change=2)))


# Where the focus goes


@pytest.mark.parametrize(
    ("pressed", "changes", "focused"),
    [
        ("change", {"change": "2"}, 'id="times-h"'),
        ("close", {"change": "2", "close": "1"}, 'id="s2"'),
        ("release", {"release": "3"}, 'id="s3"'),
        ("use", {"use": "only=on"}, 'id="chain-h"'),
    ],
)
def test_the_focus_goes_to_what_a_button_changed(
    show, indication, petra, pressed, changes, focused
):
    headers = {"HX-Request": "true", "HX-Trigger-Name": pressed}
    page = show(settings_of(indication, petra, **changes), **headers).content.decode()
    [tag] = re.findall(r"<[^>]*data-focus[^>]*>", page)
    assert focused in tag


def test_the_focus_goes_to_the_session_whose_time_was_chosen(show, indication, petra):
    opened = form(show(settings_of(indication, petra, change=2)))
    headers = {"HX-Request": "true", "HX-Trigger-Name": "use"}
    page = show(opened.pressing("Fri 4 Dec, 11:00"), **headers).content.decode()
    [tag] = re.findall(r"<[^>]*data-focus[^>]*>", page)
    assert 'id="s2"' in tag


def test_a_setting_leaves_the_focus_where_it_is(show, indication, petra):
    page = show(settings_of(indication, petra, change=2), **{"HX-Request": "true"})
    assert "data-focus" not in page.content.decode()
