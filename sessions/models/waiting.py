"""Who would take an earlier time, and who was called about one."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models import Patient
from sessions.models.appointments import Appointment

# A fortnight is as far as anybody needs to be told before.
MOST_NOTICE_HOURS = 14 * 24


class WaitlistEntryQuerySet(models.QuerySet["WaitlistEntry"]):
    """Entries of the waiting list."""

    def open(self) -> Self:
        """Those that still wait."""
        return self.filter(ended="")

    def with_people(self) -> Self:
        """With all that a row of the list shows, in one query."""
        return self.select_related(
            "patient",
            "practitioner",
            "site",
            "added_by",
            "session__course__indication",
            "session__course__patient",
            "session__course__practitioner",
            "session__course__site",
        )

    def in_order(self) -> Self:
        """The one that waits longest first."""
        return self.order_by("added_at", "pk")


class WaitlistEntry(models.Model):
    """A patient who would take an earlier time for `session`, or for a visit of another `kind`.

    `practitioner` null, no `weekdays` and the time of day "any" mean that all will do. Such a visit
    takes `minutes`; a session takes what its course says. Nobody is offered a time that is less
    than `notice_hours` away, or after `until`.
    """

    class Ended(models.TextChoices):
        BOOKED = "BOOKED", _("Booked")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        NOT_POSSIBLE = "NOT_POSSIBLE", _("No longer possible")

    kind = models.CharField(max_length=12, choices=Appointment.Kind)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="waitlist_entries"
    )
    session = models.ForeignKey(
        "treatment_sessions.TreatmentSession",
        on_delete=models.PROTECT,
        related_name="waitlist_entries",
        null=True,
        blank=True,
    )
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    site = models.ForeignKey("clinic.Site", on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # Weekdays as Python counts them (0 is Monday); empty means any.
    weekdays = models.JSONField(default=list, blank=True)
    time_of_day = models.CharField(
        max_length=12, choices=Patient.TimeOfDay, default=Patient.TimeOfDay.ANY
    )
    notice_hours = models.PositiveSmallIntegerField(default=0)
    until = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended = models.CharField(max_length=12, choices=Ended, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Null for what ended by itself, overnight.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # The act that booked it.
    change = models.ForeignKey(
        "treatment_sessions.ScheduleChange",
        on_delete=models.PROTECT,
        related_name="waitlist_entries",
        null=True,
        blank=True,
    )

    objects = WaitlistEntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["site", "ended"], name="waitlist_by_site")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="SESSION", session__isnull=False, minutes__isnull=True)
                # A comparison with NULL would let a missing length pass.
                | (
                    ~Q(kind="SESSION")
                    & Q(session__isnull=True, minutes__isnull=False, minutes__gte=5)
                ),
                name="waitlist_entry_says_what_for",
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(ended=""),
                name="session_waits_once",
                violation_error_message=_("This session is on the waiting list already."),
            ),
            models.UniqueConstraint(
                fields=["patient", "kind"],
                condition=Q(ended="", session__isnull=True),
                name="patient_waits_once_for_a_kind",
                violation_error_message=_("This patient is on the waiting list for it already."),
            ),
            models.CheckConstraint(
                condition=Q(ended="", ended_at__isnull=True, ended_by__isnull=True)
                | Q(
                    ended__in=["BOOKED", "WITHDRAWN"],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                )
                | Q(ended="NOT_POSSIBLE", ended_at__isnull=False),
                name="waitlist_entry_ended_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(ended="BOOKED", change__isnull=False)
                | (~Q(ended="BOOKED") & Q(change__isnull=True)),
                name="waitlist_entry_booked_names_the_act",
            ),
            models.CheckConstraint(
                condition=Q(notice_hours__lte=MOST_NOTICE_HOURS),
                name="waitlist_entry_needs_a_fortnights_notice_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"waitlist entry {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the patient still waits."""
        return not self.ended


class WaitlistCall(models.Model):
    """Somebody called about a time, and nobody answered. It keeps two people from calling twice."""

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["entry", "at"], name="waitlist_call_by_entry")]

    def __str__(self) -> str:
        return f"call {self.pk} about waitlist entry {self.entry_id}"
