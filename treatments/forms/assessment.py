"""What a doctor found before a course."""

from datetime import date
from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm, DayField
from patients.forms.fields import PlainTextField
from treatments.models import Assessment, Indication

LONGEST_FINDING = 4000


class AssessmentForm(ClinicForm):
    """A consultation that took place, on or before `today`. Cleaned data goes to one action."""

    indication = forms.ModelChoiceField(
        label=gettext_lazy("Indication"),
        queryset=Indication.objects.none(),
        to_field_name="slug",
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose an indication."),
            "invalid_choice": gettext_lazy("This indication is not offered. Choose another."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Assessment.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what kind of consultation it was."),
            "invalid_choice": gettext_lazy("Choose what kind of consultation it was."),
        },
    )
    assessed_on = DayField(
        label=gettext_lazy("Date of the consultation"),
        error_messages={
            "required": gettext_lazy("Enter the date of the consultation, like 26 Nov 2026.")
        },
    )
    assessed_by = PlainTextField(
        label=gettext_lazy("Doctor’s name"),
        max_length=200,
        help_text=gettext_lazy("As it stands on the letter, with the specialty if it is known."),
        error_messages={"required": gettext_lazy("Enter the name of the doctor.")},
    )
    finding = forms.CharField(
        label=gettext_lazy("Diagnosis"),
        max_length=LONGEST_FINDING,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What was found, and what speaks for or against the course."),
        error_messages={
            "required": gettext_lazy("Enter what the doctor found."),
            "max_length": gettext_lazy(
                "The diagnosis can have 4000 characters at most. Shorten the text."
            ),
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        indication = self.fields["indication"]
        assert isinstance(indication, forms.ModelChoiceField)
        indication.queryset = Indication.objects.active()
        self.fields["assessed_on"].widget.attrs["max"] = today.isoformat()

    def clean_assessed_on(self) -> date:
        day: date = self.cleaned_data["assessed_on"]
        if day > self.today:
            raise forms.ValidationError(
                _("The consultation must not be in the future. Check the date."), code="future"
            )
        return day

    def build_layout(self) -> Layout:
        return Layout(
            Row(Column("indication"), Column("assessed_on")), "kind", "assessed_by", "finding"
        )
