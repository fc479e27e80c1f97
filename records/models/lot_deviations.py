"""A lot that was in quarantine by the time its session was signed, and why the record stands."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows


class LotDeviation(models.Model):
    """A prescriber's reason for the signature of a record that names a lot in quarantine.

    What was given was given: the record says so. `quarantine` is the line of the lot's history
    that it is about, null if the lot has none. `was_before` says that the lot was put aside before
    the session began.
    """

    record = models.ForeignKey(
        "records.SessionRecord", on_delete=models.PROTECT, related_name="lot_deviations"
    )
    lot = models.ForeignKey("treatments.Lot", on_delete=models.PROTECT, related_name="+")
    quarantine = models.ForeignKey(
        "treatments.LotEvent", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    was_before = models.BooleanField()
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="lot_deviation_has_a_reason",
                violation_error_message=_("Say why the record may be signed."),
            ),
            models.UniqueConstraint(
                fields=["record", "lot", "quarantine"], name="lot_deviation_is_kept_once"
            ),
            models.UniqueConstraint(
                fields=["record", "lot"],
                condition=Q(quarantine__isnull=True),
                name="lot_deviation_without_history_is_kept_once",
            ),
            FrozenRows(name="lot_deviation_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"deviation {self.pk} of record {self.record_id}"
