"""What is measured, prepared and seen around the injections: columns of the record itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import CheckedAtOnce
from records.domain import afterwards, blood, skin, vitals


class Antiseptic(models.TextChoices):
    """What the skin was cleaned with."""

    CHLORHEXIDINE = skin.CHLORHEXIDINE, _("Chlorhexidine 2 % in alcohol 70 %")
    ALCOHOL = skin.ALCOHOL, _("Alcohol 70 %")
    IODINE = skin.IODINE, _("Povidone-iodine")
    HYPOCHLOROUS = skin.HYPOCHLOROUS, _("Hypochlorous acid")


class Anticoagulant(models.TextChoices):
    """What kept the patient's own blood from clotting in the tube."""

    CITRATE = blood.CITRATE, _("Sodium citrate")
    CITRATE_DEXTROSE = blood.CITRATE_DEXTROSE, _("Acid citrate dextrose")
    HEPARIN = blood.HEPARIN, _("Heparin")
    OTHER = blood.OTHER, _("Another one")
    NONE = blood.NONE, _("None")


class EndPoints(models.TextChoices):
    """What the injections left on the skin, as they are meant to."""

    PINPOINT = "PINPOINT", _("Pinpoint bleeding")
    PAPULES = "PAPULES", _("Papules")
    BOTH = "BOTH", _("Both")
    NONE = "NONE", _("None")


class SessionFacts(CheckedAtOnce):
    """Columns of `SessionRecord`, apart so that the model stays readable."""

    # Vitals
    systolic_mmhg = models.PositiveSmallIntegerField(_("upper pressure"), null=True, blank=True)
    diastolic_mmhg = models.PositiveSmallIntegerField(_("lower pressure"), null=True, blank=True)
    pulse_bpm = models.PositiveSmallIntegerField(_("pulse"), null=True, blank=True)
    temperature_c = models.DecimalField(
        _("temperature (°C)"), max_digits=3, decimal_places=1, null=True, blank=True
    )
    glucose_mmol = models.DecimalField(
        _("blood sugar (mmol/l)"), max_digits=3, decimal_places=1, null=True, blank=True
    )

    # Skin
    antiseptic = models.CharField(_("antiseptic"), max_length=13, choices=Antiseptic, blank=True)
    contact_seconds = models.PositiveSmallIntegerField(
        _("left on for (seconds)"), null=True, blank=True
    )
    is_dried = models.BooleanField(_("left to dry"), default=False)
    is_sterile = models.BooleanField(_("sterile gloves, single-use needle"), default=False)
    # Taken over from the session before in one press, and not touched since.
    is_preparation_copied = models.BooleanField(_("copied"), default=False)

    # A needle that is blunt is changed within a session.
    needle_changes = models.PositiveSmallIntegerField(_("needle changes"), null=True, blank=True)

    # What was made from the patient's own blood. Times are the wall clock of the site.
    blood_kit_lot = models.CharField(_("lot of the tube kit"), max_length=40, blank=True)
    blood_anticoagulant = models.CharField(
        _("anticoagulant in the tube"), max_length=16, choices=Anticoagulant, blank=True
    )
    blood_drawn_at = models.TimeField(_("blood drawn at"), null=True, blank=True)
    blood_drawn_ml = models.DecimalField(
        _("blood drawn (ml)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    blood_spin = models.CharField(_("spin settings"), max_length=60, blank=True)
    blood_plasma_ml = models.DecimalField(
        _("plasma made (ml)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    blood_is_activated = models.BooleanField(_("activated"), default=False)
    blood_injected_at = models.TimeField(_("plasma injected at"), null=True, blank=True)

    # Straight after
    end_points = models.CharField(_("end-points"), max_length=8, choices=EndPoints, blank=True)
    pain = models.PositiveSmallIntegerField(_("pain, 0 to 10"), null=True, blank=True)
    observed_minutes = models.PositiveSmallIntegerField(
        _("watched for (minutes)"), null=True, blank=True
    )

    class Meta:
        abstract = True


CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(systolic_mmhg__isnull=True, diastolic_mmhg__isnull=True)
        | Q(
            systolic_mmhg__isnull=False,
            diastolic_mmhg__isnull=False,
            systolic_mmhg__range=vitals.SYSTOLIC_MMHG,
            diastolic_mmhg__range=vitals.DIASTOLIC_MMHG,
            systolic_mmhg__gt=models.F("diastolic_mmhg"),
        ),
        name="pressure_is_two_plausible_numbers",
        violation_error_message=_(
            "Enter both pressures, the upper one larger than the lower, like 120 and 80."
        ),
    ),
    models.CheckConstraint(
        condition=(Q(pulse_bpm__isnull=True) | Q(pulse_bpm__range=vitals.PULSE_BPM))
        & (Q(temperature_c__isnull=True) | Q(temperature_c__range=vitals.TEMPERATURE_C))
        & (Q(glucose_mmol__isnull=True) | Q(glucose_mmol__range=vitals.GLUCOSE_MMOL)),
        name="vitals_are_plausible",
        violation_error_message=_("Check pulse, temperature and blood sugar."),
    ),
    models.CheckConstraint(
        condition=Q(contact_seconds__isnull=True)
        | (Q(contact_seconds__range=skin.CONTACT_SECONDS) & ~Q(antiseptic="")),
        name="contact_time_is_of_an_antiseptic",
        violation_error_message=_("Choose the antiseptic, left on for 5 to 600 seconds."),
    ),
    models.CheckConstraint(
        condition=(Q(pain__isnull=True) | Q(pain__range=afterwards.PAIN))
        & (
            Q(observed_minutes__isnull=True)
            | Q(observed_minutes__range=afterwards.OBSERVED_MINUTES)
        ),
        name="pain_and_minutes_are_plausible",
        violation_error_message=_("Pain is 0 to 10, and the patient is watched up to 240 minutes."),
    ),
    models.CheckConstraint(
        condition=(Q(blood_drawn_ml__isnull=True) | Q(blood_drawn_ml__range=blood.DRAWN_ML))
        & (Q(blood_plasma_ml__isnull=True) | Q(blood_plasma_ml__gt=0))
        & (
            Q(blood_drawn_ml__isnull=True)
            | Q(blood_plasma_ml__isnull=True)
            | Q(blood_plasma_ml__lte=models.F("blood_drawn_ml"))
        ),
        name="plasma_is_part_of_the_blood_drawn",
        violation_error_message=_("There cannot be more plasma than blood was drawn."),
    ),
    models.CheckConstraint(
        condition=Q(needle_changes__isnull=True) | Q(needle_changes__range=skin.NEEDLE_CHANGES),
        name="needle_changes_are_plausible",
        violation_error_message=_("Needle changes must be between 0 and 99."),
    ),
    models.CheckConstraint(
        condition=Q(blood_anticoagulant__in=["", *(one.value for one in Anticoagulant)]),
        name="anticoagulant_is_known",
        violation_error_message=_("Choose the anticoagulant from the list."),
    ),
    # A record that was signed before these were asked for has no edition.
    models.CheckConstraint(
        condition=Q(signed_at__isnull=True)
        | Q(edition__isnull=True)
        | (Q(is_sterile=True, pain__isnull=False) & ~Q(antiseptic="") & ~Q(end_points="")),
        name="signed_record_has_preparation_and_outcome",
        violation_error_message=_("The record is not complete."),
    ),
]
