"""How a result was scored. Every row is written once; a correction is a row of its own."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from records.domain import outcomes as rules
from records.domain import scale_shapes
from records.domain.scale_shapes import Scale
from records.domain.scales import SCALES

# No scale goes beyond; each one's own range is checked with the row.
MOST = Decimal(1000)


class Rater(models.TextChoices):
    """Who gave the value."""

    CLINICIAN = scale_shapes.Rater.CLINICIAN.value, _("Clinician")
    PATIENT = scale_shapes.Rater.PATIENT.value, _("Patient")
    DEVICE = scale_shapes.Rater.DEVICE.value, _("Device")


class Side(models.TextChoices):
    """Where it was scored."""

    WHOLE = scale_shapes.Side.WHOLE.value, _("Whole area")
    LEFT = scale_shapes.Side.LEFT.value, _("Left")
    RIGHT = scale_shapes.Side.RIGHT.value, _("Right")


class Occasion(models.TextChoices):
    """What it was scored for."""

    BASELINE = rules.Occasion.BASELINE.value, _("Baseline")
    MID_COURSE = rules.Occasion.MID_COURSE.value, _("Mid-course")
    END = rules.Occasion.END.value, _("End of the course")
    MONTHS_3 = rules.Occasion.MONTHS_3.value, _("3 months")
    MONTHS_6 = rules.Occasion.MONTHS_6.value, _("6 months")
    MONTHS_12 = rules.Occasion.MONTHS_12.value, _("12 months")
    OTHER = rules.Occasion.OTHER.value, _("Other")


class OutcomeQuerySet(models.QuerySet["OutcomeAssessment"]):
    """Scores."""

    def current(self) -> Self:
        """Those that stand: not replaced by a correction."""
        return self.filter(replaced_by__isnull=True)

    def in_order(self) -> Self:
        """By the day they are of."""
        return self.order_by("assessed_on", "recorded_at", "pk")

    def with_people(self) -> Self:
        """With course, patient, rater and who typed it, in one query."""
        return self.select_related(
            "course__patient",
            "course__site",
            "course__indication",
            "rated_by",
            "recorded_by",
            "replaced_by__recorded_by",
        )


class OutcomeAssessment(models.Model):
    """One value of one scale, on one day. Never changed.

    `label` is the words that stood beside the value when it was chosen. `rated_by` is the clinician
    who scored or held the device, null if the patient scored. `is_before_session` says that a
    session was given on that day, and that the score is from before it.
    """

    course = models.ForeignKey(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="outcomes"
    )
    scale = models.CharField(_("scale"), max_length=24)
    side = models.CharField(_("side"), max_length=5, choices=Side, blank=True, default="")
    value = models.DecimalField(_("value"), max_digits=6, decimal_places=2)
    label = models.CharField(_("in words"), max_length=200, blank=True)
    rater = models.CharField(_("scored by"), max_length=9, choices=Rater)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion)
    assessed_on = models.DateField(_("day"))
    is_before_session = models.BooleanField(default=False)
    notes = models.TextField(_("notes"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    key = models.UUIDField()
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    reason = models.CharField(_("why it is corrected"), max_length=200, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["course", "assessed_on"], name="outcome_by_course")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "scale", "side", "rater"], name="outcome_is_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=MOST),
                name="outcome_value_is_sane",
                violation_error_message=_("The value must be between 0 and 1000."),
            ),
            models.CheckConstraint(
                condition=~Q(scale=""),
                name="outcome_has_a_scale",
                violation_error_message=_("Choose a scale."),
            ),
            models.CheckConstraint(
                condition=Q(rater="PATIENT", rated_by__isnull=True)
                | (~Q(rater="PATIENT") & Q(rated_by__isnull=False)),
                name="outcome_has_a_rater",
                violation_error_message=_("Say who scored."),
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="")
                | (Q(replaces__isnull=False) & ~Q(reason="")),
                name="outcome_is_corrected_with_a_reason",
                violation_error_message=_("Say why the value is corrected."),
            ),
            FrozenRows(
                name="outcome_is_append_only",
                violation_error_message=_("A score is never changed; correct it."),
            ),
        ]

    def __str__(self) -> str:
        return f"outcome {self.pk}"

    def clean(self) -> None:
        """Raise ValidationError for a value, a side or a rater that the scale does not have."""
        scale = SCALES.get(self.scale)
        if scale is None:
            raise ValidationError({"scale": _("This scale is not known. Choose another.")})
        if self.side not in scale.sides:
            raise ValidationError({"side": _("This scale is not scored on that side.")})
        if self.rater not in scale.raters:
            raise ValidationError({"rater": _("This scale is scored by somebody else.")})
        if self.value is not None and not scale.allows(self.value):
            raise ValidationError({"value": value_sentence(scale)})

    @property
    def is_replaced(self) -> bool:
        """Whether a correction stands in its place."""
        return hasattr(self, "replaced_by")

    @property
    def known_scale(self) -> Scale:
        """The scale itself."""
        return SCALES[self.scale]


def value_sentence(scale: Scale) -> str:
    """Return which values `scale` has, in a sentence."""
    return _("%(name)s must be %(least)s to %(most)s, in steps of %(step)s.") % {
        "name": scale.name,
        "least": f"{scale.least.normalize():f}",
        "most": f"{scale.most.normalize():f}",
        "step": f"{scale.step.normalize():f}",
    }
