"""How it is with the health questions of courses, read from the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from patients.selectors import contested_answers
from tests.factories.patients import AllergyFactory, PatientFactory
from tests.factories.screening import (
    ClearanceFactory,
    ContraindicationRuleFactory,
    ScreeningAnswerFactory,
    ScreeningFactory,
    ScreeningQuestionFactory,
)
from tests.factories.sessions import planned_course
from tests.factories.treatments import (
    IndicationFactory,
    ProductFactory,
    TreatmentCourseFactory,
    ZoneFactory,
)
from tests.treatments.conftest import NOW
from treatments.domain.screening.verdict import Outcome, Reason
from treatments.models import TreatmentCourse
from treatments.selectors.screening import (
    Forbidden,
    read_screening,
    read_screenings,
)

pytestmark = pytest.mark.django_db

MORNING = NOW - timedelta(hours=1)


@pytest.fixture
def question():
    return ScreeningQuestionFactory(code="heart", short=True)


@pytest.fixture
def course():
    return TreatmentCourseFactory(product=ProductFactory(allergens=["fish"]))


def answer(course, question, value="NO", at=MORNING, **more):
    return ScreeningAnswerFactory(
        patient=course.patient, question=question, value=value, answered_at=at, **more
    )


def test_nothing_is_asked_without_questions(course):
    ScreeningQuestionFactory(is_active=False)
    found = read_screening(course, at=NOW)
    assert found.may_start
    assert not found.is_asked
    assert read_screenings([], at=NOW) == {}


def test_the_newest_answer_counts(course, question):
    ContraindicationRuleFactory(question=question)
    answer(course, question, "YES", at=MORNING - timedelta(days=1))
    assert read_screening(course, at=NOW).outcome is Outcome.MUST_NOT
    kept = answer(course, question)
    assert read_screening(course, at=NOW).may_start
    answer(TreatmentCourseFactory(), question, "YES")
    assert read_screening(course, at=NOW).may_start
    assert kept.answered_at == MORNING


def test_the_short_questions_are_due_on_the_day_of_the_site(course, question):
    # Auckland is 13 hours ahead: it is the 26th there while it is the 25th in Greenwich.
    type(course.site).objects.update(timezone="Pacific/Auckland")
    course = TreatmentCourse.objects.with_people().get(pk=course.pk)
    late = datetime(2026, 11, 25, 12, tzinfo=UTC)
    answer(course, question, at=datetime(2026, 11, 25, 10, tzinfo=UTC))
    assert read_screening(course, at=late, is_session_day=False).may_start
    due = read_screening(course, at=late, is_session_day=True)
    assert [finding.reason for finding in due.findings] == [Reason.NOT_TODAY]
    answer(course, question, at=datetime(2026, 11, 25, 11, 30, tzinfo=UTC))
    assert read_screening(course, at=late, is_session_day=True).may_start


def test_a_gap_counts_from_the_last_session_of_any_course(question):
    course = planned_course()
    other = planned_course(patient=course.patient)
    answer(other, question, at=NOW - timedelta(days=60))
    session = course.sessions.get(number=1)
    gone = NOW.date() - timedelta(days=50)
    type(session).objects.filter(pk=session.pk).update(status="DONE", delivered_on=gone)
    assert read_screening(other, at=NOW).findings[0].reason is Reason.AFTER_GAP


def test_a_rule_is_for_its_indication(course, question):
    ContraindicationRuleFactory(question=question, indication=IndicationFactory())
    answer(course, question, "YES")
    assert read_screening(course, at=NOW).may_start
    ContraindicationRuleFactory(question=question, indication=course.indication)
    assert not read_screening(course, at=NOW).may_start


@pytest.mark.parametrize("allergen", ["fish", "soy"])
def test_products_are_compared_with_allergies_also_on_paper(course, allergen):
    AllergyFactory(patient=course.patient, substance="Salmon", allergen=allergen)
    AllergyFactory(patient=course.patient, allergen="fish", withdrawn=True)
    assert read_screening(course, at=NOW).may_start is (allergen == "soy")


def test_a_course_without_a_product_avoids_what_it_must(question):
    course = TreatmentCourseFactory()
    AllergyFactory(patient=course.patient, allergen="fish")
    product = ProductFactory(product_class="vitamin")
    ContraindicationRuleFactory(question=question, product=product, code="vit")
    ContraindicationRuleFactory(question=question, product_class="ha", code="ha")
    answer(course, question, "YES")
    found = read_screening(course, at=NOW)
    assert found.may_start
    assert {finding.rule or finding.allergen for finding in found.avoid} == {"vit", "ha", "fish"}


def test_each_product_says_why_it_is_forbidden(course, question):
    AllergyFactory(patient=course.patient, allergen="soy")
    products = [
        ProductFactory(allergens=["soy"]),
        ProductFactory(product_class="ha"),
        ProductFactory(product_class="xanthine"),
    ]
    ContraindicationRuleFactory(question=question, product_class="ha", code="ha")
    ContraindicationRuleFactory(question=question, code="heart")
    answer(course, question, "YES")
    found = Forbidden(course, at=NOW).products(products)
    assert {pk: [one.rule or one.allergen for one in why] for pk, why in found.items()} == {
        products[0].pk: ["soy"],
        products[1].pk: ["ha"],
    }


def test_each_zone_says_why_it_must_not_be_treated(course, question):
    chin, neck = (ZoneFactory(indication=course.indication, code=code) for code in ("chin", "neck"))
    ContraindicationRuleFactory(question=question, zone="chin", code="scars")
    ContraindicationRuleFactory(question=question, code="heart")
    answer(course, question, "YES")
    found = Forbidden(course, at=NOW).zones([chin, neck])
    assert {pk: [one.rule for one in why] for pk, why in found.items()} == {chin.pk: ["scars"]}


def a_clinic_full_of_answers(number):
    questions = [ScreeningQuestionFactory() for _question in range(3)]
    rules = [ContraindicationRuleFactory(question=one, sign_off=True) for one in questions]
    ContraindicationRuleFactory(question=questions[0], product=ProductFactory())
    for _course in range(number):
        course = TreatmentCourseFactory(product=ProductFactory())
        AllergyFactory(patient=course.patient)
        for question in questions:
            answer(course, question)
        ClearanceFactory(course=course, rule=rules[0])
    return list(TreatmentCourse.objects.with_people())


def count(read):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read()
    return len(queries)


@pytest.mark.parametrize("number", [1, 4])
def test_the_number_of_queries_does_not_grow(number):
    courses = a_clinic_full_of_answers(number)
    assert count(lambda: read_screenings(courses, at=NOW, on_their_day=courses)) == 7


def test_a_clinic_on_paper_costs_three_queries_at_most(course):
    courses = list(TreatmentCourse.objects.with_people())
    assert count(lambda: read_screenings(courses, at=NOW)) == 2
    AllergyFactory(patient=PatientFactory())
    assert count(lambda: read_screenings(courses, at=NOW)) == 2
    AllergyFactory(patient=course.patient)
    assert count(lambda: read_screenings(courses, at=NOW)) == 3


class TestContested:
    """A patient alone, on the device or by a link, and a yes that a clinician noted before."""

    @pytest.fixture(autouse=True)
    def rule(self, question):
        return ContraindicationRuleFactory(question=question, words="Heart disease.")

    def told(self, course, question, value="NO", at=MORNING, *, is_by_patient=True):
        screening = ScreeningFactory(
            patient=course.patient, completed_at=at, is_by_patient=is_by_patient
        )
        return answer(course, question, value, at=at, screening=screening)

    def test_the_yes_counts_until_a_clinician_asks_again(self, course, question):
        noted = answer(course, question, "YES", at=MORNING - timedelta(days=1))
        self.told(course, question)
        told = self.told(course, question, at=MORNING + timedelta(minutes=5))
        found = read_screening(course, at=NOW)
        assert found.outcome is Outcome.MUST_NOT
        [finding] = found.contested
        assert (finding.answer.pk, finding.contested_by.pk) == (noted.pk, told.pk)
        [pair] = contested_answers(course.patient)
        assert (pair.noted, pair.told) == (noted, told)
        self.told(course, question, at=NOW, is_by_patient=False)
        assert read_screening(course, at=NOW).may_start
        assert contested_answers(course.patient) == []

    def test_a_yes_of_the_patient_is_the_patients_to_take_back(self, course, question):
        self.told(course, question, "YES", at=MORNING - timedelta(days=1))
        self.told(course, question)
        assert read_screening(course, at=NOW).may_start
        assert contested_answers(course.patient) == []

    def test_a_yes_of_the_patient_counts_at_once(self, course, question):
        answer(course, question, "NO", at=MORNING - timedelta(days=1))
        self.told(course, question, "YES")
        found = read_screening(course, at=NOW)
        assert (found.outcome, found.contested) == (Outcome.MUST_NOT, ())
        assert contested_answers(course.patient) == []

    @pytest.mark.usefixtures("now")
    def test_the_pages_of_a_clinician_say_so_and_no_other(
        self, question, site, clinician_client, reception_client
    ):
        course = planned_course(site=site)
        answer(course, question, "YES", at=MORNING - timedelta(days=1))
        self.told(course, question)
        ask = reverse("patients:screening-fill", args=[course.patient_id]) + "?ask=heart"
        record = reverse("patients:patient-detail", args=[course.patient_id])
        tab = reverse("patients:screening-list", args=[course.patient_id])
        why = reverse("treatments:may-start", args=[course.pk])
        for url in (record, tab, why):
            page = " ".join(clinician_client.get(url).content.decode().split())
            assert "counts until a clinician asks again" in page
            assert ask in page
        page = " ".join(reception_client.get(record).content.decode().split())
        assert "Clinical hold" in page
        assert "Heart disease" not in page
        assert "asks again" not in page
