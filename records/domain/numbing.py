"""How much local anaesthetic is safe: lidocaine by weight, cream by area and grams.

Doses are milligrams, volumes millilitres, strengths percent (1 % is 10 mg in 1 ml).
`docs/clinical-sources.md` says where each number comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

# [S43a] the label's limits, by weight and for anybody.
PLAIN_MG_PER_KG: Final = Decimal("4.5")
PLAIN_MOST_MG: Final = Decimal(300)
WITH_ADRENALINE_MG_PER_KG: Final = Decimal(7)
WITH_ADRENALINE_MOST_MG: Final = Decimal(500)
# [S43b] what a more careful guide allows without adrenaline: above it one is warned.
CAREFUL_MG_PER_KG: Final = Decimal(3)
# [PK] clinic settings.
WARN_SHARE: Final = Decimal("0.8")
OLD_AGE: Final = 70
# The careful end of a cut of 20 to 30 %, for the old, and for a liver or heart that is ill.
CUT_SHARE: Final = Decimal("0.7")
# [PK] above this body mass index (kg/m²) the ideal weight counts, not the one on the scales.
BMI_MOST: Final = Decimal(30)
# Ideal weight is 22 times the square of the height in metres: Lemmens, Brodsky and Bernstein,
# Obesity Surgery 2005;15:1082.
IDEAL_BMI: Final = Decimal(22)
# [PK] who is not known to be shorter is taken to be at least so tall.
LEAST_HEIGHT_CM: Final = 150
HEIGHT_CM: Final = (100, 230)
WEIGHT_DAYS: Final = 90

# [S44a] cream of 2.5 % lidocaine and 2.5 % prilocaine.
CREAM_MOST_G: Final = Decimal(60)
CREAM_MOST_CM2: Final = 600
CREAM_G_PER_10_CM2: Final = Decimal("1.5")
# [S45] stronger cream, and a cover for longer than an hour, have harmed people.
CREAM_STRONG_PERCENT: Final = Decimal(4)
COVERED_MINUTES: Final = 60
# [PK] what one plans to wait.
WAIT_MINUTES: Final = (10, 120)
USUAL_WAIT_MINUTES: Final = 45


class Level(StrEnum):
    """What a finding asks for."""

    FINE = "fine"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class LidocaineSource:
    """One place the lidocaine of a session comes from."""

    percent: Decimal
    volume_ml: Decimal
    has_adrenaline: bool = False

    @property
    def mg(self) -> Decimal:
        """The lidocaine in it."""
        return self.percent * 10 * self.volume_ml


@dataclass(frozen=True, slots=True)
class LidocaineDose:
    """The lidocaine of a whole session against the limit of one patient.

    `mg_per_kg` and `limit_mg` are None while no recent weight is known. `asks_height` says that the
    height decides whether so much may be given.
    """

    mg: Decimal
    mg_per_kg: Decimal | None
    limit_mg: Decimal | None
    level: Level
    asks_height: bool = False


def lidocaine_dose(
    sources: Sequence[LidocaineSource],
    *,
    weight_kg: Decimal | None,
    height_cm: int | None = None,
    age: int = 0,
    is_cut: bool = False,
) -> LidocaineDose:
    """Sum all `sources` and judge them by weight; without a weight nothing may be injected.

    The higher limit of adrenaline counts only if every source has it. Above OLD_AGE, and with
    `is_cut` for an ill liver or heart, the limit is cut. Above BMI_MOST the ideal weight counts; a
    height that is not known is asked for where it decides.
    """
    mg = sum((source.mg for source in sources), Decimal(0))
    if not mg:
        return LidocaineDose(mg, None, None, Level.FINE)
    if weight_kg is None:
        return LidocaineDose(mg, None, None, Level.BLOCK)
    is_slowed = all(source.has_adrenaline for source in sources if source.mg)
    is_cut = is_cut or age > OLD_AGE

    def judged(by_kg: Decimal) -> LidocaineDose:
        limit = lidocaine_limit_mg(by_kg, has_adrenaline=is_slowed, is_cut=is_cut)
        return LidocaineDose(mg, mg / by_kg, limit, _level(mg, mg / by_kg, limit, is_slowed))

    if height_cm is not None:
        return judged(dosing_weight_kg(weight_kg, height_cm))
    careful = judged(dosing_weight_kg(weight_kg, LEAST_HEIGHT_CM))
    heavy = judged(weight_kg)
    is_undecided = careful.level is Level.BLOCK and heavy.level is not Level.BLOCK
    return replace(careful, asks_height=True) if is_undecided else heavy


def _level(mg: Decimal, each: Decimal, limit: Decimal, is_slowed: bool) -> Level:
    is_high = mg > limit * WARN_SHARE or (not is_slowed and each > CAREFUL_MG_PER_KG)
    return Level.BLOCK if mg > limit else Level.WARN if is_high else Level.FINE


def dosing_weight_kg(weight_kg: Decimal, height_cm: int) -> Decimal:
    """Return the weight that a dose is reckoned from: the ideal one above BMI_MOST."""
    square = (Decimal(height_cm) / 100) ** 2
    return IDEAL_BMI * square if weight_kg > BMI_MOST * square else weight_kg


def lidocaine_limit_mg(
    weight_kg: Decimal, *, has_adrenaline: bool, is_cut: bool = False
) -> Decimal:
    """Return the most lidocaine for one session."""
    each, most = (
        (WITH_ADRENALINE_MG_PER_KG, WITH_ADRENALINE_MOST_MG)
        if has_adrenaline
        else (PLAIN_MG_PER_KG, PLAIN_MOST_MG)
    )
    limit = min(each * weight_kg, most)
    return limit * CUT_SHARE if is_cut else limit


def weight_counts(weighed_on: date | None, *, on: date) -> bool:
    """Whether a weight of that day may be used on the day `on`."""
    return weighed_on is not None and 0 <= (on - weighed_on).days <= WEIGHT_DAYS


class CreamFinding(StrEnum):
    """What is to be said about a cream. Words for each are in `records.wording`."""

    TOO_MUCH = "too_much"
    AREA_TOO_LARGE = "area_too_large"
    THICK = "thick"
    STRONG = "strong"
    COVERED_LONG = "covered_long"


CREAM_BLOCKS: Final = frozenset({CreamFinding.TOO_MUCH, CreamFinding.AREA_TOO_LARGE})


def cream_findings(
    *,
    grams: Decimal,
    area_cm2: int,
    percent: Decimal | None = None,
    covered_minutes: int = 0,
) -> list[CreamFinding]:
    """Return what speaks against so much cream; those of CREAM_BLOCKS forbid it."""
    findings = [
        (grams > CREAM_MOST_G, CreamFinding.TOO_MUCH),
        (area_cm2 > CREAM_MOST_CM2, CreamFinding.AREA_TOO_LARGE),
        (grams * 10 > CREAM_G_PER_10_CM2 * area_cm2, CreamFinding.THICK),
        (percent is not None and percent > CREAM_STRONG_PERCENT, CreamFinding.STRONG),
        (covered_minutes > COVERED_MINUTES, CreamFinding.COVERED_LONG),
    ]
    return [finding for is_so, finding in findings if is_so]
