"""Calls to patients after a session."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from records.domain.calls import Answer, CallTime


class AftercareCall(models.Model):
    """One call after a session, or one try at it. Lines are added, never changed."""

    class Answered(models.TextChoices):
        WELL = Answer.WELL.value, _("Reached, well")
        SYMPTOMS = Answer.SYMPTOMS.value, _("Reached, has symptoms")
        UNREACHED = Answer.UNREACHED.value, _("Not reached")

    session = models.ForeignKey(
        "treatment_sessions.TreatmentSession",
        on_delete=models.PROTECT,
        related_name="aftercare_calls",
    )
    time = models.CharField(max_length=10)
    answer = models.CharField(_("what came of the call"), max_length=10, choices=Answered)
    words = models.CharField(_("what was said"), max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(time__in=[time.value for time in CallTime]),
                name="aftercare_call_time_is_known",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["WELL", "UNREACHED"]) | Q(answer="SYMPTOMS") & ~Q(words=""),
                name="aftercare_call_says_what_was_found",
                violation_error_message=_("Say what was found."),
            ),
            models.UniqueConstraint(
                fields=["session", "time"],
                condition=~Q(answer="UNREACHED"),
                name="aftercare_call_is_answered_once",
                violation_error_message=_("Somebody reached the patient already."),
            ),
            FrozenRows(name="aftercare_call_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"call {self.time} after session {self.session_id}"
