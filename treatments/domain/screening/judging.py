"""The verdict on a course, made of everything that is known on one day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from treatments.domain.screening.allergies import compare
from treatments.domain.screening.answers import Case, graver
from treatments.domain.screening.asking import to_ask
from treatments.domain.screening.facts import Allergy, Answer, Clearance, CourseFacts, Question
from treatments.domain.screening.rules import Level, Rule
from treatments.domain.screening.verdict import Finding, Reason, Verdict

# Treated from the 18th birthday on [S10][S52].
MIN_AGE: Final = 18


def judge(
    questions: Sequence[Question],
    answers: Mapping[str, Answer],
    rules: Sequence[Rule],
    allergies: Sequence[Allergy],
    clearances: Sequence[Clearance],
    facts: CourseFacts,
    *,
    today: date,
    noted: Mapping[str, Answer] | None = None,
) -> Verdict:
    """Return what the newest `answers`, by the code of their question, mean on `today`.

    `noted` are the newest that a clinician took, where the patient answered later alone: of the
    two the graver counts. Without questions nothing is asked; age and noted allergies count all the same.
    """
    case, before = Case(facts, clearances, today), noted or {}
    findings, avoid = compare(allergies, facts.products)
    findings += [*to_ask(questions, answers, facts, today), *_too_young(facts, today)]
    for rule in _that_apply(rules, questions, facts):
        if found := graver(rule, answers.get(rule.question), before.get(rule.question), case):
            (findings if rule.is_planned(facts) else avoid).append(found)
    return Verdict(
        is_asked=bool(questions),
        is_begun=any(question.code in answers for question in questions),
        findings=_gravest_first(findings),
        avoid=_gravest_first(avoid),
    )


def _that_apply(
    rules: Iterable[Rule], questions: Sequence[Question], facts: CourseFacts
) -> Iterator[Rule]:
    """Yield the rules about questions that are asked, and about age, that are for the indication."""
    if not questions:
        return
    asked = {"", *(question.code for question in questions)}
    for rule in rules:
        if rule.question in asked and rule.indication in ("", facts.indication):
            yield rule


def _too_young(facts: CourseFacts, today: date) -> list[Finding]:
    of_age_on = _comes_of_age(facts)
    if today >= of_age_on:
        return []
    return [Finding(reason=Reason.TOO_YOUNG, level=Level.BLOCK, until=of_age_on)]


def _comes_of_age(facts: CourseFacts) -> date:
    # Born on 29 February: of age on 1 March, not a day before the birthday is over.
    day = facts.born_on + relativedelta(years=MIN_AGE)
    return day if day.day == facts.born_on.day else day + timedelta(days=1)


def _gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    levels = list(Level)
    return tuple(sorted(findings, key=lambda one: (-one.outcome.severity, levels.index(one.level))))
