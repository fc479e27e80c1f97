"""How much of a product may be given, as a clinic sets it."""

from decimal import Decimal
from typing import Final

VOLUME_ML: Final = (Decimal("0.05"), Decimal(100))
INTERVAL_DAYS: Final = (0, 365)
POINT_ML: Final = (Decimal("0.005"), Decimal(1))


def volume_fits(volume_ml: Decimal | None) -> bool:
    """Whether a volume is one that can be drawn up; None means that another rule limits it."""
    return volume_ml is None or VOLUME_ML[0] <= volume_ml <= VOLUME_ML[1]


def volumes_in_order(usual_ml: Decimal | None, most_ml: Decimal | None) -> bool:
    """Whether the usual volume stays within the most, as far as both are set."""
    return usual_ml is None or most_ml is None or usual_ml <= most_ml
