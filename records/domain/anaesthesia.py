"""How the area was numbed: what must be said, which lot may be used, how much is too much."""

from datetime import date
from typing import Final

from records.domain.agents import agents_in, allergy_to, is_without_medicine
from records.domain.facts import CREAM, INJECTED, LotUsed, RecordFacts
from records.domain.numbing import (
    CREAM_BLOCKS,
    CreamFinding,
    Level,
    LidocaineDose,
    cream_findings,
)
from records.domain.problems import Caution, Lack, Problem, Step
from treatments.domain.stock import lot_refusal

WITHOUT_AGENT: Final = frozenset({"NONE", "COLD"})
# Classes of products that numb.
TOPICAL: Final = "topical_anaesthetic"
AGENT_CLASSES: Final = frozenset({"anaesthetic", TOPICAL})
OTHER: Final = "OTHER"


def anaesthesia_problems(kind: str, agent: str, dose: str) -> list[Problem]:
    """Return what is not said about the anaesthesia. "None" is an answer, silence is not."""
    if not kind:
        return [Problem(Step.ANAESTHESIA, Lack.ANAESTHESIA_UNKNOWN, field="kind")]
    if kind in WITHOUT_AGENT or (agent.strip() and dose.strip()):
        return []
    return [Problem(Step.ANAESTHESIA, Lack.AGENT_MISSING, field="agent")]


def agent_problems(facts: RecordFacts) -> list[Problem]:
    """Return why the agent as it is named may not stand: unknown, of another kind, an allergy.

    What a lot says is compared with allergies where lots are, by what its product holds.
    """
    kind, lot = facts.anaesthesia, facts.agent_lot
    if kind in WITHOUT_AGENT or not facts.agent.strip():
        return []
    named = agents_in(facts.agent)
    known = facts.patient
    substance = allergy_to(named, known.noted)
    is_bare = kind == OTHER and is_without_medicine(facts.agent)
    lacks = [
        (not named and lot is None and not is_bare, Lack.AGENT_UNKNOWN, "agent"),
        (kind == OTHER and bool(named or lot), Lack.AGENT_KIND_OTHER, "kind"),
        (bool(substance), Lack.AGENT_ALLERGY, "agent"),
        (kind == INJECTED and lot is not None and lot.is_topical, Lack.AGENT_LOT_TOPICAL, "lot"),
        (
            kind == CREAM and lot is not None and not lot.is_topical,
            Lack.AGENT_LOT_NOT_TOPICAL,
            "cream_lot",
        ),
    ]
    if named and known.has_anaesthetic_allergy and not substance:
        lacks.append((True, Lack.AGENT_ALLERGY, "agent"))
    return [
        Problem(Step.ANAESTHESIA, lack, field=field, why=substance or facts.agent.strip())
        for is_so, lack, field in lacks
        if is_so
    ]


def agent_lot_problems(used: LotUsed | None, *, on: date) -> list[Problem]:
    """Return why the lot of the agent may not be used on that day; nothing if none is named."""
    refusal = lot_refusal(used.stock, on=on) if used else None
    if used is None or refusal is None:
        return []
    return [
        Problem(
            Step.ANAESTHESIA,
            Lack.AGENT_LOT_REFUSED,
            field="lot",
            product=used.product,
            lot=used.lot,
            refusal=refusal,
        )
    ]


def numbing_problems(facts: RecordFacts) -> list[Problem]:
    """Return what is missing of the amounts, and a cream that is too much or too wide. [R14]"""
    numbing = facts.numbing
    is_missing = (
        facts.anaesthesia == INJECTED and not (numbing.strength_percent and numbing.volume_ml)
    ) or (facts.anaesthesia == CREAM and not (numbing.grams and numbing.area_cm2))
    if is_missing:
        return [Problem(Step.ANAESTHESIA, Lack.NUMBING_AMOUNT_MISSING, field="kind")]
    lacks = {
        CreamFinding.TOO_MUCH: (Lack.CREAM_TOO_MUCH, "grams"),
        CreamFinding.AREA_TOO_LARGE: (Lack.CREAM_AREA_TOO_LARGE, "area_cm2"),
    }
    return [
        Problem(Step.ANAESTHESIA, lacks[finding][0], field=lacks[finding][1])
        for finding in _cream(facts)
        if finding in CREAM_BLOCKS
    ]


def lidocaine_problems(facts: RecordFacts, *, on: date) -> list[Problem]:
    """Return why the lidocaine of the session must not be given on that day. [R14]"""
    dose = facts.lidocaine(on)
    if dose.level is not Level.BLOCK:
        return []
    if dose.limit_mg is None:
        return [Problem(Step.ANAESTHESIA, Lack.NO_RECENT_WEIGHT, field="weight_kg", given=dose.mg)]
    if dose.asks_height:
        return [Problem(Step.ANAESTHESIA, Lack.HEIGHT_MISSING, field="height_cm", given=dose.mg)]
    return [_lidocaine(Lack.LIDOCAINE_OVER, dose)]


def numbing_cautions(facts: RecordFacts, on: date) -> list[Problem]:
    words = {
        CreamFinding.THICK: Caution.CREAM_THICK,
        CreamFinding.STRONG: Caution.CREAM_STRONG,
        CreamFinding.COVERED_LONG: Caution.CREAM_COVERED_LONG,
    }
    found = [
        Problem(Step.ANAESTHESIA, words[finding], field="grams")
        for finding in _cream(facts)
        if finding in words
    ]
    dose = facts.lidocaine(on)
    typed = facts.numbing.strength_percent
    if facts.anaesthesia == INJECTED and facts.lot_percent and typed != facts.lot_percent:
        found.append(
            Problem(
                Step.ANAESTHESIA,
                Caution.STRENGTH_DIFFERS,
                field="strength_percent",
                given=typed,
                most=facts.lot_percent,
            )
        )
    return [
        *found,
        *([_lidocaine(Caution.LIDOCAINE_HIGH, dose)] if dose.level is Level.WARN else []),
    ]


def _lidocaine(lack: Lack | Caution, dose: LidocaineDose) -> Problem:
    return Problem(
        Step.ANAESTHESIA,
        lack,
        field="volume_ml",
        given=dose.mg,
        most=dose.limit_mg,
        each=dose.mg_per_kg,
    )


def _cream(facts: RecordFacts) -> list[CreamFinding]:
    numbing = facts.numbing
    if facts.anaesthesia != CREAM or not numbing.grams or not numbing.area_cm2:
        return []
    return cream_findings(
        grams=numbing.grams,
        area_cm2=numbing.area_cm2,
        percent=numbing.strength_percent,
        covered_minutes=numbing.covered_minutes,
    )
