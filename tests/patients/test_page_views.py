import pytest
from django.urls import reverse

from meso_clinic.core.roles import Right
from patients import registry
from patients.registry import Panel, PatientTab
from tests.factories.patients import AllergyFactory, PatientFactory

pytestmark = pytest.mark.django_db


def page_of(patient):
    return f"/patients/{patient.pk}/"


def edit_of(patient):
    return f"/patients/{patient.pk}/edit/"


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
        for parts in ("_panels", "_alert_sources", "_quick_alert_sources"):
            monkeypatch.setattr(registry, parts, [])
        reception_client.get(page_of(patient))
        with django_assert_max_num_queries(8):
            reception_client.get(page_of(patient))


class TestRegistry:
    @pytest.fixture(autouse=True)
    def empty(self, monkeypatch):
        for name in (
            "_panels",
            "_tabs",
            "_alert_sources",
            "_quick_alert_sources",
            "_result_notes",
            "_next_step",
        ):
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
