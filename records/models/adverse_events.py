"""Reactions: what was reported, what was learned later, and who lifted a clinical hold.

Every row here is written once. A grade that rises, a reaction that heals and a report to a
regulator are rows of their own.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from records.domain.reaction_kinds import ALWAYS_RED, BY_CODE, SPREAD, ReactionKind
from records.domain.reactions import RED_FROM, Outcome, ReactionState, is_review_asked
from records.domain.reactions import Grade as GradeNumber

_ON_RECORD = _("What was reported is never changed. Add what you know now.")


class Grade(models.IntegerChoices):
    """The grades by name."""

    MILD = GradeNumber.MILD.value, _("1, mild: nothing had to be done")
    MODERATE = GradeNumber.MODERATE.value, _("2, moderate: simple treatment, or some limits")
    SEVERE = GradeNumber.SEVERE.value, _("3, severe: disabling, scarring, or medicine by mouth")
    LIFE_THREATENING = (
        GradeNumber.LIFE_THREATENING.value,
        _("4, a danger to life, sight or tissue"),
    )
    DEATH = GradeNumber.DEATH.value, _("5, death")


class OutcomeChoice(models.TextChoices):
    """The outcomes by name."""

    ONGOING = Outcome.ONGOING.value, _("Ongoing")
    RESOLVED = Outcome.RESOLVED.value, _("Resolved")
    SEQUELAE = Outcome.SEQUELAE.value, _("Over, with lasting harm")
    UNKNOWN = Outcome.UNKNOWN.value, _("Not known: out of reach")
    DIED = Outcome.DIED.value, _("Died")


def _grade_is_known() -> Q:
    return Q(grade__range=(GradeNumber.MILD.value, GradeNumber.DEATH.value))


def _is_dated() -> Q:
    """A day on which it resolved goes with an outcome that has one."""
    return (
        Q(outcome=Outcome.RESOLVED.value, resolved_on__isnull=False)
        | Q(outcome=Outcome.ONGOING.value, resolved_on__isnull=True)
        | Q(outcome__in=[Outcome.SEQUELAE.value, Outcome.UNKNOWN.value, Outcome.DIED.value])
    )


class AdverseEventQuerySet(models.QuerySet["AdverseEvent"]):
    """Reactions."""

    def with_state(self) -> Self:
        """With what is known now: `grade_now`, `outcome_now`, `is_red_now`, `follow_up_now`, …

        `reviewed_number` is the number of the row with which a prescriber last saw it: 0 for the
        report, -1 if none did. `worse_since` is when it first got worse after that.
        """
        newest = AdverseEventUpdate.objects.filter(event=OuterRef("pk")).order_by("-number")
        reviews = newest.filter(is_review=True)
        worse = AdverseEventUpdate.objects.filter(event=OuterRef("pk")).worsening()
        return self.annotate(
            grade_now=Coalesce(Subquery(newest.values("grade")[:1]), "grade"),
            outcome_now=Coalesce(Subquery(newest.values("outcome")[:1]), "outcome"),
            is_red_now=Coalesce(Subquery(newest.values("is_red_flag")[:1]), "is_red_flag"),
            # A later row without a day says that nobody has to look again.
            follow_up_later=Subquery(newest.values("follow_up_on")[:1]),
            last_number=Coalesce(Subquery(newest.values("number")[:1]), 0),
            resolved_later=Subquery(newest.values("resolved_on")[:1]),
            reviewed_number=Coalesce(
                Subquery(reviews.values("number")[:1]),
                Case(When(is_review=True, then=Value(0)), default=Value(-1)),
            ),
        ).annotate(
            worse_since=Subquery(
                worse.filter(number__gt=OuterRef("reviewed_number"))
                .order_by("number")
                .values("at")[:1]
            )
        )

    def of_grade(self, grade: int) -> Self:
        """Those that have `grade` now."""
        return self.with_state().filter(grade_now=grade)

    def open(self) -> Self:
        """Those that are not over."""
        return self.with_state().filter(outcome_now=Outcome.ONGOING.value)

    def fatal(self) -> Self:
        """Those of which the patient died."""
        return self.with_state().filter(outcome_now=Outcome.DIED.value)

    def stopping(self) -> Self:
        """Those that stop treatment: open and a red flag."""
        return self.open().filter(is_red_now=True)

    def spreading(self) -> Self:
        """Infections and late lumps."""
        return self.filter(kind__in=SPREAD)

    def newest_first(self) -> Self:
        """The newest first."""
        return self.order_by("-onset_on", "-pk")

    def with_people(self) -> Self:
        """With all that a list says about each, in one query."""
        return self.select_related(
            "patient",
            "course__indication",
            "course__site",
            "session",
            "reported_by",
            "zone",
            "product",
            "lot__product",
        )


class AdverseEvent(models.Model):
    """A reaction as it was reported, at or after a session of a course. Never changed.

    `session` is null if nobody knows after which one it came; months may lie between. `onset_on`
    is a day of the course's site. `is_review` says that a prescriber reported it.
    """

    class Source(models.TextChoices):
        SEEN = "SEEN", _("Seen by a clinician")
        PATIENT = "PATIENT", _("Told by the patient")
        OTHER = "OTHER", _("Told by somebody else")

    class Relatedness(models.TextChoices):
        UNRELATED = "UNRELATED", _("Not related")
        POSSIBLE = "POSSIBLE", _("Possibly related")
        PROBABLE = "PROBABLE", _("Probably related")
        DEFINITE = "DEFINITE", _("Certainly related")

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="adverse_events"
    )
    course = models.ForeignKey(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="adverse_events"
    )
    session = models.ForeignKey(
        "treatment_sessions.TreatmentSession",
        on_delete=models.PROTECT,
        related_name="adverse_events",
        null=True,
        blank=True,
    )
    # A code of the catalogue, whose words may change without a migration.
    kind = models.CharField(_("kind"), max_length=30)
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade)
    has_sign = models.BooleanField(_("the red flag of its kind was seen"), default=False)
    is_red_flag = models.BooleanField()
    onset_on = models.DateField(_("first noticed on"))
    onset_time = models.TimeField(_("at"), null=True, blank=True)
    source = models.CharField(_("how it became known"), max_length=8, choices=Source)
    told_by = models.CharField(_("who told it"), max_length=200, blank=True)
    relatedness = models.CharField(_("related to treatment"), max_length=10, choices=Relatedness)
    is_expected = models.BooleanField(_("expected"))
    is_serious = models.BooleanField(_("serious"))
    description = models.TextField(_("what was seen"))
    action_taken = models.TextField(_("what was done"), blank=True)
    follow_up_on = models.DateField(_("look again on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=OutcomeChoice)
    resolved_on = models.DateField(_("over on"), null=True, blank=True)
    zone = models.ForeignKey(
        "treatments.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    product = models.ForeignKey(
        "treatments.Product",
        on_delete=models.PROTECT,
        related_name="adverse_events",
        null=True,
        blank=True,
    )
    lot = models.ForeignKey(
        "treatments.Lot",
        on_delete=models.PROTECT,
        related_name="adverse_events",
        null=True,
        blank=True,
    )
    is_review = models.BooleanField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    key = models.UUIDField(unique=True)

    objects = AdverseEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "onset_on"], name="reaction_by_kind"),
            models.Index(fields=["onset_on"], name="reaction_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(BY_CODE)),
                name="reaction_kind_is_known",
                violation_error_message=_("Choose what kind of reaction it is."),
            ),
            models.CheckConstraint(
                condition=_grade_is_known(),
                name="reaction_grade_is_1_to_5",
                violation_error_message=_("Choose a grade from 1 to 5."),
            ),
            models.CheckConstraint(
                condition=Q(is_red_flag=True)
                | (Q(grade__lt=RED_FROM.value, has_sign=False) & ~Q(kind__in=ALWAYS_RED)),
                name="reaction_red_flag_is_told",
                violation_error_message=_("This reaction is a red flag."),
            ),
            models.CheckConstraint(
                condition=~Q(description=""),
                name="reaction_is_described",
                violation_error_message=_("Say what was seen."),
            ),
            models.CheckConstraint(
                condition=Q(source="OTHER") & ~Q(told_by="") | Q(source__in=["SEEN", "PATIENT"]),
                name="reaction_says_who_told_it",
                violation_error_message=_("Say who told it."),
            ),
            models.CheckConstraint(
                condition=_is_dated(),
                name="reaction_outcome_is_dated",
                violation_error_message=_("Enter the day it was over, and only if it is over."),
            ),
            models.CheckConstraint(
                condition=Q(lot__isnull=True) | Q(product__isnull=False),
                name="reaction_lot_has_its_product",
            ),
            FrozenRows(name="reaction_is_immutable", violation_error_message=_ON_RECORD),
        ]

    def __str__(self) -> str:
        return f"reaction {self.pk}"

    @property
    def facts(self) -> ReactionKind:
        """What is known of its kind."""
        return BY_CODE[self.kind]

    if TYPE_CHECKING:
        # Read by `with_state()`.
        grade_now: int
        outcome_now: str
        is_red_now: bool
        follow_up_later: date | None
        resolved_later: date | None
        last_number: int
        reviewed_number: int
        worse_since: datetime | None

    @property
    def state(self) -> ReactionState:
        """What is known of it now; it was read `with_state()`."""
        return ReactionState(
            grade=self.grade_now,
            is_red_flag=self.is_red_now,
            outcome=Outcome(self.outcome_now),
            asked_at=self.asked_at,
            is_reviewed=self.is_reviewed,
            is_looked_at=self.last_number > 0
            or (self.is_review and self.source == self.Source.SEEN),
            follow_up_on=self.follow_up_later if self.last_number else self.follow_up_on,
        )

    @property
    def is_reviewed(self) -> bool:
        """Whether a prescriber saw it as bad as it is; it was read `with_state()`."""
        return self.reviewed_number >= 0 and self.worse_since is None

    @property
    def asked_at(self) -> datetime:
        """Since when a prescriber is asked to look; it was read `with_state()`."""
        was_asked = is_review_asked(self.grade, is_red_flag=self.is_red_flag)
        if self.worse_since is None or (self.reviewed_number < 0 and was_asked):
            return self.reported_at
        return self.worse_since

    @property
    def over_on(self) -> date | None:
        """The day it was over, None if that is not known; it was read `with_state()`."""
        return self.resolved_later if self.last_number else self.resolved_on

    @property
    def grade_label(self) -> str:
        """The grade now, in words; it was read `with_state()`."""
        return str(Grade(self.grade_now).label)

    @property
    def outcome_label(self) -> str:
        """The outcome now, in words; it was read `with_state()`."""
        return str(OutcomeChoice(self.outcome_now).label)


class AdverseEventUpdateQuerySet(models.QuerySet["AdverseEventUpdate"]):
    """What was added to reactions."""

    def worsening(self) -> Self:
        """Those with which it got worse: a higher grade, a red flag, or it came back.

        Each is compared with the row before it, whichever prescriber saw that one.
        """
        before = AdverseEventUpdate.objects.filter(
            event=OuterRef("event"), number=OuterRef("number") - 1
        )
        return self.annotate(
            grade_before=Coalesce(Subquery(before.values("grade")[:1]), "event__grade"),
            red_before=Coalesce(Subquery(before.values("is_red_flag")[:1]), "event__is_red_flag"),
            outcome_before=Coalesce(Subquery(before.values("outcome")[:1]), "event__outcome"),
        ).filter(
            Q(grade__gt=F("grade_before"))
            | Q(is_red_flag=True, red_before=False)
            | Q(outcome=Outcome.ONGOING.value) & ~Q(outcome_before=Outcome.ONGOING.value)
        )


class AdverseEventUpdate(models.Model):
    """What was learned or done later. It holds the whole state after it, so the newest row counts."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="updates")
    number = models.PositiveSmallIntegerField()
    words = models.TextField(_("what is new"))
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade)
    is_red_flag = models.BooleanField()
    outcome = models.CharField(_("outcome"), max_length=8, choices=OutcomeChoice)
    resolved_on = models.DateField(_("over on"), null=True, blank=True)
    follow_up_on = models.DateField(_("look again on"), null=True, blank=True)
    regulator = models.CharField(_("reported to"), max_length=200, blank=True)
    regulator_reference = models.CharField(_("their reference"), max_length=120, blank=True)
    regulator_on = models.DateField(_("reported on"), null=True, blank=True)
    is_review = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AdverseEventUpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="reaction_update_is_numbered"),
            models.CheckConstraint(
                condition=_grade_is_known(),
                name="reaction_update_grade_is_1_to_5",
                violation_error_message=_("Choose a grade from 1 to 5."),
            ),
            models.CheckConstraint(
                condition=Q(is_red_flag=True) | Q(grade__lt=RED_FROM.value),
                name="reaction_update_red_flag_is_told",
                violation_error_message=_("This reaction is a red flag."),
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="reaction_update_has_words",
                violation_error_message=_("Say what is new."),
            ),
            models.CheckConstraint(
                condition=_is_dated(),
                name="reaction_update_outcome_is_dated",
                violation_error_message=_("Enter the day it was over, and only if it is over."),
            ),
            models.CheckConstraint(
                condition=Q(regulator="", regulator_reference="", regulator_on__isnull=True)
                | (~Q(regulator="") & Q(regulator_on__isnull=False)),
                name="reaction_report_names_whom_and_when",
                violation_error_message=_("Enter to whom it was reported, and on which day."),
            ),
            FrozenRows(name="reaction_update_is_append_only", violation_error_message=_ON_RECORD),
        ]

    def __str__(self) -> str:
        return f"update {self.number} of reaction {self.event_id}"


class HoldLift(models.Model):
    """A prescriber's decision that a course on clinical hold goes on, and why."""

    course = models.ForeignKey(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="hold_lifts"
    )
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="hold_is_lifted_with_a_reason",
                violation_error_message=_("Say why treatment may go on."),
            ),
            FrozenRows(name="hold_lift_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"end of the hold of course {self.course_id}"
