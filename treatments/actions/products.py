"""Writes of products, as far as a clinic sets them."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from treatments.domain.stock import volume_fits, volumes_in_order
from treatments.models import Product

_SET_BY_CLINIC = (
    "is_enabled",
    "usual_volume_ml",
    "max_volume_ml",
    "min_interval_days",
    "max_points",
    "max_point_ml",
    "max_treatments",
    "gtin",
    "is_multi_dose",
    "days_after_opening",
    "low_stock_below",
)


@transaction.atomic
def change_product(
    *,
    product: Product,
    is_enabled: bool,
    usual_volume_ml: Decimal | None,
    max_volume_ml: Decimal | None,
    min_interval_days: int,
    is_multi_dose: bool = False,
    days_after_opening: int | None = None,
    low_stock_below: int = 0,
    max_points: int | None = None,
    max_point_ml: Decimal | None = None,
    max_treatments: int | None = None,
    gtin: str = "",
    by: User,
    at: datetime,
) -> Product:
    """Set what a clinic decides about `product`: whether it is used, how much, how often.

    Volumes are ml a session, None if another rule limits them; so are points and sessions.
    `days_after_opening` is for a vial with several doses, None if its label says nothing. `gtin` is
    the number in its boxes' code. Raises ValidationError.
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
    product.is_multi_dose, product.days_after_opening = is_multi_dose, days_after_opening
    product.low_stock_below = low_stock_below
    product.full_clean()
    product.save(update_fields=_SET_BY_CLINIC)
    audit.record(kind=audit.Kind.PRODUCT_CHANGED, by=by, at=at, target=product)
    return product
