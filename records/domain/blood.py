"""What was made from the patient's own blood: what it was drawn into, and how it was prepared."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Final

from records.domain.problems import Caution, Problem, Step

# What keeps the blood in the tube from clotting.
CITRATE: Final = "CITRATE"
CITRATE_DEXTROSE: Final = "CITRATE_DEXTROSE"
HEPARIN: Final = "HEPARIN"
OTHER: Final = "OTHER"
NONE: Final = "NONE"

# What can be drawn for one session at all; anything else is a slip of the finger.
DRAWN_ML: Final = (Decimal("0.5"), Decimal(500))
_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Blood:
    """A draw and its plasma. Times are the wall clock of the site; None and "" are not said."""

    kit_lot: str = ""
    anticoagulant: str = ""
    drawn_at: time | None = None
    drawn_ml: Decimal | None = None
    spin: str = ""
    plasma_ml: Decimal | None = None
    is_activated: bool = False
    injected_at: time | None = None

    @property
    def minutes_to_injection(self) -> int | None:
        """The minutes from the draw to the injection, over midnight too; None while not known."""
        if self.drawn_at is None or self.injected_at is None:
            return None
        begun, ended = (one.hour * 60 + one.minute for one in (self.drawn_at, self.injected_at))
        return (ended - begun) % _DAY_MINUTES


NO_BLOOD: Final = Blood()


def blood_cautions(blood: Blood, given_ml: Decimal) -> list[Problem]:
    """Return what to look at again where `given_ml` of the patient's own blood was given. [R13]"""
    if not given_ml:
        return []
    found = []
    if not blood.kit_lot or blood.drawn_at is None:
        found.append(Problem(Step.INJECTIONS, Caution.BLOOD_NOT_TRACED, field="blood_kit_lot"))
    if blood.plasma_ml is not None and given_ml > blood.plasma_ml:
        found.append(
            Problem(
                Step.INJECTIONS,
                Caution.BLOOD_MORE_THAN_MADE,
                field="blood_plasma_ml",
                given=given_ml,
                most=blood.plasma_ml,
            )
        )
    return found
