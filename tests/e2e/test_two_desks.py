"""(h) Two people at two desks want the same thing."""

import re
from datetime import time

from playwright.sync_api import expect

from sessions.models import Appointment
from tests.e2e.clinic import session_of
from tests.e2e.people import chain_row, short_day, times_on, toast


def test_a_time_that_was_taken_meanwhile_is_told_with_the_next_free_one(clinic, enter):
    amara = clinic.course()
    bao = clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0555"))
    here, there = enter(clinic.maya), enter(clinic.omar)
    here.goto(f"/courses/{amara.pk}/")
    there.goto(f"/courses/{bao.pk}/")
    wanted = times_on(here, clinic.day(1)).nth(4)
    name = wanted.inner_text()
    same = times_on(there, clinic.day(1)).nth(4)
    assert same.inner_text() == name
    wanted.click()
    expect(toast(here, f"Session 1: {short_day(clinic.day(1))}")).to_be_visible()
    same.click()
    alert = there.get_by_role("alert").filter(has_text="was taken a moment ago")
    expect(alert).to_contain_text(re.compile(r"was taken a moment ago\. Next free: .*\d\d:\d\d"))
    assert session_of(bao, 1).appointments.count() == 0
    assert session_of(bao, 1).status == "PLANNED"
    # The times shown now are free again: the next click books.
    times_on(there, clinic.day(1)).nth(4).click()
    expect(toast(there, f"Session 1: {short_day(clinic.day(1))}")).to_be_visible()
    assert Appointment.objects.live().count() == 2


def test_moving_an_earlier_session_takes_the_next_one_along(clinic, enter):
    course = clinic.course()
    clinic.book(course, 1, starts_at=clinic.moment(3, time(11)))
    clinic.book(course, 2, starts_at=clinic.moment(13, time(11)))
    page = enter(clinic.maya, at=f"/courses/{course.pk}/")
    chain_row(page, 1).get_by_role("link", name="Move session 1").click()
    times_on(page, clinic.day(5)).first.click()
    page.get_by_role("button", name="Move session 1").click()
    expect(toast(page, "Session 1 moved.")).to_be_visible()
    chain_row(page, 1).get_by_role("link", name="Move session 1").click()
    times_on(page, clinic.day(8)).first.click()
    page.get_by_role("button", name="Move 1, re-plan 1").click()
    expect(toast(page, "Session 1 moved, 1 re-planned.")).to_be_visible()
    assert session_of(course, 2).earliest_on == clinic.day(15)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(toast(page, "Taken back: 2 sessions are as they were.")).to_be_visible()
    assert session_of(course, 2).earliest_on == clinic.day(12)
