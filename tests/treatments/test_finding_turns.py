"""After what became known of a patient's health consent is talked through and signed again."""

from datetime import timedelta

import pytest

from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.screening import (
    ClearanceFactory,
    ScreeningAnswerFactory,
    ScreeningQuestionFactory,
)
from tests.factories.treatments import TreatmentCourseFactory
from tests.treatments.conftest import NOW
from treatments.consent_words import open_words
from treatments.domain.consents import State
from treatments.selectors.consents import read_standing, read_standings

pytestmark = pytest.mark.django_db

SIGNED = NOW - timedelta(days=7)
BEFORE = SIGNED - timedelta(days=1)
SINCE = SIGNED + timedelta(days=1)
LATER = SINCE + timedelta(days=1)


@pytest.fixture
def course(patient, hair_loss, site, clinician):
    return TreatmentCourseFactory(
        patient=patient, indication=hair_loss, site=site, practitioner=clinician
    )


@pytest.fixture
def text(hair_loss):
    return ConsentTemplateFactory(indication=hair_loss)


@pytest.fixture(autouse=True)
def signed(course, text):
    return ConsentFactory(of=course, template=text, signed_at=SIGNED)


@pytest.fixture
def pregnancy():
    return ScreeningQuestionFactory(code="pregnancy", short=True)


def state(course):
    [finding] = read_standing(course, at=NOW).findings
    return finding.state


def answer(course, question, value, at, since=None):
    return ScreeningAnswerFactory(
        patient=course.patient,
        question=question,
        value=value,
        answered_at=at,
        unchanged_since=since or at,
    )


def clear(course, given, at):
    return ClearanceFactory(course=course, rule__question=given.question, answer=given, at=at)


@pytest.mark.parametrize(
    ("answered", "since", "expected"),
    [
        (SINCE, None, State.NEW_FINDING),
        (BEFORE, None, State.VALID),
        (SINCE, BEFORE, State.VALID),
    ],
)
def test_an_answer_since_it_was_signed_that_a_prescriber_signed_off(
    course, answered, since, expected
):
    given = answer(course, ScreeningQuestionFactory(), "YES", answered, since)
    assert state(course) is State.VALID
    clear(course, given, LATER)
    assert state(course) is expected


def test_it_stands_once_it_is_signed_again(course, text):
    clear(course, answer(course, ScreeningQuestionFactory(), "YES", SINCE), SINCE)
    assert "health" not in open_words(read_standing(course, at=NOW))
    ConsentFactory(of=course, template=text, signed_at=LATER)
    assert state(course) is State.VALID


def test_a_sign_off_about_age_is_nothing_new(course):
    ClearanceFactory(course=course, rule__question=None, rule__above_age=75, at=LATER)
    assert state(course) is State.VALID


def test_a_sign_off_for_another_course_is_of_no_matter(course, site):
    other = TreatmentCourseFactory(patient=course.patient, site=site)
    clear(other, answer(course, ScreeningQuestionFactory(), "YES", SINCE), LATER)
    assert state(course) is State.VALID


@pytest.mark.parametrize(
    ("doubt", "doubted", "ruled_out", "expected"),
    [
        ("YES", SINCE, LATER, State.NEW_FINDING),
        ("UNKNOWN", SINCE, LATER, State.NEW_FINDING),
        ("UNKNOWN", BEFORE, SINCE, State.NEW_FINDING),
        ("NO", SINCE, LATER, State.VALID),
        ("YES", BEFORE - timedelta(days=1), BEFORE, State.VALID),
    ],
)
def test_a_pregnancy_that_is_ruled_out_after_doubt(
    course, pregnancy, doubt, doubted, ruled_out, expected
):
    answer(course, pregnancy, doubt, doubted)
    answer(course, pregnancy, "NO", ruled_out)
    assert state(course) is expected


def test_a_no_that_is_given_again_rules_nothing_out_anew(course, pregnancy):
    answer(course, pregnancy, "UNKNOWN", BEFORE - timedelta(days=1))
    answer(course, pregnancy, "NO", BEFORE)
    answer(course, pregnancy, "NO", LATER, since=BEFORE)
    assert state(course) is State.VALID


def test_a_doubt_about_anything_else_or_of_somebody_else_is_of_no_matter(course, pregnancy):
    other, fever = TreatmentCourseFactory(), ScreeningQuestionFactory(code="fever")
    for of, question in ((other, pregnancy), (course, fever)):
        answer(of, question, "UNKNOWN", SINCE)
        answer(of, question, "NO", LATER)
    answer(course, pregnancy, "NO", LATER)
    assert state(course) is State.VALID


def test_many_courses_and_answers_take_as_many_queries_as_one(
    course, pregnancy, site, hair_loss, django_assert_num_queries
):
    more = [course, *(TreatmentCourseFactory(site=site, indication=hair_loss) for _ in range(3))]
    for one in more:
        answer(one, pregnancy, "UNKNOWN", SINCE)
        clear(one, answer(one, pregnancy, "NO", LATER), LATER)
    with django_assert_num_queries(3):
        read_standings(more, at=NOW)
