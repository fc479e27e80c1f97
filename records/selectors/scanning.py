"""A lot found by what a scanner types from its box."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from records.domain.gs1 import BoxCode, NotGs1, parse_box_code
from records.selectors.drafts import usable_lots
from treatments.models import Indication, Lot, Product


class ScanProblem(StrEnum):
    """Why a code leads to no lot. Words for each are in `records.wording`."""

    UNREADABLE = "unreadable"
    UNKNOWN_LOT = "unknown_lot"
    SEVERAL_LOTS = "several_lots"
    OTHER_DATE = "other_date"
    EXPIRED = "expired"
    NOT_USABLE = "not_usable"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a code led to: a lot that may be used, or the problem with the lot of that number."""

    lot: Lot | None = None
    problem: ScanProblem | None = None
    number: str = ""
    expires_on: date | None = None


def scanned_lot(typed: str, indication: Indication, on: date) -> Scan:
    """Return the lot that `typed` names and that may be used for `indication` on that day.

    `typed` is the code of a box, or a lot number as it is printed.
    """
    try:
        code = parse_box_code(typed, this_year=on.year)
    except NotGs1:
        code = BoxCode(lot=typed.strip())
    if not code.lot:
        return Scan(problem=ScanProblem.UNREADABLE)
    found = list(_lots(code)[:2])
    if len(found) != 1:
        problem = ScanProblem.SEVERAL_LOTS if found else ScanProblem.UNKNOWN_LOT
        return Scan(problem=problem, number=code.lot)
    [lot] = found
    if refusal := _problem(lot, code, indication, on):
        return Scan(problem=refusal, number=lot.number, expires_on=lot.expires_on)
    return Scan(lot=lot)


def _lots(code: BoxCode) -> QuerySet[Lot]:
    lots = Lot.objects.filter(number__iexact=code.lot).select_related("product")
    if not code.gtin:
        return lots.order_by("pk")
    # Where a product has that number, only its lots; else those of products without a number.
    product = Product.objects.filter(gtin=code.gtin).first()
    return lots.filter(Q(product=product) if product else Q(product__gtin="")).order_by("pk")


def _problem(lot: Lot, code: BoxCode, indication: Indication, on: date) -> ScanProblem | None:
    if code.expires_on and code.expires_on != lot.expires_on:
        return ScanProblem.OTHER_DATE
    if lot.expires_on < on:
        return ScanProblem.EXPIRED
    is_usable = usable_lots(indication, on).filter(pk=lot.pk).exists()
    return None if is_usable else ScanProblem.NOT_USABLE
