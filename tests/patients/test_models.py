import pytest

from patients.models import Patient, phone_link
from tests.factories.patients import AllergyFactory, PatientFactory


@pytest.mark.django_db
def test_rows_name_nobody_in_logs():
    patient = PatientFactory(given_names="Carys", record_number="LSC-00482")
    assert str(patient) == "LSC-00482"
    assert "Latex" not in str(AllergyFactory(patient=patient, substance="Latex"))


@pytest.mark.django_db
def test_live_allergies_of_many_cost_one_query(django_assert_num_queries):
    for _ in range(3):
        AllergyFactory(substance="Latex")
    AllergyFactory(withdrawn=True, patient=Patient.objects.first())
    with django_assert_num_queries(2):
        found = list(Patient.objects.with_live_allergies())
        told = [[allergy.substance for allergy in patient.live_allergies] for patient in found]
    assert told == [["Latex"]] * 3


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("07700 900733", "tel:07700900733"),
        ("+44 (7700) 900-733", "tel:+447700900733"),
        ("", ""),
    ],
)
def test_a_phone_number_is_one_tap_away(typed, link):
    assert phone_link(typed) == link
