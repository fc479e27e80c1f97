"""What is injected or applied, and its lots."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from treatments.domain.stock import DAYS_AFTER_OPENING


class ProductQuerySet(models.QuerySet["Product"]):
    """Products of the clinic."""

    def enabled(self) -> Self:
        """Those the clinic uses, by name."""
        return self.filter(is_enabled=True).order_by("name", "pk")


class Product(models.Model):
    """A product by its generic name."""

    class Route(models.TextChoices):
        INTRADERMAL = "INTRADERMAL", _("Into the skin")
        SUBCUTANEOUS = "SUBCUTANEOUS", _("Under the skin")
        TOPICAL = "TOPICAL", _("On the skin")
        ANY = "ANY", _("Any")

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    strength = models.CharField(_("strength"), max_length=60, blank=True)
    product_class = models.CharField(_("class"), max_length=40)
    usual_volume_ml = models.DecimalField(
        _("usual volume (ml)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    max_volume_ml = models.DecimalField(
        _("most per session (ml)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    max_points = models.PositiveSmallIntegerField(
        _("most points per session"), null=True, blank=True
    )
    max_point_ml = models.DecimalField(
        _("most per point (ml)"), max_digits=4, decimal_places=3, null=True, blank=True
    )
    max_treatments = models.PositiveSmallIntegerField(
        _("most sessions with it"), null=True, blank=True
    )
    # What an anaesthetic counts for when the lidocaine of a session is added up.
    lidocaine_percent = models.DecimalField(
        _("lidocaine (%)"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    gtin = models.CharField(_("number in the box’s code"), max_length=14, blank=True)
    route = models.CharField(_("route"), max_length=12, choices=Route)
    min_interval_days = models.PositiveSmallIntegerField(_("least days between uses"), default=0)
    allergens = models.JSONField(_("allergens"), default=list, blank=True)
    caution = models.TextField(_("caution"), blank=True)
    source = models.CharField(_("source of the numbers"), max_length=200)
    is_enabled = models.BooleanField(_("in use"), default=True)
    is_multi_dose = models.BooleanField(_("several doses in a vial"), default=False)
    days_after_opening = models.PositiveSmallIntegerField(
        _("days after opening"), null=True, blank=True
    )
    low_stock_below = models.PositiveIntegerField(_("stock is low below"), default=0)
    indications = models.ManyToManyField(
        "treatments.Indication", related_name="products", blank=True
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(min_interval_days__lte=365), name="product_interval_is_within_a_year"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="product_numbers_have_a_source"),
            models.CheckConstraint(
                condition=Q(days_after_opening__isnull=True)
                | Q(is_multi_dose=True, days_after_opening__range=DAYS_AFTER_OPENING),
                name="opened_vial_is_used_within_28_days",
                violation_error_message=_(
                    "Days after opening are 1 to 28, and only for a vial with several doses."
                ),
            ),
            models.CheckConstraint(
                condition=Q(lidocaine_percent__isnull=True)
                | Q(lidocaine_percent__gt=0, lidocaine_percent__lte=10),
                name="product_lidocaine_is_at_most_10_percent",
            ),
            # A detergent in the skin itself can cause ulcers. [S10]
            models.CheckConstraint(
                condition=~Q(product_class="detergent") | Q(route="SUBCUTANEOUS"),
                name="detergent_goes_under_the_skin",
                violation_error_message=_("A detergent must go under the skin."),
            ),
            models.UniqueConstraint(
                fields=["gtin"],
                condition=~Q(gtin=""),
                name="box_code_belongs_to_one_product",
                violation_error_message=_("Another product has this number. Check the box."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.strength}".strip()


class LotQuerySet(models.QuerySet["Lot"]):
    """Lots in stock."""

    def usable_on(self, day: date) -> Self:
        """Lots of enabled products that stand in stock on `day`, first to expire first.

        `treatments.domain.stock.lot_refusal` has the last word on each.
        """
        return self.filter(
            status=Lot.Status.AVAILABLE, expires_on__gte=day, product__is_enabled=True
        ).order_by("product__name", "expires_on", "pk")


class Lot(models.Model):
    """A lot of a product, as printed on its box."""

    class Status(models.TextChoices):
        AVAILABLE = "AVAILABLE", _("Available")
        QUARANTINED = "QUARANTINED", _("Quarantined")
        USED_UP = "USED_UP", _("Used up")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(_("lot number"), max_length=60)
    expires_on = models.DateField(_("use by"))
    status = models.CharField(max_length=12, choices=Status, default=Status.AVAILABLE)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    # Vials, ampoules or tubes; null for a lot that nobody counted.
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    # Of the vial in use, if the product has several doses in one.
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    vials_opened = models.PositiveIntegerField(_("vials opened"), default=0)

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "number"],
                name="lot_number_is_unique",
                violation_error_message=_("This lot is entered already."),
            ),
            models.CheckConstraint(condition=~Q(number=""), name="lot_has_a_number"),
            models.CheckConstraint(
                condition=Q(status__in=["AVAILABLE", "QUARANTINED", "USED_UP"]),
                name="lot_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=1),
                name="lot_quantity_is_positive",
                violation_error_message=_("A lot has at least one vial."),
            ),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True, vials_opened=0)
                | Q(opened_on__isnull=False, vials_opened__gte=1),
                name="lot_opened_day_comes_with_a_vial",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(vials_opened__lte=F("quantity")),
                name="lot_vials_opened_came_in",
                violation_error_message=_("All vials of this lot were opened."),
            ),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True)
                | Q(received_on__isnull=True)
                | Q(opened_on__gte=F("received_on")),
                name="lot_is_opened_after_it_came_in",
                violation_error_message=_("A vial is opened on or after the day it came in."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LotEvent(models.Model):
    """What happened to a lot. Lines are added, never changed."""

    class Kind(models.TextChoices):
        RECEIVED = "RECEIVED", _("Came in")
        OPENED = "OPENED", _("Vial opened")
        USED_UP = "USED_UP", _("Used up")
        RESTOCKED = "RESTOCKED", _("Put back in stock")
        QUARANTINED = "QUARANTINED", _("Put in quarantine")
        RELEASED = "RELEASED", _("Released")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["QUARANTINED", "RELEASED"]) | ~Q(reason=""),
                name="lot_quarantine_has_a_reason",
                violation_error_message=_("Enter the reason."),
            ),
            FrozenRows(name="lot_event_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of lot {self.lot_id}"
