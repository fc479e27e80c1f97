"""The time straight after the injections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.domain.afterwards import OBSERVED_MINUTES, PAIN
from records.forms.base import VersionedForm
from records.forms.numbers import whole
from records.models import EndPoints

NO_REACTION = "none"
REACTIONS = {
    NO_REACTION: _("None"),
    "redness": _("Redness"),
    "swelling": _("Swelling"),
    "faint": _("Felt faint"),
}
OTHER_REACTION = "other"


class AftercareForm(VersionedForm):
    """What was seen afterwards, and whether the patient knows what to do.

    With `as_usual` the end-points are those and the reaction none, unless something else was said.
    """

    end_points = forms.ChoiceField(
        label=_("What the injections left"),
        required=False,
        choices=EndPoints.choices,
        widget=forms.RadioSelect,
    )
    pain = forms.TypedChoiceField(
        label=_("Pain, 0 is none and 10 the worst"),
        required=False,
        choices=[(step, str(step)) for step in range(PAIN[0], PAIN[1] + 1)],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    observed_minutes = whole(
        _("Watched for (minutes)"),
        OBSERVED_MINUTES,
        _("The minutes must be between 1 and 240."),
        widget=forms.NumberInput(attrs={"step": "5"}),
    )
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

    def __init__(self, *args: Any, as_usual: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_usual = as_usual

    @property
    def is_untouched(self) -> bool:
        """Whether what was sent is what is kept already, and nothing more is wanted."""
        return super().is_untouched and not self.as_usual

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.as_usual:
            # What was seen or felt otherwise stays as it was said.
            cleaned["end_points"] = cleaned.get("end_points") or self.as_usual
            cleaned["reaction"] = cleaned.get("reaction") or NO_REACTION
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
