"""What was done to the calendar in one act, so that it is done once and can be taken back whole."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ScheduleChange(models.Model):
    """One act: a course booked, sessions moved. `key` comes from the form and is used once."""

    class Kind(models.TextChoices):
        BOOKED = "BOOKED", _("Booked")
        MOVED = "MOVED", _("Moved")

    class Reason(models.TextChoices):
        PATIENT = "PATIENT", _("Patient asked")
        UNWELL = "UNWELL", _("Patient unwell")
        CLINIC = "CLINIC", _("Clinic asked")

    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    # The course that this act made, if it made one.
    new_course = models.OneToOneField(
        "treatments.TreatmentCourse",
        on_delete=models.PROTECT,
        related_name="made_by_change",
        null=True,
        blank=True,
    )
    reason = models.CharField(_("reason"), max_length=8, choices=Reason, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        indexes = [models.Index(fields=["at"], name="schedule_change_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="schedule_change_is_undone_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"schedule change {self.pk}"


class ScheduleChangeLine(models.Model):
    """One appointment of an act: the place it had before, if it had one, and the one it got."""

    change = models.ForeignKey(ScheduleChange, on_delete=models.PROTECT, related_name="lines")
    appointment = models.ForeignKey(
        "treatment_sessions.Appointment", on_delete=models.PROTECT, related_name="changes"
    )
    was_starts_at = models.DateTimeField(null=True, blank=True)
    was_practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    was_room = models.ForeignKey(
        "clinic.Room", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    starts_at = models.DateTimeField()
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    room = models.ForeignKey("clinic.Room", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "appointment"], name="schedule_change_names_a_place_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    was_starts_at__isnull=True,
                    was_practitioner__isnull=True,
                    was_room__isnull=True,
                )
                | Q(
                    was_starts_at__isnull=False,
                    was_practitioner__isnull=False,
                    was_room__isnull=False,
                ),
                name="schedule_change_knows_the_whole_place_before",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk} of schedule change {self.change_id}"


class ScheduleCheck(models.Model):
    """One run of the check over all courses and appointments. `violations` are sentences."""

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    seconds = models.FloatField()
    checked = models.JSONField(default=dict)
    violations = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="schedule_check_by_time")]

    def __str__(self) -> str:
        return f"schedule check {self.at:%Y-%m-%d %H:%M}"
