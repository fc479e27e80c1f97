"""Reads of stock: lots as the rules see them, and what has to be bought or thrown away."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import QuerySet

from treatments.domain.stock import (
    EXPIRES_SOON,
    LotFacts,
    Refusal,
    Why,
    can_open,
    is_low,
    lot_refusal,
    vials_in_stock,
)
from treatments.lot_registry import sessions_of
from treatments.models import Lot, LotEvent, Product


@dataclass(frozen=True, slots=True)
class LotPast:
    """What a lot was like for a session of before: the days on which its vials were opened.

    `state` stands in place of the lot's own where that is of no matter for the session; "" if not.
    """

    openings: tuple[date, ...] = ()
    state: str = ""


NO_PAST = LotPast()


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot with what the rules say of it on the day it is shown."""

    lot: Lot
    facts: LotFacts
    refusal: Refusal | None

    @property
    def can_open(self) -> bool:
        """Whether a vial can be opened now."""
        return self.lot.status == Lot.Status.AVAILABLE and can_open(self.facts)

    @property
    def is_out_of_stock(self) -> bool:
        """Whether there is nothing of it any more."""
        return self.refusal is not None and self.refusal.why in {Why.USED_UP, Why.VIALS_SPENT}

    @property
    def is_grave(self) -> bool:
        """Whether it is at hand and must not be used."""
        return self.refusal is not None and self.refusal.why in _GRAVE


_GRAVE = frozenset({Why.QUARANTINED, Why.EXPIRED, Why.BEYOND_USE})


@dataclass(frozen=True, slots=True)
class LowProduct:
    """A product of which fewer vials are left than the clinic wants."""

    product: Product
    left: int


@dataclass(frozen=True, slots=True)
class Stock:
    """What has to be looked at in stock."""

    low: list[LowProduct]
    ending: list[LotRow]
    quarantined: list[LotRow]
    usable: list[LotRow]


def lot_facts(lot: Lot, *, spent: int, past: LotPast = NO_PAST) -> LotFacts:
    """Return `lot` (with its product) as the rules see it; other sessions took `spent` vials.

    `past` is needed for a day before today.
    """
    product = lot.product
    return LotFacts(
        expires_on=lot.expires_on,
        state=past.state or lot.status,
        is_product_in_use=product.is_enabled,
        is_multi_dose=product.is_multi_dose,
        days_after_opening=product.days_after_opening,
        opened_on=lot.opened_on,
        openings=past.openings,
        opened=lot.vials_opened,
        vials=lot.quantity,
        spent=spent,
    )


def lot_rows(lots: Iterable[Lot], *, on: date) -> list[LotRow]:
    """Return `lots` (with their products) as they stand on that day, in their order."""
    kept = list(lots)
    spent = sessions_of([lot.pk for lot in kept])
    facts = [lot_facts(lot, spent=spent[lot.pk]) for lot in kept]
    return [LotRow(lot, one, lot_refusal(one, on=on)) for lot, one in zip(kept, facts, strict=True)]


def usable_lots(*, on: date) -> Counter[int]:
    """Return how many lots of each product, by its key, may be used on that day."""
    rows = lot_rows(Lot.objects.usable_on(on).select_related("product"), on=on)
    return Counter(row.lot.product_id for row in rows if row.refusal is None)


def lots_of(product: Product, *, on: date) -> list[LotRow]:
    """Return the lots of `product`, those in stock first, first to expire first."""
    lots = product.lots.select_related("product").order_by("status", "expires_on", "pk")
    return lot_rows(lots, on=on)


def lot_history(lot: Lot) -> QuerySet[LotEvent]:
    """Return what happened to `lot`, the newest first, with who did it."""
    return lot.events.select_related("by").order_by("-at", "-pk")


def read_stock(*, on: date) -> Stock:
    """Return what is in stock on that day, by what has to be done about it."""
    lots = (
        Lot.objects.exclude(status=Lot.Status.USED_UP)
        .select_related("product")
        .order_by("product__name", "product_id", "expires_on", "pk")
    )
    rows = lot_rows(lots, on=on)
    return Stock(
        low=_low(rows, on),
        ending=sorted((row for row in rows if _is_ending(row, on)), key=_ends_on),
        quarantined=[row for row in rows if row.lot.status == Lot.Status.QUARANTINED],
        usable=[row for row in rows if row.refusal is None],
    )


def _low(rows: Sequence[LotRow], on: date) -> list[LowProduct]:
    by_product = {
        key: list(group) for key, group in groupby(rows, key=lambda row: row.lot.product_id)
    }
    low = []
    for product in Product.objects.enabled().filter(low_stock_below__gt=0):
        left = vials_in_stock((row.facts for row in by_product.get(product.pk, [])), on=on)
        if left is not None and is_low(left, threshold=product.low_stock_below):
            low.append(LowProduct(product, left))
    return low


def _is_ending(row: LotRow, on: date) -> bool:
    """Whether a lot in stock is past its last day, or will be soon."""
    is_in_stock = row.lot.status == Lot.Status.AVAILABLE and row.lot.product.is_enabled
    return is_in_stock and _ends_on(row) <= on + EXPIRES_SOON


def _ends_on(row: LotRow) -> date:
    return row.facts.beyond_use_on
