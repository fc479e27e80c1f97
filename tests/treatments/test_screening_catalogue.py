"""The health questions that a new clinic begins with, and what their answers mean."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from patients.domain.screening import Kind, Value
from patients.models import ScreeningQuestion
from tests.treatments.conftest import NOW
from tests.treatments.test_catalogue import FORBIDDEN
from tests.treatments.test_catalogue_sources import _references, _table_rows
from treatments.actions.catalogue import load_catalogue, load_screening
from treatments.domain import catalogue
from treatments.domain.catalogue.screening_shapes import QuestionText, RuleFacts
from treatments.domain.catalogue.sources import CLINIC_SETTING
from treatments.domain.screening.asking import DAYS_OF_GAP, MONTHS_VALID
from treatments.domain.screening.facts import CLEARANCE_DAYS, Answer, CourseFacts, Product, Question
from treatments.domain.screening.judging import MIN_AGE, judge
from treatments.domain.screening.rules import Level, Rule
from treatments.domain.screening.verdict import Outcome, Reason
from treatments.models import ContraindicationRule, Indication

QUESTIONS = {one.code: one for one in catalogue.QUESTIONS}
RULES = catalogue.CONTRAINDICATIONS
ASKED = [rule for rule in RULES if rule.question]
TODAY = date(2026, 11, 26)
YESTERDAY = datetime(2026, 11, 25, 10, tzinfo=UTC)
SHORT = [
    "medicines_changed",
    "allergy_new",
    "reaction_last",
    "infection_site",
    "systemic_infection",
    "hsv_active",
    "recent_vaccine",
    "recent_procedure",
    "pregnancy",
]
NAMED_BY = {
    Level.BLOCK: {Value.YES: Outcome.MUST_NOT, Value.UNKNOWN: Outcome.INCOMPLETE},
    Level.SIGNOFF: dict.fromkeys((Value.YES, Value.UNKNOWN), Outcome.SIGN_OFF_NEEDED),
    Level.WARN: dict.fromkeys((Value.YES, Value.UNKNOWN), Outcome.MAY_START),
}


def test_every_question_means_something_and_every_rule_is_asked():
    assert {rule.question for rule in ASKED} == set(QUESTIONS)
    assert len(QUESTIONS) == len(catalogue.QUESTIONS)
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_what_may_change_is_asked_at_every_session():
    assert [code for code, question in QUESTIONS.items() if question.is_short] == SHORT


def test_words_are_plain():
    for words in [
        *(question.text for question in catalogue.QUESTIONS),
        *(question.detail for question in catalogue.QUESTIONS),
        *(rule.words for rule in RULES),
    ]:
        assert not FORBIDDEN.search(words), words


def test_a_patient_on_blood_thinners_is_never_told_to_stop():
    [rule] = [rule for rule in RULES if rule.code == "anticoagulant"]
    assert rule.level is Level.SIGNOFF
    assert "Never tell a patient to stop it" in rule.words


# Every rule, with every answer


def facts_of(rule):
    """A course that the rule is about."""
    allergens = frozenset({rule.allergen} - {""})
    product = Product(
        code=rule.product or "x", product_class=rule.product_class or "x", allergens=allergens
    )
    return CourseFacts(born_on=date(1990, 8, 22), indication=rule.indication, products=(product,))


def verdict(rule, answer, **changes):
    return judge(
        [Question(code=rule.question, is_short=QUESTIONS[rule.question].is_short)],
        {answer.question: answer} if answer else {},
        [
            Rule(
                code=rule.code,
                question=rule.question,
                level=rule.level,
                words=rule.words,
                indication=rule.indication,
                product_class=rule.product_class,
                allergen=rule.allergen,
                product=rule.product,
                days_before=rule.days_before,
                days_after=rule.days_after,
            )
        ],
        [],
        [],
        replace(facts_of(rule), **changes),
        today=TODAY,
    )


def answer_to(rule, value, **changes):
    answer = Answer(
        question=rule.question,
        value=value,
        answered_on=YESTERDAY.date(),
        unchanged_since=YESTERDAY,
    )
    return replace(answer, **changes)


def by_code(rule):
    return rule.code


@pytest.mark.parametrize("rule", ASKED, ids=by_code)
class TestEveryRule:
    def test_no(self, rule):
        assert not verdict(rule, answer_to(rule, Value.NO)).findings

    @pytest.mark.parametrize("value", [Value.YES, Value.UNKNOWN])
    def test_yes_and_unknown(self, rule, value):
        found = verdict(rule, answer_to(rule, value))
        assert found.outcome is NAMED_BY[rule.level][value]
        assert [finding.rule for finding in found.findings] == [rule.code]

    def test_not_answered(self, rule):
        assert verdict(rule, None).outcome is Outcome.INCOMPLETE

    @pytest.mark.parametrize("value", Value)
    def test_stale(self, rule, value):
        old = answer_to(rule, value, answered_on=TODAY - timedelta(days=190))
        found = verdict(rule, old)
        assert found.outcome.severity >= Outcome.INCOMPLETE.severity
        assert Reason.TOO_OLD in [finding.reason for finding in found.findings]

    def test_not_today(self, rule):
        found = verdict(rule, answer_to(rule, Value.NO), is_session_day=True)
        assert found.may_start is not QUESTIONS[rule.question].is_short

    def test_its_days(self, rule):
        if rule.days_after is None:
            assert rule.days_before is None
            return
        for days, holds in ((rule.days_after - 1, True), (rule.days_after, False)):
            day = TODAY - timedelta(days=days)
            found = verdict(rule, answer_to(rule, Value.YES, day=day))
            assert bool(found.findings) is holds

    def test_a_day_is_asked_where_days_count(self, rule):
        kind = QUESTIONS[rule.question].kind
        assert (kind is Kind.DAY) is (rule.days_after is not None)


# Shapes


@pytest.mark.parametrize(
    "change",
    [
        {"code": "Heart"},
        {"group": "OTHER"},
        {"text": "Heart disease"},
        {"detail": "When?"},
        {"kind": Kind.DAY},
    ],
)
def test_a_question_that_cannot_be_right_is_refused(change):
    good = {"code": "heart", "group": "ILLNESS", "text": "Do you have a heart disease?"}
    assert QuestionText(**good)
    with pytest.raises(ValueError, match=r"heart|Heart"):
        QuestionText(**good | change)


@pytest.mark.parametrize(
    "change",
    [
        {"question": ""},
        {"above_age": 75},
        {"indication": "toes"},
        {"product_class": "gold"},
        {"allergen": "gold"},
        {"allergen": "soy", "product": "vit_c_100"},
        {"days_after": 0},
        {"days_before": 4000},
        {"words": "Not now"},
    ],
)
def test_a_rule_that_cannot_be_right_is_refused(change):
    good = {"question": "heart", "level": Level.BLOCK, "words": "Not now."}
    assert RuleFacts(**good)
    with pytest.raises(ValueError, match=r"heart|rule"):
        RuleFacts(**good | change)


# The sources document


def test_the_numbers_stand_in_the_sources_document():
    assert [row[:2] for row in _table_rows("Screening")] == [
        ["All questions are asked again after", f"{MONTHS_VALID} months"],
        ["All questions are asked again after a gap of more than", f"{DAYS_OF_GAP} days"],
        ["A sign-off ends after", f"{CLEARANCE_DAYS} days"],
        ["Treated from the age of", f"{MIN_AGE}"],
    ]


def test_the_questions_stand_in_the_sources_document():
    assert list(_table_rows("Health questions")) == [
        [
            question.code,
            "every session" if question.is_short else "full questionnaire",
            "clinician" if question.is_for_clinician else "patient",
        ]
        for question in catalogue.QUESTIONS
    ]


def test_the_rules_stand_in_the_sources_document_with_their_sources():
    assert list(_table_rows("Contraindications")) == [
        [
            rule.code,
            rule.level.lower(),
            "" if rule.days_before is None else str(rule.days_before),
            "" if rule.days_after is None else str(rule.days_after),
            rule.source,
        ]
        for rule in RULES
    ]
    assert {rule.source for rule in RULES} <= {CLINIC_SETTING, *_references()}


# Loading


@pytest.mark.django_db
class TestLoading:
    def test_questions_and_rules_are_made_once(self, admin):
        load_catalogue(by=admin, at=NOW)
        assert load_screening(by=admin, at=NOW) == len(QUESTIONS) + len(RULES)
        assert load_screening(by=admin, at=NOW) == 0
        for row in (*ScreeningQuestion.objects.all(), *ContraindicationRule.objects.all()):
            row.full_clean()
        assert ContraindicationRule.objects.in_use().count() == len(RULES)

    def test_what_the_clinic_switched_off_stays_off(self, admin):
        load_catalogue(by=admin, at=NOW)
        load_screening(by=admin, at=NOW)
        ScreeningQuestion.objects.filter(code="pregnancy").update(is_active=False)
        load_screening(by=admin, at=NOW)
        assert not ScreeningQuestion.objects.in_use().filter(code="pregnancy").exists()
        assert not ContraindicationRule.objects.in_use().filter(code="pregnancy").exists()

    def test_a_clinic_without_treatments_and_products_gets_the_rest(self, admin):
        assert not Indication.objects.exists()
        general = [rule for rule in RULES if not rule.indication and not rule.product]
        assert load_screening(by=admin, at=NOW) == len(QUESTIONS) + len(general)
        load_catalogue(by=admin, at=NOW)
        assert load_screening(by=admin, at=NOW) == len(RULES) - len(general)
