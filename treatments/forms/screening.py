"""A prescriber's sign-off, and why something is taken back or switched."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm
from patients.forms.fields import PlainTextField


class SignOffForm(ClinicForm):
    """Why it is safe to go on; with the course, the rule and the answer that the page showed."""

    reason = PlainTextField(
        label=gettext_lazy("Why it is safe to go on"),
        max_length=400,
        error_messages={"required": gettext_lazy("Say why it is safe to go on.")},
    )
    course = forms.IntegerField(widget=forms.HiddenInput)
    rule = forms.SlugField(widget=forms.HiddenInput, max_length=60)
    answer = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Several of these forms stand on one page.
        self.auto_id = f"id_{self['rule'].value()}_%s"


class WhyForm(ClinicForm):
    """The reason for something that is kept with its reason."""

    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the reason.")},
    )
