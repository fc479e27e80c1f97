"""Places in the calendar, and the promise that none is given twice."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from clinic.models import Site
from meso_clinic.core.constraints import FrozenRows, NoOverlapConstraint
from sessions.models.busy_weeks import StampedWeeks

# Appointments with their buffers are far shorter.
LONGEST_HOLD = timedelta(days=1)
LIVE = ("BOOKED", "ARRIVED", "IN_TREATMENT", "DONE")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments, by day and by life."""

    def live(self) -> Self:
        """Those that hold their time: booked, arrived, in treatment or done."""
        return self.filter(status__in=LIVE)

    def still_booked(self) -> Self:
        """Those that are booked: nobody has come yet, and nobody has said so."""
        # As a literal, or SQLite would not see that the index of these few answers it. An index of
        # the status for everybody would be worse: it takes that one instead of a narrow one.
        table = self.model._meta.db_table
        return self.filter(
            RawSQL(f""""{table}"."status" = 'BOOKED'""", [], output_field=models.BooleanField())
        )

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Those that share a moment with the span from `starts_at` to before `ends_at` (aware)."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def on_days(self, first: date, last: date, site: Site) -> Self:
        """Those of `site` that begin from `first` to `last`, days of the site's own time zone."""
        ends = datetime.combine(last + timedelta(days=1), time.min, site.zone)
        begins = datetime.combine(first, time.min, site.zone)
        return self.at_site(site, begins=begins).filter(starts_at__lt=ends, held_from__lt=ends)

    def at_site(self, site: Site, *, begins: datetime) -> Self:
        """Those of `site` that begin at `begins` (aware) or later."""
        return self.filter(
            room__site=site,
            starts_at__gte=begins,
            # So that the index of the rooms answers it, however long their history is.
            held_from__gt=begins - LONGEST_HOLD,
        )

    def in_order(self) -> Self:
        """By time."""
        return self.order_by("starts_at", "pk")

    def with_people(self) -> Self:
        """With all that a row of the day shows, in one query."""
        return self.select_related(
            "patient", "practitioner", "room__site", "session__course__indication"
        )


class Appointment(models.Model):
    """A patient's place in the calendar with a practitioner in a room.

    For `session` appointments `session` names the step of the course. A no-show or cancellation
    ends the appointment; the step stays and gets another one.
    """

    class Kind(models.TextChoices):
        SESSION = "SESSION", _("Session")
        CONSULTATION = "CONSULTATION", _("Consultation")
        REVIEW = "REVIEW", _("Review")

    class Status(models.TextChoices):
        BOOKED = "BOOKED", _("Booked")
        ARRIVED = "ARRIVED", _("Waiting")
        IN_TREATMENT = "IN_TREATMENT", _("In treatment")
        DONE = "DONE", _("Done")
        CANCELLED = "CANCELLED", _("Cancelled")
        NO_SHOW = "NO_SHOW", _("No-show")

    class CancelReason(models.TextChoices):
        PATIENT = "PATIENT", _("Patient asked")
        UNWELL = "UNWELL", _("Patient unwell")
        CLINIC = "CLINIC", _("Clinic asked")
        UNDONE = "UNDONE", _("Taken back")

        @classmethod
        def to_choose(cls) -> list[tuple[str, Any]]:
            """Return what a person may give as the reason; an Undo writes the other one."""
            return [choice for choice in cls.choices if choice[0] != cls.UNDONE]

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SESSION)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="appointments"
    )
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments"
    )
    room = models.ForeignKey("clinic.Room", on_delete=models.PROTECT, related_name="appointments")
    session = models.ForeignKey(
        "treatment_sessions.TreatmentSession",
        on_delete=models.PROTECT,
        related_name="appointments",
        null=True,
        blank=True,
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # What practitioner and room are held for: the appointment with the buffers around it.
    held_from = models.DateTimeField()
    held_until = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status, default=Status.BOOKED)
    # What Undo returns to, and since when the present status holds.
    previous_status = models.CharField(max_length=12, choices=Status, blank=True)
    status_since = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=8, choices=CancelReason, blank=True)
    cancel_words = models.CharField(max_length=200, blank=True)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["starts_at"], name="appointment_by_time"),
            models.Index(
                fields=["starts_at"], condition=Q(status="BOOKED"), name="appointment_still_booked"
            ),
            models.Index(fields=["practitioner", "held_from"], name="appointment_by_practitioner"),
            models.Index(fields=["room", "held_from"], name="appointment_by_room"),
            models.Index(fields=["patient", "starts_at"], name="appointment_by_patient"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(held_from__lte=F("starts_at"), held_until__gte=F("ends_at")),
                name="appointment_is_held_around_its_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="SESSION", session__isnull=False)
                | (~Q(kind="SESSION") & Q(session__isnull=True)),
                name="appointment_has_a_session_iff_it_is_one",
            ),
            models.CheckConstraint(
                condition=Q(status="CANCELLED") & ~Q(cancel_reason="")
                | (~Q(status="CANCELLED") & Q(cancel_reason="")),
                name="appointment_is_cancelled_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(status__in=LIVE),
                name="session_has_one_live_appointment",
                violation_error_message=_("This session is booked already."),
            ),
            FrozenRows(
                name="appointment_of_a_done_session_never_moves",
                when=Q(status="DONE", kind="SESSION"),
                violation_error_message=_("A session that is done never moves."),
            ),
            NoOverlapConstraint(
                name="practitioner_is_in_one_place",
                start="held_from",
                end="held_until",
                on=["practitioner"],
                condition=Q(status__in=LIVE),
                violation_error_message=_("The practitioner has another appointment then."),
            ),
            NoOverlapConstraint(
                name="room_is_used_once",
                start="held_from",
                end="held_until",
                on=["room"],
                condition=Q(status__in=LIVE),
                violation_error_message=_("The room is taken then."),
            ),
            NoOverlapConstraint(
                name="patient_is_in_one_place",
                start="starts_at",
                end="ends_at",
                on=["patient"],
                condition=Q(status__in=LIVE),
                violation_error_message=_("The patient has another appointment then."),
            ),
            StampedWeeks(
                name="busy_weeks_are_stamped",
                stamps="treatment_sessions.BusyWeek",
                start="held_from",
                end="held_until",
                resources={"P": "practitioner", "R": "room"},
            ),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"

    @property
    def minutes(self) -> int:
        """How long it is booked for."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)
