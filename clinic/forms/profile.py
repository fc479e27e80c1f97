"""The form of the clinic's profile."""

from typing import Any

from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import ClinicProfile, validate_timezone
from clinic.public_holidays import countries
from meso_clinic.core.forms import ClinicForm, ClinicModelForm


class ProfileForm(ClinicModelForm):
    """Who the clinic is, and after how many minutes somebody is late or a no-show."""

    class Meta:
        model = ClinicProfile
        fields = [
            "name",
            "phone",
            "emergency_phone",
            "email",
            "country",
            "opening_words",
            "legal_lines",
            "record_prefix",
            "offer_every_minutes",
            "late_after_minutes",
            "no_show_after_minutes",
            "reflect_hours",
        ]
        widgets = {"legal_lines": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "emergency_phone": _("Printed on every plan for help out of hours."),
            "opening_words": _("For plans and letters, like: Monday to Saturday."),
            "legal_lines": _("Company and registration numbers, at the foot of what is printed."),
            "record_prefix": _("Letters before the number of new patient records, like LSC."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            choices=countries,
            help_text=_("For public holidays and phone numbers."),
        )

    def build_layout(self) -> Layout:
        return Layout(
            Fieldset(
                _("The clinic"),
                "name",
                Row(Column("phone"), Column("emergency_phone")),
                Row(Column("email"), Column("country")),
                "opening_words",
                css_class="sect stack",
            ),
            HTML('<hr class="rule">'),
            Fieldset(
                _("The day"),
                Row(
                    Column("late_after_minutes"),
                    Column("no_show_after_minutes"),
                    Column("offer_every_minutes"),
                ),
                css_class="sect stack",
            ),
            HTML('<hr class="rule">'),
            Fieldset(_("Consent"), "reflect_hours", css_class="sect stack"),
            HTML('<hr class="rule">'),
            Fieldset(_("On paper"), "record_prefix", "legal_lines", css_class="sect stack"),
        )


class SetUpForm(ClinicForm):
    """What a new clinic needs before anything else: its name, a phone and a first site."""

    name = forms.CharField(label=_("Name of the clinic"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=40)
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="GB")
    site_name = forms.CharField(
        label=_("Name of the first site"),
        max_length=80,
        help_text=_("Where you treat, like Linden Street. More can follow."),
    )
    timezone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        initial="Europe/London",
        validators=[validate_timezone],
        help_text=_("Type part of the city's name and choose, like Europe/London."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    def build_layout(self) -> Layout:
        return Layout("name", Row(Column("phone"), Column("country")), "site_name", "timezone")
