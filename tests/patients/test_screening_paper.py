"""A filled questionnaire on paper."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests.factories.patients import PatientFactory
from tests.factories.screening import (
    ScreeningAnswerFactory,
    ScreeningFactory,
    ScreeningQuestionFactory,
)

pytestmark = pytest.mark.django_db

SIZES = {"": (595, 842), "a4": (595, 842), "letter": (612, 792), "x\u202e": (595, 842)}


@pytest.fixture
def screening(clinic_profile):
    screening = ScreeningFactory(patient=PatientFactory(given_names="Amara"), is_by_patient=True)
    for text, group, value, said in (
        ("Do you take a medicine?", "MEDICINES", "YES", "وارفارين <b>"),
        ("Are you ill?", "ILLNESS", "NO", ""),
    ):
        ScreeningAnswerFactory(
            screening=screening,
            patient=screening.patient,
            question=ScreeningQuestionFactory(text=text, group=group),
            value=value,
            words=said,
        )
    return screening


def address(name, screening, paper=""):
    url = reverse(f"patients:{name}", args=[screening.patient_id, screening.pk])
    return f"{url}?paper={paper}" if paper else url


@pytest.mark.parametrize("paper", SIZES)
def test_the_page_says_all_that_was_asked(clinician_client, screening, paper):
    page = " ".join(
        clinician_client.get(address("screening-print", screening, paper)).content.decode().split()
    )
    for words in (
        "Do you take a medicine?",
        "وارفارين &lt;b&gt;",
        "Are you ill?",
        "by the patient",
    ):
        assert words in page
    assert ("is-letter" in page) is (paper == "letter")
    detail = reverse("patients:screening-detail", args=[screening.patient_id, screening.pk])
    assert address("screening-print", screening) in clinician_client.get(detail).content.decode()


@pytest.mark.parametrize(("paper", "size"), SIZES.items())
def test_the_pdf_fits_the_paper(clinician_client, screening, paper, size):
    answer = clinician_client.get(address("screening-pdf", screening, paper))
    assert answer["Content-Type"] == "application/pdf"
    assert "Amara" not in answer["Content-Disposition"]
    [page] = PdfReader(BytesIO(answer.content)).pages
    assert tuple(round(side) for side in page.mediabox[2:]) == size
    text = page.extract_text()
    assert "Do you take a medicine?" in text
    assert "Are you ill?" in text


@pytest.mark.parametrize("name", ["screening-print", "screening-pdf"])
def test_only_clinicians_read_it_and_only_of_its_patient(
    clinician_client, reception_client, admin_client, screening, name
):
    for client in (reception_client, admin_client):
        answer = client.get(address(name, screening))
        assert answer.status_code == 403
        assert "medicine" not in answer.content.decode()
    other = reverse(f"patients:{name}", args=[PatientFactory().pk, screening.pk])
    assert clinician_client.get(other).status_code == 404
