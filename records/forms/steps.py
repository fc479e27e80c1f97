"""Checks, anaesthesia and after-care."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from records.domain.record import CHECKS, CLEAR, CONCERN, WITHOUT_AGENT
from records.forms.base import VersionedForm
from records.forms.zones import LotChoice
from records.models import Anaesthesia, SessionRecord
from treatments.models import Lot

REACTIONS = {
    "none": _("None"),
    "redness": _("Redness"),
    "swelling": _("Swelling"),
    "faint": _("Felt faint"),
}
OTHER_REACTION = "other"


class ChecksForm(VersionedForm):
    """The answers before treatment. An answer may wait; a concern never stands without words."""

    checks_words = forms.CharField(
        label=_("What was found, and why it is safe to go on"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    _CHOICES: ClassVar = [(CLEAR, _("All clear")), (CONCERN, _("There is something"))]

    identity_check = forms.ChoiceField(required=False, choices=_CHOICES, widget=forms.RadioSelect)
    consent_check = forms.ChoiceField(required=False, choices=_CHOICES, widget=forms.RadioSelect)
    pregnancy_check = forms.ChoiceField(required=False, choices=_CHOICES, widget=forms.RadioSelect)
    infection_check = forms.ChoiceField(required=False, choices=_CHOICES, widget=forms.RadioSelect)
    medicines_check = forms.ChoiceField(required=False, choices=_CHOICES, widget=forms.RadioSelect)
    reaction_check = forms.ChoiceField(required=False, choices=_CHOICES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, all_clear: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all_clear = all_clear
        for check in CHECKS:
            self.fields[check].label = SessionRecord._meta.get_field(check).verbose_name  # type: ignore[union-attr]

    @property
    def checks(self) -> list[forms.BoundField]:
        """The checks alone, in their order."""
        return [self[check] for check in CHECKS]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.all_clear:
            # What was marked as a concern stays one.
            cleaned.update({check: cleaned.get(check) or CLEAR for check in CHECKS})
        found = any(cleaned.get(check) == CONCERN for check in CHECKS)
        if found and not cleaned.get("checks_words"):
            self.add_error("checks_words", _("Say what was found, and why it is safe to go on."))
        return cleaned

    @property
    def answers(self) -> dict[str, str]:
        """The answers, "" where there is none yet."""
        return {check: self.cleaned_data[check] for check in CHECKS}


class AnaesthesiaForm(VersionedForm):
    """How the area was numbed."""

    kind = forms.ChoiceField(
        label=_("How the area was numbed"),
        required=False,
        choices=Anaesthesia.Kind.choices,
        widget=forms.RadioSelect,
    )
    agent = forms.CharField(label=_("Agent"), required=False, max_length=120)
    dose = forms.CharField(
        label=_("Dose"), required=False, max_length=60, help_text=_("With its unit, like 2 g.")
    )
    applied_at = forms.TimeField(
        label=_("Applied at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Applied at must be a time, like 10:15.")},
    )
    lot = LotChoice(
        label=_("Lot of the agent"),
        queryset=Lot.objects.none(),
        required=False,
        empty_label=_("Not from stock"),
        help_text=_("A recall finds the patient by it."),
    )

    def __init__(self, *args: Any, lots: QuerySet[Lot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"].queryset = lots  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        if kind and kind not in WITHOUT_AGENT:
            if not cleaned.get("agent"):
                self.add_error("agent", _("Enter the agent."))
            if not cleaned.get("dose"):
                self.add_error("dose", _("Enter the dose of the agent."))
        return cleaned


class AftercareForm(VersionedForm):
    """What was seen afterwards, and whether the patient knows what to do."""

    reaction = forms.ChoiceField(
        label=_("Reaction"),
        required=False,
        choices=[*REACTIONS.items(), (OTHER_REACTION, _("Other"))],
        widget=forms.RadioSelect,
    )
    reaction_other = forms.CharField(
        label=_("What you saw, or the patient felt"), required=False, max_length=200
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    aftercare_given = forms.BooleanField(label=_("After-care given and explained"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reaction") == OTHER_REACTION and not cleaned.get("reaction_other"):
            self.add_error("reaction_other", _("Say what you saw, or the patient felt."))
        return cleaned

    @property
    def reaction_words(self) -> str:
        """The reaction as it is kept, "" while nothing is said."""
        chosen = self.cleaned_data["reaction"]
        if chosen == OTHER_REACTION:
            return str(self.cleaned_data["reaction_other"])
        return str(REACTIONS.get(chosen, ""))

    @staticmethod
    def typed_reaction(words: str) -> dict[str, str]:
        """Return a kept reaction as the two fields have it."""
        usual = {str(label): code for code, label in REACTIONS.items()}
        if not words or words in usual:
            return {"reaction": usual.get(words, "")}
        return {"reaction": OTHER_REACTION, "reaction_other": words}
