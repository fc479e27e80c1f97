"""What a record of a session needs before it can be signed: plain values in, problems out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from records.domain.amounts import Excess, Given, ProductLimits, excesses, points_mismatch
from records.domain.numbing import (
    CREAM_BLOCKS,
    CreamFinding,
    Level,
    LidocaineDose,
    LidocaineSource,
    cream_findings,
    lidocaine_dose,
    weight_counts,
)
from treatments.domain.limits import DEPTH_MM, POINTS
from treatments.domain.stock import LotFacts, Refusal, Why, lot_refusal


class Step(StrEnum):
    """A step of the record, in the order in which it is filled in."""

    CHECKS = "checks"
    ANAESTHESIA = "anaesthesia"
    INJECTIONS = "injections"
    AFTERCARE = "aftercare"
    SIGN = "sign"


CHECKS: Final = (
    "identity_check",
    "consent_check",
    "pregnancy_check",
    "infection_check",
    "medicines_check",
    "reaction_check",
)
CLEAR: Final = "CLEAR"
CONCERN: Final = "CONCERN"
WITHOUT_AGENT: Final = frozenset({"NONE", "COLD"})
# Classes of products that numb.
AGENT_CLASSES: Final = frozenset({"anaesthetic", "topical_anaesthetic"})
MAX_VOLUME_ML: Final = Decimal(100)
CREAM: Final = "CREAM"
INJECTED: Final = "INJECTED"
LIDOCAINE_NAMES: Final = ("lidoca", "lignoca")
DETERGENT: Final = "detergent"
AUTOLOGOUS: Final = "autologous"
INTRADERMAL: Final = "INTRADERMAL"
ANY_ROUTE: Final = "ANY"
NO_LIMITS: Final = ProductLimits()
# How long after the end of its session a record may wait for the signature: [PK].
SIGN_WITHIN: Final = timedelta(hours=24)


class Lack(StrEnum):
    """What stands between a draft and its signature. Words for each are in `records.wording`."""

    CHECK_UNANSWERED = "check_unanswered"
    CONCERN_WITHOUT_WORDS = "concern_without_words"
    ANAESTHESIA_UNKNOWN = "anaesthesia_unknown"
    AGENT_MISSING = "agent_missing"
    AGENT_LOT_REFUSED = "agent_lot_refused"
    NO_ZONE = "no_zone"
    TECHNIQUE_MISSING = "technique_missing"
    NEEDLE_MISSING = "needle_missing"
    DEPTH_OUTSIDE = "depth_outside"
    POINTS_OUTSIDE = "points_outside"
    NO_VOLUME = "no_volume"
    VOLUME_OUTSIDE = "volume_outside"
    LOT_EXPIRED = "lot_expired"
    LOT_NOT_AVAILABLE = "lot_not_available"
    LOT_PUT_ASIDE = "lot_put_aside"
    LOT_OTHER_INDICATION = "lot_other_indication"
    PRODUCT_FORBIDDEN = "product_forbidden"
    NUMBING_AMOUNT_MISSING = "numbing_amount_missing"
    NO_RECENT_WEIGHT = "no_recent_weight"
    LIDOCAINE_OVER = "lidocaine_over"
    CREAM_TOO_MUCH = "cream_too_much"
    CREAM_AREA_TOO_LARGE = "cream_area_too_large"
    ROUTE_OTHER = "route_other"
    DETERGENT_IN_SKIN = "detergent_in_skin"
    DONOR_MISSING = "donor_missing"
    DONOR_OTHER = "donor_other"
    OVER_MAX_VOLUME_ML = "over_max_volume_ml"
    OVER_MAX_POINTS = "over_max_points"
    OVER_MAX_POINT_ML = "over_max_point_ml"
    OVER_MAX_TREATMENTS = "over_max_treatments"
    REACTION_MISSING = "reaction_missing"
    AFTERCARE_NOT_GIVEN = "aftercare_not_given"
    DAY_NOT_ALLOWED = "day_not_allowed"


class Caution(StrEnum):
    """What is shown and does not stop a signature. Words for each are in `records.wording`."""

    POINTS_MISMATCH = "points_mismatch"
    OVER_PROTOCOL = "over_protocol"
    OVER_DRAWN_UP = "over_drawn_up"
    DEPTH_OUTSIDE_PROTOCOL = "depth_outside_protocol"
    LIDOCAINE_HIGH = "lidocaine_high"
    CREAM_THICK = "cream_thick"
    CREAM_STRONG = "cream_strong"
    CREAM_COVERED_LONG = "cream_covered_long"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right or to look at: in which step, at which field, and about what.

    `given`, `most` and `each` are the numbers of the sentence: millilitres, points or milligrams.
    """

    step: Step
    lack: Lack | Caution
    field: str = ""
    zone: str = ""
    product: str = ""
    lot: str = ""
    why: str = ""
    refusal: Refusal | None = None
    given: Decimal | None = None
    most: Decimal | None = None
    each: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LotUsed:
    """A lot that was used to numb, with what its box and stock say."""

    product: str
    lot: str
    stock: LotFacts
    is_lidocaine: bool = False


@dataclass(frozen=True, slots=True)
class Dose:
    """A volume of one lot in one zone, with what the lot's box and stock say.

    `is_donor_patient` is None while the donor of a product made from blood is not said.
    """

    product: str
    lot: str
    volume_ml: Decimal
    stock: LotFacts
    is_for_indication: bool = True
    product_class: str = ""
    route: str = ANY_ROUTE
    limits: ProductLimits = NO_LIMITS
    lidocaine_percent: Decimal | None = None
    is_donor_patient: bool | None = None


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """What was done in one zone."""

    name: str
    technique: str
    needle: str
    depth_mm: Decimal
    points: int
    doses: tuple[Dose, ...] = ()
    point_ml: Decimal | None = None
    route: str = INTRADERMAL

    @property
    def volume_ml(self) -> Decimal:
        """All that went into the zone."""
        return sum((dose.volume_ml for dose in self.doses), Decimal(0))

    @property
    def each_point_ml(self) -> Decimal | None:
        """The volume of one point if the points share it evenly to 0.001 ml, else None."""
        each = (self.volume_ml / self.points).quantize(Decimal("0.001"))
        return each if each and each * self.points == self.volume_ml else None


@dataclass(frozen=True, slots=True)
class Numbing:
    """How much was injected or applied to numb the area; None where it does not apply.

    `covered_minutes` is how long film covered a cream, as far as both times are known.
    """

    strength_percent: Decimal | None = None
    volume_ml: Decimal | None = None
    has_adrenaline: bool = False
    grams: Decimal | None = None
    area_cm2: int | None = None
    covered_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ProtocolLimits:
    """What the protocol of the course names for one session; what leaves it is warned of."""

    max_volume_ml: Decimal | None = None
    depth_mm: tuple[Decimal, Decimal] = DEPTH_MM


NO_NUMBING: Final = Numbing()
NO_PROTOCOL: Final = ProtocolLimits()


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A draft as the rules see it. `anaesthesia` is "" while nothing is said about it."""

    answers: Mapping[str, str] = field(default_factory=dict)
    checks_words: str = ""
    anaesthesia: str = ""
    agent: str = ""
    agent_dose: str = ""
    agent_lot: LotUsed | None = None
    numbing: Numbing = NO_NUMBING
    weight_kg: Decimal | None = None
    weighed_on: date | None = None
    age: int = 0
    protocol: ProtocolLimits = NO_PROTOCOL
    drawn_up_ml: Decimal | None = None
    zones: tuple[ZoneFacts, ...] = ()
    reaction: str = ""
    aftercare_given: bool = False

    @property
    def volume_ml(self) -> Decimal:
        """All that was given in the session."""
        return sum((zone.volume_ml for zone in self.zones), Decimal(0))

    @property
    def lidocaine_sources(self) -> list[LidocaineSource]:
        """Where the lidocaine of the session comes from: injected to numb, and in the mixture."""
        numbing = self.numbing
        sources = [
            LidocaineSource(dose.lidocaine_percent, dose.volume_ml)
            for zone in self.zones
            for dose in zone.doses
            if dose.lidocaine_percent
        ]
        is_injected = self.anaesthesia == INJECTED and self.is_lidocaine
        if is_injected and numbing.strength_percent and numbing.volume_ml:
            sources.append(
                LidocaineSource(numbing.strength_percent, numbing.volume_ml, numbing.has_adrenaline)
            )
        return sources

    @property
    def is_lidocaine(self) -> bool:
        """Whether the agent is lidocaine, by the name that was typed or by the lot."""
        return is_lidocaine(self.agent) or (
            self.agent_lot is not None and self.agent_lot.is_lidocaine
        )

    def lidocaine(self, on: date) -> LidocaineDose:
        """Return the lidocaine of the session against the patient's limit on that day."""
        weight = self.weight_kg if weight_counts(self.weighed_on, on=on) else None
        return lidocaine_dose(self.lidocaine_sources, weight_kg=weight, age=self.age)


def is_lidocaine(agent: str) -> bool:
    """Whether the agent, as typed, is lidocaine by one of its names."""
    return any(name in agent.casefold() for name in LIDOCAINE_NAMES)


def missing_to_sign(facts: RecordFacts, *, delivered_on: date) -> list[Problem]:
    """Return what `facts` lacks to be signed as delivered on that day, step by step; [] if nothing."""
    problems = [
        *check_problems(facts.answers, facts.checks_words),
        *anaesthesia_problems(facts.anaesthesia, facts.agent, facts.agent_dose),
        *agent_lot_problems(facts.agent_lot, on=delivered_on),
        *numbing_problems(facts),
        *lidocaine_problems(facts, on=delivered_on),
        *_injection_problems(facts.zones, delivered_on),
        *product_problems(facts.zones),
        *_aftercare_problems(facts),
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


def check_problems(answers: Mapping[str, str], words: str) -> list[Problem]:
    """Return the checks without an answer; a concern needs words on why it is safe to go on."""
    problems = [
        Problem(Step.CHECKS, Lack.CHECK_UNANSWERED, field=check)
        for check in CHECKS
        if answers.get(check) not in {CLEAR, CONCERN}
    ]
    if CONCERN in answers.values() and not words.strip():
        problems.append(Problem(Step.CHECKS, Lack.CONCERN_WITHOUT_WORDS, field="checks_words"))
    return problems


def anaesthesia_problems(kind: str, agent: str, dose: str) -> list[Problem]:
    """Return what is not said about the anaesthesia. "None" is an answer, silence is not."""
    if not kind:
        return [Problem(Step.ANAESTHESIA, Lack.ANAESTHESIA_UNKNOWN, field="kind")]
    if kind in WITHOUT_AGENT or (agent.strip() and dose.strip()):
        return []
    return [Problem(Step.ANAESTHESIA, Lack.AGENT_MISSING, field="agent")]


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
    return [_lidocaine(Lack.LIDOCAINE_OVER, dose)]


def product_problems(zones: Sequence[ZoneFacts]) -> list[Problem]:
    """Return the limits of products that the session as a whole breaks. [R05]"""
    given: list[Given] = []
    for zone in zones:
        # Two lots of one product went into the same points.
        by_product: dict[str, Given] = {}
        for dose in zone.doses:
            known = by_product.get(dose.product)
            volume = dose.volume_ml + (known.volume_ml if known else Decimal(0))
            by_product[dose.product] = Given(dose.product, volume, zone.points, dose.limits)
        given += by_product.values()
    return [_excess(excess) for excess in excesses(given)]


def cautions(facts: RecordFacts, *, on: date) -> list[Problem]:
    """Return what to look at again before signing; none of it stops a signature. [R20]"""
    return [
        *_zone_cautions(facts),
        *_volume_cautions(facts),
        *_numbing_cautions(facts, on),
    ]


def zone_problems(zone: ZoneFacts, *, on: date) -> list[Problem]:
    """Return what is wrong with one zone that was treated on that day."""
    lacks = [
        (not zone.technique, Lack.TECHNIQUE_MISSING, "technique"),
        (not zone.needle.strip(), Lack.NEEDLE_MISSING, "needle"),
        (not DEPTH_MM[0] <= zone.depth_mm <= DEPTH_MM[1], Lack.DEPTH_OUTSIDE, "depth_mm"),
        (not POINTS[0] <= zone.points <= POINTS[1], Lack.POINTS_OUTSIDE, "points"),
        (not zone.doses, Lack.NO_VOLUME, "volume_ml"),
    ]
    problems = [
        Problem(Step.INJECTIONS, lack, field=name, zone=zone.name)
        for is_lacking, lack, name in lacks
        if is_lacking
    ]
    for dose in zone.doses:
        problems += dose_problems(dose, zone=zone.name, on=on)
        problems += route_problems(dose, zone)
    return problems


def route_problems(dose: Dose, zone: ZoneFacts) -> list[Problem]:
    """Return why `dose` may not go where it went in `zone`, or into this patient. [R04, R13]"""
    is_blood = dose.product_class == AUTOLOGOUS
    in_skin = dose.product_class == DETERGENT and zone.route == INTRADERMAL
    is_other = dose.route not in {ANY_ROUTE, zone.route}
    lacks = [
        (in_skin, Lack.DETERGENT_IN_SKIN, "route"),
        (is_other and not in_skin, Lack.ROUTE_OTHER, "route"),
        (is_blood and dose.is_donor_patient is None, Lack.DONOR_MISSING, "donor_number"),
        (is_blood and dose.is_donor_patient is False, Lack.DONOR_OTHER, "donor_number"),
    ]
    return [
        Problem(Step.INJECTIONS, lack, field=name, zone=zone.name, product=dose.product)
        for is_lacking, lack, name in lacks
        if is_lacking
    ]


def dose_problems(dose: Dose, *, zone: str, on: date) -> list[Problem]:
    """Return why `dose` may not be given on that day. A lot may be used on its last day."""
    refusal = lot_refusal(dose.stock, on=on)
    is_expired = refusal is not None and refusal.why is Why.EXPIRED
    lacks = [
        (not 0 < dose.volume_ml <= MAX_VOLUME_ML, Lack.VOLUME_OUTSIDE, "volume_ml"),
        (is_expired, Lack.LOT_EXPIRED, "lot"),
        (refusal is not None and not is_expired, Lack.LOT_NOT_AVAILABLE, "lot"),
        (not dose.is_for_indication, Lack.LOT_OTHER_INDICATION, "lot"),
    ]
    return [
        Problem(
            Step.INJECTIONS,
            lack,
            field=name,
            zone=zone,
            product=dose.product,
            lot=dose.lot,
            refusal=refusal if name == "lot" else None,
        )
        for is_lacking, lack, name in lacks
        if is_lacking
    ]


def delivery_days(*, today: date, booked_on: date) -> list[date]:
    """Return the days a session may be signed as delivered on: today and the booked day, past only.

    The first is the one to propose.
    """
    return [today, *([booked_on] if booked_on < today else [])]


def _injection_problems(zones: Sequence[ZoneFacts], on: date) -> list[Problem]:
    if not zones:
        return [Problem(Step.INJECTIONS, Lack.NO_ZONE, field="zone")]
    return [problem for zone in zones for problem in zone_problems(zone, on=on)]


def _aftercare_problems(facts: RecordFacts) -> list[Problem]:
    problems = []
    if not facts.reaction.strip():
        problems.append(Problem(Step.AFTERCARE, Lack.REACTION_MISSING, field="reaction"))
    if not facts.aftercare_given:
        problems.append(Problem(Step.AFTERCARE, Lack.AFTERCARE_NOT_GIVEN, field="aftercare_given"))
    return problems


def _excess(excess: Excess) -> Problem:
    return Problem(
        Step.INJECTIONS,
        Lack(f"over_{excess.limit}"),
        field="volume_ml",
        product=excess.product,
        given=excess.given,
        most=excess.most,
    )


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


def _zone_cautions(facts: RecordFacts) -> list[Problem]:
    low, high = facts.protocol.depth_mm
    found = []
    for zone in facts.zones:
        if points_mismatch(zone.volume_ml, zone.points, zone.point_ml):
            found.append(
                Problem(
                    Step.INJECTIONS,
                    Caution.POINTS_MISMATCH,
                    field="points",
                    zone=zone.name,
                    given=zone.volume_ml,
                    most=zone.points * (zone.point_ml or Decimal(0)),
                )
            )
        if not low <= zone.depth_mm <= high:
            found.append(
                Problem(
                    Step.INJECTIONS,
                    Caution.DEPTH_OUTSIDE_PROTOCOL,
                    field="depth_mm",
                    zone=zone.name,
                    given=low,
                    most=high,
                )
            )
    return found


def _volume_cautions(facts: RecordFacts) -> list[Problem]:
    limits = [
        (Caution.OVER_PROTOCOL, facts.protocol.max_volume_ml),
        (Caution.OVER_DRAWN_UP, facts.drawn_up_ml),
    ]
    return [
        Problem(Step.INJECTIONS, lack, field="volume_ml", given=facts.volume_ml, most=most)
        for lack, most in limits
        if most is not None and facts.volume_ml > most
    ]


def _numbing_cautions(facts: RecordFacts, on: date) -> list[Problem]:
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
    return [
        *found,
        *([_lidocaine(Caution.LIDOCAINE_HIGH, dose)] if dose.level is Level.WARN else []),
    ]
