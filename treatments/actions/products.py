"""Writes of products, as far as a clinic sets them, and of their lots."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from treatments.domain.stock import volume_fits, volumes_in_order
from treatments.models import Lot, Product


class LotUnchanged(Exception):
    """The lot has the wanted status already."""


@transaction.atomic
def change_product(
    *,
    product: Product,
    is_enabled: bool,
    usual_volume_ml: Decimal | None,
    max_volume_ml: Decimal | None,
    min_interval_days: int,
    max_points: int | None = None,
    max_point_ml: Decimal | None = None,
    max_treatments: int | None = None,
    gtin: str = "",
    by: User,
    at: datetime,
) -> Product:
    """Set what a clinic decides about `product`: whether it is used, how much, how often.

    Volumes are ml a session, None if another rule limits them; so are points and sessions. `gtin`
    is the number in its boxes' code. Raises ValidationError.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if not (volume_fits(usual_volume_ml) and volume_fits(max_volume_ml)):
        raise ValidationError(_("A volume is 0.05 to 100 ml."))
    if not volumes_in_order(usual_volume_ml, max_volume_ml):
        raise ValidationError(_("The usual volume must not be above the most per session."))
    product.is_enabled = is_enabled
    product.usual_volume_ml, product.max_volume_ml = usual_volume_ml, max_volume_ml
    product.min_interval_days = min_interval_days
    product.max_points, product.max_point_ml = max_points, max_point_ml
    product.max_treatments, product.gtin = max_treatments, gtin
    product.full_clean()
    product.save(
        update_fields=[
            "is_enabled",
            "usual_volume_ml",
            "max_volume_ml",
            "min_interval_days",
            "max_points",
            "max_point_ml",
            "max_treatments",
            "gtin",
        ]
    )
    audit.record(kind=audit.Kind.PRODUCT_CHANGED, by=by, at=at, target=product)
    return product


@transaction.atomic
def receive_lot(*, product: Product, number: str, expires_on: date, by: User, at: datetime) -> Lot:
    """Put a lot of `product` in stock. Raises ValidationError if it is there already."""
    # One at a time for each product, so that the same lot typed twice meets its check.
    product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    lot = Lot(product=product, number=number, expires_on=expires_on)
    lot.full_clean()
    lot.save(force_insert=True)
    audit.record(kind=audit.Kind.LOT_RECEIVED, by=by, at=at, target=lot)
    return lot


@transaction.atomic
def set_lot_status(*, lot: Lot, status: str, by: User, at: datetime) -> Lot:
    """Quarantine, release or use up `lot`. Raises LotUnchanged if it is so already."""
    lot = Lot.objects.select_for_update(no_key=True).get(pk=lot.pk)
    if lot.status == status:
        raise LotUnchanged(lot.pk)
    lot.status = status
    lot.full_clean()
    lot.save(update_fields=["status"])
    audit.record(kind=audit.Kind.LOT_CHANGED, by=by, at=at, target=lot)
    return lot
