"""Whether a record can be signed: what all steps lack, and what to look at again."""

from datetime import date

from records.domain.anaesthesia import (
    agent_lot_problems,
    anaesthesia_problems,
    lidocaine_problems,
    numbing_cautions,
    numbing_problems,
)
from records.domain.checks import check_problems
from records.domain.facts import RecordFacts
from records.domain.problems import Lack, Problem, Step
from records.domain.zones import (
    injection_problems,
    product_problems,
    volume_cautions,
    zone_cautions,
)


def missing_to_sign(facts: RecordFacts, *, delivered_on: date) -> list[Problem]:
    """Return what `facts` lacks to be signed as delivered on that day, step by step; [] if nothing."""
    return [
        *check_problems(facts.answers, facts.checks_words),
        *anaesthesia_problems(facts.anaesthesia, facts.agent, facts.agent_dose),
        *agent_lot_problems(facts.agent_lot, on=delivered_on),
        *numbing_problems(facts),
        *lidocaine_problems(facts, on=delivered_on),
        *injection_problems(facts.zones, delivered_on),
        *product_problems(facts.zones),
        *_aftercare_problems(facts),
    ]


def complete_steps(facts: RecordFacts, *, delivered_on: date) -> frozenset[Step]:
    """Return the steps, without the signature, that lack nothing."""
    open_steps = {problem.step for problem in missing_to_sign(facts, delivered_on=delivered_on)}
    return frozenset(set(Step) - {Step.SIGN} - open_steps)


def cautions(facts: RecordFacts, *, on: date) -> list[Problem]:
    """Return what to look at again before signing; none of it stops a signature. [R20]"""
    return [
        *zone_cautions(facts),
        *volume_cautions(facts),
        *numbing_cautions(facts, on),
    ]


def delivery_days(*, today: date, booked_on: date) -> list[date]:
    """Return the days a session may be signed as delivered on: today and the booked day, past only.

    The first is the one to propose.
    """
    return [today, *([booked_on] if booked_on < today else [])]


def _aftercare_problems(facts: RecordFacts) -> list[Problem]:
    problems = []
    if not facts.reaction.strip():
        problems.append(Problem(Step.AFTERCARE, Lack.REACTION_MISSING, field="reaction"))
    if not facts.aftercare_given:
        problems.append(Problem(Step.AFTERCARE, Lack.AFTERCARE_NOT_GIVEN, field="aftercare_given"))
    return problems
