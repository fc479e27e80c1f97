"""A time comes free, and somebody who waits for one gets it."""

from datetime import time

from django.utils import timezone
from playwright.sync_api import expect

from sessions.actions.waiting import Wish, add_session
from tests.e2e.clinic import session_of
from tests.e2e.people import go_to, row_of, toast
from tests.e2e.watch import axe_findings


def wait_for_earlier(clinic, course):
    return add_session(
        session=session_of(course, 1), wish=Wish(), by=clinic.maya, at=timezone.now()
    )


def test_a_cancelled_time_is_given_to_who_waits_by_one_click(clinic, enter):
    bao = clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0555"))
    clinic.book(bao, 1, starts_at=clinic.moment(0, time(11, 30)))
    mina = clinic.course(clinic.patient("Mina", "Okafor", phone="020 7946 0556"))
    clinic.book(mina, 1, starts_at=clinic.moment(4, time(11)))
    wait_for_earlier(clinic, mina)
    page = enter(clinic.maya)
    go_to(page, "Today")
    row_of(page, "Bao Tran").get_by_text("Cancel", exact=True).click()
    row_of(page, "Bao Tran").get_by_role("button", name="Patient asked").click()
    expect(toast(page, "Bao Tran is cancelled.")).to_be_visible()

    go_to(page, "Follow-ups")
    page.get_by_role("link", name="Waiting list").click()
    freed = page.get_by_role("article", name="11:30 with Petra Lindqvist")
    expect(freed.get_by_role("link", name="020 7946 0556")).to_be_visible()
    assert axe_findings(page) == []
    freed.get_by_role("button", name="Called, no answer").click()
    expect(toast(page, "Noted: Mina Okafor did not answer.")).to_be_visible()
    expect(freed).to_contain_text("by Maya Brandt, no answer.")
    freed.get_by_role("button", name="Book Mina Okafor 11:30").click()
    expect(toast(page, "Mina Okafor: ")).to_contain_text("11:30 with Petra Lindqvist.")
    expect(page.get_by_role("heading", name="Nobody waits")).to_be_visible()
    place = session_of(mina, 1).appointments.live().get()
    assert place.starts_at == clinic.moment(0, time(11, 30))

    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(toast(page, "It is as before, and the patient waits again.")).to_be_visible()
    expect(freed.get_by_role("button", name="Book Mina Okafor 11:30")).to_be_visible()
    place.refresh_from_db()
    assert place.starts_at == clinic.moment(4, time(11))


def test_put_on_the_list_from_the_course_in_three_clicks(clinic, enter):
    course = clinic.course()
    clinic.book(course, 1, starts_at=clinic.moment(2, time(11)))
    page = enter(clinic.maya, at=f"/courses/{course.pk}/")
    page.get_by_role("link", name="Tell me when an earlier time comes free").first.click()
    expect(page.get_by_label("For")).to_have_value(f"session-{session_of(course, 1).pk}")
    page.get_by_label("Monday").check()
    page.get_by_role("button", name="Put on the waiting list").click()
    expect(toast(page, "Amara Whitfield is on the waiting list.")).to_be_visible()
    assert session_of(course, 1).waitlist_entries.get().weekdays == [0]
