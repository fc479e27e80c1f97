"""(j) A red flag stops the course, and a prescriber lets it go on."""

from datetime import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meso_clinic.core.roles import Role
from records.models import AdverseEvent, HoldLift
from sessions.actions.status import check_in
from sessions.models import Appointment
from tests.e2e.clinic import person
from tests.e2e.people import go_to, heading, ready, row_of, toast


@pytest.fixture
def doctor(clinic):
    found = person("ines", "Ines", "Halloran", Role.CLINICIAN)
    found.is_prescriber = True
    found.save(update_fields=["is_prescriber"])
    return found


def test_a_red_flag_holds_the_course_until_a_prescriber_lifts_it(clinic, doctor, enter):
    clinic.keeps_consent_on_paper()
    course = clinic.course()
    place = clinic.book(course, 1, starts_at=clinic.began(5))
    check_in(appointment=place, by=clinic.maya, at=timezone.now())
    clinic.book(course, 2, starts_at=clinic.moment(7, time(11)))

    chair = enter(clinic.petra, at=f"/courses/{course.pk}/")
    chair.get_by_label("More actions").click()
    chair.get_by_role("link", name="Report a reaction").click()
    expect(heading(chair, "Report a reaction")).to_be_visible()
    chair.get_by_label("Kind of reaction").select_option(label="Bruise")
    chair.get_by_label("3, severe").check()
    chair.get_by_role("button", name="Report the reaction").click()
    expect(chair.get_by_role("heading", name="There is a problem")).to_be_visible()
    chair.get_by_label("What was seen").fill("Tense and still growing.")
    chair.get_by_role("button", name="Report the reaction").click()
    expect(toast(chair, "Its course is on clinical hold.")).to_be_visible()
    expect(chair.get_by_text("Open red flag: Bruise, grade 3")).to_be_visible()

    # Reception learns of the hold and of nothing else.
    desk = enter(clinic.maya, at="/today/?view=list")
    expect(row_of(desk, "Amara Whitfield")).to_contain_text("Clinical hold")
    desk.goto(f"/appointments/{place.pk}/")
    expect(desk.get_by_text("Clinical hold").first).to_be_visible()
    expect(desk.get_by_text("Bruise")).to_have_count(0)
    chair.goto(f"/appointments/{place.pk}/")
    expect(chair.get_by_role("button", name="Start", exact=True)).to_have_count(0)

    office = enter(doctor)
    go_to(office, "Follow-ups")
    office.get_by_role("link", name="Look at it").click()
    ready(office)
    office.get_by_label("What is new").fill("Soft again, no longer growing.")
    office.get_by_label("Outcome").select_option(label="Resolved")
    office.get_by_label("Over on").fill(f"{clinic.today:%Y-%m-%d}")
    office.get_by_role("button", name="Add", exact=True).click()
    expect(toast(office, "It is added.")).to_be_visible()
    office.goto(f"/courses/{course.pk}/")
    office.get_by_role("link", name="Decide about the hold").click()
    office.get_by_label("Why treatment may go on").fill("Healed; the next point is elsewhere.")
    office.get_by_role("button", name="Lift the hold").click()
    expect(toast(office, "The clinical hold is lifted.")).to_be_visible()

    chair.goto(f"/appointments/{place.pk}/")
    chair.get_by_role("button", name="Start", exact=True).click()
    expect(heading(chair, "Checks")).to_be_visible()
    place.refresh_from_db()
    assert place.status == Appointment.Status.IN_TREATMENT
    assert (AdverseEvent.objects.count(), HoldLift.objects.count()) == (1, 1)


@pytest.mark.parametrize("script", [True, False])
def test_the_emergency_cards_are_one_tap_away_on_a_phone(clinic, enter, script):
    options = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": script}
    page = enter(clinic.petra, **options)
    go_to(page, "Emergency")
    expect(page.get_by_role("heading", name="Anaphylaxis")).to_be_visible()
    page.get_by_role("link", name="Methaemoglobinaemia").click()
    expect(page.get_by_text("methaemoglobinaemia after prilocaine")).to_be_in_viewport()
    if script:
        over = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        assert over <= 0
