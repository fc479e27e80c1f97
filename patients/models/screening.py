"""What patients are asked about their health, and what they answered.

Answers are written once. Asked again, a question gets another answer, and the newest one counts.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from patients.domain import screening as domain
from patients.models.patients import Patient


class ScreeningQuestionQuerySet(models.QuerySet["ScreeningQuestion"]):
    """Questions of the health questionnaire."""

    def in_order(self) -> Self:
        """In the order in which they are asked."""
        return self.order_by("position", "pk")

    def in_use(self) -> Self:
        """Those that the clinic asks now, in their order."""
        return self.filter(is_active=True).in_order()


class ScreeningQuestion(models.Model):
    """A question in plain words. Its words never change: other words are another question.

    `detail` is what a "yes" is asked further: for a day or for words, as `kind` says.
    """

    class Kind(models.TextChoices):
        YES_NO = domain.Kind.YES_NO.value, _("Yes or no")
        DAY = domain.Kind.DAY.value, _("Yes or no, and when")
        WORDS = domain.Kind.WORDS.value, _("Yes or no, and which")

    class Group(models.TextChoices):
        CHANGES = "CHANGES", _("Since last time")
        PREGNANCY = "PREGNANCY", _("Pregnancy and children")
        ALLERGIES = "ALLERGIES", _("Allergies")
        ILLNESS = "ILLNESS", _("Illness")
        MEDICINES = "MEDICINES", _("Medicines")
        SKIN = "SKIN", _("Skin")
        CLINICIAN = "CLINICIAN", _("What the clinician sees")

    code = models.SlugField(max_length=40, unique=True)
    text = models.CharField(_("question"), max_length=300)
    detail = models.CharField(_("asked after a yes"), max_length=200, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.YES_NO)
    group = models.CharField(max_length=12, choices=Group)
    position = models.PositiveSmallIntegerField()
    is_short = models.BooleanField(_("asked at every session"), default=False)
    is_for_clinician = models.BooleanField(_("answered by the clinician"), default=False)
    source = models.CharField(_("source"), max_length=200)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ScreeningQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(source=""), name="question_has_words_and_a_source"
            ),
            models.CheckConstraint(
                condition=Q(kind="YES_NO", detail="") | (~Q(kind="YES_NO") & ~Q(detail="")),
                name="question_asks_further_iff_its_kind_does",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def facts(self) -> domain.Asked:
        """The question as the rules of the questionnaire see it."""
        return domain.Asked(
            code=self.code,
            kind=domain.Kind(self.kind),
            is_short=self.is_short,
            is_for_clinician=self.is_for_clinician,
        )


class ScreeningQuestionChange(models.Model):
    """A question that the clinic stopped asking, or asks again, and why."""

    question = models.ForeignKey(
        ScreeningQuestion, on_delete=models.PROTECT, related_name="changes"
    )
    is_active = models.BooleanField()
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="question_is_switched_with_a_reason",
                violation_error_message=_("Say why the question is switched."),
            ),
            FrozenRows(name="question_change_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"change {self.pk} of question {self.question_id}"


class Screening(models.Model):
    """One filling in of the questionnaire: all of it, the short part, or some questions again.

    `is_by_patient` says that the patient answered alone: on a device whose `by` was signed in, or,
    with `is_by_link`, at home by a link that `by` made.
    """

    class Part(models.TextChoices):
        FULL = domain.Part.FULL.value, _("Full questionnaire")
        SHORT = domain.Part.SHORT.value, _("Anything changed?")
        SOME = domain.Part.SOME.value, _("Some questions")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screenings")
    part = models.CharField(max_length=8, choices=Part)
    is_by_patient = models.BooleanField(default=False)
    is_by_link = models.BooleanField(default=False)
    completed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "completed_at"], name="screening_by_patient")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_by_link=False) | Q(is_by_patient=True),
                name="screening_by_link_is_by_patient",
            ),
            FrozenRows(name="screening_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"screening {self.pk}"


class ScreeningAnswerQuerySet(models.QuerySet["ScreeningAnswer"]):
    """Answers of patients."""

    def newest(self) -> Self:
        """The one answer to each question that counts for its patient."""
        newer = ScreeningAnswer.objects.filter(
            patient=OuterRef("patient"), question=OuterRef("question")
        ).filter(
            Q(answered_at__gt=OuterRef("answered_at"))
            | Q(answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk"))
        )
        return self.filter(~Exists(newer))

    def newest_and_noted(self) -> Self:
        """The newest answer to each question, and the newest one that a clinician took.

        Both are the same row unless a patient answered later, alone with a device or a link.
        """
        later = ScreeningAnswer.objects.filter(
            patient=OuterRef("patient"), question=OuterRef("question")
        ).filter(
            Q(answered_at__gt=OuterRef("answered_at"))
            | Q(answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk"))
        )
        noted = Q(screening__is_by_patient=False)
        return self.filter(
            ~Exists(later) | (noted & ~Exists(later.filter(screening__is_by_patient=False)))
        ).order_by("answered_at", "pk")


class ScreeningAnswer(models.Model):
    """What a patient answered to one question at one time. Unknown is not no.

    `asked` is the question word for word. `day` and `words` say more about a yes. `unchanged_since`
    is when this same answer was first given without another one in between.
    """

    class Value(models.TextChoices):
        YES = domain.Value.YES.value, _("Yes")
        NO = domain.Value.NO.value, _("No")
        UNKNOWN = domain.Value.UNKNOWN.value, _("Not known")

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="answers")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(
        ScreeningQuestion, on_delete=models.PROTECT, related_name="answers"
    )
    asked = models.CharField(max_length=300)
    value = models.CharField(max_length=8, choices=Value)
    day = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField()
    unchanged_since = models.DateTimeField()

    objects = ScreeningAnswerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["patient", "question", "answered_at"], name="answer_by_question")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "question"], name="question_is_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(value__in=["YES", "NO", "UNKNOWN"]), name="answer_is_one_of_three"
            ),
            models.CheckConstraint(
                condition=Q(value="YES") | Q(day__isnull=True), name="answer_has_a_day_with_a_yes"
            ),
            models.CheckConstraint(
                condition=Q(unchanged_since__lte=models.F("answered_at")),
                name="answer_is_unchanged_since_before",
            ),
            FrozenRows(name="answer_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    @property
    def given(self) -> domain.Given:
        """What was answered, as the rules of the questionnaire see it."""
        return domain.Given(domain.Value(self.value), self.day, self.words)
