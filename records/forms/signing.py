"""The signature, and notes added to a signed record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.forms import ClinicForm
from records.forms.base import VersionedForm
from records.forms.signer import SignerForm
from records.models import Amendment
from sessions.actions.booking import LateReason
from sessions.models import Deviation


class SignForm(VersionedForm, SignerForm):
    """The signature: the day it happened and the signer's own password or PIN again."""

    delivered_on = forms.TypedChoiceField(
        label=_("Delivered on"),
        coerce=date.fromisoformat,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the day it was delivered on."),
            "invalid_choice": _("Choose today or the day it was booked for."),
        },
    )

    late_code = forms.ChoiceField(
        label=_("Why it is late"),
        required=False,
        choices=Deviation.Reason.choices,
        widget=forms.RadioSelect,
    )
    late_words = forms.CharField(label=_("Say why"), required=False, max_length=300)

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.has_pin:
            self.fields["password"].widget.attrs["autofocus"] = True
        field = self.fields["delivered_on"]
        field.choices = [(day.isoformat(), date_format(day, "D j M Y")) for day in days]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("late_code") and not cleaned.get("late_words"):
            self.add_error("late_words", _("Say why the session is late."))
        return cleaned

    @property
    def late_reason(self) -> LateReason | None:
        """Why the session comes after its window, if that was asked and answered."""
        code = self.cleaned_data.get("late_code")
        return LateReason(code, self.cleaned_data["late_words"]) if code else None


class DeviationForm(ClinicForm):
    """A prescriber's reason why a record that names a lot in quarantine may be signed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(
        label=_("Why the record may be signed"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": _("Say why the record may be signed.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands beside the form that signs, whose fields have the usual names.
        super().__init__(*args, auto_id="lots_%s", **kwargs)


class AmendForm(ClinicForm):
    """A note added to a signed record."""

    kind = forms.ChoiceField(
        label=_("Kind of note"), choices=Amendment.Kind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Enter the note.")},
    )
    reason = forms.CharField(
        label=_("Why it is added now"),
        max_length=200,
        error_messages={"required": _("Say why the note is added now.")},
    )
