"""The pages of the health questions: asking them, reading what was answered."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from patients.models import Screening, ScreeningAnswer
from tests.factories.patients import PatientFactory
from tests.factories.screening import ScreeningQuestionFactory

pytestmark = pytest.mark.usefixtures("now")

NOW = datetime(2026, 11, 26, 10, 42, tzinfo=UTC)
SECRET = "zebra marker"


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def patient(db):
    return PatientFactory(given_names="Amara", family_names="Whitfield")


@pytest.fixture
def short():
    return ScreeningQuestionFactory(short=True, text="Has anything changed?", group="CHANGES")


@pytest.fixture
def medicine():
    return ScreeningQuestionFactory(
        asks_words=True, text="Do you take a medicine?", group="MEDICINES"
    )


@pytest.fixture
def vaccine():
    return ScreeningQuestionFactory(asks_day=True, text="Had you a vaccine?", group="MEDICINES")


@pytest.fixture
def seen():
    return ScreeningQuestionFactory(clinicians=True, text="Is the pressure high?")


@pytest.fixture
def questions(short, medicine, vaccine, seen):
    return [short, medicine, vaccine, seen]


def page(name, patient, *more):
    return reverse(f"patients:{name}", args=[patient.pk, *more])


def form(patient, questions, *, part="full", value="NO", **change):
    """Return what the page sends when every question has the same answer."""
    return {
        "patient": str(patient.pk),
        "key": str(uuid4()),
        "part": part,
        "shown": ",".join(str(one.pk) for one in questions),
        **{f"q-{one.pk}-value": value for one in questions},
    } | change


def words(answer):
    return " ".join(answer.content.decode().split())


class TestAsking:
    def test_the_first_time_everything_is_asked_and_nothing_is_chosen(
        self, clinician_client, patient, questions
    ):
        answer = words(clinician_client.get(page("screening-fill", patient)))
        for question in questions:
            assert question.text in answer
        assert "4 questions. Nothing is chosen beforehand." in answer
        assert "checked" not in answer
        assert "Last time" not in answer
        assert "No to all" not in answer

    def test_of_somebody_new_what_is_open_is_everything(self, clinician_client, patient, questions):
        answer = clinician_client.get(page("screening-fill", patient) + "?part=open")
        assert 'name="part" value="full"' in words(answer)

    def test_one_question_is_asked_again_by_itself(
        self, clinician_client, patient, questions, medicine, short
    ):
        clinician_client.post(page("screening-fill", patient), form(patient, questions))
        address = page("screening-fill", patient) + f"?ask={medicine.code}"
        answer = words(clinician_client.get(address))
        assert medicine.text in answer
        assert short.text not in answer
        posted = form(patient, [medicine], part="open", value="UNKNOWN")
        assert clinician_client.post(page("screening-fill", patient), posted).status_code == 302
        assert Screening.objects.order_by("pk").last().part == "SOME"
        answer = words(clinician_client.get(page("screening-fill", patient) + "?ask=nothing"))
        assert medicine.text in answer

    def test_each_group_has_its_heading(self, clinician_client, patient, questions):
        answer = words(clinician_client.get(page("screening-fill", patient)))
        assert answer.count(">Medicines</h2>") == 1
        assert "Since last time" in answer

    def test_everything_is_kept(
        self, clinician_client, clinician, patient, questions, short, medicine, vaccine
    ):
        posted = form(patient, questions)
        posted |= {
            f"q-{medicine.pk}-value": "YES",
            f"q-{medicine.pk}-words": "Warfarin",
            f"q-{vaccine.pk}-value": "YES",
            f"q-{vaccine.pk}-day": "3 May 2026",
            f"q-{short.pk}-value": "UNKNOWN",
        }
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert (answer.status_code, answer["Location"]) == (302, page("screening-list", patient))
        kept = Screening.objects.get()
        assert (kept.part, kept.by, kept.is_by_patient) == ("FULL", clinician, False)
        assert kept.completed_at == NOW
        values = {
            one.question: (one.value, one.day, one.words)
            for one in ScreeningAnswer.objects.select_related("question")
        }
        assert values[medicine] == ("YES", None, "Warfarin")
        assert values[vaccine] == ("YES", date(2026, 5, 3), "")
        assert values[short] == ("UNKNOWN", None, "")

    def test_the_page_leads_back_to_where_it_was_opened(self, clinician_client, patient, questions):
        posted = form(patient, questions, next="/courses/")
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer["Location"] == "/courses/"
        posted = form(patient, questions, next="//evil.example/")
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer["Location"] == page("screening-list", patient)

    def test_what_was_said_last_stands_beside_the_question(
        self, clinician_client, patient, questions, medicine
    ):
        posted = form(patient, questions)
        posted |= {f"q-{medicine.pk}-value": "YES", f"q-{medicine.pk}-words": "Warfarin"}
        clinician_client.post(page("screening-fill", patient), posted)
        answer = words(clinician_client.get(page("screening-fill", patient) + "?part=full"))
        assert "Last time: no, 26 Nov 2026" in answer
        assert "Last time: yes, Warfarin, 26 Nov 2026" in answer
        assert "checked" not in answer

    def test_later_only_what_is_open_is_asked(
        self, clinician_client, clinician, patient, questions, short, vaccine, now
    ):
        posted = form(patient, questions)
        posted[f"q-{vaccine.pk}-value"] = "UNKNOWN"
        clinician_client.post(page("screening-fill", patient), posted)
        answer = words(clinician_client.get(page("screening-fill", patient)))
        assert vaccine.text in answer
        assert short.text not in answer
        now.move_to(NOW + timedelta(days=7))
        clinician_client.force_login(clinician)
        answer = words(clinician_client.get(page("screening-fill", patient)))
        assert vaccine.text in answer
        assert short.text in answer

    def test_next_time_nothing_but_changes_is_asked(
        self, clinician_client, clinician, patient, questions, short, medicine, now
    ):
        clinician_client.post(page("screening-fill", patient), form(patient, questions))
        now.move_to(NOW + timedelta(days=7))
        clinician_client.force_login(clinician)
        answer = words(clinician_client.get(page("screening-fill", patient)))
        assert short.text in answer
        assert medicine.text not in answer
        assert "No to all" in answer

    def test_when_all_is_answered_there_is_nothing_to_ask(
        self, clinician_client, patient, questions
    ):
        clinician_client.post(page("screening-fill", patient), form(patient, questions))
        answer = words(clinician_client.get(page("screening-fill", patient) + "?part=open"))
        assert "There is nothing to ask" in answer

    def test_a_clinic_that_asks_nothing_says_so(self, clinician_client, patient):
        answer = words(clinician_client.get(page("screening-fill", patient)))
        assert "There is nothing to ask" in answer
        answer = words(clinician_client.get(page("screening-list", patient)))
        assert "This clinic asks no health questions here." in answer


class TestNoToAll:
    def test_it_fills_in_what_is_open_marks_it_and_saves_nothing(
        self, clinician_client, patient, short
    ):
        other = ScreeningQuestionFactory(short=True, asks_words=True)
        posted = form(patient, [short, other], part="short", value="", no_to_all="1")
        posted |= {f"q-{other.pk}-value": "YES", f"q-{other.pk}-words": "A rash"}
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer.status_code == 200
        shown = words(answer)
        assert shown.count("Set by “No to all”") == 1
        assert shown.count("checked") == 2
        assert "A rash" in shown
        assert "There is a problem" not in shown
        assert not Screening.objects.exists()

    def test_it_never_answers_the_whole_questionnaire(self, clinician_client, patient, questions):
        posted = form(patient, questions, value="", no_to_all="1")
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer.status_code == 422
        assert "Set by" not in words(answer)


class TestWhatIsWrong:
    @pytest.mark.parametrize("value", ["", "MAYBE"])
    def test_an_answer_that_is_missing_is_named(
        self, clinician_client, patient, questions, short, medicine, value
    ):
        posted = form(patient, questions)
        posted |= {
            f"q-{short.pk}-value": value,
            f"q-{medicine.pk}-value": "YES",
            f"q-{medicine.pk}-words": "Warfarin",
        }
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer.status_code == 422
        shown = words(answer)
        assert "Has anything changed? Choose “Yes”, “No” or “Not known”." in shown
        assert f'href="#id_q-{short.pk}-value_0"' in shown
        assert 'value="Warfarin"' in shown
        assert shown.count("checked") == 3
        assert not Screening.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "Do you take a medicine? Fill in: Which one?"),
            ("  ", "Do you take a medicine? Fill in: Which one?"),
            ("x" * 401, "Do you take a medicine? More about it can have 400 characters at most."),
            ("a\nb", "hidden sign"),
        ],
    )
    def test_a_yes_that_asks_for_words_needs_them(
        self, clinician_client, patient, questions, medicine, typed, sentence
    ):
        posted = form(patient, questions)
        posted |= {f"q-{medicine.pk}-value": "YES", f"q-{medicine.pk}-words": typed}
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer.status_code == 422
        assert sentence in words(answer)

    @pytest.mark.parametrize("typed", ["soon", "31 Feb 2026", "1 Jan 1800"])
    def test_a_day_must_be_one(self, clinician_client, patient, questions, vaccine, typed):
        posted = form(patient, questions)
        posted |= {f"q-{vaccine.pk}-value": "YES", f"q-{vaccine.pk}-day": typed}
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer.status_code == 422
        assert "Had you a vaccine? The day must be a real date" in words(answer)

    def test_what_a_no_had_been_asked_further_is_not_kept(
        self, clinician_client, patient, questions, medicine, vaccine
    ):
        posted = form(patient, questions)
        posted |= {f"q-{medicine.pk}-words": "Warfarin", f"q-{vaccine.pk}-day": "soon"}
        assert clinician_client.post(page("screening-fill", patient), posted).status_code == 302
        kept = ScreeningAnswer.objects.get(question=medicine)
        assert (kept.value, kept.words) == ("NO", "")

    def test_a_form_of_another_patient_is_refused(self, clinician_client, patient, questions):
        other = PatientFactory()
        answer = clinician_client.post(page("screening-fill", other), form(patient, questions))
        assert answer.status_code == 409
        assert "This form was made for another patient. Nothing was saved." in words(answer)
        assert "checked" not in words(answer)
        assert not Screening.objects.exists()

    def test_the_same_form_sent_twice_is_kept_once(self, clinician_client, patient, questions):
        posted = form(patient, questions)
        for _ in range(2):
            assert clinician_client.post(page("screening-fill", patient), posted).status_code == 302
        assert Screening.objects.count() == 1

    def test_a_key_of_another_patient_keeps_nothing(self, clinician_client, patient, questions):
        posted = form(patient, questions)
        clinician_client.post(page("screening-fill", patient), posted)
        other = PatientFactory()
        posted = form(other, questions, key=posted["key"])
        answer = clinician_client.post(page("screening-fill", other), posted)
        assert answer.status_code == 409
        assert not other.screenings.exists()

    def test_a_question_switched_off_meanwhile_is_said(
        self, clinician_client, patient, questions, medicine, short
    ):
        posted = form(patient, questions)
        posted[f"q-{short.pk}-value"] = "YES"
        medicine.is_active = False
        medicine.save(update_fields=["is_active"])
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer.status_code == 409
        assert "The questions were changed since this page was loaded." in words(answer)
        assert words(answer).count("checked") == 3
        assert not Screening.objects.exists()

    def test_a_question_switched_on_meanwhile_is_said(self, clinician_client, patient, questions):
        posted = form(patient, questions)
        ScreeningQuestionFactory(text="A new one?")
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer.status_code == 409
        assert "A new one?" in words(answer)
        assert words(answer).count("checked") == 4

    @pytest.mark.parametrize(
        "change",
        [
            {"key": "nothing"},
            {"key": ""},
            {"shown": ""},
            {"shown": "x"},
            {"shown": "9" * 5000},
            {"part": "nothing"},
            {"part": "9" * 300},
        ],
    )
    def test_no_odd_form_is_an_error_of_the_server(
        self, clinician_client, patient, questions, change
    ):
        posted = form(patient, questions, **change)
        answer = clinician_client.post(page("screening-fill", patient), posted)
        assert answer.status_code in (302, 409)

    def test_odd_addresses_lead_nowhere(self, clinician_client, patient, questions):
        assert clinician_client.get("/patients/999999999999/screening/").status_code == 404
        answer = clinician_client.get(page("screening-fill", patient) + "?part=%22%3E")
        assert answer.status_code == 200


class TestReading:
    @pytest.fixture
    def kept(self, clinician_client, patient, questions, medicine):
        posted = form(patient, questions)
        posted |= {f"q-{medicine.pk}-value": "YES", f"q-{medicine.pk}-words": SECRET}
        clinician_client.post(page("screening-fill", patient), posted)
        return Screening.objects.get()

    def test_the_list_tells_when_by_whom_and_what_stood_out(self, clinician_client, patient, kept):
        answer = words(clinician_client.get(page("screening-list", patient)))
        assert "26 Nov 2026, 10:42" in answer
        assert "asked by Petra Lindqvist" in answer
        assert "1 yes, 0 not known" in answer
        assert f"Yes, {SECRET}" in answer
        assert "Has anything changed?" not in answer

    def test_a_past_one_is_read_as_it_was(
        self, clinician_client, patient, kept, medicine, questions
    ):
        later = form(patient, questions)
        clinician_client.post(page("screening-fill", patient), later)
        medicine.is_active = False
        medicine.save(update_fields=["is_active"])
        answer = words(clinician_client.get(page("screening-detail", patient, kept.pk)))
        assert "Do you take a medicine?" in answer
        assert f"Yes, {SECRET}" in answer

    def test_one_of_another_patient_is_not_found(self, clinician_client, kept):
        other = PatientFactory()
        answer = clinician_client.get(page("screening-detail", other, kept.pk))
        assert answer.status_code == 404

    def test_many_take_as_many_queries_as_one(
        self, clinician_client, patient, kept, questions, django_assert_max_num_queries
    ):
        address = page("screening-list", patient)
        clinician_client.get(address)
        with django_assert_max_num_queries(20) as one:
            clinician_client.get(address)
        count = len(one)
        for _ in range(4):
            clinician_client.post(page("screening-fill", patient), form(patient, questions))
        with django_assert_max_num_queries(count):
            clinician_client.get(address)

    @pytest.mark.parametrize("role", ["reception", "admin"])
    def test_nobody_else_reads_or_asks(self, role, request, patient, kept):
        client = request.getfixturevalue(f"{role}_client")
        for address in (
            page("screening-fill", patient),
            page("screening-list", patient),
            page("screening-detail", patient, kept.pk),
        ):
            assert client.get(address).status_code == 403
        answer = words(client.get(page("patient-detail", patient)))
        assert SECRET not in answer
