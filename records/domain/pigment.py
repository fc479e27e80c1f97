"""The score of pigment, worked out of area and darkness of four parts of the face.

Source: melasma area and severity index, modified; see `docs/clinical-sources.md`. Its highest value
is 24: area 6 and darkness 4 in every part.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

AREA: Final = (0, 6)
DARKNESS: Final = (0, 4)


class Part(StrEnum):
    """A part of the face."""

    FOREHEAD = "forehead"
    LEFT_CHEEK = "left_cheek"
    RIGHT_CHEEK = "right_cheek"
    CHIN = "chin"


SHARE: Final = {
    Part.FOREHEAD: Decimal("0.3"),
    Part.LEFT_CHEEK: Decimal("0.3"),
    Part.RIGHT_CHEEK: Decimal("0.3"),
    Part.CHIN: Decimal("0.1"),
}


@dataclass(frozen=True, slots=True)
class Patch:
    """How much of a part is darker (0 to 6) and how dark it is (0 to 4)."""

    area: int
    darkness: int

    def __post_init__(self) -> None:
        """Raise ValueError for marks that there are not."""
        if not AREA[0] <= self.area <= AREA[1] or not DARKNESS[0] <= self.darkness <= DARKNESS[1]:
            raise ValueError(f"area is 0 to 6 and darkness 0 to 4: {self}")


def pigment_score(parts: Mapping[Part, Patch]) -> Decimal:
    """Return the score of all four `parts`, 0 to 24. Raises KeyError if one is missing."""
    return sum((SHARE[part] * parts[part].area * parts[part].darkness for part in Part), Decimal(0))
