import pytest

from patients.models import Allergy
from tests.factories.patients import AllergyFactory, PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return PatientFactory(given_names="Carys")


@pytest.fixture
def latex(patient):
    return AllergyFactory(patient=patient, substance="Latex")


def add_to(patient):
    return f"/patients/{patient.pk}/allergies/new/"


def withdraw(allergy, patient=None):
    return f"/patients/{(patient or allergy.patient).pk}/allergies/{allergy.pk}/withdraw/"


def test_a_clinician_records_an_allergy(clinician_client, clinician, patient):
    assert "Carys" in clinician_client.get(add_to(patient)).content.decode()
    answer = clinician_client.post(
        add_to(patient), {"substance": "Latex", "reaction": "Rash"}, follow=True
    )
    assert "Allergy: Latex" in answer.content.decode()
    assert Allergy.objects.get().noted_by == clinician


@pytest.mark.parametrize("typed", ["", "   ", "x" * 121, "La\ttex"])
def test_what_cannot_be_is_explained_and_kept(clinician_client, patient, typed):
    answer = clinician_client.post(add_to(patient), {"substance": typed, "reaction": "Rash"})
    assert answer.status_code == 422
    assert 'value="Rash"' in answer.content.decode()
    assert not Allergy.objects.exists()


def test_a_clinician_withdraws_it_with_a_reason(clinician_client, latex):
    assert "Latex" in clinician_client.get(withdraw(latex)).content.decode()
    assert clinician_client.post(withdraw(latex), {"reason": ""}).status_code == 422
    answer = clinician_client.post(withdraw(latex), {"reason": "Tested, none"}, follow=True)
    assert "The allergy is withdrawn." in answer.content.decode()
    assert not Allergy.objects.live().exists()


def test_withdrawing_what_is_withdrawn_says_so(clinician_client, latex):
    clinician_client.post(withdraw(latex), {"reason": "Tested, none"})
    answer = clinician_client.post(withdraw(latex), {"reason": "Again"}, follow=True)
    assert "The allergy was withdrawn already." in answer.content.decode()
    assert Allergy.objects.get().withdrawn_reason == "Tested, none"


@pytest.mark.parametrize("role", ["reception", "admin"])
def test_only_clinicians_write_clinical_notes(request, role, latex):
    client = request.getfixturevalue(f"{role}_client")
    for url in (add_to(latex.patient), withdraw(latex)):
        for answer in (client.get(url), client.post(url, {"reason": "x", "substance": "x"})):
            assert answer.status_code == 403
            assert "a clinician" in answer.content.decode()
            assert "Latex" not in answer.content.decode()


def test_another_patients_allergy_is_not_there(clinician_client, latex):
    assert clinician_client.get(withdraw(latex, patient=PatientFactory())).status_code == 404
    assert clinician_client.get("/patients/4711/allergies/new/").status_code == 404
