"""The day on a page to print."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import ClinicProfile
from sessions.actions.status import cancel_appointment, check_in, mark_no_show
from sessions.day_sheet_words import phone_tail
from sessions.domain.free_time import Span
from sessions.selectors.day_sheet import cut
from tests.factories.clinic import ClosureFactory, SiteFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import AllergyFactory
from tests.factories.treatments import AssessmentFactory
from tests.sessions.day_paper import MORNING, busy_day, guest, names_on_the_day, page_of
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(site):
    desk = Desk(
        site=site,
        patient__given_names="Leila",
        patient__family_names="Marchetti",
        patient__phone="020 7946 0551",
    )
    desk.book(1, 0, "12:00", at=desk.moment(0, "07:00"))
    return desk


def plain(page):
    """Return the words of the paper, without tags and with single spaces."""
    paper = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", paper).split())


def test_a_line_says_who_comes_when_for_what_with_whom_and_where(desk, reception_client):
    words = plain(page_of(reception_client))
    for said in (
        "Thursday 26 November 2026",
        "Linden Street Clinic, Linden Street",
        "Printed 26 Nov 2026, 08:00",
        "Everybody , 1 visit",
        "12:00 to 12:50",
        "Leila Marchetti 22 Aug 1990 (36)",
        "… 0551",
        "1 of 8",
        "Room 1",
        desk.practitioner.display_name,
    ):
        assert said in words


def test_the_short_sheet_has_the_tail_of_the_phone_and_the_detailed_one_all_of_it(
    desk, reception_client
):
    assert "7946 0551" not in plain(page_of(reception_client))
    words = plain(page_of(reception_client, detail="detailed"))
    assert "020 7946 0551" in words
    assert desk.course.patient.record_number in words
    assert "Arrived Started Left Notes" in words


@pytest.mark.parametrize(
    ("phone", "tail"), [("+44 20 7946 0142", "… 0142"), ("11", "… 11"), ("", "")]
)
def test_the_tail_of_a_phone(phone, tail):
    assert phone_tail(phone) == tail


def test_what_is_open_is_said_in_words(desk, reception_client):
    assert "New patient, assessment open, consent open" in plain(page_of(reception_client))


def test_what_was_seen_to_is_not_said(desk, reception_client):
    course = desk.course
    AssessmentFactory(patient=course.patient, indication=course.indication)
    assert "New patient, consent open" in plain(page_of(reception_client))
    desk.arrive(1)
    desk.deliver(1, 0)
    desk.book(2, 7, "12:00")
    words = plain(page_of(reception_client, date="2026-12-03"))
    assert "Leila Marchetti" in words
    assert "ew patient" not in words
    assert "open" not in words


def test_only_a_specialist_counts_where_one_is_needed(desk, reception_client):
    course = desk.course
    course.indication.needs_specialist = True
    course.indication.save(update_fields=["needs_specialist"])
    AssessmentFactory(patient=course.patient, indication=course.indication)
    assert "assessment open" in plain(page_of(reception_client))
    AssessmentFactory(patient=course.patient, indication=course.indication, kind="SPECIALIST")
    assert "assessment open" not in plain(page_of(reception_client))


def test_a_consultation_has_no_count_and_nothing_to_sign(site, reception_client):
    guest(site)
    words = plain(page_of(reception_client))
    assert "Nour Haddad" in words
    assert "Consultation" in words
    assert "New patient" in words
    assert "open" not in words


@pytest.mark.parametrize("detail", ["short", "detailed"])
def test_allergies_are_for_clinical_readers(desk, reception_client, clinician_client, detail):
    AllergyFactory(patient=desk.course.patient, substance="Lidocaine", reaction="Hives")
    AllergyFactory(patient=desk.course.patient, substance="Nickel")
    AllergyFactory(patient=desk.course.patient, substance="Latex", withdrawn=True)
    words = plain(page_of(clinician_client, detail=detail))
    assert "Allergic to Lidocaine (Hives)" in words
    assert "Allergic to Nickel" in words
    assert "Latex" not in words
    page = page_of(reception_client, detail=detail)
    assert [said for said in ("Lidocaine", "Hives", "Nickel", "llerg") if said in page] == []


def test_findings_are_for_clinical_readers_of_the_detailed_sheet(
    desk, reception_client, clinician_client, admin_client
):
    AssessmentFactory(
        patient=desk.course.patient,
        indication=desk.course.indication,
        finding="Firm\nnodules",
        assessed_by="Dr Akerman",
    )
    said = "by Dr Akerman: Firm nodules"
    assert said in plain(page_of(clinician_client, detail="detailed"))
    for page in (
        page_of(clinician_client),
        page_of(reception_client, detail="detailed"),
        page_of(admin_client, detail="detailed"),
    ):
        assert "nodules" not in page


def test_whoever_is_here_is_ticked_and_the_word_stands_beside_it(desk, reception_client):
    awaited = page_of(reception_client)
    check_in(appointment=desk.place(1), by=desk.reception, at=desk.moment(0, "11:52"))
    arrived = page_of(reception_client)
    assert "M3.5 8.5" in arrived
    assert "M3.5 8.5" not in awaited
    assert "11:52 Waiting" in plain(arrived)
    words = plain(page_of(reception_client, detail="detailed"))
    assert "Waiting, new patient" in words
    assert "Arrived 11:52" in words


def test_who_does_not_come_is_listed_below(desk, reception_client, clock):
    cancel_appointment(
        appointment=desk.place(1), reason="UNWELL", by=desk.reception, at=MORNING, words=""
    )
    missed = guest(desk.site, clock="09:00")
    mark_no_show(appointment=missed, by=desk.reception, at=missed.starts_at + timedelta(hours=1))
    words = plain(page_of(reception_client))
    assert "12:00 Leila Marchetti: Cancelled, Patient unwell" in words
    assert "09:00 Nour Haddad: No-show" in words
    assert "Nobody is booked on this day." in words


def test_free_times_are_lines_to_write_on(desk, reception_client, clock):
    words = plain(page_of(reception_client, practitioner=desk.practitioner.pk))
    for free in ("09:00 to 10:00 Free", "11:00 to 12:00 Free", "12:50 to 13:50 Free"):
        assert free in words
    assert "11:00 to 12:00 Free 12:00 to 12:50 Leila" in words.replace("  ", " ")
    clock.move_to(MORNING + timedelta(hours=3, minutes=30))
    later = plain(page_of(reception_client, practitioner=desk.practitioner.pk))
    assert "10:00 to 11:00 Free" not in later
    assert "11:00 to 12:00 Free" in later


def test_the_sheet_of_everybody_says_whose_time_is_free(desk, reception_client):
    words = plain(page_of(reception_client))
    assert f"09:00 to 11:00 Free {desk.practitioner.display_name}" in words


@pytest.mark.parametrize(
    ("minutes", "pieces"),
    [(10, []), (14, []), (15, [15]), (60, [60]), (70, [70]), (75, [60, 15]), (150, [60, 60, 30])],
)
def test_free_time_in_pieces(minutes, pieces):
    span = Span(MORNING, MORNING + timedelta(minutes=minutes))
    found = cut(span, timedelta(hours=1))
    assert [(one.end - one.start) // timedelta(minutes=1) for one in found] == pieces


def test_the_sheet_of_one_practitioner_has_nobody_elses_patients(desk, reception_client):
    other = UserFactory(clinician=True, first_name="Omar", last_name="Said")
    guest(desk.site, person=other)
    words = plain(page_of(reception_client, practitioner=other.pk))
    assert "Omar Said , 1 visit" in words
    assert "Nour Haddad" in words
    assert "Leila" not in words
    assert "With" not in words


def test_a_closed_day_says_why_and_what_is_booked_all_the_same(desk, reception_client):
    ClosureFactory(
        site=desk.site,
        starts_on=date(2026, 11, 26),
        ends_on=date(2026, 11, 27),
        reason="Training day",
    )
    words = plain(page_of(reception_client))
    assert "Closed on this day: Training day." in words
    assert "What is booked all the same is below." in words
    assert "Leila Marchetti" in words
    assert "Free" not in words
    words = plain(page_of(reception_client, date="2026-11-27"))
    assert "Nobody is booked on this day." in words
    assert "below" not in words


def test_an_empty_day_says_so(site, clinician, reception_client):
    words = plain(page_of(reception_client))
    assert "Nobody is booked on this day. There are no free times either." in words
    words = plain(page_of(reception_client, practitioner=clinician.pk))
    assert "Petra Lindqvist has no free times either." in words
    works_every_day(clinician, site)
    words = plain(page_of(reception_client))
    assert "Nobody is booked on this day." in words
    assert "either" not in words
    assert "09:00 to 11:00 Free Petra Lindqvist" in words


def test_times_are_those_of_the_site_that_is_printed(desk, reception_client):
    berlin = SiteFactory(name="Uferweg", timezone="Europe/Berlin")
    guest(berlin, clock="10:00")
    words = plain(page_of(reception_client, site=berlin.pk))
    assert "11:00 to 11:50 Nour Haddad" in words.replace("  ", " ")
    assert "Printed 26 Nov 2026, 09:00" in words
    assert "Leila" not in words


def test_a_day_on_which_the_clocks_change_keeps_its_hours(site, reception_client):
    person = UserFactory(clinician=True)
    works_every_day(person, site)
    words = plain(page_of(reception_client, practitioner=person.pk, date="2027-03-28"))
    assert words.count("Free") == 8
    assert "09:00 to 10:00 Free" in words


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"date": "2026-02-30"}, "Day must be a real date, like 26 Nov 2026."),
        ({"date": "soon"}, "Day must be a real date, like 26 Nov 2026."),
        ({"date": "0001-01-01"}, "Day must be a real date, like 26 Nov 2026."),
        ({"site": "987654"}, "Choose one of the sites."),
        ({"site": "9" * 40}, "Choose one of the sites."),
        ({"practitioner": "x"}, "Choose one of the practitioners."),
        ({"practitioner": "-1"}, "Choose one of the practitioners."),
        ({"detail": "all"}, "Choose one from the list."),
        ({"paper": "a3"}, "Choose one from the list."),
    ],
)
@pytest.mark.parametrize("name", ["sessions:day-sheet", "sessions:day-sheet-pdf"])
def test_what_cannot_be_printed_is_said_and_nothing_else_is_printed(
    desk, reception_client, asked, said, name
):
    answer = reception_client.get(reverse(name), {"date": "2026-11-26", **asked})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("text/html")
    assert said in answer.content.decode()
    assert "Leila" not in answer.content.decode()


def test_without_a_question_it_is_today_short_and_of_everybody(desk, reception_client):
    page = reception_client.get(reverse("sessions:day-sheet"))
    assert page.context["form"].query == (
        f"date=2026-11-26&site={desk.site.pk}&detail=short&paper=a4"
    )
    same = reception_client.get(reverse("sessions:day-sheet"), {"date": "", "practitioner": ""})
    assert same.content == page.content


@pytest.mark.parametrize(("country", "paper"), [("GB", "a4"), ("US", "letter")])
def test_paper_is_that_of_the_country(site, reception_client, country, paper):
    ClinicProfile.objects.update(country=country)
    page = reception_client.get(reverse("sessions:day-sheet"))
    assert f"paper={paper}" in page.context["form"].query
    assert ("paper_letter.css" in page.content.decode()) == (paper == "letter")


def test_the_page_leads_to_the_pdf_of_the_same_and_back_to_the_day(desk, reception_client):
    asked = {"detail": "detailed", "paper": "letter", "practitioner": desk.practitioner.pk}
    page = page_of(reception_client, **asked).replace("&amp;", "&")
    query = (
        f"?date=2026-11-26&site={desk.site.pk}&practitioner={desk.practitioner.pk}"
        "&detail=detailed&paper=letter"
    )
    assert reverse("sessions:day-sheet-pdf") + query in page
    assert f"{reverse('sessions:day')}?date=2026-11-26" in page


@pytest.mark.parametrize("name", ["sessions:day-sheet", "sessions:day-sheet-pdf"])
def test_nothing_is_kept_in_a_cache(desk, reception_client, name):
    answer = reception_client.get(reverse(name))
    assert "no-store" in answer.headers["Cache-Control"]
    assert reception_client.post(reverse(name)).status_code == 405


def test_a_screen_that_shows_no_names_blurs_them_and_says_so(desk, reception_client):
    assert "blurred" not in page_of(reception_client)
    reception_client.cookies["private-screen"] = "1"
    assert "the sheet is blurred here. On paper it is clear." in page_of(reception_client)


def test_names_cannot_turn_the_line_or_the_page(site, reception_client):
    guest(site, names=("<b>Nour</b>", "Haddad"))
    assert "&lt;b&gt;Nour&lt;/b&gt; Haddad" in page_of(reception_client)


@pytest.mark.parametrize(("visits", "practitioners"), [(60, 6), (144, 10)])
def test_queries_do_not_grow_with_the_rows(
    site, reception_client, clinician_client, visits, practitioners
):
    busy_day(site, visits=visits, practitioners=practitioners)
    for client, most in ((reception_client, 17), (clinician_client, 18)):
        page_of(client)
        with CaptureQueriesContext(connection) as asked:
            words = plain(page_of(client, detail="detailed"))
        assert len(asked) <= most, "\n".join(
            query["sql"][:90] + query["sql"][-160:] for query in asked.captured_queries
        )
        assert f"{visits} visits" in words
        names = names_on_the_day()
        at = [words.index(name) for name in names]
        assert at == sorted(at)


def test_rows_stay_whole_and_ink_is_the_only_colour(settings):
    css = (settings.BASE_DIR / "static/css/day_sheet.css").read_text()
    assert "break-inside: avoid" in css
    inks = {"var(--paper-ink)", "var(--paper-ink-3)"}
    coloured = re.findall(r"(?:color|background|stroke|fill|border[a-z-]*):[^;]*", css)
    used = {found for rule in coloured for found in re.findall(r"var\(--[a-z0-9-]+\)|#\w+", rule)}
    assert used <= inks
