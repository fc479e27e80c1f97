"""What came of a call after a session."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.forms import ClinicForm
from patients.forms.fields import PlainTextField
from records.domain.calls import Answer
from records.models import AftercareCall


class CallForm(ClinicForm):
    """What came of a call. It carries the patient it was made for."""

    patient = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("What came of the call"),
        choices=AftercareCall.Answered.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what came of the call.")},
    )
    words = PlainTextField(
        label=_("In words"),
        max_length=500,
        required=False,
        help_text=_("Needed for symptoms."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_silent = "words" not in self.errors and not cleaned.get("words")
        if is_silent and cleaned.get("answer") == Answer.SYMPTOMS:
            self.add_error("words", _("Say what was found."))
        return cleaned
