"""A lot found by what a scanner types from its box."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.db.models import Q, QuerySet

from records.domain.gs1 import BoxCode, NotGs1, parse_box_code
from records.models import SessionRecord
from records.selectors.lot_past import lots_then
from treatments.domain.stock import Refusal, lot_refusal
from treatments.models import Indication, Lot, Product

# What only the code of a box begins with: the prefix of a scanner, or a bracket.
PREFIXES: Final = ("]", "(")


class ScanProblem(StrEnum):
    """Why a code leads to no lot. Words for each are in `records.wording`."""

    UNREADABLE = "unreadable"
    UNKNOWN_LOT = "unknown_lot"
    SEVERAL_LOTS = "several_lots"
    OTHER_DATE = "other_date"
    REFUSED = "refused"
    OTHER_USE = "other_use"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a code led to: a lot that may be used, or the problem with the lot of that number.

    `refusal` says why a lot must not be used at all.
    """

    lot: Lot | None = None
    problem: ScanProblem | None = None
    number: str = ""
    product: str = ""
    expires_on: date | None = None
    refusal: Refusal | None = None


def scanned_lot(typed: str, record: SessionRecord, on: date) -> Scan:
    """Return the lot that `typed` names and that may be used in `record` on that day.

    `typed` is the code of a box, or a lot number as it is printed.
    """
    try:
        code = parse_box_code(typed, this_year=on.year)
    except NotGs1:
        code = BoxCode(lot=typed.strip())
    if code == BoxCode(lot=code.lot) and not typed.strip().startswith(PREFIXES):
        # A printed number may begin like a field of a code.
        code = BoxCode(lot=typed.strip())
    if not code.lot:
        return Scan(problem=ScanProblem.UNREADABLE)
    found = list(_lots(code)[:2])
    if len(found) != 1:
        unclear = ScanProblem.SEVERAL_LOTS if found else ScanProblem.UNKNOWN_LOT
        return Scan(problem=unclear, number=code.lot)
    [lot] = found
    # What was put aside since the session began may have been given before.
    refusal = lot_refusal(lots_then([lot], record, given={lot.pk})[lot.pk], on=on)
    if problem := _problem(lot, code, refusal, record.session.course.indication):
        return Scan(
            problem=problem,
            number=lot.number,
            product=str(lot.product),
            expires_on=lot.expires_on,
            refusal=refusal,
        )
    return Scan(lot=lot)


def _lots(code: BoxCode) -> QuerySet[Lot]:
    lots = Lot.objects.filter(number__iexact=code.lot).select_related("product")
    if not code.gtin:
        return lots.order_by("pk")
    # Where a product has that number, only its lots; else those of products without a number.
    product = Product.objects.filter(gtin=code.gtin).first()
    return lots.filter(Q(product=product) if product else Q(product__gtin="")).order_by("pk")


def _problem(
    lot: Lot, code: BoxCode, refusal: Refusal | None, indication: Indication
) -> ScanProblem | None:
    if code.expires_on and code.expires_on != lot.expires_on:
        return ScanProblem.OTHER_DATE
    if refusal:
        return ScanProblem.REFUSED
    is_for_it = indication in lot.product.indications.all()
    is_injected = lot.product.route != Product.Route.TOPICAL
    return None if is_for_it and is_injected else ScanProblem.OTHER_USE
