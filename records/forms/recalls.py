"""Opening a recall, noting a call, and closing it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.forms import ClinicForm
from patients.forms.fields import PlainTextField
from records.domain.recalls import needs_words
from records.forms.signer import SignerForm
from records.models import RecallContact
from treatments.models import Lot


class LotBox(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Lots of one product, by their numbers."""

    def label_from_instance(self, obj: Lot) -> str:
        return str(_("Lot %(number)s")) % {"number": obj.number}


class RecallForm(ClinicForm):
    """Which lots are taken back, why, and what callers say."""

    lots = LotBox(
        label=_("Lots"),
        queryset=Lot.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one lot."),
            "invalid_choice": _("This lot is not of this product. Choose another."),
            "invalid_pk_value": _("This lot is not of this product. Choose another."),
        },
    )
    reason = PlainTextField(
        label=_("Reason"),
        max_length=300,
        help_text=_("What is wrong with it, as the notice says."),
        error_messages={"required": _("Enter the reason.")},
    )
    source = PlainTextField(
        label=_("Notice"),
        max_length=200,
        help_text=_("Who sent it, its number and its date."),
        error_messages={"required": _("Enter where the notice came from.")},
    )
    script = forms.CharField(
        label=_("What callers say"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It stands beside the list of patients. A clinician approves it."),
    )

    def __init__(self, *args: Any, lots: QuerySet[Lot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lots"].queryset = lots  # type: ignore[attr-defined]


class AttemptForm(ClinicForm):
    """What came of a call. It carries the patient it was made for, and the calls known then."""

    patient = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 2)
    status = forms.ChoiceField(
        label=_("What came of the call"),
        choices=RecallContact.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what came of the call.")},
    )
    words = PlainTextField(
        label=_("In words"),
        max_length=500,
        required=False,
        help_text=_("Needed for symptoms and for where the patient was sent."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_silent = "words" not in self.errors and not cleaned.get("words")
        if is_silent and needs_words(cleaned.get("status", "")):
            self.add_error("words", _("Say what was found, or where the patient was sent."))
        return cleaned


class CloseForm(SignerForm):
    """The end of a recall, signed."""

    summary = forms.CharField(
        label=_("Summary"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was found, what was done with the lots, and who was told."),
        error_messages={"required": _("Enter the summary.")},
    )

    field_order = ("summary", "password")
