from datetime import date

import pytest
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from meso_clinic.core.roles import Right
from patients import registry
from patients.models import Patient
from patients.registry import Alert, Panel, PatientTab
from tests.factories.core import UserFactory
from tests.factories.patients import AllergyFactory, PatientFactory

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


@pytest.fixture
def next_step(monkeypatch):
    monkeypatch.setattr(registry, "_next_step", ["patients:patient-edit"])


@pytest.fixture
def no_next_step(monkeypatch):
    monkeypatch.setattr(registry, "_next_step", [])


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


class TestPage:
    @pytest.fixture
    def patient(self, clinician):
        return PatientFactory(
            given_names="Carys",
            family_names="Penhallow",
            phone="+44 7700 900733",
            other_phone="020 7946 0142",
            email="carys@example.org",
            preferred_weekdays=[0, 3],
            preferred_practitioner=clinician,
        )

    def test_who_it_is_stands_at_the_top(self, reception_client, patient):
        text = reception_client.get(page_of(patient)).content.decode()
        for told in (
            "<h1><bdi>Carys Penhallow</bdi></h1>",
            "22 August 1990",
            f'<bdi dir="ltr">{patient.record_number}</bdi>',
            'href="tel:+447700900733"',
            'href="tel:02079460142"',
            "Prefers SMS, in English",
            "Monday, Thursday",
            "Petra Lindqvist",
            edit_of(patient),
        ):
            assert told in " ".join(text.split())

    def test_a_clinician_sees_the_allergies(self, clinician_client, patient):
        allergy = AllergyFactory(patient=patient, substance="Latex")
        AllergyFactory(patient=patient, substance="Lidocaine", withdrawn=True)
        text = clinician_client.get(page_of(patient)).content.decode()
        assert "Allergy: Latex" in text
        assert "Lidocaine" not in text
        assert reverse("patients:allergy-withdraw", args=[patient.pk, allergy.pk]) in text

    def test_no_allergy_recorded_is_said(self, clinician_client, patient):
        assert "No allergies recorded" in clinician_client.get(page_of(patient)).content.decode()

    @pytest.mark.parametrize("role", ["reception", "admin"])
    def test_others_learn_only_that_there_is_something(self, request, patient, role):
        AllergyFactory(patient=patient, substance="Latex", reaction="Rash")
        client = request.getfixturevalue(f"{role}_client")
        text = client.get(page_of(patient)).content.decode()
        assert "Safety note: ask a clinician" in text
        assert "Latex" not in text
        assert "Rash" not in text
        assert "llergies" not in text

    def test_others_see_no_flag_without_a_reason(self, reception_client, patient):
        assert "ask a clinician" not in reception_client.get(page_of(patient)).content.decode()

    def test_nobody_of_that_number(self, reception_client):
        assert reception_client.get("/patients/4711/").status_code == 404
        assert reception_client.get(f"/patients/{10**30}/").status_code == 404

    def test_plan_a_course_is_for_those_who_may(
        self, reception_client, admin_client, patient, next_step
    ):
        assert reception_client.get(page_of(patient)).context["plan_url"] == edit_of(patient)
        assert admin_client.get(page_of(patient)).context["plan_url"] == ""

    def test_the_number_of_queries_is_known(
        self, reception_client, patient, monkeypatch, django_assert_max_num_queries
    ):
        for name in ("_panels", "_alert_sources"):
            monkeypatch.setattr(registry, name, [])
        reception_client.get(page_of(patient))
        with django_assert_max_num_queries(8):
            reception_client.get(page_of(patient))


class TestRegistry:
    @pytest.fixture(autouse=True)
    def empty(self, monkeypatch):
        for name in ("_panels", "_tabs", "_alert_sources", "_result_notes", "_next_step"):
            monkeypatch.setattr(registry, name, [])

    def panel(self, area, answer, **fields):
        return Panel(
            order=fields.pop("order", 1),
            area=area,
            template="components/_callout.html",
            context=lambda request, patient: answer,
            **fields,
        )

    def test_panels_are_drawn_in_their_area_and_order(self, reception_client):
        registry.register_panel(self.panel("main", {"heading": "Second"}, order=2))
        registry.register_panel(self.panel("main", {"heading": "First"}))
        registry.register_panel(self.panel("top", {"heading": "Above"}))
        registry.register_panel(self.panel("side", None))
        registry.register_panel(self.panel("side", {"heading": "Hid"}, right=Right.SEE_CLINICAL))
        answer = reception_client.get(page_of(PatientFactory()))
        text = answer.content.decode()
        assert text.index("Above") < text.index("First") < text.index("Second")
        assert answer.context["side_panels"] == []

    def test_tabs_count_and_mark_where_one_is(self, reception_client):
        registry.register_tab(PatientTab(2, "Details", "patients:patient-edit", lambda patient: 6))
        registry.register_tab(PatientTab(1, "Courses", "patients:patient-detail"))
        hidden = PatientTab(3, "Hidden", "patients:patient-edit", None, right=Right.SEE_CLINICAL)
        registry.register_tab(hidden)
        tabs = reception_client.get(page_of(PatientFactory())).context["tabs"]
        assert [(tab.label, tab.count, tab.is_current) for tab in tabs] == [
            ("Courses", 0, True),
            ("Details", 6, False),
        ]

    def test_alerts_that_stop_come_first(self, clinician_client):
        def consent(request, patient):
            return [Alert("ok", "Consent signed"), Alert("stop", "Pregnant")]

        registry.register_alerts(consent)
        registry.register_alerts(consent)
        alerts = clinician_client.get(page_of(PatientFactory())).context["alerts"]
        assert alerts == [
            ("stop", "Pregnant"),
            ("info", "No allergies recorded"),
            ("ok", "Consent signed"),
        ]

    def test_a_result_note_is_asked_once(self, reception_client):
        asked = []

        def note(request, found):
            asked.append(found)
            return {}

        registry.register_result_note(note)
        registry.register_result_note(note)
        patient = PatientFactory()
        reception_client.get("/patients/")
        assert asked == [[patient]]

    def test_the_next_step_is_the_one_set_last(self):
        assert registry.next_step() == ""
        registry.set_next_step("a:b")
        registry.set_next_step("c:d")
        assert registry.next_step() == "c:d"


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
