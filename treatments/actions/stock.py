"""Writes of lots: what came in, was opened, used up, put aside and released."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from treatments.domain.stock import can_move, can_open
from treatments.lot_registry import what_holds
from treatments.models import Lot, LotEvent, Product
from treatments.selectors.stock import lot_facts


class LotUnchanged(Exception):
    """The lot has the wanted status already."""


class LotRefused(ActionRefused):
    """The lot cannot be changed like that; `problem` says why, as one plain sentence."""


@transaction.atomic
def receive_lot(
    *,
    product: Product,
    number: str,
    expires_on: date,
    quantity: int | None = None,
    received_on: date | None = None,
    by: User,
    at: datetime,
) -> Lot:
    """Put a lot of `product` in stock: so many vials, None if nobody counted them.

    `received_on` is the day of `at` unless told. Raises ValidationError if the lot is there already.
    """
    # One at a time for each product, so that the same lot typed twice meets its check.
    product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    on = received_on or timezone.localdate(at)
    lot = Lot(
        product=product, number=number, expires_on=expires_on, quantity=quantity, received_on=on
    )
    lot.full_clean()
    lot.save(force_insert=True)
    _note(lot, LotEvent.Kind.RECEIVED, on=on, by=by, at=at)
    audit.record(kind=audit.Kind.LOT_RECEIVED, by=by, at=at, target=lot)
    return lot


@transaction.atomic
def open_vial(*, lot: Lot, on: date, by: User, at: datetime) -> Lot:
    """Note that the next vial of `lot` was opened on that day. Raises LotRefused, ValidationError."""
    lot = locked_lot(lot)
    _refuse_opening(lot, on)
    lot.opened_on = on
    lot.vials_opened += 1
    lot.full_clean()
    lot.save(update_fields=["opened_on", "vials_opened"])
    _note(lot, LotEvent.Kind.OPENED, on=on, by=by, at=at)
    audit.record(kind=audit.Kind.LOT_OPENED, by=by, at=at, target=lot)
    return lot


def use_up_lot(*, lot: Lot, by: User, at: datetime) -> Lot:
    """Take `lot` out of stock. Raises LotUnchanged, LotRefused."""
    return _move(lot, Lot.Status.USED_UP, LotEvent.Kind.USED_UP, reason="", by=by, at=at)


@transaction.atomic
def restock_lot(*, lot: Lot, by: User, at: datetime) -> Lot:
    """Put `lot`, which was called used up, back in stock. Raises LotUnchanged, LotRefused."""
    if locked_lot(lot).status == Lot.Status.QUARANTINED:
        raise LotRefused(_("This lot is in quarantine. Release it with a reason."))
    return _move(lot, Lot.Status.AVAILABLE, LotEvent.Kind.RESTOCKED, reason="", by=by, at=at)


def quarantine_lot(*, lot: Lot, reason: str, by: User, at: datetime) -> Lot:
    """Put `lot` aside: from now on nobody may use it. Raises LotUnchanged, ValidationError."""
    kind = LotEvent.Kind.QUARANTINED
    return _move(lot, Lot.Status.QUARANTINED, kind, reason=reason, by=by, at=at)


@transaction.atomic
def release_lot(*, lot: Lot, reason: str, by: User, at: datetime) -> Lot:
    """Let `lot` be used again. Raises LotUnchanged, ValidationError, LotRefused if it is held."""
    if locked_lot(lot).status == Lot.Status.USED_UP:
        raise LotRefused(_("This lot is used up, not in quarantine."))
    if held := what_holds(lot.pk):
        raise LotRefused(held)
    kind = LotEvent.Kind.RELEASED
    return _move(lot, Lot.Status.AVAILABLE, kind, reason=reason, by=by, at=at)


def lock_lots(keys: Iterable[int]) -> dict[int, Lot]:
    """Lock lots until the transaction ends, before any other row, and return them read anew.

    So nobody uses a lot that is put in quarantine at the same moment, or the last vial twice.
    """
    return {lot.pk: lot for lot in _to_lock().filter(pk__in=set(keys)).order_by("pk")}


def locked_lot(lot: Lot) -> Lot:
    """Re-read `lot` and its product, to be used or changed in this transaction."""
    return _to_lock().get(pk=lot.pk)


def _to_lock() -> QuerySet[Lot]:
    return Lot.objects.select_for_update(no_key=True, of=("self",)).select_related("product")


@transaction.atomic
def _move(lot: Lot, status: str, kind: str, *, reason: str, by: User, at: datetime) -> Lot:
    lot = locked_lot(lot)
    if lot.status == status:
        raise LotUnchanged(lot.pk)
    if not can_move(lot.status, status):
        raise LotRefused(_("This lot is in quarantine. Release it first."))
    lot.status = status
    lot.save(update_fields=["status"])
    _note(lot, kind, on=timezone.localdate(at), reason=reason, by=by, at=at)
    audit.record(kind=audit.Kind.LOT_CHANGED, by=by, at=at, target=lot)
    return lot


def _refuse_opening(lot: Lot, on: date) -> None:
    facts = lot_facts(lot, spent=0)
    if lot.status != Lot.Status.AVAILABLE:
        raise LotRefused(_("This lot is not in stock."))
    if not facts.is_multi_dose:
        raise LotRefused(_("A single-dose vial is used at once: its opening is not noted."))
    if not can_open(facts):
        raise LotRefused(_("All vials of this lot were opened."))
    if lot.expires_on < on:
        raise LotRefused(_("This lot is past its date. Do not open it."))
    if lot.opened_on is not None and on < lot.opened_on:
        raise LotRefused(_("The vial before was opened after this day. Check the day."))


def _note(lot: Lot, kind: str, *, on: date, reason: str = "", by: User, at: datetime) -> None:
    event = LotEvent(lot=lot, kind=kind, on=on, reason=reason.strip(), at=at, by=by)
    event.full_clean()
    event.save(force_insert=True)
