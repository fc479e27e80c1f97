"""Courses and what a doctor found before them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treatments.models.cadence import CadenceNumbers


class TreatmentCourseQuerySet(models.QuerySet["TreatmentCourse"]):
    """Courses of patients."""

    def running(self) -> Self:
        """Courses whose sessions can be booked."""
        return self.filter(status=TreatmentCourse.Status.ACTIVE)

    def with_people(self) -> Self:
        """With patient, indication, practitioner and text, in one query."""
        return self.select_related("patient", "indication", "practitioner", "revision", "site")


class TreatmentCourse(CadenceNumbers):
    """A planned chain of sessions for one patient, with the numbers and the text it began with.

    A draft keeps its dates but holds no appointment; an active course is booked and treated.
    """

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ACTIVE = "ACTIVE", _("Active")
        SUSPENDED = "SUSPENDED", _("Suspended")
        COMPLETED = "COMPLETED", _("Completed")
        DISCONTINUED = "DISCONTINUED", _("Discontinued")
        LAPSED = "LAPSED", _("Lapsed")

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="courses"
    )
    indication = models.ForeignKey(
        "treatments.Indication", on_delete=models.PROTECT, related_name="courses"
    )
    revision = models.ForeignKey(
        "treatments.IndicationRevision", on_delete=models.PROTECT, related_name="courses"
    )
    site = models.ForeignKey("clinic.Site", on_delete=models.PROTECT, related_name="courses")
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="courses"
    )
    product = models.ForeignKey(
        "treatments.Product",
        on_delete=models.PROTECT,
        related_name="courses",
        null=True,
        blank=True,
        verbose_name=_("planned product"),
    )
    product_min_days = models.PositiveSmallIntegerField(default=0)
    first_on = models.DateField(_("first session"))
    goals = models.TextField(_("goals"), blank=True)
    status = models.CharField(max_length=14, choices=Status, default=Status.DRAFT)
    status_reason = models.CharField(max_length=200, blank=True)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Since when a clinical hold stands; a prescriber lifts it.
    held_at = models.DateTimeField(null=True, blank=True)

    objects = TreatmentCourseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["patient", "status"], name="course_by_patient")]
        constraints = [
            *CadenceNumbers.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="DRAFT", activated_at__isnull=True)
                | (~Q(status="DRAFT") & Q(activated_at__isnull=False))
                | Q(status="DISCONTINUED"),
                name="course_is_activated_once_it_leaves_draft",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["COMPLETED", "DISCONTINUED", "LAPSED"], ended_at__isnull=False
                )
                | (Q(status__in=["DRAFT", "ACTIVE", "SUSPENDED"]) & Q(ended_at__isnull=True)),
                name="course_is_ended_iff_its_status_says_so",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["DRAFT", "ACTIVE", "COMPLETED"]) | ~Q(status_reason=""),
                name="course_stops_with_a_reason",
                violation_error_message=_("Say why the course stops."),
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | ~Q(status="ACTIVE"),
                name="course_on_hold_does_not_run",
            ),
        ]

    def __str__(self) -> str:
        return f"course {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it still waits for its activation."""
        return self.status == self.Status.DRAFT

    @property
    def is_active(self) -> bool:
        """Whether its sessions can be booked and treated."""
        return self.status == self.Status.ACTIVE

    @property
    def is_ended(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.ended_at is not None

    @property
    def is_held(self) -> bool:
        """Whether nothing of it is booked or begun until a prescriber lifts the clinical hold."""
        return self.held_at is not None and not self.is_ended

    @property
    def state_label(self) -> str:
        """Its status as everybody may read it."""
        return gettext("Clinical hold") if self.is_held else self.get_status_display()

    @property
    def state_words(self) -> str:
        """Its status as it stands in a sentence: “This course is …”."""
        return gettext("on clinical hold") if self.is_held else self.get_status_display().lower()


class Assessment(models.Model):
    """What a doctor found before a course: a general assessment or a specialist's consultation."""

    class Kind(models.TextChoices):
        GENERAL = "GENERAL", _("Assessment")
        SPECIALIST = "SPECIALIST", _("Specialist consultation")

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="assessments"
    )
    indication = models.ForeignKey(
        "treatments.Indication", on_delete=models.PROTECT, related_name="assessments"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    assessed_on = models.DateField(_("date of the consultation"))
    assessed_by = models.CharField(_("doctor’s name"), max_length=200)
    finding = models.TextField(_("diagnosis"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["patient", "indication"], name="assessment_by_patient")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(assessed_by="") & ~Q(finding=""),
                name="assessment_says_who_and_what",
                violation_error_message=_("Enter the doctor’s name and the diagnosis."),
            )
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"
