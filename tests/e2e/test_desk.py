"""(l) A day at the desk: by three roles, by touch, and at two sites."""

import re
from datetime import time
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinic.actions import add_room, add_shift, add_site
from meso_clinic.core.roles import Role
from sessions.actions.status import check_in
from sessions.actions.visits import book_visit
from sessions.models import Appointment
from tests.e2e.acts import acts, count_acts
from tests.e2e.clinic import Clinic, person, session_of
from tests.e2e.pages import furnish
from tests.e2e.people import go_to, heading, ready, row_of, toast

PHONE = {"width": 390, "height": 844}


def panel(page: Page):
    return page.locator("#panel")


def card(page: Page, name: str):
    return page.locator(".ec-event .ev-a").filter(has_text=name)


def a_morning(clinic: Clinic):
    """Amara is due, Bao waits, and Chloé is in the chair."""
    amara, bao, chloe = (
        clinic.course(clinic.patient(given, family, phone=f"020 7946 055{n}"))
        for n, (given, family) in enumerate(
            [("Amara", "Whitfield"), ("Bao", "Tran"), ("Chloé", "Dubois")]
        )
    )
    clinic.in_the_chair(chloe)
    clinic.book(amara, starts_at=clinic.began(3), practitioner=clinic.omar, room=1)
    waits = clinic.book(bao, starts_at=clinic.moment(0, time(13)))
    check_in(appointment=waits, by=clinic.maya, at=timezone.now())
    return amara, bao, chloe


def offered(page: Page, name: str) -> list[str]:
    """Return the words of what can be done in a row, in their order."""
    expect(row_of(page, name)).to_be_visible()
    acts = row_of(page, name).locator(".dk-a").locator("form:not(.pop) button, a, summary")
    return [" ".join(words.split()) for words in acts.all_inner_texts()]


def test_each_role_is_offered_what_it_may_do_and_does_it(clinic, enter):
    _amara, bao, chloe = a_morning(clinic)
    maya, alex, petra = (enter(who) for who in (clinic.maya, clinic.alex, clinic.petra))
    for page in (maya, alex, petra):
        page.goto("/today/")
        for name in ("Amara Whitfield", "Bao Tran", "Chloé Dubois"):
            expect(card(page, name)).to_be_visible()
        page.get_by_role("navigation", name="View").get_by_role("link", name="List").click()
        assert offered(page, "Amara Whitfield") == ["Check in", "Move", "No-show", "Cancel"]
    for page in (maya, alex):
        assert offered(page, "Bao Tran") == ["Cancel", "Undo"]
        assert offered(page, "Chloé Dubois") == []
        expect(page.get_by_role("navigation", name="Whose day")).to_have_count(0)
    assert offered(petra, "Bao Tran") == ["Start", "Cancel", "Undo"]
    assert offered(petra, "Chloé Dubois") == ["Open record", "Undo"]
    for page, has_plan, has_manage in ((maya, 1, 0), (alex, 0, 1), (petra, 1, 0)):
        expect(page.get_by_role("link", name="Plan a course")).to_have_count(has_plan)
        main = page.get_by_role("navigation", name="Main")
        expect(main.get_by_role("link", name="Manage")).to_have_count(has_manage)

    # Who may not read a record is not led to one, and hears why when they go there.
    row_of(maya, "Bao Tran").get_by_role("link", name="details of Bao Tran").click()
    expect(panel(maya).get_by_text("Waiting").first).to_be_visible()
    expect(panel(maya).get_by_role("button", name="Start")).to_have_count(0)
    maya.goto(reverse("records:record-step", args=[session_of(chloe, 1).pk, "checks"]))
    expect(maya.get_by_text("This page is for a clinician.")).to_be_visible()

    maya.goto("/today/")
    count_acts(maya)
    row_of(maya, "Amara Whitfield").get_by_role("button", name="Check in").click()
    expect(row_of(maya, "Amara Whitfield")).to_contain_text("Waiting")
    assert acts(maya).total == 1
    row = row_of(alex, "Bao Tran")
    row.get_by_text("Cancel", exact=True).click()
    row.get_by_role("button", name="Patient unwell").click()
    toast(alex, "Bao Tran is cancelled.").locator("..").get_by_role("button", name="Undo").click()
    expect(toast(alex, "Bao Tran is as before.")).to_be_visible()
    petra.get_by_role("navigation", name="Whose day").get_by_role("link", name="Mine").click()
    expect(row_of(petra, "Amara Whitfield")).to_have_count(0)
    row_of(petra, "Bao Tran").get_by_role("button", name="Start").click()
    expect(heading(petra, "Checks")).to_be_visible()
    assert session_of(bao, 1).status == "IN_TREATMENT"


def too_wide(page: Page) -> str:
    """Say how far a page reaches out of a phone, "" if it does not."""
    # The window of a phone grows with what is in it, so its own width is no measure.
    width = page.evaluate("document.scrollingElement.scrollWidth")
    return f"{page.url}: {width} px" if width > PHONE["width"] else ""


def test_the_desk_on_a_phone_by_touch(clinic, enter):
    furnish(clinic)
    page = enter(clinic.maya, at="/today/", viewport=PHONE, has_touch=True, is_mobile=True)
    call = page.get_by_role("heading", name="Call now")
    expect(call).to_be_visible()
    expect(page.locator(".board")).to_be_hidden()
    late = row_of(page, "Bao Tran")
    phone = late.get_by_role("link", name="020 7946 0551")
    expect(phone).to_have_attribute("href", "tel:02079460551")
    # Whoever is late stands on the first screen, and a thumb hits their phone.
    box = phone.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]
    assert box["height"] >= 44
    wide = [too_wide(page)]
    late.get_by_role("link", name="details of Bao Tran").tap()
    expect(panel(page).get_by_role("heading", level=1, name="Bao Tran")).to_be_visible()
    call = panel(page).get_by_role("link", name="020 7946 0551")
    expect(call).to_have_attribute("href", "tel:02079460551")
    wide.append(too_wide(page))
    panel(page).get_by_role("button", name="Close").tap()
    late.get_by_role("button", name="Check in").tap()
    expect(late).to_contain_text("Waiting")
    wide.append(too_wide(page))
    page.get_by_role("link", name="Book", exact=True).tap()
    expect(panel(page).get_by_role("searchbox", name="Patient")).to_be_visible()
    wide.append(too_wide(page))
    for path in (
        f"/today/?date={clinic.day(1):%Y-%m-%d}",
        "/calendar/",
        f"/calendar/?date={clinic.day(0):%Y-%m-%d}",
        "/calendar/?view=list",
        "/search/?q=a",
        reverse("sessions:waiting-list"),
        f"{reverse('sessions:day-sheet')}?detail=detailed",
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        wide.append(too_wide(page))
    assert not any(wide), "\n".join(filter(None, wide))


def a_second_site(clinic: Clinic):
    """Add a site where it is three hours later, with a room and somebody who works there."""
    now = timezone.now()
    here = now.astimezone(clinic.zone).utcoffset()
    assert here is not None
    ahead = int(here.total_seconds() // 3600) + 3
    nora = person("nora", "Nora", "Eide", Role.CLINICIAN)
    site = add_site(name="Harbour Street", timezone=f"Etc/GMT{-ahead:+d}", by=clinic.alex, at=now)
    add_shift(
        practitioner=nora,
        site=site,
        weekday=clinic.today.weekday(),
        starts=time(8),
        ends=time(20),
        by=clinic.alex,
        at=now,
    )
    return nora, add_room(site=site, name="Quay room", by=clinic.alex, at=now)


def at_three(clinic: Clinic, given: str, family: str, who, room) -> Appointment:
    """Book a talk today at 15:00 by the clock of the room's site."""
    patient = clinic.patient(given, family, phone=f"020 7946 0{len(given)}{len(family)}1")
    change = book_visit(
        kind="CONSULTATION",
        patient=patient,
        practitioner=who,
        room=room,
        starts_at=clinic.moment(0, time(15)).replace(tzinfo=room.site.zone),
        minutes=30,
        key=uuid4(),
        by=clinic.maya,
        at=timezone.now(),
    )
    return change.lines.get().appointment


def test_each_site_has_its_own_day_and_its_own_clock(clinic, enter):
    nora, quay = a_second_site(clinic)
    here = at_three(clinic, "Amara", "Whitfield", clinic.petra, clinic.rooms[0])
    at_three(clinic, "Mina", "Okafor", nora, quay)
    # Neither site has the clock of this browser.
    page = enter(clinic.maya, timezone_id="Asia/Tokyo")
    asked = f"/today/?date={clinic.today:%Y-%m-%d}"
    page.goto(asked)
    for site, clock, name, other in (
        ("Linden Street", "10:", "Amara Whitfield", "Mina Okafor"),
        ("Harbour Street", "13:", "Mina Okafor", "Amara Whitfield"),
    ):
        ready(page)
        with page.expect_navigation():
            page.get_by_label("Site", exact=True).select_option(label=site)
        assert page.url.endswith(asked)
        expect(card(page, name)).to_contain_text("15:00")
        expect(page.locator(".clock")).to_have_text(re.compile(f"^{clock}"))
        expect(page.get_by_text(other)).to_have_count(0)
    page.goto("/today/?view=list")
    expect(row_of(page, "Mina Okafor")).to_contain_text("15:00")
    go_to(page, "Calendar")
    expect(card(page, "Mina Okafor")).to_contain_text("15:00")
    expect(page.get_by_text("Amara Whitfield")).to_have_count(0)
    page.goto(f"/appointments/{here.pk}/")
    expect(page.locator("#appointment")).to_contain_text("15:00 to 15:30")
    page.goto("/calendar/?view=list")
    with page.expect_navigation():
        page.get_by_label("Site", exact=True).select_option(label="Linden Street")
    expect(page.get_by_role("link", name="Amara Whitfield", exact=True)).to_be_visible()


def test_arrow_keys_run_through_the_sites_and_enter_goes_there(clinic, enter):
    nora, quay = a_second_site(clinic)
    at_three(clinic, "Amara", "Whitfield", clinic.petra, clinic.rooms[0])
    at_three(clinic, "Mina", "Okafor", nora, quay)
    page = enter(clinic.maya, at=f"/today/?view=list&date={clinic.today:%Y-%m-%d}")
    ready(page)
    sites = page.get_by_label("Site", exact=True)
    expect(sites.locator("option")).to_have_text(["Harbour Street", "Linden Street"])
    sites.focus()
    for key in ("ArrowDown", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    expect(row_of(page, "Mina Okafor")).to_contain_text("15:00")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(row_of(page, "Amara Whitfield")).to_contain_text("15:00")
    expect(page.get_by_text("Mina Okafor")).to_have_count(0)
