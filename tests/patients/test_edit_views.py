from datetime import date

import pytest

from patients.models import Patient
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
TYPED = {
    "given_names": "Carys",
    "family_names": "Penhallow",
    "born_on": "14 Mar 1987",
    "sex": "FEMALE",
    "phone": "07700 900733",
    "language": "en",
    "contact_by": "SMS",
}


def page_of(patient):
    return f"/patients/{patient.pk}/"


def edit_of(patient):
    return f"/patients/{patient.pk}/edit/"


class TestEdit:
    @pytest.fixture
    def patient(self):
        return PatientFactory(
            given_names="Carys", family_names="Penhallow", phone="07700 900733", version=3
        )

    def typed(self, **fields):
        return TYPED | {"version": "3", "born_on": "22 Aug 1990"} | fields

    def test_the_page_shows_what_is_known(self, reception_client, patient):
        text = reception_client.get(edit_of(patient)).content.decode()
        assert 'value="22 Aug 1990"' in text
        assert 'name="version" value="3"' in text

    def test_a_change_is_saved(self, reception_client, patient):
        answer = reception_client.post(
            edit_of(patient), self.typed(phone="020 7946 0142"), follow=True
        )
        patient.refresh_from_db()
        assert (patient.phone, patient.version) == ("020 7946 0142", 4)
        assert "The details are saved." in answer.content.decode()

    def test_what_cannot_be_is_explained_and_kept(self, reception_client, patient):
        answer = reception_client.post(edit_of(patient), self.typed(phone="1", given_names="Ca"))
        assert answer.status_code == 422
        assert 'value="Ca"' in answer.content.decode()
        assert 'name="version" value="3"' in answer.content.decode()
        patient.refresh_from_db()
        assert patient.given_names == "Carys"

    def test_both_values_are_shown_when_somebody_else_saved(
        self, reception_client, patient, clinician
    ):
        theirs = {
            "phone": "020 7946 0142",
            "preferred_weekdays": [1],
            "preferred_practitioner": clinician,
            "born_on": date(1991, 8, 22),
        }
        for name, value in theirs.items():
            setattr(patient, name, value)
        patient.version = 4
        patient.save()
        answer = reception_client.post(
            edit_of(patient), self.typed(phone="020 7946 0999", contact_by="PHONE")
        )
        assert answer.status_code == 409
        assert [(row.label, row.theirs, row.mine) for row in answer.context["differences"]] == [
            ("Born on", "22 August 1991", "22 August 1990"),
            ("Phone", "020 7946 0142", "020 7946 0999"),
            ("Reach by", "SMS", "Phone call"),
            ("Good days", "Tuesday", "Any"),
            ("Would like to see", "Petra Lindqvist", "Nothing"),
        ]
        text = answer.content.decode()
        assert 'name="version" value="4"' in text
        assert 'value="020 7946 0999"' in text
        patient.refresh_from_db()
        assert patient.phone == "020 7946 0142"
        kept = self.typed(phone="020 7946 0999", version="4")
        assert reception_client.post(edit_of(patient), kept).status_code == 302
        patient.refresh_from_db()
        assert patient.phone == "020 7946 0999"

    def test_the_same_change_by_two_people_is_no_conflict(self, reception_client, patient):
        change = self.typed(phone="020 7946 0142")
        assert reception_client.post(edit_of(patient), change).status_code == 302
        assert reception_client.post(edit_of(patient), change).status_code == 302

    @pytest.mark.parametrize("version", ["", "x", "0", "-1", str(10**30)])
    def test_a_version_that_never_was_saves_nothing(self, reception_client, patient, version):
        answer = reception_client.post(
            edit_of(patient), self.typed(version=version, phone="020 7946 0142")
        )
        assert answer.status_code in (409, 422)
        patient.refresh_from_db()
        assert patient.phone == "07700 900733"

    def test_a_practitioner_who_left_stays_preferred(self, reception_client, patient):
        left = UserFactory(clinician=True, is_active=False)
        Patient.objects.update(preferred_practitioner=left)
        typed = self.typed(preferred_practitioner=str(left.pk), email="carys@example.org")
        assert reception_client.post(edit_of(patient), typed).status_code == 302
        patient.refresh_from_db()
        assert patient.preferred_practitioner == left

    def test_a_language_off_the_list_stays(self, reception_client, patient):
        Patient.objects.update(language="cy")
        assert 'value="cy" selected' in reception_client.get(edit_of(patient)).content.decode()
        typed = self.typed(language="cy", email="carys@example.org")
        assert reception_client.post(edit_of(patient), typed).status_code == 302
        assert "in cy" in reception_client.get(page_of(patient)).content.decode()

    def test_nobody_of_that_number(self, reception_client):
        assert reception_client.get("/patients/4711/edit/").status_code == 404
