"""What was given against what points, syringe, protocol and product allow."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# [PK] points times the volume of one may differ this much from the volume that is recorded.
MISMATCH_SHARE: Final = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class ProductLimits:
    """The most of one product; None where it has no limit. `given_before` are earlier sessions."""

    max_volume_ml: Decimal | None = None
    max_points: int | None = None
    max_point_ml: Decimal | None = None
    max_treatments: int | None = None
    given_before: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """One product in one zone."""

    product: str
    volume_ml: Decimal
    points: int
    limits: ProductLimits


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit of a product that a session breaks: its field, what was given, the most."""

    product: str
    limit: str
    given: Decimal
    most: Decimal


def points_mismatch(volume_ml: Decimal, points: int, point_ml: Decimal | None) -> bool:
    """Whether the points and their volume tell another story than the volume recorded.

    Exactly a quarter off is still the same story. Nothing to compare is no mismatch.
    """
    if not point_ml or not volume_ml:
        return False
    return abs(points * point_ml - volume_ml) > MISMATCH_SHARE * volume_ml


def excesses(given: Iterable[Given]) -> list[Excess]:
    """Return the product limits that a session with all of `given` breaks, in their order."""
    volumes: Counter[str] = Counter()
    points: Counter[str] = Counter()
    limits: dict[str, ProductLimits] = {}
    each: dict[str, Decimal] = {}
    for one in given:
        limits[one.product] = one.limits
        volumes[one.product] += one.volume_ml  # type: ignore[assignment]
        points[one.product] += one.points
        per_point = one.volume_ml / max(one.points, 1)
        each[one.product] = max(each.get(one.product, Decimal(0)), per_point)
    return [
        Excess(product, limit, Decimal(amount), Decimal(most))
        for product, known in limits.items()
        for limit, amount, most in (
            ("max_volume_ml", volumes[product], known.max_volume_ml),
            ("max_points", points[product], known.max_points),
            ("max_point_ml", each[product], known.max_point_ml),
            ("max_treatments", known.given_before + 1, known.max_treatments),
        )
        if most is not None and amount > most
    ]
