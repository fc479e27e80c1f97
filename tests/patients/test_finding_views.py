from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patients import registry
from patients.models import Patient
from patients.recent import MOST_RECENT
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
            "14 March 1987",
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
        text = answer.content.decode()
        assert "See all" in text
        assert f"More than {POPOVER_LENGTH} patients found" in text

    @pytest.mark.parametrize("length", [1, POPOVER_LENGTH])
    def test_the_number_of_queries_does_not_grow(
        self, reception_client, length, note, django_assert_num_queries
    ):
        PatientFactory.create_batch(length, given_names="Ana")
        reception_client.get(SEARCH, {"q": "ana"}, headers=HTMX)
        with django_assert_num_queries(5):  # session, person, sites, count, patients
            reception_client.get(SEARCH, {"q": "ana"}, headers=HTMX)
        assert note[-1] == length

    def test_a_name_before_a_birth_date_or_a_phone_picks_one_of_the_namesakes(
        self, reception_client, carys
    ):
        other = PatientFactory(
            given_names="Carys", family_names="Penhallow", born_on=date(1990, 8, 22)
        )
        assert found_by(reception_client, "carys 14/3/87") == [carys]
        assert found_by(reception_client, "penhallow, 0733") == [carys]
        assert found_by(reception_client, "carys penhallow 22 Aug 1990") == [other]
        assert found_by(reception_client, "vale 14/3/87") == []

    def test_those_whose_names_begin_with_it_come_first(self, reception_client):
        inside = PatientFactory(given_names="Abel", family_names="Hannes")
        family = PatientFactory(given_names="Zoe", family_names="Anders")
        given = PatientFactory(given_names="Ann", family_names="Vale")
        assert found_by(reception_client, "an") == [given, family, inside]
        page = reception_client.get(SEARCH, {"q": "an"})
        assert [row.patient for row in page.context["rows"]] == [given, family, inside]

    def test_who_has_the_number_comes_before_who_has_it_in_the_name(self, reception_client, carys):
        named = PatientFactory(given_names="482", family_names="Aaron")
        assert found_by(reception_client, "482") == [carys, named]

    def test_nobody_comes_twice(self, reception_client):
        known = PatientFactory(given_names="0733", phone="07700 900733")
        assert found_by(reception_client, "0733") == [known]
        assert reception_client.get(SEARCH, {"q": "0733"}).context["total"] == 1

    def test_namesakes_are_told_apart_by_what_differs(self, reception_client, carys):
        PatientFactory(
            given_names="Carys Ann",
            family_names="Penhállow",
            born_on=date(1990, 8, 22),
            phone="07700 900734",
        )
        PatientFactory(given_names="Carys", family_names="Vale")
        text = reception_client.get(SEARCH, {"q": "carys"}, headers=HTMX).content.decode()
        assert text.count("Same name") == 2
        assert text.count("<mark") == 4
        assert ">0733</mark" in text

    @pytest.mark.parametrize("digits", [("900733", "1"), ("900733", "2")])
    def test_the_same_birth_date_tells_nobody_apart(self, reception_client, carys, digits):
        PatientFactory(
            given_names="Carys Ann",
            family_names="Penhallow",
            born_on=carys.born_on,
            phone=f"0770{digits[1]} 901{digits[1]}44",
        )
        text = reception_client.get(SEARCH, {"q": "carys"}, headers=HTMX).content.decode()
        assert text.count("<mark") == 2
        assert "1987</mark" not in text

    @pytest.mark.parametrize("namesakes", [0, 6])
    def test_telling_apart_costs_no_query(
        self, reception_client, carys, namesakes, django_assert_num_queries
    ):
        PatientFactory.create_batch(namesakes, given_names="Carys Ann", family_names="Penhallow")
        reception_client.get(SEARCH, {"q": "carys"}, headers=HTMX)
        with django_assert_num_queries(6):  # session, person, sites, keys, patients, next visits
            reception_client.get(SEARCH, {"q": "carys"}, headers=HTMX)

    def test_the_palette_gets_options(self, reception_client, carys):
        asked = {"q": "carys", "for": "palette"}
        text = reception_client.get(SEARCH, asked, headers=HTMX).content.decode()
        assert text.count('role="option"') == 1
        assert f'data-href="/patients/{carys.pk}/"' in text
        asked["q"] = "Imogen Vale"
        text = reception_client.get(SEARCH, asked, headers=HTMX).content.decode()
        assert 'data-href="/patients/new/?given_names=Imogen&amp;family_names=Vale"' in text

    def test_only_reading(self, reception_client):
        assert reception_client.post(SEARCH, {"q": "x"}).status_code == 405

    def test_strangers_sign_in_first(self, client, site):
        assert client.get(SEARCH, {"q": "x"}).status_code == 302


class TestOpenedLast:
    def opened_last(self, client):
        answer = client.get(SEARCH, headers=HTMX)
        return [row.patient.pk for row in answer.context["rows"]] if answer.context else []

    def open(self, client, *patients):
        for patient in patients:
            assert client.get(f"/patients/{patient.pk}/").status_code == 200

    def test_the_last_eight_whose_page_was_opened(self, reception_client):
        patients = PatientFactory.create_batch(MOST_RECENT + 1)
        self.open(reception_client, *patients, patients[3])
        known = [patient.pk for patient in reversed(patients)]
        known.remove(patients[3].pk)
        assert self.opened_last(reception_client) == [patients[3].pk, *known][:MOST_RECENT]

    def test_everybody_has_their_own(self, reception_client, clinician_client, carys):
        self.open(reception_client, carys)
        assert self.opened_last(reception_client) == [carys.pk]
        assert self.opened_last(clinician_client) == []

    def test_they_are_named_for_what_they_are(self, reception_client, carys, note):
        self.open(reception_client, carys)
        text = reception_client.get(SEARCH, headers=HTMX).content.decode()
        assert "Opened last" in text
        assert "Next: Thu 3 Dec, 10:00" in text
        assert "New patient" not in text
        assert "Carys Ann Penhallow" in reception_client.get(SEARCH).content.decode()

    def test_a_page_that_is_opened_again_writes_nothing(
        self, reception_client, carys, django_assert_num_queries
    ):
        self.open(reception_client, carys)
        with CaptureQueriesContext(connection) as queries:
            self.open(reception_client, carys)
        assert [each["sql"] for each in queries if not each["sql"].startswith("SELECT")] == []

    def test_searching_writes_nothing(self, reception_client, carys):
        self.open(reception_client, carys)
        for asked in ({}, {"q": "carys"}):
            with CaptureQueriesContext(connection) as queries:
                reception_client.get(SEARCH, asked, headers=HTMX)
            assert [each["sql"] for each in queries if not each["sql"].startswith("SELECT")] == []

    @pytest.mark.parametrize("length", [1, MOST_RECENT])
    def test_the_number_of_queries_does_not_grow(
        self, reception_client, length, note, django_assert_num_queries
    ):
        self.open(reception_client, *PatientFactory.create_batch(length))
        with django_assert_num_queries(4):  # session, person, sites, patients
            reception_client.get(SEARCH, headers=HTMX)

    def test_a_screen_that_faces_the_room_names_nobody_by_itself(self, reception_client, carys):
        self.open(reception_client, carys)
        reception_client.cookies["private-screen"] = "1"
        assert self.opened_last(reception_client) == []
        assert found_by(reception_client, "carys") == [carys]

    def test_a_patient_nobody_may_open_is_not_noted(self, reception_client):
        assert reception_client.get("/patients/987654/").status_code == 404
        assert self.opened_last(reception_client) == []


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
