"""A session like the one before: few presses, one scan, one PIN; and the drawing of the body."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import expect

from meso_clinic.core.actions import set_signing_pin
from records.actions import drafts, signing
from records.actions.aftercare import save_aftercare
from records.actions.anaesthesia import save_anaesthesia
from records.actions.checks import save_checks
from records.actions.zones import DoseGiven, save_zone
from records.domain.checks import CHECKS
from records.domain.gs1 import BoxCode, format_box_code
from records.models import SessionRecord, ZoneTreatment
from sessions.actions.status import check_in
from tests.e2e.acts import acts, count_acts
from tests.e2e.clinic import session_of
from tests.e2e.device import the_server_has_it
from tests.e2e.people import heading
from tests.records.conftest import CLEAN
from treatments.models import Lot

PIN = "407193"
MOST_PRESSES = 10


def treated(clinic, course):
    """Sign session 1 with two zones, nine days ago, and return the lot it was given from."""
    then = timezone.now() - timedelta(days=9)
    place = clinic.book(course, 1, starts_at=clinic.began(5) - timedelta(days=9))
    check_in(appointment=place, by=clinic.maya, at=then)
    by_petra = {"by": clinic.petra, "at": then}
    record = drafts.open_record(session=session_of(course, 1), **by_petra)
    record = save_checks(
        record=record,
        answers=dict.fromkeys(CHECKS, "CLEAR"),
        words="",
        version=record.version,
        **by_petra,
    )
    record = save_anaesthesia(
        record=record,
        kind="COLD",
        agent="",
        dose="",
        applied_at=None,
        skin=CLEAN,
        version=record.version,
        **by_petra,
    )
    lots = Lot.objects.filter(product__indications=course.indication, product__route="INTRADERMAL")
    lot = lots.order_by("pk")[0]
    # A code has room for two digits of the year.
    lot.expires_on = clinic.day(400)
    lot.save(update_fields=["expires_on"])
    for zone in course.indication.zones.order_by("position")[:2]:
        record = save_zone(
            record=record,
            zone=zone,
            technique="point_by_point",
            needle="30G, 4 mm",
            depth_mm=Decimal("3.0"),
            points=20,
            point_ml=Decimal("0.05"),
            seen=[],
            doses=[DoseGiven(lot, Decimal("0.50"))],
            version=record.version,
            **by_petra,
        )
    record = save_aftercare(
        record=record,
        reaction="None",
        notes="",
        given=True,
        end_points="PINPOINT",
        pain=2,
        observed_minutes=15,
        version=record.version,
        **by_petra,
    )
    signing.sign_confirmed(
        record=record,
        version=record.version,
        delivered_on=then.astimezone(clinic.zone).date(),
        **by_petra,
    )
    return lot


def in_the_chair(clinic, course):
    place = clinic.book(course, 2, starts_at=clinic.began(5))
    check_in(appointment=place, by=clinic.maya, at=timezone.now())
    return session_of(course, 2)


def test_a_repeat_of_two_zones_takes_ten_presses_one_scan_and_one_pin(clinic, enter):
    course = clinic.course(first_ahead=-9)
    lot = treated(clinic, course)
    second = in_the_chair(clinic, course)
    set_signing_pin(user=clinic.petra, pin=PIN, at=timezone.now())
    page = enter(
        clinic.petra,
        at=f"/sessions/{second.pk}/record/checks/",
        viewport={"width": 1180, "height": 820},
    )
    count_acts(page)

    page.get_by_role("button", name="All clear").click()
    expect(heading(page, "Anaesthesia")).to_be_visible()
    page.get_by_role("button", name="Same as session 1").click()
    expect(heading(page, "Where")).to_be_visible()
    page.get_by_role("link", name="Same as session 1").click()
    # The scanner types into the field that has the focus, and ends with Enter.
    expect(page.get_by_label("Scan the box")).to_be_focused()
    page.keyboard.type(format_box_code(BoxCode(lot=lot.number, expires_on=lot.expires_on)))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Product and lot", exact=True)).to_have_value(str(lot.pk))
    page.get_by_role("button", name="Add zone").click()
    expect(page.get_by_text("Copied, check").first).to_be_visible()
    page.get_by_role("link", name="Same as session 1").click()
    expect(page.get_by_label("Points")).to_have_value("20")
    page.get_by_role("button", name="Next: after-care").click()
    page.get_by_label("After-care given and explained").check()
    page.get_by_role("group", name="Pain").get_by_label("2", exact=True).check()
    page.get_by_role("button", name="No reaction, pinpoint bleeding").click()
    expect(heading(page, "Sign")).to_be_visible()
    expect(page.get_by_text("Copied, check")).to_be_visible()
    page.keyboard.type(PIN)
    page.get_by_role("button", name="Sign and finish").click()
    expect(page.get_by_role("status").get_by_text("Signed")).to_be_visible()

    assert acts(page).presses <= MOST_PRESSES
    record = SessionRecord.objects.get(session=second)
    assert record.is_signed
    assert [zone.points for zone in record.zones.all()] == [20, 20]
    assert (record.antiseptic, record.is_preparation_copied) == ("ALCOHOL", True)
    assert (record.pain, record.end_points, record.reaction) == (2, "PINPOINT", "None")
    # What is measured and felt is never taken over.
    assert (record.systolic_mmhg, record.observed_minutes) == (None, None)
    assert {dose.lot for dose in record.administrations.all()} == {lot}


def test_a_zone_is_picked_on_the_drawing_with_the_keyboard(clinic, enter):
    course = clinic.course()
    place = clinic.book(course, 1, starts_at=clinic.began(5))
    check_in(appointment=place, by=clinic.maya, at=timezone.now())
    record = drafts.open_record(session=session_of(course, 1), by=clinic.petra, at=timezone.now())
    page = enter(clinic.petra, at=f"/sessions/{record.session_id}/record/injections/")
    for zone in course.indication.zones.order_by("position"):
        expect(page.locator(f"svg.map [data-zone={zone.code}]")).to_have_count(1)
    flank = page.locator("svg.map").get_by_role("button", name="Side of waist")
    flank.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Side of waist")).to_be_visible()
    page.locator("svg.map").get_by_role("button", name="Lower abdomen").click()
    expect(page.get_by_role("heading", level=2, name="Lower abdomen")).to_be_visible()
    assert not ZoneTreatment.objects.exists()


def test_the_cream_counts_on_over_a_reload(clinic, enter):
    course = clinic.course()
    place = clinic.book(course, 1, starts_at=clinic.began(5))
    check_in(appointment=place, by=clinic.maya, at=timezone.now())
    record = drafts.open_record(session=session_of(course, 1), by=clinic.petra, at=timezone.now())
    page = enter(clinic.petra, at=f"/sessions/{record.session_id}/record/anaesthesia/")
    page.get_by_label("Cream", exact=True).check()
    page.get_by_label("Agent", exact=True).fill("Lidocaine and prilocaine cream")
    page.get_by_label("Amount (g)").fill("2")
    page.get_by_label("Area (cm²)").fill("40")
    page.get_by_role("button", name="Applied now").click()
    timer = page.get_by_role("region", name="Time the cream is on")
    expect(timer).to_contain_text("00:")
    the_server_has_it(page)
    page.reload()
    expect(timer).to_contain_text("of 45 min")
    record.anaesthesia.refresh_from_db()
    assert record.anaesthesia.applied_at is not None
    page.get_by_role("button", name="Removed now").click()
    page.get_by_role("button", name="Next: injections").click()
    expect(heading(page, "Where")).to_be_visible()
    record.anaesthesia.refresh_from_db()
    assert record.anaesthesia.removed_at is not None
