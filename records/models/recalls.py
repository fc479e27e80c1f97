"""A lot that is taken back: whom it touched, and who was told."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from records.domain import recalls as rules

_CLOSED = _("This recall is closed. Nothing of it is changed any more.")


class Recall(models.Model):
    """Lots that must not be used any more, and why. Closed, it stays as it is."""

    lots = models.ManyToManyField("treatments.Lot", through="RecallLot", related_name="recalls")
    reason = models.CharField(_("reason"), max_length=300)
    source = models.CharField(_("notice"), max_length=200)
    script = models.TextField(_("what callers say"), blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    summary = models.TextField(_("summary"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(source=""),
                name="recall_has_reason_and_notice",
                violation_error_message=_("Enter the reason and the notice."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, summary="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(summary=""),
                name="recall_is_closed_with_a_summary",
                violation_error_message=_("Enter the summary."),
            ),
            FrozenRows(
                name="closed_recall_is_immutable",
                when=Q(closed_at__isnull=False),
                violation_error_message=_CLOSED,
            ),
        ]

    def __str__(self) -> str:
        return f"recall {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether patients are still to be told."""
        return self.closed_at is None


class RecallLot(models.Model):
    """A lot of a recall."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="recalled")
    lot = models.ForeignKey("treatments.Lot", on_delete=models.PROTECT, related_name="recalled")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "lot"], name="lot_is_recalled_once"),
            FrozenRows(name="recall_lot_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"lot {self.lot_id} of recall {self.recall_id}"


class RecallContact(models.Model):
    """A patient whom the lots touched, and how the calls went. Closing locks it."""

    class Status(models.TextChoices):
        UNREACHED = "UNREACHED", _("Not reached")
        REACHED = "REACHED", _("Reached, well")
        SYMPTOMATIC = "SYMPTOMATIC", _("Has symptoms")
        REFERRED = "REFERRED", _("Referred")

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="contacts")
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="recall_contacts"
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.UNREACHED)
    last_used_on = models.DateField()
    attempt_count = models.PositiveIntegerField(default=0)
    is_locked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "patient"], name="patient_is_recalled_once"),
            models.CheckConstraint(
                condition=Q(status__in=["UNREACHED", "REACHED", "SYMPTOMATIC", "REFERRED"]),
                name="recall_contact_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="UNREACHED") | Q(attempt_count__gte=1),
                name="recall_contact_is_reached_by_an_attempt",
            ),
            FrozenRows(
                name="contact_of_closed_recall_is_immutable",
                when=Q(is_locked=True),
                beside=["recall"],
                violation_error_message=_CLOSED,
            ),
        ]
        indexes = [
            models.Index(fields=["recall", "status"], name="recall_contact_by_status"),
            # What the lock looks at for each row that is added: empty until the recall is closed.
            models.Index(
                fields=["recall"], condition=Q(is_locked=True), name="recall_contact_locked"
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk} of recall {self.recall_id}"

    @property
    def watch_until(self) -> date:
        """The day until which infections are watched for."""
        return rules.watch_until(self.last_used_on)


class RecallUse(models.Model):
    """Where a recalled lot went, as it stood when it was found. `zone` is null for an agent.

    `is_late` says that it was typed after the lot was put in quarantine.
    """

    contact = models.ForeignKey(RecallContact, on_delete=models.PROTECT, related_name="uses")
    session = models.ForeignKey(
        "treatment_sessions.TreatmentSession", on_delete=models.PROTECT, related_name="recall_uses"
    )
    lot = models.ForeignKey("treatments.Lot", on_delete=models.PROTECT, related_name="recall_uses")
    zone = models.ForeignKey(
        "treatments.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    used_on = models.DateField()
    was_signed = models.BooleanField()
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints = [FrozenRows(name="recall_use_is_append_only")]

    def __str__(self) -> str:
        return f"use {self.pk} of contact {self.contact_id}"


class RecallAttempt(models.Model):
    """One call, or one try at it. Lines are added, never changed."""

    contact = models.ForeignKey(RecallContact, on_delete=models.PROTECT, related_name="attempts")
    status = models.CharField(max_length=12, choices=RecallContact.Status)
    words = models.CharField(_("what was said"), max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["UNREACHED", "REACHED"])
                | Q(status__in=["SYMPTOMATIC", "REFERRED"]) & ~Q(words=""),
                name="recall_attempt_says_what_was_found",
                violation_error_message=_("Say what was found."),
            ),
            FrozenRows(name="recall_attempt_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk} of contact {self.contact_id}"
