"""(e) Too early for everybody; too late for reception, and for a clinician only with a reason."""

import re
from datetime import UTC, time

import pytest
from playwright.sync_api import expect

from sessions.models import Appointment, Deviation
from tests.e2e.clinic import session_of
from tests.e2e.people import chain_row, short_day, times_on, toast


@pytest.fixture
def course(clinic):
    """Session 1 is booked for today, so session 2 is allowed in 7 to 10 days."""
    course = clinic.course()
    clinic.book(course, 1, starts_at=clinic.moment(0, time(18)))
    return course


def forge(page, clinic, day):
    """Press a time button after giving it a time of `day` that was never offered."""
    moment = clinic.moment(day, time(15)).astimezone(UTC)
    button = times_on(page, clinic.day(7)).first
    button.evaluate(
        "(button, value) => { button.value = value; }",
        f"{moment:%Y-%m-%dT%H:%MZ}/{clinic.petra.pk}/{clinic.rooms[0].pk}",
    )
    button.click()


def test_too_early_is_not_offered_and_refused_to_everyone(clinic, course, enter):
    for person in (clinic.maya, clinic.petra):
        page = enter(person, at=f"/courses/{course.pk}/")
        expect(page.get_by_role("heading", name="Session 2: choose a time")).to_be_visible()
        expect(page.get_by_role("group").filter(has_text=short_day(clinic.day(7)))).to_be_visible()
        expect(page.get_by_role("group").filter(has_text=short_day(clinic.day(6)))).to_have_count(0)
        forge(page, clinic, day=6)
        expect(page.get_by_role("alert")).to_contain_text("Session 2 would be 1 day too early.")
        assert session_of(course, 2).appointments.count() == 0
    # What the rule refuses leaves no other trace, and the right time can be booked at once.
    times_on(page, clinic.day(7)).first.click()
    expect(toast(page, f"Session 2: {short_day(clinic.day(7))}")).to_be_visible()
    assert Appointment.objects.live().count() == 2


def test_after_the_window_reception_asks_a_clinician_who_gives_a_reason(clinic, course, enter):
    desk = enter(clinic.maya, at=f"/courses/{course.pk}/")
    told = "After the window a clinician must book it and give a reason."
    expect(desk.get_by_text(told)).to_be_visible()
    expect(desk.get_by_role("link", name="Later than the window")).to_have_count(0)
    forge(desk, clinic, day=12)
    expect(desk.get_by_role("alert")).to_contain_text("2 days late")
    expect(desk.get_by_role("alert")).to_contain_text("clinician")
    assert session_of(course, 2).appointments.count() == 0

    chair = enter(clinic.petra, at=f"/courses/{course.pk}/")
    chair.get_by_role("link", name="Later than the window, with a reason").click()
    expect(chair.get_by_text("a reason goes on record")).to_be_visible()
    times_on(chair, clinic.day(12)).first.click()
    expect(chair.get_by_role("alert")).to_contain_text("reason")
    assert not Deviation.objects.exists()
    chair.get_by_label("Reason").select_option("TRAVEL")
    chair.get_by_label("In words").fill("On a journey until the weekend.")
    times_on(chair, clinic.day(12)).first.click()
    expect(toast(chair, f"Session 2: {short_day(clinic.day(12))}")).to_be_visible()
    row = chain_row(chair, 2)
    expect(row).to_contain_text("2 days past the window.")
    expect(row).to_contain_text("On a journey until the weekend.")
    expect(row).to_contain_text("Petra Lindqvist")

    kept = Deviation.objects.get()
    assert (kept.kind, kept.days_late, kept.by) == (Deviation.Kind.LATE, 2, clinic.petra)
    # Reception sees that there is a reason; the words are clinical.
    desk.reload()
    expect(chain_row(desk, 2)).to_contain_text(re.compile("past the window", re.IGNORECASE))
    expect(desk.get_by_text("On a journey until the weekend.")).to_have_count(0)
