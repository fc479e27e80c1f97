"""The day as a PDF, read back."""

from datetime import time

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from clinic.models import ClinicProfile
from sessions.day_sheet_pdf import day_sheet_pdf
from sessions.day_sheet_words import Detail, Paper, sheet_words
from sessions.selectors.day_sheet import read_day_sheet
from tests.factories.clinic import ClosureFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import AllergyFactory
from tests.factories.treatments import AssessmentFactory
from tests.sessions.day_paper import (
    DAY,
    MORNING,
    busy_day,
    guest,
    names_on_the_day,
    pdf_of,
    text_of,
)
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db

A_POINT = 1 / 72
MILLIMETRE = 25.4


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


@pytest.mark.parametrize(("visits", "practitioners"), [(60, 6), (144, 10)])
@pytest.mark.parametrize("detail", ["short", "detailed"])
def test_everybody_is_on_it_in_order_of_time(site, reception_client, visits, practitioners, detail):
    busy_day(site, visits=visits, practitioners=practitioners)
    pdf = pdf_of(reception_client, detail=detail)
    text = text_of(pdf)
    names = names_on_the_day()
    assert len(names) == visits
    at = [text.index(f"{name} ") for name in names]
    assert at == sorted(at)
    for number, page in enumerate(pdf.pages, 1):
        words = " ".join(page.extract_text().split())
        assert f"Page {number} of {len(pdf.pages)}" in words
        assert "Linden Street Clinic, Linden Street, Thursday 26 November 2026, Everybody" in words
        assert "Printed 26 Nov 2026, 08:00" in words


def test_a_line_says_who_comes_when_for_what_with_whom_and_where(desk, reception_client):
    text = text_of(pdf_of(reception_client))
    for said in (
        *("12:00", "to 12:50", "Leila Marchetti", "22 Aug 1990 (36)", "… 0551", "1 of 8"),
        *("Room 1", desk.practitioner.display_name, "New patient, assessment open, consent open"),
        *("Free", "09:00", "1 visit", "shred it after the day"),
    ):
        assert said in text
    assert "7946" not in text.replace("020 7946 0142", "")
    detailed = text_of(pdf_of(reception_client, detail="detailed"))
    for said in ("020 7946 0551", "Started", "Left", "Notes", desk.course.patient.record_number):
        assert said in detailed


@pytest.mark.parametrize(("paper", "width", "height"), [("a4", 210, 297), ("letter", 215.9, 279.4)])
def test_paper(desk, reception_client, paper, width, height):
    for page in pdf_of(reception_client, paper=paper).pages:
        size = [float(side) * A_POINT * MILLIMETRE for side in page.mediabox[2:]]
        assert size == pytest.approx([width, height], abs=0.2)


def test_no_clinical_word_for_reception(desk, reception_client, admin_client, clinician_client):
    AllergyFactory(patient=desk.course.patient, substance="Lidocaine", reaction="Hives")
    AssessmentFactory(
        patient=desk.course.patient, indication=desk.course.indication, finding="Firm nodules"
    )
    for detail in Detail:
        for client in (reception_client, admin_client):
            text = text_of(pdf_of(client, detail=detail))
            said = [word for word in ("Lidocaine", "Hives", "llerg", "nodules") if word in text]
            assert said == []
        assert "Allergic to Lidocaine (Hives)" in text_of(pdf_of(clinician_client, detail=detail))
    assert "Firm nodules" in text_of(pdf_of(clinician_client, detail="detailed"))


NAMES = {
    "Arabic": ("ليلى", "حداد"),
    "Hebrew": ("שרה", "לוי"),
    "Greek": ("Ελένη", "Βαλσαμίδη"),
    "Cyrillic": ("Олена", "Ковальчук"),
    "Vietnamese": ("Thuỳ Dương", "Đặng"),
    "Turkish": ("Işıl", "Çağlar"),
}


@pytest.mark.parametrize("script", NAMES)
def test_names_in_other_letters_survive(site, reception_client, script):
    names = NAMES[script]
    guest(site, names=names)
    text = text_of(pdf_of(reception_client))
    letters = {letter for name in names for letter in name if letter != " "}
    assert letters <= set(text)
    assert "10:00" in text


def test_a_name_that_turns_the_line_turns_itself_alone(site, reception_client):
    guest(site, names=("\u202eNour", "#panic()"), phone="07700 900123")
    text = text_of(pdf_of(reception_client))
    assert "… 0123" in text
    assert "Consultation" in text


def test_it_is_tagged_for_screen_readers(desk, reception_client):
    pdf = pdf_of(reception_client)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"].startswith("en")
    assert pdf.metadata.title == "Day sheet, Thursday 26 November 2026"
    assert b"pdfuaid" in pdf.xmp_metadata.stream.get_data()


def test_the_file_name_says_day_and_site_and_nobodys_name(desk, reception_client):
    answer = reception_client.get(reverse("sessions:day-sheet-pdf"), {"date": "2026-11-26"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="day-2026-11-26-linden-street.pdf"'
    )
    desk.site.name = "القاهرة"
    desk.site.save(update_fields=["name"])
    answer = reception_client.get(reverse("sessions:day-sheet-pdf"), {"date": "2026-11-26"})
    assert f'filename="day-2026-11-26-{desk.site.pk}.pdf"' in answer.headers["Content-Disposition"]


def test_a_closed_day_says_why_and_an_empty_one_that_it_is(site, reception_client):
    assert "Nobody is booked on this day." in text_of(pdf_of(reception_client))
    ClosureFactory(site=site, starts_on=DAY.date(), ends_on=DAY.date(), reason="Training day")
    assert "Closed on this day: Training day." in text_of(pdf_of(reception_client))


def test_the_sheet_of_one_practitioner(desk, reception_client):
    person = UserFactory(clinician=True, first_name="Omar", last_name="Said")
    works_every_day(person, desk.site, time(9), time(12))
    text = text_of(pdf_of(reception_client, practitioner=person.pk))
    assert "Omar Said, 0 visits" in text
    assert "Leila" not in text
    assert text.count("Free") == 3
    assert "With" not in text


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("detail", Detail)
def test_a_language_from_right_to_left(desk, settings, paper, detail):
    settings.LANGUAGES = [("en-gb", "English"), ("ar", "Arabic")]
    sheet = read_day_sheet(site=desk.site, on=DAY.date(), now=MORNING)
    with translation.override("ar"):
        words = sheet_words(sheet, profile=ClinicProfile.objects.get(), now=MORNING, detail=detail)
        assert day_sheet_pdf(words, paper=paper).startswith(b"%PDF-")
