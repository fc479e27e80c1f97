"""(j) A lot is put aside, taken back, its patients are called, and the recall is closed."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from records.actions import drafts
from records.models import Recall
from sessions.actions.status import check_in
from tests.e2e.clinic import session_of
from tests.e2e.people import heading, ready, toast
from tests.factories.core import PASSWORD
from tests.records.conftest import fill, sign
from treatments.models import Lot

CALL = re.compile(r"^Call\b.*Whitfield")


def treated(clinic):
    """Sign a session that took from a lot nine days ago; return the lot."""
    course = clinic.course(first_ahead=-9)
    then = timezone.now() - timedelta(days=9)
    place = clinic.book(course, 1, starts_at=clinic.began(5) - timedelta(days=9))
    check_in(appointment=place, by=clinic.maya, at=then)
    record = drafts.open_record(session=session_of(course, 1), by=clinic.petra, at=then)
    lot = Lot.objects.filter(product__indications=course.indication).order_by("pk")[0]
    record = fill(record, lot, course.indication.zones.order_by("pk")[0], clinic.petra, at=then)
    sign(record, clinic.petra, at=then, delivered_on=then.astimezone(clinic.zone).date())
    return lot


def test_a_lot_is_taken_back_and_everybody_is_told(clinic, enter):
    lot = treated(clinic)
    office = enter(clinic.alex, at=f"/manage/lots/{lot.pk}/")
    office.get_by_role("link", name="Quarantine").click()
    office.get_by_label("Reason").fill("Cloudy")
    office.get_by_role("button", name="Put in quarantine").click()
    expect(toast(office, "is in quarantine.")).to_be_visible()
    office.get_by_role("link", name="Recall", exact=True).click()
    expect(office.get_by_role("checkbox", name=f"Lot {lot.number}")).to_be_checked()
    office.get_by_role("button", name="Open the recall").click()
    expect(office.get_by_role("heading", name="There is a problem")).to_be_visible()
    office.get_by_label("Reason").fill("Mycobacteria found")
    office.get_by_label("Notice").fill("Notice 12/2026")
    office.get_by_label("What callers say").fill("We call about your last visit.")
    office.get_by_role("button", name="Open the recall").click()
    expect(toast(office, "The recall is open.")).to_be_visible()
    # Who runs the clinic sees how many, not who.
    expect(office.get_by_text("A clinician calls them and sees who they are.")).to_be_visible()
    expect(office.get_by_text("Whitfield")).to_have_count(0)
    recall = Recall.objects.get()

    desk = enter(clinic.maya, at="/follow-ups/")
    expect(desk.get_by_text("A clinician has to call.", exact=True)).to_be_visible()
    expect(desk.get_by_role("link", name=CALL)).to_have_count(0)

    chair = enter(clinic.petra, at="/follow-ups/")
    # The patient is called because of the recall, and because of the session itself.
    recalled = chair.get_by_role("link", name=CALL).and_(chair.locator("a[href^='/recalls/']"))
    recalled.click()
    expect(heading(chair, "Call this patient")).to_be_visible()
    chair.get_by_label("Not reached").check()
    chair.get_by_role("button", name="Note the call").click()
    expect(toast(chair, "The call is noted.")).to_be_visible()

    # From the list: words and a button. The button without words says what is missing.
    ready(chair)
    row = chair.get_by_role("listitem").filter(has_text="Amara Whitfield").first
    expect(row.get_by_role("link", name="020 7946 0991")).to_have_attribute(
        "href", "tel:02079460991"
    )
    row.get_by_role("button", name="Has symptoms").click()
    expect(chair.get_by_text("Say what was found").first).to_be_visible()
    chair.get_by_role("link", name="Back to the list").click()
    row = chair.get_by_role("listitem").filter(has_text="Amara Whitfield").first
    row.get_by_label("In words").fill("A red lump. Sent to the hospital.")
    row.get_by_role("button", name="Referred").click()
    expect(toast(chair, "The call is noted.")).to_be_visible()
    expect(chair.get_by_role("listitem").filter(has_text="A red lump").first).to_be_visible()
    # The keyboard walks the rows.
    ready(chair)
    chair.keyboard.press("j")
    expect(chair.get_by_role("link", name="Amara Whitfield", exact=True).first).to_be_focused()

    chair.get_by_role("link", name="Close the recall").click()
    chair.get_by_label("Summary").fill("One patient, referred. The lot went back.")
    chair.get_by_label("Your password").fill(PASSWORD)
    chair.get_by_role("button", name="Sign and close").click()
    expect(chair.get_by_text("One patient, referred.")).to_be_visible()
    with chair.expect_download() as found:
        chair.get_by_role("link", name="PDF").click()
    assert found.value.suggested_filename == f"recall-{recall.pk}.pdf"
    recall.refresh_from_db()
    assert (recall.is_open, recall.contacts.get().status) == (False, "REFERRED")
