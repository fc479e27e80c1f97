"""The steps of a course, each with the window it may fall in."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from treatments.domain.limits import TOTAL_SESSIONS


class TreatmentSessionQuerySet(models.QuerySet["TreatmentSession"]):
    """Steps of courses."""

    def in_order(self) -> Self:
        """By course and number."""
        return self.order_by("course_id", "number")

    def open(self) -> Self:
        """Steps that still have to happen."""
        return self.exclude(
            status__in=[TreatmentSession.Status.DONE, TreatmentSession.Status.SKIPPED]
        )

    def next_of_course(self) -> Self:
        """Steps before which nothing is open: the one that has to happen next in its course."""
        before = TreatmentSession.objects.open().filter(
            course=OuterRef("course"), number__lt=OuterRef("number")
        )
        return self.filter(~Exists(before))

    def overdue(self, today: date) -> Self:
        """The next steps of running courses whose window closed before `today`."""
        return self.open().next_of_course().filter(course__status="ACTIVE", latest_on__lt=today)


class TreatmentSession(models.Model):
    """Step `number` of a course. Its window opens when the step before was delivered.

    `earliest_on` and `latest_on` are null for the first step, which may be on any day.
    """

    class Status(models.TextChoices):
        PLANNED = "PLANNED", _("To book")
        BOOKED = "BOOKED", _("Booked")
        ARRIVED = "ARRIVED", _("Waiting")
        IN_TREATMENT = "IN_TREATMENT", _("In treatment")
        DONE = "DONE", _("Done")
        SKIPPED = "SKIPPED", _("Skipped")

    course = models.ForeignKey(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="sessions"
    )
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED)
    delivered_on = models.DateField(null=True, blank=True)
    earliest_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    latest_on = models.DateField(null=True, blank=True)

    objects = TreatmentSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "latest_on"], name="session_by_window")]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "number"], name="session_number_is_unique_in_its_course"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=TOTAL_SESSIONS[1]),
                name="session_number_is_1_to_15",
            ),
            models.CheckConstraint(
                condition=Q(status="DONE", delivered_on__isnull=False)
                | (~Q(status="DONE") & Q(delivered_on__isnull=True)),
                name="session_done_iff_delivered",
            ),
            models.CheckConstraint(
                condition=Q(number=1)
                | Q(
                    earliest_on__isnull=False,
                    latest_on__isnull=False,
                    due_on__gte=F("earliest_on"),
                    due_on__lte=F("latest_on"),
                ),
                name="session_window_is_in_order",
            ),
            FrozenRows(
                name="session_done_never_moves",
                when=Q(status="DONE"),
                violation_error_message=_("A session that is done never moves."),
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.number} of course {self.course_id}"

    @property
    def is_done(self) -> bool:
        """Whether it was delivered."""
        return self.status == self.Status.DONE

    @property
    def is_open(self) -> bool:
        """Whether it still has to happen."""
        return self.status not in {self.Status.DONE, self.Status.SKIPPED}

    @property
    def excused_days(self) -> int:
        """How many days after its window it may stand, by the reasons on record."""
        return excused_days(self.deviations.all())


def excused_days(deviations: "Iterable[Deviation]") -> int:
    """Return how many days after its window a session may stand by these reasons."""
    return max((deviation.days_late for deviation in deviations), default=0)


class DeviationManager(models.Manager["Deviation"]):
    """Deviations that stand: those of an act that was taken back decided nothing."""

    def get_queryset(self) -> models.QuerySet["Deviation"]:
        """Return them."""
        return super().get_queryset().filter(change__undone_at__isnull=True)


class Deviation(models.Model):
    """Why a session stands outside its window, or was skipped. Written with it, never changed.

    LATE is a delay that happened; STRETCHED is a longer gap that a clinician chose.
    """

    class Kind(models.TextChoices):
        LATE = "LATE", _("Later than its window")
        STRETCHED = "STRETCHED", _("Gap stretched on purpose")
        SKIPPED = "SKIPPED", _("Skipped")

    class Reason(models.TextChoices):
        UNWELL = "UNWELL", _("Patient unwell")
        TRAVEL = "TRAVEL", _("Patient away")
        SKIN = "SKIN", _("Skin not ready")
        CLINIC = "CLINIC", _("Clinic closed or full")
        CONDITION = "CONDITION", _("Condition allows it")
        OTHER = "OTHER", _("Other")

    session = models.ForeignKey(
        TreatmentSession, on_delete=models.PROTECT, related_name="deviations"
    )
    kind = models.CharField(max_length=9, choices=Kind)
    days_late = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(_("reason"), max_length=9, choices=Reason)
    words = models.CharField(_("in words"), max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The act that it came with, if it came with one.
    change = models.ForeignKey(
        "treatment_sessions.ScheduleChange",
        on_delete=models.PROTECT,
        related_name="deviations",
        null=True,
        blank=True,
    )

    objects = DeviationManager()
    everything = models.Manager()  # noqa: DJ012 - the first manager is the default one

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["LATE", "STRETCHED"], days_late__gte=1)
                | Q(kind="SKIPPED", days_late=0),
                name="deviation_says_how_late",
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="deviation_has_words",
                violation_error_message=_("Say in words why."),
            ),
            FrozenRows(name="deviation_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"deviation {self.pk}"
