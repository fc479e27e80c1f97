"""Indications, their published text, their protocols and the zones they treat."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from treatments.domain.limits import DEPTH_MM
from treatments.domain.text import FIELDS, PatientText
from treatments.models.cadence import CadenceNumbers


class IndicationQuerySet(models.QuerySet["Indication"]):
    """Indications of the clinic."""

    def active(self) -> Self:
        """Those that a course can be planned for, in the clinic's order."""
        return self.filter(is_active=True).order_by("position", "pk")


class Indication(models.Model):
    """What a course is for: cellulite, hair loss, ..."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("name on the board"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    needs_specialist = models.BooleanField(
        _("needs a specialist consultation before it starts"), default=False
    )
    rooms = models.ManyToManyField(
        "clinic.Room",
        related_name="indications",
        blank=True,
        help_text=_("Rooms set up for this. A room named by no indication suits all."),
    )

    objects = IndicationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class IndicationRevisionQuerySet(models.QuerySet["IndicationRevision"]):
    """Published texts."""

    def newest_first(self) -> Self:
        """The text in force first."""
        return self.order_by("-number", "pk")

    def in_force(self) -> Self:
        """The newest text of each indication."""
        return self.annotate(newest=Max("indication__revisions__number")).filter(number=F("newest"))


class IndicationRevision(models.Model):
    """One published text of an indication. Never changed: a change is a new revision."""

    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    summary = models.TextField(_("summary"))
    who_it_suits = models.TextField(_("who it suits"))
    evidence = models.TextField(_("evidence and its limits"))
    recovery_notes = models.TextField(
        _("recovery notes"), help_text=_("One line each, with its time: “48 hours: No sauna.”")
    )
    aftercare = models.TextField(_("after-care"), help_text=_("One line each."))
    when_to_call = models.TextField(
        _("get help the same day if you have"), help_text=_("One sign a line.")
    )
    disclaimer_addition = models.TextField(
        _("added to the disclaimer"), blank=True, help_text=_("The disclaimer itself stays.")
    )
    reason = models.CharField(_("why it changed"), max_length=200)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = IndicationRevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indication", "number"], name="indication_revision_is_numbered_once"
            ),
            models.CheckConstraint(
                condition=~Q(recovery_notes="") & ~Q(summary="") & ~Q(reason=""),
                name="indication_revision_is_complete",
                violation_error_message=_("Summary, recovery notes and reason must be filled in."),
            ),
            FrozenRows(
                name="indication_revision_is_immutable",
                violation_error_message=_("A published text is never changed; publish a new one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indication_id} version {self.number}"

    @property
    def text(self) -> PatientText:
        """What the patient reads in this version."""
        return PatientText(**{name: getattr(self, name) for name in FIELDS})


class Protocol(CadenceNumbers):
    """The numbers a new course of an indication begins with. They narrow the limits, never widen."""

    indication = models.OneToOneField(Indication, on_delete=models.PROTECT, related_name="protocol")
    depth_min_mm = models.DecimalField(_("depth, from (mm)"), max_digits=2, decimal_places=1)
    depth_max_mm = models.DecimalField(_("depth, to (mm)"), max_digits=2, decimal_places=1)
    downtime_min_days = models.PositiveSmallIntegerField(_("rest days, from"), default=0)
    downtime_max_days = models.PositiveSmallIntegerField(_("rest days, to"), default=0)
    max_volume_ml = models.DecimalField(_("most per session (ml)"), max_digits=5, decimal_places=2)
    techniques = models.JSONField(_("techniques"), default=list)
    outcome_scales = models.JSONField(_("outcome scales"), default=list)

    class Meta:
        constraints = [
            *CadenceNumbers.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    depth_min_mm__range=DEPTH_MM,
                    depth_max_mm__range=DEPTH_MM,
                    depth_max_mm__gte=F("depth_min_mm"),
                ),
                name="protocol_depth_is_1_to_4_mm",
                violation_error_message=_("Depth is 1.0 to 4.0 mm."),
            ),
            models.CheckConstraint(
                condition=Q(downtime_max_days__gte=F("downtime_min_days")),
                name="protocol_downtime_is_in_order",
                violation_error_message=_("Rest days: the higher number comes second."),
            ),
        ]

    def __str__(self) -> str:
        return f"protocol of {self.indication_id}"


class Zone(models.Model):
    """A part of the body that an indication treats."""

    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="zones")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indication", "code"], name="zone_code_is_unique")
        ]

    def __str__(self) -> str:
        return self.name
