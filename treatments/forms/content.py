"""What an indication says, and how it is called."""

from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Room
from meso_clinic.core.forms import ClinicForm
from patients.forms.fields import LinesField, PlainTextField
from treatments.domain.text import FIELDS, PatientText, notes_without_words
from treatments.models import Indication

LONGEST_TEXT = 6000
_RULE = HTML('<hr class="rule">')


class ReadingField(LinesField):
    """Several lines for a patient to read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, **kwargs)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs; `is_touched` if it was changed here and not only over there."""

    label: str
    theirs: str
    mine: str
    is_touched: bool


class TextForm(ClinicForm):
    """The whole text of an indication, the version it was written from, and why it changed."""

    summary = ReadingField(label=gettext_lazy("Summary"), rows=3)
    who_it_suits = ReadingField(label=gettext_lazy("Who it suits"), rows=4)
    evidence = ReadingField(label=gettext_lazy("Evidence and its limits"), rows=6)
    recovery_notes = ReadingField(
        label=gettext_lazy("Recovery notes"),
        rows=5,
        help_text=gettext_lazy("One line each, with its time: “48 hours: No sauna.”"),
        error_messages={
            "required": gettext_lazy(
                "Recovery notes are missing. Every plan shows them: write at least one line."
            )
        },
    )
    aftercare = ReadingField(
        label=gettext_lazy("After-care"), rows=8, help_text=gettext_lazy("One line each.")
    )
    when_to_call = ReadingField(
        label=gettext_lazy("Get help the same day if you have"),
        rows=6,
        help_text=gettext_lazy("One sign a line."),
    )
    disclaimer_addition = ReadingField(
        label=gettext_lazy("Added to the disclaimer"),
        rows=2,
        required=False,
        help_text=gettext_lazy("The disclaimer itself cannot be changed."),
    )
    reason = PlainTextField(
        label=gettext_lazy("Why it changed"),
        max_length=200,
        help_text=gettext_lazy("Kept with this version, like: new advice on sun from Dr Halloran."),
        error_messages={"required": gettext_lazy("Say why the text changed.")},
    )
    base_number = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput, label=gettext_lazy("Version")
    )

    @property
    def text(self) -> PatientText:
        """The text of the form, which is valid."""
        return PatientText.tidied(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = PatientText.tidied({name: cleaned.get(name, "") for name in FIELDS})
        for name in text.missing():
            if name not in self.errors:
                self.add_error(name, self._what_is_missing(name, text))
        return cleaned

    def _what_is_missing(self, name: str, text: PatientText) -> str:
        bare = notes_without_words(text.recovery_notes)
        if name == "recovery_notes" and bare:
            return _("“%(when)s:” says when and not what. Add what to expect.") % {"when": bare[0]}
        return str(self.fields[name].error_messages["required"])

    def differences(self, newest: PatientText, base: PatientText) -> list[Difference]:
        """Return the fields in which the form, which is valid, differs from `newest`.

        `base` is the text that the form began with.
        """
        mine = self.text
        touched = mine.differences(base)
        return [
            Difference(
                str(self.fields[name].label),
                getattr(newest, name),
                getattr(mine, name),
                name in touched,
            )
            for name in mine.differences(newest)
        ]

    def build_layout(self) -> Layout:
        return Layout(
            Fieldset(_("What it is"), "summary", "who_it_suits", "evidence"),
            _RULE,
            Fieldset(_("After a session"), "recovery_notes", "aftercare", "when_to_call"),
            _RULE,
            "disclaimer_addition",
            "reason",
            "base_number",
        )


class RoomsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rooms by their name and their site's."""

    def label_from_instance(self, obj: Room) -> str:
        return f"{obj}, {obj.site}"


class IndicationForm(ClinicForm):
    """How an indication is called, whether it is offered, and where."""

    name = PlainTextField(label=gettext_lazy("Name"), max_length=120)
    short_name = PlainTextField(
        label=gettext_lazy("Short name"),
        max_length=40,
        help_text=gettext_lazy("For the day list and the printed plan."),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("Offered"),
        required=False,
        help_text=gettext_lazy("New courses can be planned. Courses that run go on either way."),
    )
    rooms = RoomsField(
        label=gettext_lazy("Rooms set up for it"),
        queryset=Room.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "A room named by no indication suits all. None means any such room."
        ),
        error_messages={
            "invalid_choice": gettext_lazy("This room is not in use any more. Choose another.")
        },
    )

    def __init__(self, *args: Any, indication: Indication, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = self.fields["rooms"]
        assert isinstance(rooms, forms.ModelMultipleChoiceField)
        in_use = Q(is_active=True, site__is_active=True)
        chosen = Q(pk__in=indication.rooms.values("pk"))
        rooms.queryset = (
            Room.objects.filter(in_use | chosen)
            .select_related("site")
            .order_by("site__position", "site__name", "name", "pk")
        )
