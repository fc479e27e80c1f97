"""A draft as the rules see it: plain values, read from the record and all it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from records.domain.afterwards import NOTHING_SAID, Afterwards, minutes_to_watch
from records.domain.agents import Agent, agents_in
from records.domain.amounts import ProductLimits
from records.domain.blood import NO_BLOOD, Blood
from records.domain.numbing import LidocaineDose, LidocaineSource, lidocaine_dose, weight_counts
from records.domain.skin import UNPREPARED, Noted, SkinPreparation
from records.domain.vitals import NO_VITALS, VASOACTIVE_CLASSES, Need, Vitals, needs
from treatments.domain.limits import DEPTH_MM
from treatments.domain.stock import LotFacts

CREAM: Final = "CREAM"
INJECTED: Final = "INJECTED"
INTRADERMAL: Final = "INTRADERMAL"
AUTOLOGOUS: Final = "autologous"
ANY_ROUTE: Final = "ANY"
NO_LIMITS: Final = ProductLimits()


@dataclass(frozen=True, slots=True)
class LotUsed:
    """A lot that was used to numb, with what its box and stock say."""

    product: str
    lot: str
    stock: LotFacts
    lidocaine_percent: Decimal | None = None
    is_topical: bool = False


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
    code: str = ""

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


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What is known of the patient beside the record: allergies, answers, sessions of before."""

    noted: tuple[Noted, ...] = ()
    has_diabetes: bool = False
    has_severe_allergy: bool = False
    is_first_session: bool = False
    has_new_product: bool = False
    has_anaesthetic_allergy: bool = False
    # A liver or a heart that is ill clears lidocaine slowly.
    is_slow_to_clear: bool = False


UNKNOWN_PATIENT: Final = PatientFacts()
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
    height_cm: int | None = None
    age: int = 0
    protocol: ProtocolLimits = NO_PROTOCOL
    drawn_up_ml: Decimal | None = None
    zones: tuple[ZoneFacts, ...] = ()
    vitals: Vitals = NO_VITALS
    skin: SkinPreparation = UNPREPARED
    blood: Blood = NO_BLOOD
    after: Afterwards = NOTHING_SAID
    patient: PatientFacts = UNKNOWN_PATIENT

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
        percent = max(numbing.strength_percent or Decimal(0), self.lot_percent)
        if is_injected and percent and numbing.volume_ml:
            sources.append(LidocaineSource(percent, numbing.volume_ml, numbing.has_adrenaline))
        return sources

    @property
    def lot_percent(self) -> Decimal:
        """The lidocaine in what the agent was taken from; 0 if there is none, or no lot."""
        return (self.agent_lot and self.agent_lot.lidocaine_percent) or Decimal(0)

    @property
    def is_lidocaine(self) -> bool:
        """Whether the agent is lidocaine, by the name that was typed or by the lot."""
        return Agent.LIDOCAINE in agents_in(self.agent) or bool(self.lot_percent)

    @property
    def vitals_needs(self) -> list[Need]:
        """Why pressure and pulse must be taken."""
        classes = {dose.product_class for zone in self.zones for dose in zone.doses}
        is_injected = self.anaesthesia == INJECTED
        has_adrenaline = is_injected and self.numbing.has_adrenaline
        return needs(
            is_infiltrated=is_injected or bool(self.lidocaine_sources),
            is_blood=AUTOLOGOUS in classes,
            is_vasoactive=has_adrenaline or bool(VASOACTIVE_CLASSES & classes),
            age=self.age,
        )

    @property
    def blood_ml(self) -> Decimal:
        """What was given of the patient's own blood."""
        doses = [dose for zone in self.zones for dose in zone.doses]
        own = (dose.volume_ml for dose in doses if dose.product_class == AUTOLOGOUS)
        return sum(own, Decimal(0))

    @property
    def zone_names(self) -> list[tuple[str, str]]:
        """The code and name of each treated zone."""
        return [(zone.code, zone.name) for zone in self.zones]

    @property
    def watch_minutes(self) -> int:
        """For how many minutes the patient stays to be watched."""
        known = self.patient
        return minutes_to_watch(
            is_first=known.is_first_session,
            is_new_product=known.has_new_product,
            has_allergy=known.has_severe_allergy or bool(known.noted),
        )

    def lidocaine(self, on: date) -> LidocaineDose:
        """Return the lidocaine of the session against the patient's limit on that day."""
        weight = self.weight_kg if weight_counts(self.weighed_on, on=on) else None
        return lidocaine_dose(
            self.lidocaine_sources,
            weight_kg=weight,
            height_cm=self.height_cm,
            age=self.age,
            is_cut=self.patient.is_slow_to_clear,
        )
