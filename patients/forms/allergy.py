"""What a patient must not get."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from meso_clinic.core.forms import ClinicForm
from patients.domain.allergens import ALLERGENS, ELSEWHERE
from patients.forms.fields import PlainTextField


def _allergens() -> list[tuple[str, str]]:
    """Return what products are compared by, with their names."""
    known = ((code, gettext(name)) for code, name in ALLERGENS.items())
    return [("", gettext("Not said")), *known, (ELSEWHERE, gettext("None of these"))]


class AllergyForm(ClinicForm):
    """Something the patient must not get."""

    substance = PlainTextField(
        label=gettext_lazy("Allergic to"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter what the patient is allergic to.")},
    )
    allergen = forms.ChoiceField(
        label=gettext_lazy("Found in products as"),
        required=False,
        choices=_allergens,
        help_text=gettext_lazy("Products that hold it are then refused."),
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
