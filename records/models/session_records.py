"""What happened in a session: a draft until it is signed, then never changed."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import CheckedAtOnce, FrozenRows
from patients.domain.weight import WEIGHT_KG
from records.domain.numbing import HEIGHT_CM
from records.models.session_facts import CONSTRAINTS, SessionFacts
from treatments.domain.limits import DEPTH_MM, POINTS
from treatments.domain.stock import POINT_ML

# Antiseptic, end-points and pain are required since.
EDITION = 2
_SIGNED = _("This record is signed. Add a note instead.")


class Answer(models.TextChoices):
    """An answer to a check. Unanswered is not "no"."""

    UNANSWERED = "", _("Not answered")
    CLEAR = "CLEAR", _("All clear")
    CONCERN = "CONCERN", _("There is something")


class Seen(models.TextChoices):
    """What may be seen in a zone straight after; kept as words with commas between."""

    REDNESS = "REDNESS", _("Redness")
    BLEEDING = "BLEEDING", _("Bleeding")
    BRUISE = "BRUISE", _("Bruise")
    PAIN = "PAIN", _("Pain")


def _answer(question: Any) -> "models.CharField[str, str]":
    return models.CharField(question, max_length=8, choices=Answer, blank=True, default="")


class SessionRecord(SessionFacts):
    """The record of one session. Required answers may be missing in a draft, never once signed."""

    session = models.OneToOneField(
        "treatment_sessions.TreatmentSession", on_delete=models.PROTECT, related_name="record"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    # Checks
    identity_check = _answer(_("Name and date of birth asked and matched"))
    consent_check = _answer(
        _("Consent for this course is signed, and the patient says that it still stands")
    )
    pregnancy_check = _answer(_("Not pregnant, not breastfeeding"))
    infection_check = _answer(_("No infection, fever or wound in the area"))
    medicines_check = _answer(_("Medicines and allergies unchanged"))
    reaction_check = _answer(_("No bad reaction since the last session"))
    checks_words = models.TextField(_("what was found, and why it is safe to go on"), blank=True)

    # Injections
    drawn_up_ml = models.DecimalField(
        _("drawn up (ml)"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    # After
    reaction = models.CharField(_("reaction"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    aftercare_given = models.BooleanField(_("after-care given and explained"), default=False)

    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # SHA-256 over all that was signed, parts included; see `records.selectors.seal`.
    content_hash = models.CharField(max_length=64, blank=True)
    # Which answers were required when it was signed; empty before that was counted.
    edition = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | (
                    Q(signed_at__isnull=False, signed_by__isnull=False, aftercare_given=True)
                    & ~Q(identity_check="")
                    & ~Q(consent_check="")
                    & ~Q(pregnancy_check="")
                    & ~Q(infection_check="")
                    & ~Q(medicines_check="")
                    & ~Q(reaction_check="")
                    & ~Q(reaction="")
                ),
                name="signed_record_is_complete",
                violation_error_message=_("The record is not complete."),
            ),
            models.CheckConstraint(
                condition=Q(drawn_up_ml__isnull=True)
                | Q(drawn_up_ml__gt=Decimal(0), drawn_up_ml__lte=Decimal(100)),
                name="drawn_up_volume_is_positive",
                violation_error_message=_("Drawn up must be more than 0 and at most 100 ml."),
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=False) | Q(content_hash=""),
                name="only_signed_record_is_sealed",
            ),
            *CONSTRAINTS,
            FrozenRows(
                name="signed_record_is_immutable",
                when=Q(signed_at__isnull=False),
                violation_error_message=_SIGNED,
            ),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"

    @property
    def is_signed(self) -> bool:
        """Whether it is locked for good."""
        return self.signed_at is not None


class RecordPart(CheckedAtOnce):
    """A part of a record. Signing locks it: then nothing of its kind is changed or added."""

    is_locked = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Anaesthesia(RecordPart):
    """How the area was numbed."""

    class Kind(models.TextChoices):
        NONE = "NONE", _("None")
        COLD = "COLD", _("Cold")
        CREAM = "CREAM", _("Cream")
        INJECTED = "INJECTED", _("Injected")
        OTHER = "OTHER", _("Other")

    record = models.OneToOneField(
        SessionRecord, on_delete=models.PROTECT, related_name="anaesthesia"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    agent = models.CharField(_("agent"), max_length=120, blank=True)
    dose = models.CharField(_("dose"), max_length=60, blank=True)
    # What was injected. Cream has grams and an area instead.
    strength_percent = models.DecimalField(
        _("strength (%)"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    volume_ml = models.DecimalField(
        _("volume (ml)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    has_adrenaline = models.BooleanField(_("with adrenaline"), default=False)
    grams = models.DecimalField(
        _("amount (g)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    area_cm2 = models.PositiveSmallIntegerField(_("area (cm²)"), null=True, blank=True)
    is_covered = models.BooleanField(_("covered with film"), default=False)
    # Wall clock of the site.
    applied_at = models.TimeField(_("applied at"), null=True, blank=True)
    wait_minutes = models.PositiveSmallIntegerField(_("wait (minutes)"), null=True, blank=True)
    removed_at = models.TimeField(_("removed at"), null=True, blank=True)
    # The weight the limit was reckoned from, as it was known then.
    weight_kg = models.DecimalField(
        _("weight (kg)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    height_cm = models.PositiveSmallIntegerField(_("height (cm)"), null=True, blank=True)
    weighed_on = models.DateField(_("weighed on"), null=True, blank=True)
    lot = models.ForeignKey(
        "treatments.Lot",
        on_delete=models.PROTECT,
        related_name="anaesthesia_uses",
        verbose_name=_("lot"),
        null=True,
        blank=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["NONE", "COLD"]) | (~Q(agent="") & ~Q(dose="")),
                name="anaesthesia_names_agent_and_dose",
                violation_error_message=_("Enter the agent and its dose."),
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True, weighed_on__isnull=True)
                | Q(weight_kg__range=WEIGHT_KG, weighed_on__isnull=False),
                name="anaesthesia_weight_is_plausible_and_dated",
                violation_error_message=_("Weight must be between 2 and 400 kg."),
            ),
            models.CheckConstraint(
                condition=Q(height_cm__isnull=True) | Q(height_cm__range=HEIGHT_CM),
                name="anaesthesia_height_is_plausible",
                violation_error_message=_("Height must be between 100 and 230 cm."),
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(applied_at__isnull=False),
                name="removed_after_applied",
                violation_error_message=_("Enter when it was applied."),
            ),
            models.CheckConstraint(
                condition=(Q(strength_percent__isnull=True) | Q(strength_percent__gt=0))
                & (Q(volume_ml__isnull=True) | Q(volume_ml__gt=0))
                & (Q(grams__isnull=True) | Q(grams__gt=0))
                & (Q(area_cm2__isnull=True) | Q(area_cm2__gt=0)),
                name="anaesthesia_amounts_are_positive",
                violation_error_message=_("Amounts must be more than 0."),
            ),
            FrozenRows(
                name="anaesthesia_of_signed_record_is_immutable",
                when=Q(is_locked=True),
                violation_error_message=_SIGNED,
            ),
        ]

    def __str__(self) -> str:
        return f"anaesthesia of record {self.record_id}"


class ZoneTreatment(RecordPart):
    """What was injected into one zone, and how."""

    class Technique(models.TextChoices):
        POINT_BY_POINT = "point_by_point", _("Point by point")
        NAPPAGE = "nappage", _("Nappage")
        PAPULAR = "papular", _("Papules")
        EPIDERMIC = "epidermic", _("Epidermic")
        LINEAR_RETROGRADE = "linear_retrograde", _("Linear retrograde")
        MESOGUN = "mesogun", _("Motorised injector")

    class Route(models.TextChoices):
        INTRADERMAL = "INTRADERMAL", _("Into the skin")
        SUBCUTANEOUS = "SUBCUTANEOUS", _("Under the skin")

    record = models.ForeignKey(SessionRecord, on_delete=models.PROTECT, related_name="zones")
    zone = models.ForeignKey("treatments.Zone", on_delete=models.PROTECT, related_name="+")
    technique = models.CharField(_("technique"), max_length=20, choices=Technique)
    needle = models.CharField(_("needle"), max_length=30)
    depth_mm = models.DecimalField(_("depth (mm)"), max_digits=2, decimal_places=1)
    points = models.PositiveSmallIntegerField(_("points"))
    point_ml = models.DecimalField(
        _("each point (ml)"), max_digits=4, decimal_places=3, null=True, blank=True
    )
    route = models.CharField(_("route"), max_length=12, choices=Route, default=Route.INTRADERMAL)
    seen = models.CharField(_("seen in this zone"), max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "zone"],
                name="zone_is_recorded_once",
                violation_error_message=_("This zone is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(depth_mm__range=DEPTH_MM),
                name="depth_is_1_to_4_mm",
                violation_error_message=_("Depth must be 1.0 to 4.0 mm."),
            ),
            models.CheckConstraint(
                condition=Q(points__range=POINTS),
                name="points_are_1_to_400",
                violation_error_message=_("Points must be between 1 and 400."),
            ),
            models.CheckConstraint(
                condition=Q(point_ml__isnull=True) | Q(point_ml__range=POINT_ML),
                name="point_volume_is_5_microlitres_to_1_ml",
                violation_error_message=_("Each point must be between 0.005 and 1 ml."),
            ),
            FrozenRows(
                name="zone_of_signed_record_is_immutable",
                when=Q(is_locked=True),
                beside=["record"],
                violation_error_message=_SIGNED,
            ),
        ]

    def __str__(self) -> str:
        return f"zone {self.zone_id} of record {self.record_id}"

    @property
    def is_under_skin(self) -> bool:
        """Whether it went under the skin, not into it."""
        return self.route == self.Route.SUBCUTANEOUS

    @property
    def seen_codes(self) -> list[str]:
        """What was seen, as codes of `Seen`."""
        return [code for code in self.seen.split(",") if code]

    @property
    def seen_words(self) -> str:
        """What was seen, in words; "" if nothing."""
        return ", ".join(str(Seen(code).label) for code in self.seen_codes)


class Administration(RecordPart):
    """How much of which lot went into a zone."""

    record = models.ForeignKey(
        SessionRecord, on_delete=models.PROTECT, related_name="administrations"
    )
    zone_treatment = models.ForeignKey(
        ZoneTreatment, on_delete=models.PROTECT, related_name="administrations"
    )
    lot = models.ForeignKey("treatments.Lot", on_delete=models.PROTECT, related_name="uses")
    volume_ml = models.DecimalField(_("volume (ml)"), max_digits=5, decimal_places=2)
    # Whose blood it was made from, as typed or scanned; "" for what is not from blood.
    donor_number = models.CharField(_("donor’s record number"), max_length=20, blank=True)
    # The lot was put in quarantine before this was typed; who typed it says that it was given.
    is_said_given = models.BooleanField(_("it was given already"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(volume_ml__gt=Decimal(0), volume_ml__lte=Decimal(100)),
                name="administered_volume_is_positive",
                violation_error_message=_("Volume must be more than 0 and at most 100 ml."),
            ),
            FrozenRows(
                name="administration_of_signed_record_is_immutable",
                when=Q(is_locked=True),
                beside=["record"],
                violation_error_message=_SIGNED,
            ),
        ]

    def __str__(self) -> str:
        return f"administration {self.pk}"


class Amendment(models.Model):
    """Something added to a signed record. The record itself stays as it was signed."""

    class Kind(models.TextChoices):
        LATE_ENTRY = "LATE_ENTRY", _("Late entry")
        ADDENDUM = "ADDENDUM", _("Addition")
        CORRECTION = "CORRECTION", _("Correction")

    record = models.ForeignKey(SessionRecord, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    words = models.TextField(_("note"))
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(reason=""),
                name="amendment_has_words_and_reason",
                violation_error_message=_("Enter the note and the reason for it."),
            ),
            FrozenRows(name="amendment_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"amendment {self.pk}"
