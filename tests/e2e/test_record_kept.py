"""What is typed in a record is never lost: a cut line, a sign-in that ended, two people at once."""

from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from records.actions import drafts
from records.actions.aftercare import save_aftercare
from records.models import SessionRecord
from sessions.actions.status import check_in
from tests.e2e.clinic import session_of
from tests.e2e.device import kept_copies, the_server_has_it
from tests.e2e.people import heading
from tests.factories.core import PASSWORD

NOT_SAVED = "Not saved yet. Kept on this device."
TYPED = "Tolerated well, a little redness on the left."


def opened(clinic):
    """Return the record of a session that has just begun."""
    course = clinic.course()
    place = clinic.book(course, 1, starts_at=clinic.began(5))
    check_in(appointment=place, by=clinic.maya, at=timezone.now())
    return drafts.open_record(session=session_of(course, 1), by=clinic.petra, at=timezone.now())


def aftercare(page, record):
    page.goto(f"/sessions/{record.session_id}/record/aftercare/")
    expect(heading(page, "After-care")).to_be_visible()
    return page.get_by_label("Notes")


def test_what_is_typed_is_saved_without_a_button(clinic, enter):
    record = opened(clinic)
    page = enter(clinic.petra)
    aftercare(page, record).fill(TYPED)
    expect(page.get_by_text("Saved at")).to_be_visible()
    page.get_by_label("After-care given and explained").check()
    the_server_has_it(page)
    page.reload()
    expect(page.get_by_label("Notes")).to_have_value(TYPED)
    record.refresh_from_db()
    assert (record.notes, record.aftercare_given) == (TYPED, True)


def test_what_was_typed_while_the_line_was_cut_is_sent_later(clinic, enter):
    record = opened(clinic)
    page = enter(clinic.petra)
    notes = aftercare(page, record)
    page.context.set_offline(True)
    notes.fill(TYPED)
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    # A button does not lead into the dark either.
    page.get_by_role("button", name="Next: sign").click()
    expect(heading(page, "After-care")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("Notes")).to_have_value(TYPED)
    the_server_has_it(page)
    expect(page.get_by_text(NOT_SAVED)).to_be_hidden()
    record.refresh_from_db()
    assert record.notes == TYPED


def test_what_was_typed_after_the_sign_in_ended_is_there_after_the_next(clinic, enter):
    record = opened(clinic)
    page = enter(clinic.petra)
    notes = aftercare(page, record)
    Session.objects.all().delete()
    notes.fill(TYPED)
    expect(page.get_by_text("You are signed out.", exact=False)).to_be_visible()
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_label("Email or user name").fill(clinic.petra.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(heading(page, "After-care")).to_be_visible()
    notes = page.get_by_label("Notes")
    expect(notes).to_have_value(TYPED)
    the_server_has_it(page)
    expect(page.get_by_text(NOT_SAVED)).to_be_hidden()
    record.refresh_from_db()
    assert record.notes == TYPED


def test_what_is_not_whole_yet_waits_on_the_device_and_goes_at_sign_out(clinic, enter):
    record = opened(clinic)
    page = enter(clinic.petra, at=f"/sessions/{record.session_id}/record/injections/")
    page.get_by_label("Points").fill("24")
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Points")).to_have_value("24")
    assert kept_copies(page) == 1
    page.goto("/")
    page.locator("details.me summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Email or user name")).to_be_visible()
    assert kept_copies(page) == 0


def test_a_reload_in_the_middle_of_a_save_is_nobody_elses(clinic, enter):
    record = opened(clinic)
    page = enter(clinic.petra)
    notes = aftercare(page, record)
    step = f"**/sessions/{record.session_id}/record/aftercare/"
    saved = []

    def keep_the_answer(route):
        if route.request.method == "POST":
            # The server has it, and the page never hears of it.
            saved.append(route.fetch().status)
        else:
            route.continue_()

    page.route(step, keep_the_answer)
    notes.fill("Tolerated")
    for _turn in range(50):
        page.wait_for_timeout(100)
        if saved:
            break
    assert saved == [200]
    notes.fill(TYPED)
    page.unroute(step)
    page.reload()
    expect(page.get_by_label("Notes")).to_have_value(TYPED)
    the_server_has_it(page)
    expect(page.get_by_role("alert").filter(has_text="Somebody else")).to_have_count(0)
    record.refresh_from_db()
    assert record.notes == TYPED
    # And what somebody else saves is still told.
    save_aftercare(
        record=record,
        reaction="",
        notes="Written by Omar.",
        given=False,
        version=record.version,
        by=clinic.omar,
        at=timezone.now(),
    )
    page.get_by_label("Notes").fill(f"{TYPED} Calm.")
    expect(page.get_by_role("alert").filter(has_text="Somebody else")).to_be_visible()


def test_two_people_see_both_texts_and_one_decides(clinic, enter):
    record = opened(clinic)
    page = enter(clinic.petra)
    notes = aftercare(page, record)
    save_aftercare(
        record=record,
        reaction="",
        notes="Written by Omar.",
        given=False,
        version=record.version,
        by=clinic.omar,
        at=timezone.now(),
    )
    notes.fill(TYPED)
    conflict = page.get_by_role("alert").filter(has_text="Somebody else saved this record")
    expect(conflict).to_contain_text("Written by Omar.")
    expect(conflict).to_contain_text(TYPED)
    assert SessionRecord.objects.get().notes == "Written by Omar."
    page.get_by_role("button", name="Keep mine").click()
    expect(conflict).to_have_count(0)
    the_server_has_it(page)
    assert SessionRecord.objects.get().notes == TYPED
