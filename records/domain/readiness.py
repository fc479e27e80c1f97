"""Whether a record can be signed: what all steps lack, and what to look at again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from records.domain.afterwards import afterwards_problems
from records.domain.anaesthesia import (
    agent_lot_problems,
    agent_problems,
    anaesthesia_problems,
    lidocaine_problems,
    numbing_cautions,
    numbing_problems,
)
from records.domain.blood import blood_cautions
from records.domain.checks import CONCERN, check_problems
from records.domain.facts import RecordFacts
from records.domain.problems import Lack, Problem, Step
from records.domain.skin import antiseptic_problems, skin_cautions, skin_missing
from records.domain.vitals import stopping, vitals_missing
from records.domain.zones import (
    injection_problems,
    product_problems,
    volume_cautions,
    zone_cautions,
)
from treatments.domain.stock import Why

# How long after the end of its session a record may wait for the signature: [PK].
SIGN_WITHIN: Final = timedelta(hours=24)


def missing_to_sign(facts: RecordFacts, *, delivered_on: date) -> list[Problem]:
    """Return what `facts` lacks to be signed as delivered on that day, step by step; [] if nothing."""
    problems = [
        *check_problems(facts.answers, facts.checks_words),
        *vitals_problems(facts),
        *anaesthesia_problems(facts.anaesthesia, facts.agent, facts.agent_dose),
        *agent_problems(facts),
        *agent_lot_problems(facts.agent_lot, on=delivered_on),
        *numbing_problems(facts),
        *lidocaine_problems(facts, on=delivered_on),
        *skin_missing(facts.skin),
        *skin_problems(facts),
        *injection_problems(facts.zones, delivered_on),
        *product_problems(facts.zones),
        *afterwards_problems(facts.after, watch_minutes=facts.watch_minutes),
    ]
    # A lot that went into several zones is said once.
    return list(dict.fromkeys(_at_signature(problem) for problem in problems))


def _at_signature(problem: Problem) -> Problem:
    """What was given was given: another lot is no way out of a quarantine. [R12]"""
    if problem.refusal is None or problem.refusal.why is not Why.QUARANTINED:
        return problem
    return replace(problem, step=Step.SIGN, lack=Lack.LOT_PUT_ASIDE, field="", zone="")


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
        *skin_cautions(facts.skin),
        *blood_cautions(facts.blood, facts.blood_ml),
    ]


def vitals_problems(facts: RecordFacts) -> list[Problem]:
    """Return what was not measured and must be, and what was measured and stops today's session."""
    return [*vitals_wanted(facts), *stopping(facts.vitals)]


def vitals_wanted(facts: RecordFacts) -> list[Problem]:
    """Return what was not measured and must be, as far as the record says what is done."""
    return vitals_missing(
        facts.vitals,
        facts.vitals_needs,
        is_unwell=facts.answers.get("infection_check") == CONCERN,
        has_diabetes=facts.patient.has_diabetes,
    )


def skin_problems(facts: RecordFacts) -> list[Problem]:
    """Return why the antiseptic must not be used on this patient, or in what was treated."""
    return antiseptic_problems(facts.skin.antiseptic, facts.patient.noted, facts.zone_names)


def delivery_days(*, today: date, booked_on: date) -> list[date]:
    """Return the days a session may be signed as delivered on: today and the booked day, past only.

    The first is the one to propose.
    """
    return [today, *([booked_on] if booked_on < today else [])]
