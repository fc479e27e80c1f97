"""What an answer to a health question means for a treatment, and what a prescriber signed off."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from treatments.domain.screening.rules import LONGEST_LIMIT_DAYS
from treatments.domain.screening.rules import Level as RuleLevel


class ContraindicationRuleQuerySet(models.QuerySet["ContraindicationRule"]):
    """Rules of the clinic."""

    def in_use(self) -> Self:
        """Those in force whose question is asked, in an order that stays."""
        asked = Q(question__isnull=True) | Q(question__is_active=True)
        return self.filter(asked, is_active=True).order_by("code")


class ContraindicationRule(models.Model):
    """What one answer means: for all treatments or one, all products or some, all zones or one.

    The rule is triggered by `trigger`, or (without a question) by an age above `above_age`. A yes
    with a day counts from `days_before` that day until `days_after` it; null means without a limit.
    """

    class Level(models.TextChoices):
        BLOCK = RuleLevel.BLOCK.value, _("Must not be treated")
        SIGNOFF = RuleLevel.SIGNOFF.value, _("A prescriber decides")
        WARN = RuleLevel.WARN.value, _("Take care")
        INFO = RuleLevel.INFO.value, _("For information")

    class Trigger(models.TextChoices):
        YES = "YES", _("Yes")
        NO = "NO", _("No")

    code = models.SlugField(max_length=60, unique=True)
    question = models.ForeignKey(
        "patients.ScreeningQuestion",
        on_delete=models.PROTECT,
        related_name="rules",
        null=True,
        blank=True,
    )
    trigger = models.CharField(max_length=4, choices=Trigger, default=Trigger.YES)
    above_age = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.CharField(max_length=8, choices=Level)
    indication = models.ForeignKey(
        "treatments.Indication",
        on_delete=models.PROTECT,
        related_name="contraindication_rules",
        null=True,
        blank=True,
    )
    product_class = models.CharField(max_length=40, blank=True)
    allergen = models.CharField(max_length=40, blank=True)
    product = models.ForeignKey(
        "treatments.Product", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # The code of a zone, which several indications may have.
    zone = models.SlugField(max_length=40, blank=True)
    days_before = models.PositiveSmallIntegerField(null=True, blank=True)
    days_after = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(_("what it says"), max_length=300)
    source = models.CharField(_("source"), max_length=200)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ContraindicationRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, above_age__isnull=True)
                | Q(question__isnull=True, above_age__isnull=False),
                name="rule_asks_a_question_or_an_age",
            ),
            models.CheckConstraint(
                condition=Q(product_class="", allergen="")
                | Q(product_class="", product__isnull=True)
                | Q(allergen="", product__isnull=True),
                name="rule_names_products_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in RuleLevel]),
                name="rule_has_a_level",
            ),
            models.CheckConstraint(
                condition=(
                    Q(days_before__isnull=True) | Q(days_before__range=(1, LONGEST_LIMIT_DAYS))
                )
                & (Q(days_after__isnull=True) | Q(days_after__range=(1, LONGEST_LIMIT_DAYS))),
                name="rule_has_possible_limits",
            ),
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(source=""), name="rule_has_words_and_a_source"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Clearance(models.Model):
    """A prescriber's sign-off: this answer does not keep this course from going on. Never changed.

    It ends by itself when the answer changes or after its time. `answer` is null if the rule is
    about age.
    """

    course = models.ForeignKey(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="clearances"
    )
    rule = models.ForeignKey(
        ContraindicationRule, on_delete=models.PROTECT, related_name="clearances"
    )
    answer = models.ForeignKey(
        "patients.ScreeningAnswer", on_delete=models.PROTECT, related_name="+", null=True
    )
    reason = models.CharField(_("why it is safe to go on"), max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["course", "rule", "at"], name="clearance_by_course")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="clearance_has_a_reason",
                violation_error_message=_("Say why it is safe to go on."),
            ),
            FrozenRows(name="clearance_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"clearance {self.pk}"


class ClearanceWithdrawal(models.Model):
    """A sign-off that was taken back. From then on it lifts nothing."""

    clearance = models.OneToOneField(Clearance, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="clearance_is_withdrawn_with_a_reason",
                violation_error_message=_("Say why the sign-off is taken back."),
            ),
            FrozenRows(name="clearance_withdrawal_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"withdrawal of clearance {self.clearance_id}"
