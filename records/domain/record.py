"""What a record of a session needs before it can be signed: plain values in, problems out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

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
    LOT_OTHER_INDICATION = "lot_other_indication"
    PRODUCT_FORBIDDEN = "product_forbidden"
    REACTION_MISSING = "reaction_missing"
    AFTERCARE_NOT_GIVEN = "aftercare_not_given"
    DAY_NOT_ALLOWED = "day_not_allowed"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: in which step, at which field, and about what."""

    step: Step
    lack: Lack
    field: str = ""
    zone: str = ""
    product: str = ""
    lot: str = ""
    why: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class LotUsed:
    """A lot that was used, with what its box and stock say."""

    product: str
    lot: str
    stock: LotFacts


@dataclass(frozen=True, slots=True)
class Dose:
    """A volume of one lot in one zone, with what the lot's box and stock say."""

    product: str
    lot: str
    volume_ml: Decimal
    stock: LotFacts
    is_for_indication: bool = True


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """What was done in one zone."""

    name: str
    technique: str
    needle: str
    depth_mm: Decimal
    points: int
    doses: tuple[Dose, ...] = ()

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
class RecordFacts:
    """A draft as the rules see it. `anaesthesia` is "" while nothing is said about it."""

    answers: Mapping[str, str] = field(default_factory=dict)
    checks_words: str = ""
    anaesthesia: str = ""
    agent: str = ""
    agent_dose: str = ""
    agent_lot: LotUsed | None = None
    zones: tuple[ZoneFacts, ...] = ()
    reaction: str = ""
    aftercare_given: bool = False

    @property
    def volume_ml(self) -> Decimal:
        """All that was given in the session."""
        return sum((zone.volume_ml for zone in self.zones), Decimal(0))


def missing_to_sign(facts: RecordFacts, *, delivered_on: date) -> list[Problem]:
    """Return what `facts` lacks to be signed as delivered on that day, step by step; [] if nothing."""
    return [
        *check_problems(facts.answers, facts.checks_words),
        *anaesthesia_problems(facts.anaesthesia, facts.agent, facts.agent_dose),
        *agent_lot_problems(facts.agent_lot, on=delivered_on),
        *_injection_problems(facts.zones, delivered_on),
        *_aftercare_problems(facts),
    ]


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
    return problems


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
