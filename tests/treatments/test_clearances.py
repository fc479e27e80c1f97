"""A prescriber's sign-off: who may give it, for what, and how it ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from patients.actions import record_screening
from patients.domain.screening import Given, Part, Value
from tests.factories.core import UserFactory
from tests.factories.screening import (
    ClearanceFactory,
    ContraindicationRuleFactory,
    ScreeningQuestionFactory,
)
from tests.factories.treatments import TreatmentCourseFactory
from tests.treatments.conftest import NOW
from treatments.actions.screening import (
    AnswerChangedMeanwhile,
    ClearanceRefused,
    give_clearance,
    withdraw_clearance,
)
from treatments.domain.screening.facts import CLEARANCE_DAYS
from treatments.domain.screening.verdict import Outcome
from treatments.models import Clearance, ClearanceWithdrawal, ContraindicationRule
from treatments.selectors.screening import read_screening

pytestmark = pytest.mark.django_db


@pytest.fixture
def prescriber():
    return UserFactory(clinician=True, is_prescriber=True)


@pytest.fixture
def course(patient):
    return TreatmentCourseFactory(patient=patient)


@pytest.fixture
def rule():
    question = ScreeningQuestionFactory(code="thinner", asks_words=True)
    return ContraindicationRuleFactory(code="thinner", question=question, level="SIGNOFF")


def say(course, value, words="", at=NOW - timedelta(hours=1)):
    answers = {"thinner": Given(Value(value), words=words)}
    record_screening(
        patient=course.patient,
        part=Part.SOME,
        answers=answers,
        key=uuid4(),
        by=course.practitioner,
        at=at,
    )
    return read_screening(course, at=at).to_sign_off


def clear(course, prescriber, answer=None, rule="thinner", reason="Stable dose.", at=NOW):
    if answer is None:
        answer = read_screening(course, at=at).to_sign_off[0].answer.pk
    return give_clearance(
        course=course, rule=rule, answer=answer, reason=reason, by=prescriber, at=at
    )


def may_start(course, at=NOW):
    return read_screening(course, at=at).may_start


def test_a_sign_off_lets_the_course_go_on(course, rule, prescriber, audited):
    [finding] = say(course, "YES", "Warfarin")
    assert not may_start(course)
    clearance = clear(course, prescriber, finding.answer.pk)
    assert may_start(course)
    assert (clearance.answer.words, clearance.by, str(clearance)) == (
        "Warfarin",
        prescriber,
        f"clearance {clearance.pk}",
    )
    assert audited()[-1] == "clearance.given"


def test_an_unknown_can_be_signed_off_too(course, rule, prescriber):
    say(course, "UNKNOWN")
    clear(course, prescriber)
    assert may_start(course)


def test_it_is_for_one_course(course, rule, prescriber):
    other = TreatmentCourseFactory(patient=course.patient)
    say(course, "YES", "Warfarin")
    clear(course, prescriber)
    assert not may_start(other)


def test_only_a_prescriber_may(course, rule, prescriber):
    say(course, "YES", "Warfarin")
    with pytest.raises(ClearanceRefused, match="Only a prescriber"):
        clear(course, UserFactory(clinician=True))
    clearance = clear(course, prescriber)
    with pytest.raises(ClearanceRefused, match="Only a prescriber"):
        withdraw_clearance(
            clearance=clearance, reason="Mistake", by=UserFactory(clinician=True), at=NOW
        )
    assert may_start(course)


def test_it_needs_a_reason(course, rule, prescriber):
    say(course, "YES", "Warfarin")
    with pytest.raises(ValidationError):
        clear(course, prescriber, reason="  ")
    assert not Clearance.objects.exists()


def test_what_forbids_is_never_signed_off(course, rule, prescriber):
    ContraindicationRule.objects.update(level="BLOCK")
    say(course, "YES", "Warfarin")
    with pytest.raises(ClearanceRefused, match="nothing to sign off"):
        clear(course, prescriber, answer=0)
    ContraindicationRule.objects.update(level="SIGNOFF")
    clear(course, prescriber)
    ContraindicationRule.objects.update(level="BLOCK")
    assert read_screening(course, at=NOW).outcome is Outcome.MUST_NOT


def test_nothing_is_signed_off_twice_or_without_need(course, rule, prescriber):
    with pytest.raises(ClearanceRefused, match="nothing to sign off"):
        clear(course, prescriber, answer=0)
    say(course, "YES", "Warfarin")
    clear(course, prescriber)
    with pytest.raises(ClearanceRefused, match="nothing to sign off"):
        clear(course, prescriber, answer=0)


def test_an_answer_that_was_not_read_is_not_signed_off(course, rule, prescriber):
    [finding] = say(course, "YES", "Warfarin")
    say(course, "YES", "Heparin", at=NOW - timedelta(minutes=5))
    with pytest.raises(AnswerChangedMeanwhile, match="Read it"):
        clear(course, prescriber, finding.answer.pk)
    assert not Clearance.objects.exists()


def test_an_ended_course_needs_none(course, rule, prescriber):
    say(course, "YES", "Warfarin")
    type(course).objects.update(status="COMPLETED", ended_at=NOW)
    with pytest.raises(ClearanceRefused, match="has ended"):
        clear(course, prescriber)


@pytest.mark.parametrize(
    ("value", "words", "stands"),
    [
        ("YES", "Warfarin", True),
        ("YES", " warfarin", True),
        ("YES", "Warfarin, more of it", False),
        ("UNKNOWN", "", False),
    ],
)
def test_it_ends_when_the_answer_changes(course, rule, prescriber, value, words, stands):
    say(course, "YES", "Warfarin")
    clear(course, prescriber)
    later = NOW + timedelta(days=7)
    say(course, value, words, at=later)
    assert may_start(course, later) is stands


def test_it_does_not_come_back_with_an_old_answer(course, rule, prescriber):
    say(course, "YES", "Warfarin")
    clear(course, prescriber)
    say(course, "NO", at=NOW + timedelta(days=1))
    say(course, "YES", "Warfarin", at=NOW + timedelta(days=2))
    assert not may_start(course, NOW + timedelta(days=2))


def test_it_ends_after_its_days(course, rule, prescriber):
    say(course, "YES", "Warfarin")
    clear(course, prescriber)
    assert may_start(course, NOW + timedelta(days=CLEARANCE_DAYS - 1))
    assert not may_start(course, NOW + timedelta(days=CLEARANCE_DAYS))


def test_it_can_be_taken_back_once(course, rule, prescriber, audited):
    say(course, "YES", "Warfarin")
    clearance = clear(course, prescriber)
    with pytest.raises(ValidationError):
        withdraw_clearance(clearance=clearance, reason=" ", by=prescriber, at=NOW)
    withdrawal = withdraw_clearance(
        clearance=clearance, reason="Wrong patient", by=prescriber, at=NOW
    )
    assert not may_start(course)
    assert (audited()[-1], str(withdrawal)) == (
        "clearance.withdrawn",
        f"withdrawal of clearance {clearance.pk}",
    )
    with pytest.raises(ClearanceRefused, match="already"):
        withdraw_clearance(clearance=clearance, reason="Again", by=prescriber, at=NOW)


def test_an_age_is_signed_off_without_an_answer(course, prescriber, rule):
    say(course, "NO")
    ContraindicationRuleFactory(code="old", question=None, above_age=30, level="SIGNOFF")
    assert not may_start(course)
    assert clear(course, prescriber, answer=0, rule="old").answer is None
    assert may_start(course)


def test_a_product_that_is_not_planned_can_be_signed_off(course, prescriber, rule):
    ContraindicationRule.objects.update(product_class="vitamin")
    say(course, "YES", "Warfarin")
    [finding] = read_screening(course, at=NOW).avoid
    clear(course, prescriber, answer=finding.answer.pk)
    [lifted] = read_screening(course, at=NOW).avoid
    assert not lifted.holds_up


# The database


def refused(what, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        what(*args, **kwargs)


@pytest.mark.parametrize("model", [Clearance, ClearanceWithdrawal])
def test_no_row_is_changed_or_removed(model, prescriber):
    clearance = ClearanceFactory()
    ClearanceWithdrawal.objects.create(clearance=clearance, at=NOW, by=prescriber, reason="Mistake")
    row = model.objects.get()
    row.reason = "changed"
    refused(row.save)
    refused(model.objects.update, reason="changed")
    refused(model.objects.all()._raw_delete, model.objects.db)
    with connection.cursor() as cursor:
        refused(cursor.execute, f"DELETE FROM {model._meta.db_table}")
    assert model.objects.exclude(reason="changed").count() == 1


def test_no_clearance_is_without_a_reason(prescriber):
    refused(ClearanceFactory, reason="")
    clearance = ClearanceFactory()
    refused(
        ClearanceWithdrawal.objects.create,
        clearance=clearance,
        at=NOW,
        by=prescriber,
        reason="",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"question": None},
        {"above_age": 75},
        {"level": "MAYBE"},
        {"product_class": "vitamin", "allergen": "soy"},
        {"days_after": 0},
        {"days_before": 4000},
        {"words": ""},
        {"source": ""},
    ],
)
def test_no_impossible_rule_is_stored(change):
    refused(ContraindicationRuleFactory, **change)
    assert str(ContraindicationRuleFactory(code="thinner")) == "thinner"
