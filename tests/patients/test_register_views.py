from datetime import date

import pytest

from meso_clinic.core.models import AuditEvent
from patients.models import Patient
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
NEW = "/patients/new/"
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


class TestRegister:
    def test_an_empty_page_asks_for_six_things(self, reception_client):
        form = reception_client.get(NEW).context["form"]
        required = [name for name, field in form.fields.items() if field.required]
        assert required == ["given_names", "born_on", "sex", "phone", "language", "contact_by"]

    def test_a_patient_is_registered(self, reception_client, no_next_step):
        answer = reception_client.post(NEW, TYPED | {"then": "page"}, follow=True)
        patient = Patient.objects.get()
        assert answer.redirect_chain == [(page_of(patient), 302)]
        assert "Carys Penhallow is registered as LSC-00001." in answer.content.decode()
        assert patient.born_on == date(1987, 3, 14)
        assert AuditEvent.objects.get().kind == "patient.registered"

    def test_everything_that_may_be_said_is_kept(self, reception_client, clinician):
        more = {
            "other_phone": "+33 6 12 34 56 78",
            "email": "carys@example.org",
            "language": "pl",
            "contact_by": "EMAIL",
            "preferred_weekdays": ["0", "3"],
            "preferred_time": "MORNING",
            "preferred_practitioner": str(clinician.pk),
        }
        assert reception_client.post(NEW, TYPED | more).status_code == 302
        patient = Patient.objects.get()
        assert patient.preferred_weekdays == [0, 3]
        assert patient.preferred_practitioner == clinician
        assert (patient.language, patient.contact_by) == ("pl", "EMAIL")

    def test_planning_comes_next(self, reception_client, next_step):
        answer = reception_client.post(NEW, TYPED | {"then": "plan"})
        assert answer["Location"] == edit_of(Patient.objects.get())

    def test_who_may_not_plan_sees_the_patient(self, admin_client, next_step):
        assert "Save and plan a course" not in admin_client.get(NEW).content.decode()
        answer = admin_client.post(NEW, TYPED | {"then": "plan"})
        assert answer["Location"] == page_of(Patient.objects.get())

    def test_what_the_search_knew_is_filled_in(self, reception_client):
        text = reception_client.get(
            NEW, {"given_names": "Imogen", "phone": "07700 900999", "version": "9"}
        ).content.decode()
        assert 'value="Imogen"' in text
        assert 'value="07700 900999"' in text

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("given_names", "", "Enter the name, one letter is enough."),
            ("given_names", "\u200b", "Enter the name, one letter is enough."),
            ("given_names", "x" * 201, "Given names can have 200 characters at most."),
            ("given_names", "Ca\x07rys", "hidden sign"),
            ("family_names", "Pen\nhallow", "hidden sign"),
            ("born_on", "", "Enter the date of birth, like 22 Aug 1990."),
            ("born_on", "31/2/1990", "Born on must be a real date"),
            ("born_on", "1 Jan 1899", "Born on must be a real date from 1900 on"),
            ("born_on", "1 Jan 2199", "Born on must not be in the future."),
            ("sex", "", "Choose the sex"),
            ("sex", "?", "is not one of the available choices"),
            ("phone", "", "Enter a phone number"),
            ("phone", "12", "whole number that can be called"),
            ("phone", "call me", "whole number that can be called"),
            ("other_phone", "12", "whole number that can be called"),
            ("email", "carys", "E-mail must have a name"),
            ("email", "x" * 260 + "@example.org", "254"),
            ("contact_by", "EMAIL", "Enter an e-mail address, or choose another way"),
            ("language", "xx", "is not one of the available choices"),
            ("preferred_weekdays", "7", "is not one of the available choices"),
            ("preferred_practitioner", "999999", "not one of the available choices"),
        ],
    )
    def test_what_cannot_be_is_explained_and_kept(self, reception_client, field, typed, sentence):
        answer = reception_client.post(NEW, TYPED | {field: typed})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in text
        assert "There is a problem" in text
        assert "Penhallow" in text or field == "family_names"
        assert answer.context["form"][field].value() in (typed, [typed])
        assert not Patient.objects.exists()

    @pytest.mark.parametrize(
        "name", ["X", "王", "ا" * 200, "𠮷" * 200, "ﷺ" * 200, "D'Arcy-Vale Jr.", "د\u200cم", "-"]
    )
    def test_a_name_of_any_script_survives(self, reception_client, name):
        reception_client.post(NEW, TYPED | {"given_names": name, "family_names": ""})
        patient = Patient.objects.get()
        assert patient.given_names == name
        assert f"<bdi>{patient.full_name}</bdi>".replace("'", "&#x27;") in (
            reception_client.get(page_of(patient)).content.decode()
        )

    def test_rights_are_declared(self, client, site):
        assert client.get(NEW).status_code == 302


class TestDuplicates:
    @pytest.fixture
    def known(self):
        return PatientFactory(
            given_names="Carys", family_names="Penhalow", born_on=date(1987, 3, 14)
        )

    def test_a_possible_duplicate_is_shown_before_saving(self, reception_client, known, next_step):
        answer = reception_client.post(NEW, TYPED | {"then": "page"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert Patient.objects.count() == 1
        for told in (
            "<bdi>Carys Penhalow</bdi>",
            "14 March 1987",
            "Same date of birth and a similar name.",
            f'name="seen" value="{known.pk}"',
            'name="then" value="page"',
            'value="14 Mar 1987"',
        ):
            assert told in text

    def test_a_new_person_is_registered_after_looking(self, reception_client, known):
        answer = reception_client.post(NEW, TYPED | {"then": "page", "seen": str(known.pk)})
        assert answer.status_code == 302
        assert Patient.objects.count() == 2

    def test_another_duplicate_than_the_one_seen_is_shown_again(self, reception_client, known):
        sister = PatientFactory(given_names="Imogen", phone="07700 900733")
        answer = reception_client.post(NEW, TYPED | {"seen": str(known.pk)})
        assert answer.status_code == 422
        assert [card[0] for card in answer.context["cards"]] == [known, sister]
        assert "Same phone number." in answer.content.decode()

    def test_sending_twice_registers_once(self, reception_client):
        reception_client.post(NEW, TYPED)
        assert reception_client.post(NEW, TYPED).status_code == 422
        assert Patient.objects.count() == 1
