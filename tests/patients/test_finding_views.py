from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from patients import registry
from patients.models import Patient
from patients.registry import ResultLine
from patients.views.finding import PAGE_LENGTH, POPOVER_LENGTH
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
LIST = "/patients/"
SEARCH = "/search/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def carys():
    return PatientFactory(
        given_names="Carys Ann",
        family_names="Penhallow",
        born_on=date(1987, 3, 14),
        phone="07700 900733",
        record_number="LSC-00482",
    )


@pytest.fixture
def note(monkeypatch):
    """A line beside every result, as a higher app would add it; counts how often it is asked."""
    asked = []

    def next_session(request, found):
        asked.append(len(found))
        return {one.pk: ResultLine("Next: Thu 3 Dec, 10:00", "/move/", "Move") for one in found}

    monkeypatch.setattr(registry, "_result_notes", [next_session])
    return asked


def found_by(client, typed):
    answer = client.get(SEARCH, {"q": typed}, headers=HTMX)
    assert answer.status_code == 200
    return [row.patient for row in answer.context["rows"]] if answer.context else []


class TestSearch:
    @pytest.mark.parametrize(
        "typed",
        [
            "carys",
            "pen",
            "hallow carys",
            "PENHALLOW, Cárys",
            "ann penh",
            "0733",
            "900 733",
            "07700 900733",
            "+44 7700 900733",
            "00447700900733",
            "14 Mar 1987",
            "14/3/87",
            "14.03.1987",
            "1987-03-14",
            "14031987",
            "14 March 1987",
            "LSC-00482",
            "lsc 482",
            "482",
        ],
    )
    def test_a_patient_is_found_by_what_a_caller_says(self, reception_client, carys, typed):
        PatientFactory(given_names="Imogen", family_names="Vale", born_on=date(1990, 8, 22))
        assert found_by(reception_client, typed) == [carys]

    @pytest.mark.parametrize(
        ("given", "family", "typed"),
        [
            ("Zoë", "Müller", "muller zoe"),
            ("Zoe", "Muller", "Zoë Müller"),
            ("Ayşe", "Işık", "isik"),
            ("Ayşe", "Işık", "IŞIK"),
            ("小明", "王", "王小明"[0]),
            ("小明", "王", "小明"),
            ("민준", "김", "김"),
            ("أحمد", "علی", "احمد علي"),
            ("Ольга", "Ёлкина", "елкина"),
            ("Siobhán", "O’Brien", "o'brien"),
            ("Siobhán", "O’Brien", "obrien sio"),
            ("Ana-Sofia", "Sol", "ana sofia"),
            ("100%", "", "100%"),
            ("A_B", "", "a_b"),
        ],
    )
    def test_names_of_any_script_are_found(self, reception_client, given, family, typed):
        from patients.actions import register_patient
        from tests.factories.core import UserFactory

        PatientFactory(given_names="AxB 100 Someone", family_names="Else")
        known = register_patient(
            by=UserFactory(),
            at=datetime(2026, 11, 2, 9, tzinfo=UTC),
            given_names=given,
            family_names=family,
            born_on=date(1990, 8, 22),
            sex=Patient.Sex.FEMALE,
            phone="07700 900733",
        )
        assert found_by(reception_client, typed) == [known]

    def test_every_word_must_fit(self, reception_client, carys):
        assert found_by(reception_client, "carys vale") == []

    def test_the_second_phone_counts_too(self, reception_client):
        known = PatientFactory(other_phone="020 7946 0142", other_phone_digits="442079460142")
        assert found_by(reception_client, "0142") == [known]

    @pytest.mark.parametrize(
        "typed", ["%", "_", "'", '"; --', "<b>", "x " * 5000, "9" * 5000, "٣" * 60, "😀", "(", "\\"]
    )
    def test_whatever_is_typed_gets_an_answer(self, reception_client, carys, typed):
        assert found_by(reception_client, typed) == []
        assert reception_client.get(SEARCH, {"q": typed}).status_code == 200

    def test_htmx_gets_the_list_alone(self, reception_client, carys, note):
        answer = reception_client.get(SEARCH, {"q": "carys"}, headers=HTMX)
        text = answer.content.decode()
        assert "<html" not in text
        assert "HX-Request" in answer["Vary"]
        assert text.count('id="patient-results"') == 1
        for told in (
            ">Carys Ann Penhallow</bdi>",
            "born 14 March 1987",
            ">LSC-00482</bdi>",
            'href="tel:07700900733"',
            "Next: Thu 3 Dec, 10:00",
            'href="/move/"',
        ):
            assert told in text

    def test_a_browser_without_javascript_gets_the_page(self, reception_client, carys, note):
        answer = reception_client.get(SEARCH, {"q": "carys"})
        assert "<html" in answer.content.decode()
        assert "patients/_results.html" in [template.name for template in answer.templates]

    def test_an_empty_search_shows_no_popover(self, reception_client, carys):
        assert reception_client.get(SEARCH, {"q": "  "}, headers=HTMX).content == b""
        assert "record number" in reception_client.get(SEARCH).content.decode()

    @pytest.mark.parametrize(
        ("typed", "query"),
        [
            ("Imogen Vale", "?given_names=Imogen&amp;family_names=Vale"),
            ("07700 900999", "?phone=07700+900999"),
            ("22 Aug 1991", "?born_on=22+Aug+1991"),
        ],
    )
    def test_nobody_found_offers_a_new_patient_with_what_was_typed(
        self, reception_client, typed, query
    ):
        text = reception_client.get(SEARCH, {"q": typed}, headers=HTMX).content.decode()
        assert f"No patient called <bdi>{typed}</bdi>." in text
        assert f"/patients/new/{query}" in text

    def test_what_is_typed_is_escaped(self, reception_client):
        text = reception_client.get(SEARCH, {"q": "<script>x"}).content.decode()
        assert "<script>x" not in text

    def test_more_than_fit_are_one_link_away(self, reception_client):
        PatientFactory.create_batch(POPOVER_LENGTH + 1, given_names="Ana")
        answer = reception_client.get(SEARCH, {"q": "ana"}, headers=HTMX)
        assert len(answer.context["rows"]) == POPOVER_LENGTH
        assert f"See all {POPOVER_LENGTH + 1}" in answer.content.decode()

    @pytest.mark.parametrize("length", [1, POPOVER_LENGTH])
    def test_the_number_of_queries_does_not_grow(
        self, reception_client, length, note, django_assert_num_queries
    ):
        PatientFactory.create_batch(length, given_names="Ana")
        reception_client.get(SEARCH, {"q": "ana"}, headers=HTMX)
        with django_assert_num_queries(5):  # session, person, sites, count, patients
            reception_client.get(SEARCH, {"q": "ana"}, headers=HTMX)
        assert note[-1] == length

    def test_only_reading(self, reception_client):
        assert reception_client.post(SEARCH, {"q": "x"}).status_code == 405

    def test_strangers_sign_in_first(self, client, site):
        assert client.get(SEARCH, {"q": "x"}).status_code == 302


class TestList:
    def test_the_first_run_explains_itself(self, reception_client):
        text = reception_client.get(LIST).content.decode()
        assert "No patients yet" in text
        assert reverse("patients:patient-register") in text

    def test_the_newest_stands_at_the_top(self, reception_client, carys):
        newest = PatientFactory(registered_at=timezone.now())
        rows = reception_client.get(LIST).context["rows"]
        assert [row.patient for row in rows] == [newest, carys]

    def test_by_name(self, reception_client, carys):
        first = PatientFactory(given_names="Abena", registered_at=carys.registered_at)
        rows = reception_client.get(LIST, {"order": "name"}).context["rows"]
        assert [row.patient for row in rows] == [first, carys]

    def test_only_those_of_this_week(self, reception_client):
        PatientFactory(registered_at=timezone.now() - timedelta(days=8))
        answer = reception_client.get(LIST, {"new": "1"})
        assert answer.context["rows"] == []
        assert "Nobody was registered in the last seven days." in answer.content.decode()
        new = PatientFactory(registered_at=timezone.now() - timedelta(days=6))
        rows = reception_client.get(LIST, {"new": "1"}).context["rows"]
        assert [row.patient for row in rows] == [new]

    def test_a_long_list_has_pages(self, reception_client):
        PatientFactory.create_batch(PAGE_LENGTH + 1)
        answer = reception_client.get(LIST, {"order": "name"})
        assert len(answer.context["rows"]) == PAGE_LENGTH
        assert "?order=name&amp;page=2" in answer.content.decode()
        assert len(reception_client.get(LIST, {"page": "2"}).context["rows"]) == 1
        assert reception_client.get(LIST, {"page": "999999999999999999999"}).status_code == 200
        assert reception_client.get(LIST, {"page": "x"}).status_code == 200

    def test_what_higher_apps_say_is_shown(self, reception_client, carys, note):
        assert "Next: Thu 3 Dec, 10:00" in reception_client.get(LIST).content.decode()

    @pytest.mark.parametrize("length", [1, PAGE_LENGTH])
    def test_the_number_of_queries_does_not_grow(
        self, reception_client, length, note, django_assert_max_num_queries
    ):
        PatientFactory.create_batch(length)
        reception_client.get(LIST)
        with django_assert_max_num_queries(12):
            reception_client.get(LIST)
        assert note[-1] == length


@pytest.mark.django_db
def test_the_list_helps_to_choose_whose_course_to_plan(reception_client, admin_client):
    patient = PatientFactory()
    url = reverse("sessions:course-plan", args=[patient.pk])
    choosing = reception_client.get(reverse("patients:patient-list"), {"plan": "1"})
    assert url in choosing.content.decode()
    assert url not in reception_client.get(reverse("patients:patient-list")).content.decode()
    assert (
        url
        not in admin_client.get(reverse("patients:patient-list"), {"plan": "1"}).content.decode()
    )
