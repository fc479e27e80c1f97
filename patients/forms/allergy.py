"""What a patient must not get."""

from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm
from patients.forms.fields import PlainTextField


class AllergyForm(ClinicForm):
    """Something the patient must not get."""

    substance = PlainTextField(
        label=gettext_lazy("Allergic to"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter what the patient is allergic to.")},
    )
    reaction = PlainTextField(
        label=gettext_lazy("Reaction"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What happened, and when."),
    )


class WithdrawAllergyForm(ClinicForm):
    """Why an allergy does not count any more."""

    reason = PlainTextField(
        label=gettext_lazy("Why it does not count any more"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why the allergy does not count any more.")},
    )
