"""Keeping what a patient answered."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from meso_clinic.core.models import AuditEvent
from patients.actions import (
    ScreeningIncomplete,
    ScreeningRefused,
    record_allergy,
    record_screening,
    set_question_in_use,
)
from patients.domain.screening import Gap, Given, Part, Value
from patients.models import Screening, ScreeningAnswer, ScreeningQuestion
from patients.selectors import newest_answers
from tests.factories.patients import PatientFactory
from tests.factories.screening import ScreeningQuestionFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
NO, YES, UNKNOWN = Given(Value.NO), Given(Value.YES), Given(Value.UNKNOWN)


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def audited(db):
    """Return the kinds of the lines that the audit trail has gained, oldest first."""

    def kinds():
        return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))

    return kinds


@pytest.fixture
def questions():
    return [
        ScreeningQuestionFactory(code="heart"),
        ScreeningQuestionFactory(code="fever", short=True, asks_day=True),
        ScreeningQuestionFactory(code="medicine", asks_words=True),
        ScreeningQuestionFactory(code="pressure", clinicians=True),
        ScreeningQuestionFactory(code="dropped", is_active=False),
    ]


ALL = {"heart": NO, "fever": NO, "medicine": NO, "pressure": NO}


def ask(patient, by, answers=None, part=Part.FULL, at=NOW, key=None, **more):
    return record_screening(
        patient=patient,
        part=part,
        answers=ALL if answers is None else answers,
        key=key or uuid4(),
        by=by,
        at=at,
        **more,
    )


def values(patient):
    return {code: row.value for code, row in newest_answers(patient).items()}


def test_all_questions_are_kept_word_for_word(patient, questions, clinician):
    given = {**ALL, "medicine": Given(Value.YES, words=" Aspirin "), "heart": UNKNOWN}
    screening = ask(patient, clinician, given)
    kept = newest_answers(patient)
    assert (screening.part, screening.is_by_patient, screening.by) == ("FULL", False, clinician)
    assert values(patient) == {
        "heart": "UNKNOWN",
        "fever": "NO",
        "medicine": "YES",
        "pressure": "NO",
    }
    assert kept["medicine"].words == "Aspirin"
    assert kept["heart"].asked == questions[0].text
    assert kept["heart"].answered_at == kept["heart"].unchanged_since == NOW


def test_what_is_not_answered_is_not_no(patient, questions, clinician):
    with pytest.raises(ScreeningIncomplete) as refused:
        ask(patient, clinician, {"heart": NO, "medicine": YES})
    assert refused.value.gaps == {
        "fever": Gap.MISSING,
        "medicine": Gap.WORDS_MISSING,
        "pressure": Gap.MISSING,
    }
    assert not Screening.objects.exists()


def test_the_short_part_asks_what_changes(patient, questions, clinician):
    with pytest.raises(ScreeningIncomplete):
        ask(patient, clinician, {"heart": NO}, part=Part.SHORT)
    ask(patient, clinician, {"fever": NO, "heart": YES}, part=Part.SHORT)
    assert values(patient) == {"fever": "NO", "heart": "YES"}


def test_some_questions_can_be_asked_again(patient, questions, clinician):
    ask(patient, clinician)
    later = NOW + timedelta(days=7)
    ask(patient, clinician, {"heart": YES}, part=Part.SOME, at=later)
    assert values(patient) == {"heart": "YES", "fever": "NO", "medicine": "NO", "pressure": "NO"}
    with pytest.raises(ScreeningRefused):
        ask(patient, clinician, {}, part=Part.SOME, at=later)


def test_a_patient_is_not_asked_what_the_clinician_sees(patient, questions, clinician):
    with pytest.raises(ScreeningRefused):
        ask(patient, clinician, is_by_patient=True)
    own = {code: answer for code, answer in ALL.items() if code != "pressure"}
    assert ask(patient, clinician, own, is_by_patient=True).is_by_patient
    assert "pressure" not in values(patient)


def test_what_is_not_asked_any_more_is_not_kept(patient, questions, clinician):
    for code in ("dropped", "nonsense"):
        with pytest.raises(ScreeningRefused):
            ask(patient, clinician, {**ALL, code: NO})


def test_a_form_sent_twice_is_kept_once(patient, questions, clinician):
    key = uuid4()
    first = ask(patient, clinician, key=key)
    assert ask(patient, clinician, {**ALL, "heart": YES}, key=key) == first
    assert values(patient)["heart"] == "NO"
    assert ScreeningAnswer.objects.count() == 4
    with pytest.raises(ScreeningRefused):
        ask(PatientFactory(), clinician, key=key)


def test_an_answer_knows_since_when_it_is_the_same(patient, questions, clinician):
    said = [
        (0, Given(Value.YES, words="Aspirin"), 0),
        (7, Given(Value.YES, words="aspirin "), 0),
        (14, Given(Value.YES, words="Warfarin"), 14),
        (21, NO, 21),
        (28, Given(Value.YES, words="Warfarin"), 28),
        (35, Given(Value.YES, words="Warfarin"), 28),
    ]
    for days, answer, since in said:
        at = NOW + timedelta(days=days)
        ask(patient, clinician, {"medicine": answer}, part=Part.SOME, at=at)
        kept = newest_answers(patient)["medicine"]
        assert kept.unchanged_since == NOW + timedelta(days=since)


def test_a_day_belongs_to_the_answer(patient, questions, clinician):
    since = Given(Value.YES, date(2026, 11, 20))
    ask(patient, clinician, {**ALL, "fever": since})
    assert newest_answers(patient)["fever"].given == since
    with pytest.raises(ScreeningIncomplete) as refused:
        ask(patient, clinician, {"heart": since}, part=Part.SOME)
    assert refused.value.gaps == {"heart": Gap.DAY_NOT_ASKED}


def test_words_that_are_too_long_are_refused(patient, questions, clinician):
    with pytest.raises(ValidationError):
        ask(patient, clinician, {**ALL, "medicine": Given(Value.YES, words="x" * 401)})
    assert not Screening.objects.exists()


def test_the_trail_says_who_asked(patient, questions, clinician, audited):
    before = len(audited())
    ask(patient, clinician)
    assert audited()[before:] == ["patient.screening_recorded"]


def test_the_answers_of_others_do_not_count(patient, questions, clinician):
    ask(patient, clinician, {**ALL, "heart": YES})
    other = PatientFactory()
    ask(other, clinician)
    assert values(patient)["heart"] == "YES"
    assert values(other)["heart"] == "NO"


def test_a_clinic_chooses_what_it_asks(questions, admin, audited):
    heart = ScreeningQuestion.objects.get(code="heart")
    before = len(audited())
    off = {"question": heart, "is_active": False, "reason": "On paper", "by": admin, "at": NOW}
    for _time in range(2):
        assert not set_question_in_use(**off).is_active
    assert audited()[before:] == ["screening.question_changed"]
    assert "heart" not in ScreeningQuestion.objects.in_use().values_list("code", flat=True)


def test_an_allergy_has_a_code_that_products_know(patient, clinician):
    noted = {"patient": patient, "substance": "Prawns", "reaction": "", "by": clinician, "at": NOW}
    assert record_allergy(**noted, allergen="fish").allergen == "fish"
    assert record_allergy(**noted).allergen == ""
    with pytest.raises(ValidationError):
        record_allergy(**noted, allergen="prawns")
