"""Who the patient is, registered and edited."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes, InlineRadios
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Weekday
from meso_clinic.core.forms import ClinicForm
from meso_clinic.core.models import User
from patients.forms.fields import BornOnField, PlainTextField
from patients.languages import choices as language_choices
from patients.models import Patient
from patients.phones import LONGEST, whole_digits

LONGEST_NAME = 200


def _practitioners(kept: int | None = None) -> QuerySet[User]:
    working = Q(is_active=True, is_clinician=True)
    found: QuerySet[User] = User.objects.filter(working | Q(pk=kept))
    return found.order_by("last_name", "first_name", "pk")


class PatientForm(ClinicForm):
    """Who the patient is and how to reach them. Cleaned data goes to one action as it is."""

    given_names = PlainTextField(
        label=gettext_lazy("Given names"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Enter the name, one letter is enough.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    family_names = PlainTextField(
        label=gettext_lazy("Family names"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    born_on = BornOnField(
        label=gettext_lazy("Born on"),
        help_text=gettext_lazy("Day first, like 22 Aug 1990 or 22/8/1990."),
        error_messages={"required": gettext_lazy("Enter the date of birth, like 22 Aug 1990.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 40}),
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=Patient.Sex.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the sex, or “Not stated”.")},
    )
    phone = PlainTextField(
        label=gettext_lazy("Phone"),
        max_length=LONGEST,
        help_text=gettext_lazy("From abroad with + and the country code."),
        error_messages={"required": gettext_lazy("Enter a phone number, like 07700 900123.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "dir": "ltr"}),
    )
    other_phone = PlainTextField(
        label=gettext_lazy("Other phone"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "dir": "ltr"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        error_messages={
            "invalid": gettext_lazy(
                "E-mail must have a name, an @ and a domain, like a.b@mail.org."
            )
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=language_choices,
        error_messages={"required": gettext_lazy("Choose a language.")},
    )
    contact_by = forms.ChoiceField(
        label=gettext_lazy("Reach by"),
        choices=Patient.Contact.choices,
        error_messages={"required": gettext_lazy("Choose how to reach the patient.")},
    )
    preferred_weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Good days"),
        help_text=gettext_lazy("None means any day."),
        choices=Weekday.choices,
        coerce=int,
        empty_value=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    preferred_time = forms.ChoiceField(
        label=gettext_lazy("Good time"),
        choices=Patient.TimeOfDay.choices,
        required=False,
    )
    preferred_practitioner = forms.ModelChoiceField(
        label=gettext_lazy("Would like to see"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Anyone"),
        required=False,
    )

    def __init__(self, *args: Any, today: date, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        born_on = self.fields["born_on"]
        assert isinstance(born_on, BornOnField)
        born_on.today = today
        practitioner = self.fields["preferred_practitioner"]
        assert isinstance(practitioner, forms.ModelChoiceField)
        practitioner.queryset = _practitioners()

    def build_layout(self) -> Layout:
        return Layout(
            Fieldset(
                _("Who"),
                Row(
                    Column("given_names", css_class="col-md-6"),
                    Column("family_names", css_class="col-md-6"),
                ),
                Row(
                    Column("born_on", css_class="col-md-6"),
                    Column(InlineRadios("sex"), css_class="col-md-6"),
                ),
            ),
            Fieldset(
                _("How to reach them"),
                Row(
                    Column("phone", css_class="col-md-6"),
                    Column("other_phone", css_class="col-md-6"),
                ),
                Row(
                    Column("email", css_class="col-md-6"),
                    Column("contact_by", css_class="col-md-3"),
                    Column("language", css_class="col-md-3"),
                ),
            ),
            Fieldset(
                _("When they like to come"),
                InlineCheckboxes("preferred_weekdays"),
                Row(
                    Column("preferred_time", css_class="col-md-6"),
                    Column("preferred_practitioner", css_class="col-md-6"),
                ),
            ),
        )

    def clean_phone(self) -> str:
        return self._callable("phone")

    def clean_other_phone(self) -> str:
        return self._callable("other_phone")

    def clean_preferred_time(self) -> str:
        return self.cleaned_data["preferred_time"] or Patient.TimeOfDay.ANY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wants_email = cleaned.get("contact_by") == Patient.Contact.EMAIL
        if wants_email and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter an e-mail address, or choose another way to reach."))
        return cleaned

    def _callable(self, name: str) -> str:
        typed: str = self.cleaned_data[name]
        if typed and not whole_digits(typed, country=self.country):
            raise forms.ValidationError(
                _(
                    "%(label)s must be a whole number that can be called, with its area code, "
                    "like 020 7946 0142 or +33 6 12 34 56 78."
                )
                % {"label": self.fields[name].label},
                code="phone",
            )
        return typed


class RegisterPatientForm(PatientForm):
    """A new patient. `seen` names the possible duplicates that were looked at and denied."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people gave different values, in words."""

    label: str
    theirs: str
    mine: str


class EditPatientForm(PatientForm):
    """Changed details of a patient, and the version that the person was looking at."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was chosen once stays possible: a person who left, a language off the list.
        practitioner, language = self.fields["preferred_practitioner"], self.fields["language"]
        assert isinstance(practitioner, forms.ModelChoiceField)
        assert isinstance(language, forms.ChoiceField)
        practitioner.queryset = _practitioners(patient.preferred_practitioner_id)
        listed = language_choices()
        if patient.language not in dict(listed):
            language.choices = [*listed, (patient.language, patient.language)]

    def differences(self, current: Patient) -> list[Difference]:
        """Return the fields in which the form, which is valid, differs from `current`."""
        return [
            Difference(
                label=str(field.label),
                theirs=self._in_words(name, getattr(current, name)),
                mine=self._in_words(name, self.cleaned_data[name]),
            )
            for name, field in self.fields.items()
            if name != "version" and getattr(current, name) != self.cleaned_data[name]
        ]

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(value, date):
            return date_format(value, "j F Y")
        if isinstance(value, list):
            return ", ".join(str(Weekday(day).label) for day in value) or _("Any")
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return str(dict(field.widget.choices).get(value, value))
        return str(value or _("Nothing"))
