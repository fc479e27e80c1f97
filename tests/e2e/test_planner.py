"""(j) The planner: whole courses booked, moved, taken back and saved from closed days, in few clicks."""

import re
from datetime import time, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from meso_clinic.core.roles import Role
from sessions.models import Appointment, ScheduleChange
from tests.e2e.acts import acts, count_acts
from tests.e2e.clinic import Clinic, person
from tests.e2e.people import (
    chain_row,
    go_to,
    heading,
    ready,
    row_of,
    short_day,
    times_on,
    toast,
)
from tests.e2e.test_keyboard import tab_to
from tests.e2e.watch import axe_findings
from treatments.models import TreatmentCourse

NAME = "Zoë Müller-Łukasik"
INDICATION = "Wrinkles, signs of ageing and pigment"
CHRISTMAS = "Christmas"
PHONE = {"width": 390, "height": 844}


class Clicks:
    """The clicks of a journey: nothing is pressed past it."""

    def __init__(self) -> None:
        self.count = 0

    def on(self, target: Locator) -> None:
        target.click()
        self.count += 1

    def choose(self, field: Locator, label: str) -> None:
        """Choose from a list: one click opens it, one takes the line."""
        field.select_option(label=label)
        self.count += 2


def open_planner(page: Page, patient, sessions: int = 10) -> None:
    page.goto(f"/patients/{patient.pk}/courses/new/")
    ready(page)
    expect(rows(page)).to_have_count(sessions)


def fill_in_patient(page: Page) -> None:
    """Type what is known of a new patient. Nothing is clicked."""
    page.get_by_label("Given names").press_sequentially("Zoë")
    page.get_by_label("Family names").fill("Müller-Łukasik")
    page.get_by_label("Born on").fill("22 Aug 1990")
    page.get_by_label("Female", exact=True).press("Space")
    expect(page.get_by_label("Female", exact=True)).to_be_checked()
    page.get_by_label("Phone", exact=False).first.fill("020 7946 0815")


def rows(page: Page) -> Locator:
    return page.get_by_role("region", name="Sessions", exact=True).get_by_role("listitem")


def row(page: Page, number: int) -> Locator:
    return rows(page).nth(number - 1)


def places(course: TreatmentCourse) -> dict[int, Appointment]:
    """Return the live appointments of a course by session number."""
    return {
        session.number: session.appointments.live().get()
        for session in course.sessions.all()
        if session.appointments.live().exists()
    }


def assert_keeps_the_rules(clinic: Clinic, course: TreatmentCourse) -> None:
    """Every session is booked, on no closed day and as far after the one before as is allowed."""
    booked = places(course)
    assert sorted(booked) == list(range(1, course.total_sessions + 1))
    days = {n: place.starts_at.astimezone(clinic.zone).date() for n, place in booked.items()}
    closed = [(each.starts_on, each.ends_on) for each in clinic.site.closures.all()]
    for number, on in days.items():
        assert not any(first <= on <= last for first, last in closed), f"session {number}: {on}"
        if number > 1:
            gap = (on - days[number - 1]).days
            allowed = range(7, 11) if number <= course.initial_sessions else range(28, 36)
            assert gap in allowed, f"session {number} is {gap} days after the one before"


def plan_a_new_patient(page: Page, clicks: Clicks) -> None:
    """Register somebody and choose an indication with 8 sessions, the first 5 close together."""
    ready(page)
    clicks.on(page.get_by_role("link", name="New patient").first)
    fill_in_patient(page)
    clicks.on(page.get_by_role("button", name="Save and plan a course"))
    expect(heading(page, f"Plan a course for {NAME}")).to_be_visible()
    ready(page)
    clicks.choose(page.get_by_label("Indication"), INDICATION)
    expect(rows(page)).to_have_count(8)
    expect(page.get_by_label("Then monthly from")).to_have_value("6")


def test_a_new_patients_course_over_christmas_takes_five_clicks_and_one_takes_it_back(
    clinic, enter
):
    clinic.close(16, 22, CHRISTMAS)
    page, clicks = enter(clinic.maya), Clicks()
    plan_a_new_patient(page, clicks)
    clicks.on(page.get_by_role("button", name="Book 8 sessions"))
    expect(toast(page, "8 sessions booked.")).to_be_visible()
    assert clicks.count <= 5

    course = TreatmentCourse.objects.get()
    assert course.status == TreatmentCourse.Status.ACTIVE
    assert (course.total_sessions, course.initial_sessions) == (8, 5)
    assert_keeps_the_rules(clinic, course)
    beside = page.context.new_page()
    beside.goto(f"/courses/{course.pk}/")
    expect(rows(beside)).to_have_count(8)
    expect(rows(beside).get_by_role("link", name=re.compile("Move session"))).to_have_count(8)

    # The page that follows says what was booked for long enough to think again.
    expect(page.locator("[data-toast]")).to_have_attribute("data-seconds", "60")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(toast(page, "Taken back: the course is not planned any more.")).to_be_visible()
    expect(heading(page, NAME)).to_be_visible()
    expect(page.get_by_role("heading", name="No course yet")).to_be_visible()
    page.goto("/courses/")
    expect(page.get_by_role("main").get_by_text(NAME)).to_have_count(0)
    assert not Appointment.objects.live().exists()


def test_a_closed_week_and_an_absence_cost_one_click_more(clinic, enter):
    # After the closed week no day that the session before allows is left to Omar, whom the
    # planner asks first; Petra has some.
    clinic.close(10, 15, CHRISTMAS)
    clinic.send_away(clinic.omar, 16, 22)
    page, clicks = enter(clinic.maya), Clicks()
    plan_a_new_patient(page, clicks)
    stuck = rows(page).filter(has_text="No time with Omar Haddad")
    expect(stuck).to_have_count(1)
    number = int(re.search(r"\d+", stuck.locator(".cs-n").inner_text())[0])
    expect(page.get_by_role("heading", name=f"Session {number}: choose a fix")).to_be_visible()
    panel = page.get_by_role("complementary", name=f"Session {number}: choose a fix")
    expect(panel).to_contain_text("Linden Street is closed")
    expect(panel).to_contain_text(f"{CHRISTMAS}.")
    expect(panel).to_contain_text("Omar Haddad is away")
    expect(page.get_by_text(f"Session {number} needs a fix.")).to_be_visible()
    best = panel.get_by_role("radio").first
    expect(best).to_be_checked()
    expect(panel.locator("label").first).to_contain_text("with Petra Lindqvist")

    clicks.on(panel.get_by_role("button", name=re.compile("^Use ")))
    expect(page.get_by_text("8 of 8 sessions ready")).to_be_visible()
    expect(row(page, number)).to_contain_text("Petra Lindqvist")
    clicks.on(page.get_by_role("button", name="Book 8 sessions"))
    expect(toast(page, "8 sessions booked.")).to_be_visible()
    assert clicks.count <= 6

    course = TreatmentCourse.objects.get()
    assert_keeps_the_rules(clinic, course)
    booked = places(course)
    assert booked[number].practitioner == clinic.petra
    assert {place.practitioner for place in booked.values()} == {clinic.petra, clinic.omar}


def test_moving_a_session_takes_the_next_ones_along_in_three_clicks(clinic, enter):
    course = clinic.course()
    clinic.book_all(course, time(11), last_waits=True)
    before = {number: place.starts_at for number, place in places(course).items()}
    day = before[4].astimezone(clinic.zone).date() + timedelta(days=2)
    page = enter(clinic.maya, at=f"/courses/{course.pk}/")
    ready(page)
    count_acts(page)
    chain_row(page, 4).get_by_role("link", name="Move session 4").click()
    expect(heading(page, "Move session 4")).to_be_visible()
    page.get_by_role("button", name=re.compile(f"^{short_day(day)}")).first.click()
    changes = page.get_by_role("table").get_by_role("row")
    numbers = page.get_by_role("table").get_by_role("rowheader")
    expect(numbers).to_have_text(["4", "5", "6", "7"])
    was = short_day(before[4].astimezone(clinic.zone).date())
    expect(changes.nth(1).locator("s").first).to_have_text(re.compile(f"^{was}.*, 11:00$"))
    expect(changes.nth(1)).to_contain_text(short_day(day))
    expect(page.get_by_text("Session 8 stays where it is.")).to_be_visible()
    assert {n: place.starts_at for n, place in places(course).items()} == before
    page.get_by_role("button", name="Move 1, re-plan 3").click()
    expect(toast(page, "Session 4 moved, 3 re-planned.")).to_be_visible()
    assert acts(page).total <= 3

    after = {number: place.starts_at for number, place in places(course).items()}
    assert [number for number in after if after[number] != before[number]] == [4, 5, 6, 7]
    assert after[4].astimezone(clinic.zone).date() == day
    assert_keeps_the_rules(clinic, course)

    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(toast(page, "Taken back: 4 sessions are as they were.")).to_be_visible()
    assert {n: place.starts_at for n, place in places(course).items()} == before
    assert_keeps_the_rules(clinic, course)


def test_somebody_who_did_not_come_gets_a_new_time_in_three_clicks(clinic, enter):
    course = clinic.course()
    clinic.book(course, 1, starts_at=clinic.began(40))
    page = enter(clinic.maya)
    go_to(page, "Today")
    ready(page)
    count_acts(page)
    missed = row_of(page, "Amara Whitfield")
    missed.get_by_role("button", name="No-show").click()
    expect(toast(page, "Amara Whitfield did not come.")).to_be_visible()
    missed.get_by_role("link", name="Rebook").click()
    times_on(page, clinic.day(0)).first.click()
    expect(toast(page, "Session 1: ")).to_be_visible()
    assert acts(page).total <= 4
    assert [place.status for place in Appointment.objects.order_by("pk")] == ["NO_SHOW", "BOOKED"]


def test_somebody_who_did_not_come_is_rebooked_with_all_that_follows_in_four_clicks(clinic, enter):
    course = clinic.course(total=3, initial=3)
    clinic.book(course, 1, starts_at=clinic.began(40))
    clinic.book(course, 2, starts_at=clinic.moment(7, time(11)))
    clinic.book(course, 3, starts_at=clinic.moment(14, time(11)))
    page = enter(clinic.maya)
    go_to(page, "Today")
    ready(page)
    count_acts(page)
    missed = row_of(page, "Amara Whitfield")
    missed.get_by_role("button", name="No-show").click()
    expect(toast(page, "Amara Whitfield did not come.")).to_be_visible()
    missed.get_by_role("link", name="Rebook").click()
    expect(page.get_by_role("heading", name="Suggested")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Book ")).click()
    expect(toast(page, "Session 1 booked")).to_be_visible()
    assert acts(page).total <= 4
    assert_keeps_the_rules(clinic, course)


def test_whose_day_is_closed_gets_a_new_time_except_for_the_one_that_is_skipped(clinic, enter):
    courses = [
        clinic.course(clinic.patient(given, family, phone=f"020 7946 06{n}0"))
        for n, (given, family) in enumerate(
            [("Amara", "Whitfield"), ("Bao", "Tran"), ("Chloé", "Dubois")]
        )
    ]
    for hour, course in enumerate(courses):
        clinic.book(course, 1, starts_at=clinic.moment(4, time(9 + 2 * hour)))
    robin = person("robin", "Robin", "Achterberg", Role.ADMIN, Role.RECEPTION)
    page = enter(robin, at="/manage/closures/")
    page.get_by_label("First day").fill(f"{clinic.day(4):%Y-%m-%d}")
    page.get_by_label("Reason").fill("Burst pipe")
    page.get_by_role("button", name="Add the closure").click()
    expect(page.get_by_role("heading", name="3 appointments are booked then")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Close anyway")).click()
    # Whoever may book is led on to what has to move; reception finds it under Follow-ups.
    expect(heading(page, "Appointments to move")).to_be_visible()
    page = enter(clinic.maya)
    go_to(page, "Follow-ups")
    page.get_by_role("link", name="Appointments to move").click()
    expect(heading(page, "Appointments to move")).to_be_visible()
    for name in ("Amara Whitfield", "Bao Tran", "Chloé Dubois"):
        expect(page.get_by_role("region", name=name)).to_contain_text("Burst pipe")
    expect(page.get_by_role("button", name="Re-plan 3 appointments")).to_be_visible()
    bao = page.get_by_role("checkbox", name="Bao Tran")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    expect(page.get_by_role("button", name="Re-plan the ticked courses")).to_be_visible()
    bao.check()
    expect(page.get_by_role("button", name="Re-plan 1 appointment", exact=True)).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.set_checked(True)
    bao.uncheck()
    page.get_by_role("button", name="Re-plan 2 appointments").click()
    expect(toast(page, re.compile(r"\b2 appointments"))).to_be_visible()
    expect(page.get_by_role("region", name="Bao Tran")).to_be_visible()
    expect(page.get_by_role("region", name="Amara Whitfield")).to_have_count(0)

    days = [places(course)[1].starts_at.astimezone(clinic.zone).date() for course in courses]
    assert days[1] == clinic.day(4)
    assert clinic.day(4) not in (days[0], days[2])


def test_a_kept_time_stays_when_the_settings_change(clinic, enter):
    page = enter(clinic.maya)
    open_planner(page, clinic.patient())
    row(page, 3).get_by_role("button", name="Change session 3").click()
    expect(page.get_by_role("heading", name="Session 3: choose a time")).to_be_visible()
    slots = page.get_by_role("complementary").locator("button.slot:visible")
    chosen = slots.last
    words = re.search(r"(\w+ \d+ \w+).*?(\d\d:\d\d)", chosen.text_content(), re.DOTALL).groups()
    chosen.click()
    expect(page.get_by_role("heading", name="Session 3: choose a time")).to_have_count(0)
    kept = page.get_by_role("checkbox", name="Keep session 3 at this time")
    expect(kept).to_be_checked()
    for part in words:
        expect(row(page, 3)).to_contain_text(part)
    value = kept.get_attribute("value")
    page.get_by_role("button", name="One fewer").click()
    expect(rows(page)).to_have_count(9)
    expect(kept).to_be_checked()
    assert kept.get_attribute("value") == value
    page.get_by_role("button", name="Book 9 sessions").click()
    expect(toast(page, "9 sessions booked.")).to_be_visible()
    assert f"{places(TreatmentCourse.objects.get())[3].starts_at:%Y-%m-%dT%H:%MZ}" in value


def test_wishes_that_nothing_can_meet_are_said_and_can_be_widened(clinic, enter):
    # Nobody works on the one day that would do.
    weekday = clinic.day(3)
    for week in range(60):
        for practitioner in (clinic.omar, clinic.petra):
            clinic.send_away(practitioner, 3 + 7 * week, 3 + 7 * week)
    page = enter(clinic.maya)
    open_planner(page, clinic.patient())
    page.locator("summary", has_text="Any time").click()
    page.get_by_role("checkbox", name=f"{weekday:%A}", exact=True).check()
    expect(page.locator("#wishes")).to_contain_text(f"{weekday:%A}s")
    page.get_by_role("checkbox", name="Only these").check()
    expect(page.locator("#wishes")).to_contain_text("Only")
    panel = page.get_by_role("complementary", name="Session 1: choose a fix")
    expect(panel).to_contain_text(f"but not within “Only {weekday:%A}s”")
    expect(panel.locator("label").first).to_contain_text(
        f"Any day will do, not only {weekday:%A}s."
    )
    page.keyboard.press("Escape")
    panel.get_by_role("button", name=re.compile("^Use ")).click()
    expect(page.get_by_text("10 of 10 sessions ready")).to_be_visible()
    page.get_by_role("button", name="Book 10 sessions").click()
    expect(toast(page, "10 sessions booked.")).to_be_visible()
    assert_keeps_the_rules(clinic, TreatmentCourse.objects.get())


def test_a_time_that_is_lost_meanwhile_is_replaced_and_all_others_stay(clinic, enter):
    here, there = enter(clinic.maya), enter(clinic.omar)
    open_planner(here, clinic.patient())
    shown = [
        here.locator(f"input[name=place-{number}]").get_attribute("value")
        for number in range(1, 11)
    ]
    # The other desk books session 1 of another course at the very time of session 1 here.
    other = clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0555"))
    there.goto(f"/courses/{other.pk}/")
    ready(there)
    there.get_by_label("With").select_option(label="Omar Haddad")
    expect(there.get_by_role("button", name="Haddad").first).to_be_attached()
    when = row(here, 1).locator(".cs-d").inner_text()
    day, clock = re.search(r"(\w{3} \d+ \w{3}).*?(\d\d:\d\d)", when, re.DOTALL).groups()
    there.get_by_role("button", name=re.compile(f"^{day}.*{clock}")).first.click()
    expect(toast(there, "Session 1: ")).to_be_visible()

    here.get_by_role("button", name="Book 10 sessions").click()
    alert = here.get_by_role("alert").filter(has_text="There is a problem")
    expect(alert).to_contain_text(
        re.compile(
            rf"Session 1: {clock} was taken a moment ago\. The nearest free time is .*\d\d:\d\d"
            r".* Nothing is booked yet\."
        )
    )
    assert TreatmentCourse.objects.count() == 1
    again = [
        here.locator(f"input[name=place-{number}]").get_attribute("value")
        for number in range(1, 11)
    ]
    assert again[0] != shown[0]
    assert again[1:] == shown[1:]
    expect(row(here, 1).locator("s")).to_contain_text(clock)
    here.get_by_role("button", name="Book 10 sessions").click()
    expect(toast(here, "10 sessions booked.")).to_be_visible()
    course = TreatmentCourse.objects.exclude(pk=other.pk).get()
    assert_keeps_the_rules(clinic, course)
    assert ScheduleChange.objects.filter(new_course=course).count() == 1


def test_a_stuck_course_is_mended_and_booked_without_scripts(clinic, enter):
    clinic.close(10, 15, CHRISTMAS)
    clinic.send_away(clinic.omar, 16, 22)
    page = enter(
        clinic.maya, at=f"/patients/{clinic.patient().pk}/courses/new/", java_script_enabled=False
    )
    page.get_by_label("Indication").select_option(label=INDICATION)
    page.get_by_role("button", name="Show the times").last.click()
    expect(rows(page)).to_have_count(8)
    page.get_by_role("button", name="Book 8 sessions").click()
    expect(page.get_by_role("alert")).to_contain_text("has no time. Choose a fix.")
    assert not TreatmentCourse.objects.exists()
    page.get_by_role("button", name=re.compile("^Use ")).first.click()
    expect(page.get_by_text("8 of 8 sessions ready")).to_be_visible()
    page.get_by_role("button", name="Book 8 sessions").click()
    expect(toast(page, "8 sessions booked.")).to_be_visible()
    assert_keeps_the_rules(clinic, TreatmentCourse.objects.get())


def test_a_course_is_planned_and_taken_back_with_the_keyboard_alone(clinic, enter):
    clinic.close(16, 22, CHRISTMAS)
    page = enter(clinic.maya)
    open_planner(page, clinic.patient())
    field = page.get_by_label("Indication")
    tab_to(page, field)
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(field.locator("option:checked")).to_have_text(INDICATION)
    expect(rows(page)).to_have_count(8)
    # The page was drawn again; whoever uses the keys is still where they were.
    expect(field).to_be_focused()
    tab_to(page, row(page, 2).get_by_role("button", name="Change session 2"), at_most=80)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Session 2: choose a time")).to_be_focused()
    tab_to(page, page.get_by_role("complementary").locator("button.slot:visible").nth(1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Keep session 2 at this time")).to_be_checked()
    expect(row(page, 2)).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Book 8 sessions"), at_most=80)
    page.keyboard.press("Enter")
    expect(toast(page, "8 sessions booked.")).to_be_visible()
    ready(page)
    assert_keeps_the_rules(clinic, TreatmentCourse.objects.get())
    undo = page.get_by_role("status").get_by_role("button", name="Undo")
    tab_to(page, undo, key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(toast(page, "Taken back: the course is not planned any more.")).to_be_visible()
    assert not Appointment.objects.live().exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_planned_fits_a_phone_also_mirrored(clinic, enter, scheme):
    booked = clinic.course()
    clinic.book_all(booked, time(11), last_waits=True)
    clinic.close(10, 15, CHRISTMAS)
    clinic.send_away(clinic.omar, 16, 22)
    fourth = places(booked)[4]
    later = fourth.starts_at + timedelta(days=2)
    place = f"{later:%Y-%m-%dT%H:%MZ}/{fourth.practitioner_id}/{fourth.room_id}"
    patient = clinic.patient("Wilhelmina Alexandrina", "von Hohenzollern-Sigmaringen")
    page = enter(clinic.petra, viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")
    planner = f"/patients/{patient.pk}/courses/new/"
    replan = f"/courses/{booked.pk}/replan/?from=4"
    found = []
    for path, shows in (
        (planner, "Plan a course for Wilhelmina"),
        (f"{planner}?change=2", "Session 2: choose a time"),
        (f"{planner}?practitioner={clinic.omar.pk}", "choose a fix"),
        (replan, "Move session 4"),
        (f"{replan}&place={place}", "What changes"),
        ("/follow-ups/moves/", "Appointments to move"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", name=shows)).to_be_visible()
        for direction in ("ltr", "rtl"):
            page.evaluate("dir => { document.documentElement.dir = dir; }", direction)
            over = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
            if over > 0:
                found.append(f"{path}, {direction}: {over} px wider than the screen")
            found += [f"{path}, {direction}: {line}" for line in axe_findings(page)]
    assert not found, "\n".join(found)
