"""What the answers mean for a course, and the sign-off of a prescriber."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from patients.actions import record_screening
from patients.domain.screening import Given, Value
from tests.factories.core import UserFactory
from tests.factories.patients import AllergyFactory
from tests.factories.screening import ContraindicationRuleFactory, ScreeningQuestionFactory
from tests.factories.sessions import AppointmentFactory, planned_course
from tests.factories.treatments import TreatmentCourseFactory
from tests.treatments.conftest import NOW
from treatments.models import Clearance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SECRET = "zebra marker"


@pytest.fixture
def course(patient, hair_loss, site, clinician):
    return planned_course(patient=patient, indication=hair_loss, site=site, practitioner=clinician)


@pytest.fixture
def prescriber(site):
    return UserFactory(prescriber=True, first_name="Dr Ines", last_name="Halloran")


@pytest.fixture
def prescriber_client(prescriber):
    client = Client()
    client.force_login(prescriber)
    return client


@pytest.fixture
def pregnant():
    question = ScreeningQuestionFactory(short=True, text="Are you pregnant?")
    return ContraindicationRuleFactory(
        question=question, words="Not while pregnant.", source="A label, example.org"
    )


@pytest.fixture
def warfarin():
    question = ScreeningQuestionFactory(text="Do you take a blood thinner?")
    return ContraindicationRuleFactory(question=question, sign_off=True)


def say(course, by, **answers):
    """Answer each question by its rule's name."""
    return record_screening(
        patient=course.patient,
        part="SOME",
        answers={rule.question.code: given for rule, given in answers["given"].items()},
        key=uuid4(),
        by=by,
        at=NOW,
    )


def answer_all(course, by, *rules, yes=()):
    said = {rule: Given(Value.YES if rule in yes else Value.NO) for rule in rules}
    return say(course, by, given=said)


def may_start(course):
    return reverse("treatments:may-start", args=[course.pk])


def sign_off(course):
    return reverse("treatments:clearance-give", args=[course.pk])


def form(course, rule, answer):
    return {
        "course": str(course.pk),
        "rule": rule.code,
        "answer": str(answer),
        "reason": "Her doctor agrees.",
    }


def words(answer):
    return " ".join(answer.content.decode().split())


def heading(answer):
    return words(answer).partition("<h1>")[2].partition("</h1>")[0].strip()


class TestData:
    def ask(self, client, course):
        return client.get(reverse("treatments:may-start-data", args=[course.pk])).json()

    def test_it_is_the_verdict_of_the_page(self, clinician_client, clinician, course, pregnant):
        answer_all(course, clinician, pregnant, yes=[pregnant])
        told = self.ask(clinician_client, course)
        assert (told["may_start"], told["state"], told["outcome"]) == (False, "hold", "must_not")
        [found] = told["findings"]
        assert (found["level"], found["rule"], found["until"]) == ("block", pregnant.code, None)
        assert found["says"] == "Not while pregnant."
        assert found["lifted_by"] == "answer"

    def test_without_the_right_to_read_it_is_a_word(
        self, reception_client, clinician, course, pregnant
    ):
        assert self.ask(reception_client, course) == {"may_start": False, "state": "open"}
        answer_all(course, clinician, pregnant, yes=[pregnant])
        assert self.ask(reception_client, course) == {"may_start": False, "state": "hold"}

    def test_a_course_that_may_start(self, clinician_client, course):
        told = self.ask(clinician_client, course)
        assert told == {
            "may_start": True,
            "state": "complete",
            "outcome": "may_start",
            "findings": [],
            "avoid": [],
        }


class TestMeaning:
    def test_a_clinic_that_asks_nothing(self, clinician_client, course):
        answer = clinician_client.get(may_start(course))
        assert heading(answer) == "May start"
        assert "This clinic asks no health questions here" in words(answer)

    def test_open_questions_are_listed(self, clinician_client, course, pregnant, warfarin):
        answer = clinician_client.get(may_start(course))
        assert heading(answer) == "Questions are open"
        assert "2 questions are open" in words(answer)
        assert "Are you pregnant?" in words(answer)
        fill = reverse("patients:screening-fill", args=[course.patient_id])
        assert f"{fill}?part=full&amp;next={may_start(course)}" in words(answer)

    def test_nothing_speaks_against_it(
        self, clinician_client, clinician, course, pregnant, warfarin
    ):
        answer_all(course, clinician, pregnant, warfarin)
        answer = clinician_client.get(may_start(course))
        assert heading(answer) == "May start"
        assert "Nothing speaks against it" in words(answer)

    def test_a_block_is_said_with_its_rule_and_source(
        self, clinician_client, clinician, course, pregnant, warfarin
    ):
        answer_all(course, clinician, pregnant, warfarin, yes=[pregnant])
        answer = clinician_client.get(may_start(course))
        assert heading(answer) == "Must not start"
        for said in (
            "Not while pregnant.",
            "Are you pregnant?",
            "Answered: yes, 26 Nov 2026",
            "It ends when the answer is another one.",
            "Source: A label, example.org",
        ):
            assert said in words(answer)

    def test_others_are_told_who_signs_off(
        self, clinician_client, clinician, course, pregnant, warfarin
    ):
        answer_all(course, clinician, pregnant, warfarin, yes=[warfarin])
        answer = clinician_client.get(may_start(course))
        assert heading(answer) == "Sign-off needed by a prescriber"
        assert "A prescriber signs it off on this page." in words(answer)
        assert "<form method" not in words(answer).partition("What was found")[2]

    def test_a_product_that_is_not_planned_is_told_apart(self, clinician_client, course, warfarin):
        AllergyFactory(patient=course.patient, substance="Salmon", allergen="fish")
        answer = words(clinician_client.get(may_start(course)))
        assert "Not with other products" in answer
        assert "Salmon" in answer

    def test_on_the_day_of_a_session_the_short_questions_are_asked_again(
        self, clinician_client, clinician, patient, hair_loss, site, pregnant, now
    ):
        chain = planned_course(
            patient=patient,
            indication=hair_loss,
            site=site,
            practitioner=clinician,
            first_on=date(2026, 11, 26),
        )
        record_screening(
            patient=patient,
            part="SHORT",
            answers={pregnant.question.code: Given(Value.NO)},
            key=uuid4(),
            by=clinician,
            at=NOW.replace(day=25),
        )
        assert heading(clinician_client.get(may_start(chain))) == "May start"
        AppointmentFactory(of=chain.sessions.get(number=1))
        answer = clinician_client.get(may_start(chain))
        assert heading(answer) == "Questions are open"
        assert "?part=short" in words(answer)

    def test_many_findings_take_as_many_queries_as_one(
        self, clinician_client, clinician, course, warfarin, django_assert_max_num_queries
    ):
        answer_all(course, clinician, warfarin, yes=[warfarin])
        clinician_client.get(may_start(course))
        with django_assert_max_num_queries(30) as one:
            clinician_client.get(may_start(course))
        count = len(one)
        more = [ContraindicationRuleFactory(sign_off=True) for _ in range(5)]
        answer_all(course, clinician, *more, yes=more)
        with django_assert_max_num_queries(count):
            clinician_client.get(may_start(course))

    @pytest.mark.parametrize("role", ["reception", "admin"])
    def test_nobody_else_reads_it(self, role, request, course):
        assert request.getfixturevalue(f"{role}_client").get(may_start(course)).status_code == 403


class TestSignOff:
    @pytest.fixture
    def said(self, clinician, course, pregnant, warfarin):
        screening = answer_all(course, clinician, pregnant, warfarin, yes=[warfarin])
        return screening.answers.get(question=warfarin.question).pk

    def test_a_prescriber_signs_off_and_the_course_may_start(
        self, prescriber_client, prescriber, course, warfarin, said
    ):
        page = words(prescriber_client.get(may_start(course)))
        assert "Sign off until 23 Feb 2027" in page
        answer = prescriber_client.post(sign_off(course), form(course, warfarin, said))
        assert (answer.status_code, answer["Location"]) == (302, may_start(course))
        kept = Clearance.objects.get()
        assert (kept.by, kept.reason, kept.rule) == (prescriber, "Her doctor agrees.", warfarin)
        answer = prescriber_client.get(may_start(course))
        assert heading(answer) == "May start"
        assert "Signed off by Dr Ines Halloran on 26 Nov 2026" in words(answer)
        assert "Her doctor agrees." in words(answer)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"reason": " "}, "Say why it is safe to go on."),
            ({"reason": "x" * 401}, "can have 400 characters at most"),
            ({"reason": "a\nb"}, "hidden sign"),
            ({"rule": "nothing"}, "There is nothing to sign off here any more."),
            ({"rule": "?"}, "There is a problem"),
            ({"rule": ""}, "There is a problem"),
            ({"answer": "x"}, "There is a problem"),
            ({"answer": "9" * 30}, "There is a problem"),
            ({"answer": "-1"}, "There is a problem"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_signed(
        self, prescriber_client, course, warfarin, said, change, sentence
    ):
        posted = form(course, warfarin, said) | change
        answer = prescriber_client.post(sign_off(course), posted)
        assert answer.status_code in (409, 422)
        assert sentence in words(answer)
        assert not Clearance.objects.exists()

    def test_an_answer_that_changed_meanwhile_is_read_first(
        self, prescriber_client, clinician, course, warfarin, said
    ):
        answer_all(course, clinician, warfarin, yes=[warfarin])
        answer = prescriber_client.post(sign_off(course), form(course, warfarin, said))
        assert answer.status_code == 409
        assert "The answer was changed since this page was loaded." in words(answer)
        assert not Clearance.objects.exists()

    def test_a_form_of_another_course_is_refused(self, prescriber_client, course, warfarin, said):
        other = TreatmentCourseFactory(
            patient=course.patient, indication=course.indication, site=course.site
        )
        answer = prescriber_client.post(sign_off(other), form(course, warfarin, said))
        assert answer.status_code == 409
        assert "This form was made for another course. Nothing was signed off." in words(answer)
        assert not Clearance.objects.exists()

    def test_the_same_form_sent_twice_signs_once(self, prescriber_client, course, warfarin, said):
        posted = form(course, warfarin, said)
        assert prescriber_client.post(sign_off(course), posted).status_code == 302
        answer = prescriber_client.post(sign_off(course), posted)
        assert answer.status_code == 422
        assert Clearance.objects.count() == 1

    def test_only_prescribers_sign(self, clinician_client, course, warfarin, said):
        answer = clinician_client.post(sign_off(course), form(course, warfarin, said))
        assert answer.status_code == 403
        assert "Only a prescriber can sign off" in words(answer)
        assert not Clearance.objects.exists()

    def test_it_is_taken_back_with_a_reason(
        self, prescriber_client, clinician_client, course, warfarin, said
    ):
        prescriber_client.post(sign_off(course), form(course, warfarin, said))
        address = reverse("treatments:clearance-withdraw", args=[Clearance.objects.get().pk])
        assert clinician_client.get(address).status_code == 403
        assert "Take a sign-off back" in words(prescriber_client.get(address))
        answer = prescriber_client.post(address, {"reason": ""})
        assert answer.status_code == 422
        answer = prescriber_client.post(address, {"reason": "A new letter came."})
        assert answer["Location"] == may_start(course)
        answer = prescriber_client.get(may_start(course))
        assert heading(answer) == "Sign-off needed by a prescriber"
        assert "A new letter came." in words(answer)
        answer = prescriber_client.post(address, {"reason": "Again."})
        assert answer.status_code == 409
        assert "taken back already" in words(answer)


class TestElsewhere:
    def test_clinicians_see_blocks_on_top_and_the_way_to_the_questions(
        self, clinician_client, clinician, course, pregnant
    ):
        address = reverse("patients:patient-detail", args=[course.patient_id])
        assert "Open" in words(clinician_client.get(address))
        answer_all(course, clinician, pregnant, yes=[pregnant])
        answer = words(clinician_client.get(address))
        assert "Not while pregnant." in answer.partition("</ul>")[0]
        assert may_start(course) in answer

    @pytest.mark.parametrize("role", ["reception", "admin"])
    def test_others_learn_of_a_hold_alone(self, role, request, clinician, course, pregnant):
        client = request.getfixturevalue(f"{role}_client")
        address = reverse("patients:patient-detail", args=[course.patient_id])
        assert "Clinical hold" not in words(client.get(address))
        said = {pregnant: Given(Value.YES, None, SECRET)}
        say(course, clinician, given=said)
        answer = words(client.get(address))
        assert "Clinical hold" in answer
        for hidden in (SECRET, "Are you pregnant", "Not while pregnant", may_start(course)):
            assert hidden not in answer

    def test_reception_hands_over_where_questions_are_open(
        self, reception_client, clinician, course, pregnant
    ):
        address = reverse("patients:patient-detail", args=[course.patient_id])
        hand_over = reverse("patients:screening-hand-over", args=[course.patient_id])
        assert hand_over in words(reception_client.get(address))
        answer_all(course, clinician, pregnant)
        assert hand_over not in words(reception_client.get(address))

    def test_without_a_course_the_patient_can_be_asked(
        self, clinician_client, patient, site, pregnant
    ):
        answer = words(clinician_client.get(reverse("patients:patient-detail", args=[patient.pk])))
        assert "Not asked yet." in answer
        assert reverse("patients:screening-fill", args=[patient.pk]) in answer


class TestManaging:
    def test_every_question_shows_its_rules_with_level_and_source(
        self, admin_client, pregnant, warfarin
    ):
        ContraindicationRuleFactory(question=None, above_age=75, words="Over 75.")
        answer = words(admin_client.get(reverse("treatments:question-list")))
        for said in (
            "Are you pregnant?",
            "Not while pregnant.",
            "A label, example.org",
            "Over 75.",
        ):
            assert said in answer

    def test_a_question_is_switched_off_and_on_with_a_reason(self, admin_client, pregnant):
        question = pregnant.question
        address = reverse("treatments:question-switch", args=[question.pk])
        assert "Not while pregnant." in words(admin_client.get(address))
        assert admin_client.post(address, {"to": "off", "reason": ""}).status_code == 422
        answer = admin_client.post(address, {"to": "off", "reason": "Asked on paper."})
        assert answer["Location"] == reverse("treatments:question-list")
        question.refresh_from_db()
        assert not question.is_active
        assert "Asked on paper." in words(admin_client.get(answer["Location"]))
        assert "Ask a question again" in words(admin_client.get(address))
        admin_client.post(address, {"to": "on", "reason": "Paper is gone."})
        question.refresh_from_db()
        assert question.is_active

    def test_the_same_switch_twice_changes_nothing_twice(self, admin_client, pregnant):
        address = reverse("treatments:question-switch", args=[pregnant.question.pk])
        for _ in range(2):
            admin_client.post(address, {"to": "off", "reason": "Asked on paper."})
        assert pregnant.question.changes.count() == 1

    @pytest.mark.parametrize("role", ["reception", "clinician"])
    def test_nobody_else_switches(self, role, request, pregnant):
        client = request.getfixturevalue(f"{role}_client")
        assert client.get(reverse("treatments:question-list")).status_code == 403
