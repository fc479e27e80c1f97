"""What patients are asked to agree to, what they signed, and what they took back.

Every row here is written once. A new text is a new version; a change of mind is a row of its own.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from treatments.domain.consents import (
    COURSE_UNITS,
    PATIENT_UNITS,
    SAID_BY_HAND,
    State,
    text_to_sign,
)
from treatments.domain.consents import Unit as UnitCode
from treatments.domain.zone_classes import ZoneClass as ZoneClassCode
from treatments.domain.zone_classes import all_words, from_words

LANGUAGE = "en"
_OF_COURSE = [str(unit) for unit in COURSE_UNITS]
_OF_PATIENT = [str(unit) for unit in PATIENT_UNITS]


class Unit(models.TextChoices):
    """The units by name."""

    TREATMENT = UnitCode.TREATMENT.value, _("Treatment")
    OFF_LABEL = UnitCode.OFF_LABEL.value, _("Product used outside its approval")
    BLOOD_DRAW = UnitCode.BLOOD_DRAW.value, _("Blood draw")
    ANAESTHESIA = UnitCode.ANAESTHESIA.value, _("Numbing")
    PHOTOS = UnitCode.PHOTOS.value, _("Photos for the record")
    TEACHING = UnitCode.TEACHING.value, _("Photos for teaching")
    MARKETING = UnitCode.MARKETING.value, _("Photos for publication")
    MESSAGES = UnitCode.MESSAGES.value, _("Reminders and messages")


class ZoneClass(models.TextChoices):
    """The parts of the body by name."""

    FACE = ZoneClassCode.FACE.value, _("Face and neck")
    SCALP = ZoneClassCode.SCALP.value, _("Scalp")
    BODY = ZoneClassCode.BODY.value, _("Chest, body, arms and legs")


class ConsentTemplateQuerySet(models.QuerySet["ConsentTemplate"]):
    """Published consent texts."""

    def of_line(self, unit: str, indication_id: int | None, language: str = LANGUAGE) -> Self:
        """All versions of one text in one language, the newest first."""
        return self.filter(unit=unit, indication_id=indication_id, language=language).order_by(
            "-version", "pk"
        )

    def newest(self) -> Self:
        """The newest version of each text, withdrawn or not."""
        # SQL compares no null with another, and a text for all indications has one.
        lines = self.alias(line=Coalesce("indication_id", 0))
        newer = ConsentTemplate.objects.alias(line=Coalesce("indication_id", 0)).filter(
            unit=OuterRef("unit"),
            language=OuterRef("language"),
            line=OuterRef("line"),
            version__gt=OuterRef("version"),
        )
        return lines.filter(~Exists(newer))

    def live(self) -> Self:
        """What is not withdrawn, in every language."""
        return self.newest().filter(withdrawal__isnull=True)

    def in_force(self) -> Self:
        """What the clinic asks for now, in its own language."""
        return self.live().filter(language=LANGUAGE)

    def for_indication(self, indication_id: int) -> Self:
        """Those for this indication and those for all."""
        return self.filter(Q(indication_id=indication_id) | Q(indication_id__isnull=True))


class ConsentTemplate(models.Model):
    """One version of the text of one unit, for one indication or (null) for all. Never changed.

    Each language counts its own versions. What a text in the clinic's own language asks for, the
    others say in theirs: one that is older than it is not shown to anybody.
    """

    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    indication = models.ForeignKey(
        "treatments.Indication",
        on_delete=models.PROTECT,
        related_name="consent_templates",
        null=True,
        blank=True,
    )
    language = models.CharField(max_length=8, default=LANGUAGE)
    version = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    reason = models.CharField(_("why it changed"), max_length=200)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConsentTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "indication", "language", "version"],
                condition=Q(indication__isnull=False),
                name="consent_text_is_numbered_once",
            ),
            models.UniqueConstraint(
                fields=["unit", "language", "version"],
                condition=Q(indication__isnull=True),
                name="consent_text_for_all_is_numbered_once",
            ),
            models.CheckConstraint(
                condition=Q(unit__in=_OF_COURSE) | Q(indication__isnull=True),
                name="consent_text_of_a_patient_has_no_indication",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text="") & ~Q(reason=""),
                name="consent_text_is_complete",
                violation_error_message=_("Title, text and reason must be filled in."),
            ),
            FrozenRows(
                name="consent_text_is_immutable",
                violation_error_message=_("A published text is never changed; publish a new one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.indication_id or 'all'} version {self.version}"

    @property
    def is_translation(self) -> bool:
        """Whether it says in another language what the clinic asks for in its own."""
        return self.language != LANGUAGE

    def translates(self, text: "ConsentTemplate") -> bool:
        """Whether it says in another language what `text` says, which is not newer."""
        return (
            self.is_translation
            and (self.unit, self.indication_id) == (text.unit, text.indication_id)
            and self.published_at >= text.published_at
        )

    def keeps_up_with(self, own: "ConsentTemplate") -> bool:
        """Whether no newer text in the clinic's own language has left it behind."""
        return not self.is_translation or self.translates(own)

    @property
    def shown(self) -> str:
        """What a patient reads and signs: the text with the disclaimer that nobody can leave out."""
        return self.shown_for("")

    def shown_for(self, where: str) -> str:
        """What a patient reads and signs about some parts of the body, as `where` says ("" for all)."""
        return text_to_sign(self.title, self.text, where)


class ConsentTemplateWithdrawal(models.Model):
    """A text that is not asked for any more, until a newer version of it is published."""

    template = models.OneToOneField(
        ConsentTemplate, on_delete=models.PROTECT, related_name="withdrawal"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="consent_text_is_withdrawn_with_a_reason",
                violation_error_message=_("Say why the text is withdrawn."),
            ),
            FrozenRows(name="consent_text_withdrawal_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"withdrawal of text {self.template_id}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Signed consents."""

    def in_order(self) -> Self:
        """In the order of signing."""
        return self.order_by("signed_at", "pk")

    def with_people(self) -> Self:
        """With patient, course, text, clinician and revocation, in one query."""
        return self.select_related(
            "patient",
            "course__indication",
            "course__site",
            "template__indication",
            "site",
            "taken_by",
            "revocation__by",
        )


class Consent(models.Model):
    """One unit, agreed to or declined, with the exact text that was read. Never changed.

    `course` is null for what a patient agrees to once, such as photos. `product_class` is that of
    the product planned then, "" if there was none. `zone_classes` are the parts of the body that a
    consent to the treatment is about, "" for all; `site` is where it was signed, null if that was
    not kept. `signature` is the data of
    an SVG path in a box of 600 by 200, "" if the name was typed only.
    """

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="consents"
    )
    course = models.ForeignKey(
        "treatments.TreatmentCourse",
        on_delete=models.PROTECT,
        related_name="consents",
        null=True,
        blank=True,
    )
    template = models.ForeignKey(ConsentTemplate, on_delete=models.PROTECT, related_name="consents")
    product_class = models.CharField(max_length=40, blank=True)
    zone_classes = models.CharField(max_length=20, blank=True)
    site = models.ForeignKey(
        "clinic.Site", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    unit = models.CharField(max_length=12, choices=Unit)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    is_given = models.BooleanField()
    signed_name = models.CharField(_("name"), max_length=200)
    signature = models.TextField(blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    witness = models.CharField(_("witness"), max_length=200, blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=200, blank=True)
    device = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField()
    key = models.UUIDField()

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["patient", "unit", "signed_at"], name="consent_by_patient")]
        constraints = [
            models.UniqueConstraint(fields=["key", "template"], name="consent_is_sent_once"),
            models.CheckConstraint(
                condition=Q(unit__in=_OF_COURSE, course__isnull=False)
                | Q(unit__in=_OF_PATIENT, course__isnull=True),
                name="consent_has_a_course_iff_its_unit_asks",
            ),
            models.CheckConstraint(
                condition=~Q(signed_name="") & ~Q(text="") & ~Q(text_sha256=""),
                name="consent_is_complete",
                violation_error_message=_("Enter the name of who signs."),
            ),
            models.CheckConstraint(
                condition=Q(zone_classes="") | Q(unit="TREATMENT", zone_classes__in=all_words()),
                name="consent_is_about_known_parts_of_the_body",
                violation_error_message=_("Choose what is treated from the list."),
            ),
            FrozenRows(
                name="consent_is_append_only",
                violation_error_message=_("A signed consent is never changed; revoke it."),
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    @property
    def part_names(self) -> list[str]:
        """The names of the parts of the body that it is about, none for all."""
        kept = from_words(self.zone_classes)
        return [str(name) for code, name in ZoneClass.choices if code in kept]

    @property
    def own_lines(self) -> int:
        """How many lines at the end of its text stand in the clinic's own language."""
        return 2 if self.zone_classes else 1


class ConsentRevocation(models.Model):
    """A consent that the patient took back. From then on it does not stand."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="revocation")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="consent_is_revoked_with_a_reason",
                violation_error_message=_("Enter why the patient takes it back."),
            ),
            FrozenRows(name="consent_revocation_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"revocation of consent {self.consent_id}"


class ConsentReopening(models.Model):
    """Why the consents of a course are talked through and signed again, as somebody says by hand."""

    class Reason(models.TextChoices):
        PATIENT_ASKS = State.PATIENT_ASKS.value, _("The patient asks to talk about it again")
        OTHER_ZONE = State.OTHER_ZONE.value, _("Other zones are treated than were talked about")
        OTHER_TEAM = State.OTHER_TEAM.value, _("Somebody else treats than was talked about")
        NEW_FINDING = (
            State.NEW_FINDING.value,
            _("Something new is known about the patient’s health"),
        )

    course = models.ForeignKey(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="consent_reopenings"
    )
    reason = models.CharField(_("reason"), max_length=15, choices=Reason)
    words = models.CharField(_("more about it"), max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["course", "at"], name="reopening_by_course")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=[str(state) for state in SAID_BY_HAND]),
                name="consent_is_reopened_for_a_known_reason",
                violation_error_message=_("Choose why it is signed again."),
            ),
            FrozenRows(name="consent_reopening_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"reopening {self.pk} of the consents of course {self.course_id}"


class ConsentExplanation(models.Model):
    """A clinician explained the treatment of a course and gave time to think before signing."""

    course = models.ForeignKey(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="explanations"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["course", "at"], name="explanation_by_course")]
        constraints = [FrozenRows(name="consent_explanation_is_append_only")]

    def __str__(self) -> str:
        return f"explanation {self.pk} of course {self.course_id}"


class ReflectionWaiver(models.Model):
    """A prescriber's sign-off: the first session of a course begins before time to think is over."""

    course = models.OneToOneField(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="reflection_waiver"
    )
    reason = models.CharField(_("why it cannot wait"), max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="time_to_reflect_is_waived_with_a_reason",
                violation_error_message=_("Say why the first session cannot wait."),
            ),
            FrozenRows(name="reflection_waiver_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"waiver of the time to reflect of course {self.course_id}"
