"""What answers mean: the rules, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from patients.domain.allergens import ALLERGENS, ELSEWHERE, IN_THE_ROOM
from patients.domain.screening import Part, Value
from treatments.domain.screening.asking import DAYS_OF_GAP, MONTHS_VALID
from treatments.domain.screening.facts import (
    CLEARANCE_DAYS,
    Allergy,
    Answer,
    Clearance,
    CourseFacts,
    Product,
    Question,
)
from treatments.domain.screening.judging import MIN_AGE, judge
from treatments.domain.screening.rules import Level, Rule
from treatments.domain.screening.verdict import Lift, Outcome, Reason, State
from treatments.screening_words import finding_sentence

TODAY = date(2026, 11, 26)
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
HEART = Question(code="heart", is_short=False)
FEVER = Question(code="fever", is_short=True)
NO = Answer(question="heart", value=Value.NO, answered_on=AT.date(), unchanged_since=AT)
YES = replace(NO, value=Value.YES)
UNKNOWN = replace(NO, value=Value.UNKNOWN)
RULE = Rule(code="heart", question="heart", level=Level.BLOCK, words="Heart disease.")
SIGNOFF = replace(RULE, level=Level.SIGNOFF)
CLEARED = Clearance(rule="heart", at=AT + timedelta(hours=1), given_on=AT.date())
FACTS = CourseFacts(born_on=date(1990, 8, 22), indication="hair")
VITAMIN = Product(code="vit_c_100", product_class="vitamin", allergens=frozenset({"sulfite"}))


def verdict(
    *answers,
    questions=(HEART,),
    rules=(RULE,),
    allergies=(),
    clearances=(),
    today=TODAY,
    **facts,
):
    return judge(
        questions,
        {answer.question: answer for answer in answers},
        rules,
        allergies,
        clearances,
        replace(FACTS, **facts),
        today=today,
    )


def reasons(found):
    return [finding.reason for finding in found.findings]


@pytest.mark.parametrize(
    ("level", "value", "outcome"),
    [
        (Level.BLOCK, Value.YES, Outcome.MUST_NOT),
        (Level.BLOCK, Value.NO, Outcome.MAY_START),
        (Level.BLOCK, Value.UNKNOWN, Outcome.INCOMPLETE),
        (Level.SIGNOFF, Value.YES, Outcome.SIGN_OFF_NEEDED),
        (Level.SIGNOFF, Value.NO, Outcome.MAY_START),
        (Level.SIGNOFF, Value.UNKNOWN, Outcome.SIGN_OFF_NEEDED),
        (Level.WARN, Value.YES, Outcome.MAY_START),
        (Level.WARN, Value.UNKNOWN, Outcome.MAY_START),
        (Level.INFO, Value.YES, Outcome.MAY_START),
    ],
)
def test_an_answer_means_what_its_rule_says(level, value, outcome):
    found = verdict(replace(NO, value=value), rules=[replace(RULE, level=level)])
    assert found.outcome is outcome
    assert found.may_start is (outcome is Outcome.MAY_START)
    assert bool(found.findings) is (value is not Value.NO)


def test_a_rule_can_ask_for_a_no():
    rule = replace(RULE, trigger=Value.NO)
    assert verdict(NO, rules=[rule]).outcome is Outcome.MUST_NOT
    assert verdict(YES, rules=[rule]).may_start
    assert verdict(UNKNOWN, rules=[rule]).outcome is Outcome.INCOMPLETE


def test_what_is_not_answered_is_open():
    found = verdict()
    assert (found.outcome, found.state, found.due_part) == (
        Outcome.INCOMPLETE,
        State.OPEN,
        Part.FULL,
    )
    [finding] = found.to_ask
    assert (finding.reason, finding.question) == (Reason.NOT_ANSWERED, "heart")
    assert finding.lift is Lift.ANSWER


@pytest.mark.parametrize("missing", [None, UNKNOWN])
def test_one_open_question_is_asked_by_itself(missing):
    answers = [replace(NO, question="fever"), *([missing] if missing else [])]
    assert verdict(*answers, questions=[HEART, FEVER]).due_part is Part.SOME


def test_a_clinic_that_asks_nothing_keeps_screening_on_paper():
    found = verdict(YES, questions=[])
    assert found.may_start
    assert not found.is_asked


def test_a_question_that_is_not_asked_any_more_finds_nothing():
    assert verdict(YES, questions=[FEVER], rules=[RULE]).findings[0].question == "fever"


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"rules": [RULE]}, State.HOLD),
        ({"rules": [SIGNOFF]}, State.HOLD),
        ({"rules": [SIGNOFF], "clearances": [CLEARED]}, State.COMPLETE),
        ({"rules": [replace(RULE, level=Level.WARN)]}, State.COMPLETE),
        ({"questions": [HEART, FEVER], "rules": []}, State.OPEN),
        ({"questions": [HEART, FEVER], "rules": [RULE]}, State.HOLD),
    ],
)
def test_people_without_a_right_to_read_learn_a_word(facts, state):
    assert verdict(YES, **facts).state is state


# How old an answer may be


@pytest.mark.parametrize(
    ("answered_on", "is_old"),
    [
        (TODAY, False),
        (TODAY - relativedelta(months=MONTHS_VALID) + timedelta(days=1), False),
        (TODAY - relativedelta(months=MONTHS_VALID), True),
    ],
)
def test_an_answer_is_asked_again_after_months(answered_on, is_old):
    found = verdict(replace(NO, answered_on=answered_on))
    assert reasons(found) == ([Reason.TOO_OLD] if is_old else [])
    assert found.due_part is (Part.FULL if is_old else None)


@pytest.mark.parametrize(
    ("days_ago", "answered_days_ago", "is_asked"),
    [
        (DAYS_OF_GAP, 60, False),
        (DAYS_OF_GAP + 1, 60, True),
        (DAYS_OF_GAP + 1, 1, True),
        (DAYS_OF_GAP + 1, 0, False),
        (100, 100 - DAYS_OF_GAP, True),
        (100, 99 - DAYS_OF_GAP, False),
    ],
)
def test_an_answer_is_asked_again_after_a_gap(days_ago, answered_days_ago, is_asked):
    answer = replace(NO, answered_on=TODAY - timedelta(days=answered_days_ago))
    found = verdict(answer, last_session_on=TODAY - timedelta(days=days_ago))
    assert reasons(found) == ([Reason.AFTER_GAP] if is_asked else [])


@pytest.mark.parametrize(
    ("answered_on", "is_session_day", "is_due"),
    [
        (TODAY, True, False),
        (TODAY - timedelta(days=1), True, True),
        (TODAY - timedelta(days=1), False, False),
    ],
)
def test_the_short_questions_are_asked_on_the_day(answered_on, is_session_day, is_due):
    answer = replace(NO, question="fever", answered_on=answered_on)
    found = verdict(answer, questions=[FEVER], is_session_day=is_session_day)
    assert reasons(found) == ([Reason.NOT_TODAY] if is_due else [])
    assert found.due_part is (Part.SHORT if is_due else None)


def test_other_questions_are_not_asked_again_on_the_day():
    assert verdict(NO, is_session_day=True).may_start


def test_an_old_yes_still_forbids():
    old = replace(YES, answered_on=TODAY - timedelta(days=400))
    found = verdict(old)
    assert set(reasons(found)) == {Reason.ANSWER, Reason.TOO_OLD}
    assert found.outcome is Outcome.MUST_NOT
    assert found.due_part is Part.FULL


# How long a rule holds


@pytest.mark.parametrize(
    ("days_ago", "holds"),
    [(0, True), (13, True), (14, False), (15, False), (-13, True), (-14, False), (-15, False)],
)
def test_a_limit_is_over_on_its_own_day(days_ago, holds):
    rule = replace(RULE, days_before=14, days_after=14)
    day = TODAY - timedelta(days=days_ago)
    found = verdict(replace(YES, day=day), rules=[rule])
    assert found.may_start is not holds
    if holds:
        assert found.findings[0].until == day + timedelta(days=14)
        assert found.findings[0].lift is Lift.TIME


def test_a_yes_without_a_day_goes_on():
    rule = replace(RULE, days_after=7)
    found = verdict(YES, rules=[rule])
    assert found.outcome is Outcome.MUST_NOT
    assert (found.findings[0].until, found.findings[0].lift) == (None, Lift.ANSWER)


def test_a_rule_without_a_limit_does_not_end():
    assert verdict(replace(YES, day=date(1999, 1, 1))).outcome is Outcome.MUST_NOT
    assert verdict(replace(YES, day=date(2099, 1, 1))).outcome is Outcome.MUST_NOT


@given(days=st.integers(-400, 400), limit=st.integers(1, 200))
def test_a_limit_counts_whole_days_to_both_sides(days, limit):
    rule = replace(RULE, days_before=limit, days_after=limit)
    found = verdict(replace(YES, day=TODAY + timedelta(days=days)), rules=[rule])
    assert found.may_start is (abs(days) >= limit)


# What a prescriber signs off


@pytest.mark.parametrize(
    ("days", "lifts"), [(0, True), (CLEARANCE_DAYS - 1, True), (CLEARANCE_DAYS, False)]
)
def test_a_clearance_lasts_its_days(days, lifts):
    on = AT.date() + timedelta(days=days)
    found = verdict(YES, rules=[SIGNOFF], clearances=[CLEARED], today=on)
    assert found.may_start is lifts
    assert found.findings[0].lift is Lift.PRESCRIBER
    assert CLEARED.ends_on == AT.date() + timedelta(days=CLEARANCE_DAYS)


@pytest.mark.parametrize(
    "change",
    [
        {"is_withdrawn": True},
        {"rule": "lung"},
        {"at": AT - timedelta(seconds=1)},
        {"given_on": TODAY + timedelta(days=1)},
    ],
)
def test_a_clearance_that_does_not_stand_lifts_nothing(change):
    found = verdict(YES, rules=[SIGNOFF], clearances=[replace(CLEARED, **change)])
    assert found.outcome is Outcome.SIGN_OFF_NEEDED
    assert found.to_sign_off == found.holding_up == found.findings
    assert found.findings[0].clearance is None


def test_the_newest_clearance_is_named():
    later = replace(CLEARED, at=AT + timedelta(days=2), given_on=TODAY, pk=2)
    found = verdict(YES, rules=[SIGNOFF], clearances=[later, CLEARED])
    assert found.findings[0].clearance == later


def test_an_unknown_can_be_signed_off_where_a_yes_can():
    assert verdict(UNKNOWN, rules=[SIGNOFF], clearances=[CLEARED]).may_start
    assert not verdict(UNKNOWN, clearances=[CLEARED]).may_start


# Products and allergies


@pytest.mark.parametrize(
    "about", [{"product_class": "vitamin"}, {"allergen": "sulfite"}, {"product": "vit_c_100"}]
)
def test_a_rule_about_products_holds_up_only_what_is_planned(about):
    rule = replace(RULE, **about)
    planned = verdict(YES, rules=[rule], products=(VITAMIN,))
    assert planned.outcome is Outcome.MUST_NOT
    assert planned.findings[0].is_about_products
    other = verdict(YES, rules=[rule], products=(Product(code="ha", product_class="ha"),))
    for found in (other, verdict(YES, rules=[rule])):
        assert found.may_start
        assert [finding.rule for finding in found.avoid] == ["heart"]


def test_a_rule_about_a_zone_holds_up_only_that_zone():
    rule = replace(RULE, zone="chin")
    here = verdict(YES, rules=[rule], zones=frozenset({"neck", "chin"}))
    assert here.outcome is Outcome.MUST_NOT
    assert here.findings[0].zone == "chin"
    for zones in (frozenset(), frozenset({"neck"})):
        elsewhere = verdict(YES, rules=[rule], zones=zones)
        assert elsewhere.may_start
        assert [finding.zone for finding in elsewhere.avoid] == ["chin"]


@pytest.mark.parametrize("zones", [frozenset(), frozenset({"chin"})])
@pytest.mark.parametrize("products", [(), (VITAMIN,)])
def test_a_rule_about_a_product_in_a_zone_needs_both(zones, products):
    rule = replace(RULE, zone="chin", product_class="vitamin")
    found = verdict(YES, rules=[rule], zones=zones, products=products)
    assert found.may_start is not bool(zones and products)


def test_a_rule_for_another_indication_finds_nothing():
    assert verdict(YES, rules=[replace(RULE, indication="skin")]).may_start
    assert not verdict(YES, rules=[replace(RULE, indication="hair")]).may_start


def test_an_allergen_of_the_planned_product_forbids_it():
    allergic = Allergy(substance="Wine", allergen="sulfite")
    found = verdict(NO, allergies=[allergic], products=(VITAMIN,))
    assert found.outcome is Outcome.MUST_NOT
    assert (found.findings[0].allergen, found.findings[0].lift) == ("sulfite", Lift.NOBODY)
    assert verdict(NO, allergies=[allergic]).may_start
    assert verdict(NO, allergies=[allergic]).avoid[0].reason is Reason.ALLERGEN


@pytest.mark.parametrize("code", sorted(ALLERGENS))
def test_every_allergen_that_a_product_holds_forbids_it(code):
    product = Product(code="x", product_class="vitamin", allergens=frozenset({code}))
    found = verdict(
        questions=[], allergies=[Allergy(substance="x", allergen=code)], products=(product,)
    )
    assert found.outcome is Outcome.MUST_NOT


def test_a_product_that_a_severe_reaction_came_after_is_forbidden():
    barred = Allergy(substance="Vitamins", product=VITAMIN.code)
    found = verdict(NO, allergies=[barred], products=(VITAMIN,))
    assert found.outcome is Outcome.MUST_NOT
    [finding] = found.findings
    assert (finding.reason, finding.lift) == (Reason.REACTED, Lift.WITHDRAWAL)
    assert finding.is_about_products
    assert verdict(NO, allergies=[barred]).may_start
    assert verdict(NO, allergies=[barred]).avoid[0].reason is Reason.REACTED


@pytest.mark.parametrize("code", sorted(IN_THE_ROOM))
def test_gloves_and_skin_cleaning_are_said(code):
    found = verdict(NO, allergies=[Allergy(substance="Gloves", allergen=code)])
    assert reasons(found) == [Reason.ALLERGEN_IN_THE_ROOM]
    assert found.may_start


def test_an_allergy_in_words_is_said_and_one_elsewhere_is_not():
    assert reasons(verdict(NO, allergies=[Allergy(substance="Plums")])) == [Reason.ALLERGY_IN_WORDS]
    assert not verdict(NO, allergies=[Allergy(substance="Plums", allergen=ELSEWHERE)]).findings


# Age


@pytest.mark.parametrize("questions", [(), (HEART,)])
@pytest.mark.parametrize(
    ("born_on", "may"),
    [
        (TODAY - relativedelta(years=MIN_AGE), True),
        (TODAY - relativedelta(years=MIN_AGE) + timedelta(days=1), False),
        (TODAY - timedelta(days=3), False),
    ],
)
def test_nobody_under_18_is_treated(questions, born_on, may):
    found = verdict(NO, questions=questions, born_on=born_on)
    assert found.may_start is may
    if not may:
        [young] = found.findings
        assert (young.reason, young.lift) == (Reason.TOO_YOUNG, Lift.TIME)
        assert young.until == born_on + relativedelta(years=MIN_AGE)


def test_a_leap_day_child_is_of_age_on_the_first_of_march():
    born = date(2008, 2, 29)
    assert verdict(NO, born_on=born, today=date(2026, 2, 28)).outcome is Outcome.MUST_NOT
    [young] = verdict(questions=[], born_on=born, today=date(2026, 2, 28)).findings
    assert young.until == date(2026, 3, 1)


@pytest.mark.parametrize(("years", "found"), [(75, []), (76, [Reason.AGE])])
def test_a_rule_about_age_begins_above_it(years, found):
    rule = Rule(code="old", above_age=75, level=Level.SIGNOFF, words="Above 75.")
    born_on = TODAY - relativedelta(years=years)
    assert reasons(verdict(NO, rules=[rule], born_on=born_on)) == found
    if found:
        cleared = [replace(CLEARED, rule="old")]
        assert verdict(NO, rules=[rule], born_on=born_on, clearances=cleared).may_start


# Whatever is known

CODES = ["heart", "fever", "skin"]
PRODUCTS = [
    VITAMIN,
    Product(code="prp", product_class="autologous"),
    Product(code="egg", product_class="detergent", allergens=frozenset({"egg", "soy"})),
]
ABOUT = st.sampled_from(
    [{}, {"product_class": "vitamin"}, {"allergen": "egg"}, {"product": "prp"}, {"indication": "x"}]
)
DAYS = st.none() | st.integers(1, 60)
PAST = st.integers(0, 300).map(lambda days: TODAY - timedelta(days=days))


@st.composite
def rules_of(draw):
    rules = []
    for number in range(draw(st.integers(0, 5))):
        question = draw(st.sampled_from(CODES))
        rules.append(
            Rule(
                code=f"{question}-{number}",
                question=question,
                level=draw(st.sampled_from(Level)),
                words="x",
                days_before=draw(DAYS),
                days_after=draw(DAYS),
                zone=draw(st.sampled_from(["", "chin", "neck"])),
                **draw(ABOUT),
            )
        )
    return rules


@st.composite
def answers_of(draw):
    answers = {}
    for code in CODES:
        if draw(st.booleans()):
            on = draw(PAST)
            value = draw(st.sampled_from(Value))
            answers[code] = Answer(
                question=code,
                value=value,
                answered_on=on,
                unchanged_since=datetime(on.year, on.month, on.day, tzinfo=UTC),
                day=draw(st.none() | PAST) if value is Value.YES else None,
            )
    return answers


@st.composite
def clearances_of(draw, rules):
    cleared = []
    for rule in rules:
        if draw(st.booleans()):
            on = draw(PAST)
            at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
            withdrawn = draw(st.booleans())
            cleared.append(Clearance(rule=rule.code, at=at, given_on=on, is_withdrawn=withdrawn))
    return cleared


QUESTIONS = [Question(code=code, is_short=code == "fever") for code in CODES]


@st.composite
def situations(draw):
    rules = draw(rules_of())
    facts = replace(
        FACTS,
        products=tuple(draw(st.lists(st.sampled_from(PRODUCTS), max_size=2))),
        zones=draw(st.frozensets(st.sampled_from(["chin", "neck"]))),
        last_session_on=draw(st.none() | PAST),
        is_session_day=draw(st.booleans()),
        born_on=draw(st.dates(date(1940, 1, 1), date(2012, 1, 1))),
    )
    return rules, draw(answers_of()), draw(clearances_of(rules)), facts


def of(rules, answers, clearances, facts, allergies=()):
    return judge(QUESTIONS, answers, rules, allergies, clearances, facts, today=TODAY)


@given(situations(), rules_of(), st.sampled_from(["egg", "sulfite", ""]))
def test_more_findings_never_make_it_milder(situation, more, allergen):
    rules, answers, clearances, facts = situation
    before = of(rules, answers, clearances, facts)
    extra = [replace(rule, code=f"more-{rule.code}") for rule in more]
    worse = of([*rules, *extra], answers, clearances, facts)
    allergic = of(rules, answers, clearances, facts, [Allergy(substance="x", allergen=allergen)])
    assert worse.outcome.severity >= before.outcome.severity
    assert allergic.outcome.severity >= before.outcome.severity


@given(situations(), st.sampled_from(CODES))
def test_unknown_never_counts_as_no(situation, code):
    rules, answers, clearances, facts = situation
    if code not in answers:
        return
    no = replace(answers[code], value=Value.NO, day=None)
    unknown = replace(no, value=Value.UNKNOWN)
    said_no = of(rules, answers | {code: no}, clearances, facts)
    said_unknown = of(rules, answers | {code: unknown}, clearances, facts)
    assert said_unknown.outcome.severity >= said_no.outcome.severity
    relevant = [rule for rule in rules if rule.question == code and rule.indication == ""]
    found = {finding.rule for finding in (*said_unknown.findings, *said_unknown.avoid)}
    assert {rule.code for rule in relevant} <= found


@given(situations(), st.sampled_from(CODES))
def test_not_answered_never_counts_as_no(situation, code):
    rules, answers, clearances, facts = situation
    missing = {key: value for key, value in answers.items() if key != code}
    assert not of(rules, missing, clearances, facts).may_start


@given(situations())
def test_no_clearance_lifts_what_forbids(situation):
    rules, answers, clearances, facts = situation
    with_them = of(rules, answers, clearances, facts)
    without = of(rules, answers, [], facts)
    forbidding = [one for one in without.findings if one.level is Level.BLOCK]
    assert [one for one in with_them.findings if one.level is Level.BLOCK] == forbidding
    if without.outcome is not Outcome.SIGN_OFF_NEEDED:
        assert with_them.outcome is without.outcome


@given(situations())
def test_a_clearance_that_is_over_lifts_nothing(situation):
    rules, answers, clearances, facts = situation
    over = [
        replace(one, given_on=min(one.given_on, TODAY - timedelta(days=CLEARANCE_DAYS)))
        for one in clearances
    ]
    assert of(rules, answers, over, facts) == of(rules, answers, [], facts)


@given(situations())
def test_the_verdict_is_its_gravest_finding(situation):
    found = of(*situation)
    severities = [finding.outcome.severity for finding in found.findings]
    assert severities == sorted(severities, reverse=True)
    assert found.outcome.severity == max(severities, default=0)
    assert found.may_start is not bool(found.holding_up)
    assert (found.state is State.COMPLETE) is found.may_start


def test_a_sign_off_from_before_the_last_session_is_about_something_else():
    asked = Question(code="reaction_last", is_short=True)
    yes = replace(YES, question="reaction_last")
    rule = replace(SIGNOFF, code="reaction_last", question="reaction_last")
    cleared = replace(CLEARED, rule="reaction_last")

    def outcome(last):
        found = verdict(
            yes, questions=[asked], rules=[rule], clearances=[cleared], last_session_on=last
        )
        return found.outcome

    assert outcome(None) is Outcome.MAY_START
    assert outcome(cleared.given_on - timedelta(days=1)) is Outcome.MAY_START
    assert outcome(cleared.given_on) is Outcome.SIGN_OFF_NEEDED


SINCE = AT + timedelta(days=2)
TOLD_NO = replace(NO, answered_on=SINCE.date(), unchanged_since=SINCE, pk=2)


def contested(told=TOLD_NO, noted=YES, **more):
    rules = more.pop("rules", [replace(RULE, question=noted.question)])
    questions = [replace(HEART, code=noted.question)]
    return judge(
        questions,
        {told.question: told},
        rules,
        (),
        more.pop("clearances", ()),
        replace(FACTS, **more),
        today=TODAY,
        noted={noted.question: noted},
    )


@pytest.mark.parametrize("value", [Value.NO, Value.UNKNOWN])
def test_a_patient_alone_does_not_take_back_what_a_clinician_noted(value):
    told = replace(TOLD_NO, value=value)
    found = contested(told)
    assert found.outcome is Outcome.MUST_NOT
    [finding] = found.contested
    assert (finding.answer, finding.contested_by) == (YES, told)
    assert "counts until a clinician asks again" in finding_sentence(finding)


def test_a_graver_answer_of_the_patient_counts_at_once():
    found = contested(replace(TOLD_NO, value=Value.YES), noted=NO)
    assert found.outcome is Outcome.MUST_NOT
    assert not found.contested


def test_a_later_day_does_not_bring_a_limit_to_its_end():
    rule = replace(RULE, days_after=14)
    noted = replace(YES, day=TODAY - timedelta(days=3))
    told = replace(TOLD_NO, value=Value.YES, day=TODAY - timedelta(days=30))
    found = contested(told, noted, rules=[rule])
    assert found.outcome is Outcome.MUST_NOT
    assert "answered otherwise" in finding_sentence(found.contested[0])


def test_what_has_ended_by_itself_is_not_contested():
    rule = replace(RULE, days_after=14)
    assert contested(noted=replace(YES, day=TODAY - timedelta(days=14)), rules=[rule]).may_start


def test_a_sign_off_of_the_noted_answer_still_lifts_it():
    found = contested(rules=[SIGNOFF], clearances=[CLEARED])
    assert found.may_start
    assert found.contested[0].clearance == CLEARED


def test_an_answer_about_the_time_before_the_last_session_is_no_contest():
    noted = replace(YES, question="reaction_last")
    told = replace(TOLD_NO, question="reaction_last")
    assert contested(told, noted, last_session_on=noted.answered_on).may_start
    before = noted.answered_on - timedelta(days=1)
    assert contested(told, noted, last_session_on=before).outcome is Outcome.MUST_NOT
    assert contested(told, noted).outcome is Outcome.MUST_NOT


ANSWERS_TO_ONE = st.builds(
    Answer,
    question=st.just("heart"),
    value=st.sampled_from(Value),
    answered_on=st.just(AT.date()),
    unchanged_since=st.just(AT),
)


@given(ANSWERS_TO_ONE, ANSWERS_TO_ONE, st.sampled_from(Level), st.sampled_from(Value))
def test_of_two_answers_the_graver_counts(told, noted, level, trigger):
    rules = [replace(RULE, level=level, trigger=trigger)]
    both = contested(told, noted, rules=rules).outcome
    alone = [verdict(one, rules=rules).outcome for one in (told, noted)]
    assert both is max(alone, key=lambda one: one.severity)


@given(st.sets(st.sampled_from(PRODUCTS)), st.sampled_from(PRODUCTS))
def test_a_barred_product_is_forbidden_exactly_where_it_is_chosen(chosen, barred):
    noted = Allergy(substance="x", product=barred.code)
    found = verdict(questions=[], allergies=[noted], products=tuple(chosen))
    assert found.may_start is (barred.code not in {product.code for product in chosen})
