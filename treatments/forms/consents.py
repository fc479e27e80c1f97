"""Signing consent, taking it back, and the texts of consents."""

import json
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm
from patients.forms.fields import PlainTextField
from patients.languages import direction
from treatments.consent_words import where_line
from treatments.domain.signature import DrawingTooLong, NotADrawing, signature_path
from treatments.domain.text import tidy
from treatments.domain.zone_classes import ZoneClass as ZoneClassCode
from treatments.forms.content import ReadingField
from treatments.models import ConsentReopening, ConsentTemplate
from treatments.models.consents import ZoneClass
from treatments.selectors.consents import Parts

LONGEST_DRAWING = 120_000
AGREE, DECLINE = "yes", "no"


class DrawingField(forms.CharField):
    """Strokes as JSON, from a page with a script; cleaned to the data of an SVG path."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=LONGEST_DRAWING,
            required=False,
            widget=forms.HiddenInput,
            error_messages={
                "max_length": gettext_lazy("Clear the drawing and sign again, smaller.")
            },
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return signature_path(json.loads(text))
        except DrawingTooLong as error:
            raise forms.ValidationError(self.error_messages["max_length"]) from error
        except (NotADrawing, ValueError, RecursionError) as error:
            raise forms.ValidationError(
                _("The drawing did not arrive. Sign again, or clear it and type the name only.")
            ) from error


class SigningForm(ClinicForm):
    """Who signs, and who helped. The choices are forms of their own, one for each text."""

    signed_name = PlainTextField(
        label=gettext_lazy("Name of the patient, typed as the signature"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": gettext_lazy("Type the name of the patient who signs.")},
    )
    drawing = DrawingField(label=gettext_lazy("Drawn signature"))
    interpreter = PlainTextField(
        label=gettext_lazy("Interpreter, if there was one"), max_length=200, required=False
    )
    witness = PlainTextField(
        label=gettext_lazy("Witness, if there was one"), max_length=200, required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    patient = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=400)
    language = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
    also = forms.CharField(widget=forms.HiddenInput, max_length=12, required=False)
    part = forms.CharField(widget=forms.HiddenInput, max_length=12, required=False)

    def build_layout(self) -> Layout:
        return Layout("interpreter", "witness")


class ChoiceForm(ClinicForm):
    """“I agree” or “I do not agree” to one text; none is chosen beforehand."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[(AGREE, gettext_lazy("I agree")), (DECLINE, gettext_lazy("I do not agree"))],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose “I agree” or “I do not agree”.")},
    )

    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What is treated"),
        choices=ZoneClass.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Tick what you have talked about. It is kept with the text, and the record refuses "
            "anything else."
        ),
        error_messages={
            "required": gettext_lazy("Tick what is treated."),
            "invalid_choice": gettext_lazy("Tick what is treated, from the list."),
        },
    )

    def __init__(
        self,
        *args: Any,
        template: ConsentTemplate,
        must: bool,
        parts: Parts | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=f"text-{template.pk}", **kwargs)
        self.template = template
        self.offered = parts.offered if parts else ()
        self._offer_parts(parts)
        choice = self.fields["choice"]
        choice.required = must
        choice.error_messages["required"] = _(
            "%(title)s: choose “I agree” or “I do not agree”."
        ) % {"title": template.title}

    def _offer_parts(self, parts: Parts | None) -> None:
        """Let one choose among several parts of the body; of one there is nothing to choose."""
        if parts is None or len(parts.offered) < 2:
            del self.fields["parts"]
            return
        field = cast(forms.MultipleChoiceField, self.fields["parts"])
        field.choices = [(code, name) for code, name in ZoneClass.choices if code in parts.offered]
        field.initial = list(parts.preset)

    def build_layout(self) -> Layout:
        return Layout(*(name for name in ("parts", "choice") if name in self.fields))

    @property
    def is_given(self) -> bool | None:
        """What was chosen in the form, which is valid; None for nothing."""
        chosen = self.cleaned_data["choice"]
        return None if not chosen else chosen == AGREE

    @property
    def zone_classes(self) -> tuple[ZoneClassCode, ...]:
        """Which parts of the body the choice is about, in the form, which is valid; none for all."""
        if "parts" not in self.fields:
            return self.offered
        return tuple(ZoneClassCode(one) for one in self.cleaned_data["parts"])

    @property
    def own_lines(self) -> int:
        """How many lines at the end of what is read stand in the clinic's own language."""
        return 2 if self.only_part else 1

    @property
    def only_part(self) -> str:
        """The line about the part of the body if there is no other to choose, "" else."""
        return "" if "parts" in self.fields else where_line(self.offered)


class ReasonForm(ClinicForm):
    """Why something is taken back, which a patient need not say."""

    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the reason.")},
    )

    def __init__(
        self, *args: Any, hint: str | Promise = "", must: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = must
        self.fields["reason"].help_text = str(hint)


class ReopenForm(ClinicForm):
    """Why the consents of a course are talked through again."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=ConsentReopening.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose why it is signed again."),
            "invalid_choice": gettext_lazy("Choose why it is signed again."),
        },
    )
    words = PlainTextField(label=gettext_lazy("More about it"), max_length=200, required=False)
    patient = forms.IntegerField(widget=forms.HiddenInput)


class WaiverForm(ClinicForm):
    """Why the first session begins before the time to reflect is over."""

    reason = PlainTextField(
        label=gettext_lazy("Why it cannot wait"),
        max_length=200,
        help_text=gettext_lazy("Kept with your name. The patient must want it so."),
        error_messages={"required": gettext_lazy("Say why the first session cannot wait.")},
    )
    patient = forms.IntegerField(widget=forms.HiddenInput)


class ConsentTextForm(ClinicForm):
    """The text of one unit, the version it was written from, and why it changed."""

    title = PlainTextField(label=gettext_lazy("Title"), max_length=120)
    text = ReadingField(
        label=gettext_lazy("Text"),
        rows=24,
        help_text=gettext_lazy(
            "One paragraph a line, with what it is about: “Common effects: Redness.” "
            "“Talk to a doctor before you start” is added to every text and cannot be changed."
        ),
    )
    reason = PlainTextField(
        label=gettext_lazy("Why it changed"),
        max_length=200,
        help_text=gettext_lazy("Kept with this version. Patients are asked again."),
        error_messages={"required": gettext_lazy("Say why the text changed.")},
    )
    base_version = forms.IntegerField(
        min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput, label=gettext_lazy("Version")
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "text"):
            self.fields[name].widget.attrs |= {"lang": language, "dir": direction(language)}

    def clean_text(self) -> str:
        text = tidy(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text
