"""Scoring: the sitting, one form for each value, and the correction of a value."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm, DayField
from meso_clinic.core.models import User
from patients.forms.fields import PlainTextField
from records.actions.outcomes import Score, Sitting
from records.domain.pigment import AREA, DARKNESS, Part, Patch, pigment_score
from records.domain.scale_shapes import Scale
from records.domain.scales import SCALES
from records.models import Occasion, Rater, Side
from records.models.outcomes import value_sentence
from records.outcome_words import plain
from records.selectors.outcomes import PIGMENT

LONGEST_NOTES = 2000
PART_NAMES = {
    Part.FOREHEAD: gettext_lazy("forehead"),
    Part.LEFT_CHEEK: gettext_lazy("left cheek"),
    Part.RIGHT_CHEEK: gettext_lazy("right cheek"),
    Part.CHIN: gettext_lazy("chin"),
}


class NotesField(forms.CharField):
    """Words of any length up to a limit, without hidden signs that no database keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=LONGEST_NOTES,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            error_messages={
                "max_length": gettext_lazy(
                    "Notes can have 2000 characters at most. Shorten the text."
                )
            },
            **kwargs,
        )


class SittingForm(ClinicForm):
    """When, for what and by whom. The values are forms of their own, one for each."""

    occasion = forms.ChoiceField(
        label=gettext_lazy("Occasion"),
        choices=Occasion.choices,
        error_messages={"invalid_choice": gettext_lazy("Choose an occasion of the list.")},
    )
    assessed_on = DayField(
        label=gettext_lazy("Day"),
        error_messages={"required": gettext_lazy("Enter the day of the scores, like 26 Nov 2026.")},
    )
    rated_by = forms.ModelChoiceField(
        label=gettext_lazy("Clinician who scores"),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose the clinician who scores."),
            "invalid_choice": gettext_lazy("This person does not score. Choose another."),
        },
    )
    is_before_session = forms.BooleanField(
        label=gettext_lazy("Scored before the session of that day"),
        required=False,
        help_text=gettext_lazy("A skin that was just treated is swollen and is not scored."),
    )
    notes = NotesField(
        label=gettext_lazy("Notes"),
        help_text=gettext_lazy("Height from the floor, posture, time of day, device."),
    )
    patient = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, rater: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rated_by = cast("forms.ModelChoiceField[User]", self.fields["rated_by"])
        rated_by.queryset = User.objects.practitioners()
        if rater:
            rated_by.help_text = _("The baseline was scored by %(name)s.") % {"name": rater}
        self.fields["assessed_on"].widget.attrs["max"] = today.isoformat()

    def build_layout(self) -> Layout:
        return Layout(
            Row(Column("occasion"), Column("assessed_on"), Column("rated_by")),
            "is_before_session",
        )

    @property
    def sitting(self) -> Sitting:
        """What a valid form says."""
        named = ("occasion", "assessed_on", "rated_by", "is_before_session", "notes")
        return Sitting(**{name: self.cleaned_data[name] for name in named})


def value_field(scale: Scale, label: str) -> forms.Field:
    """Return a field for a value of `scale`: its grades to choose from, or a number."""
    if scale.grades:
        choices = [(plain(one.value), _choice(one.value, one.label)) for one in scale.grades]
        return forms.TypedChoiceField(
            label=label,
            choices=[("", _("Not scored")), *choices],
            coerce=Decimal,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": value_sentence(scale)},
        )
    sentence = value_sentence(scale)
    codes = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places")
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=scale.least,
        max_value=scale.most,
        max_digits=6,
        decimal_places=2,
        error_messages=dict.fromkeys((*codes, "max_whole_digits"), sentence),
        widget=forms.NumberInput(
            attrs={"step": plain(scale.step), "class": "form-control", "inputmode": "decimal"}
        ),
    )


def _choice(value: Decimal, label: str) -> str:
    number = plain(value)
    # Grades with a Roman or Arabic number of their own need no second one.
    return label if ":" in label else f"{number}: {label}"


def _prefix(*parts: str) -> str:
    return "-".join(part for part in parts if part).lower()


class ScoreForm(ClinicForm):
    """One value of one scale, by one rater, on one side. Empty means not scored."""

    def __init__(self, *args: Any, scale: Scale, rater: str, side: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=_prefix(scale.code, rater, side), **kwargs)
        self.scale, self.rater, self.side = scale, rater, side
        self.fields["value"] = value_field(scale, self._label())

    def _label(self) -> str:
        names = Side if len(self.scale.sides) > 1 else Rater
        chosen = self.side if names is Side else self.rater
        label = str(names(chosen).label)
        return f"{label} ({self.scale.unit})" if self.scale.unit else label

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        value = cleaned.get("value")
        if value is not None and not self.scale.allows(value):
            self.add_error("value", value_sentence(self.scale))
        return cleaned

    @property
    def scores(self) -> list[Score]:
        """What was entered into a valid form: one value or none."""
        value = self.cleaned_data.get("value")
        if value is None:
            return []
        return [Score(self.scale.code, self.rater, self.side, value)]


def _mark(label: Any, most: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "–"), *((str(n), str(n)) for n in range(most + 1))],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a number of the list.")},
    )


class PigmentForm(ClinicForm):
    """Area and darkness of four parts of the face; the score is worked out of them."""

    forehead_area = _mark(gettext_lazy("Forehead: area"), AREA[1])
    forehead_darkness = _mark(gettext_lazy("Forehead: darkness"), DARKNESS[1])
    left_cheek_area = _mark(gettext_lazy("Left cheek: area"), AREA[1])
    left_cheek_darkness = _mark(gettext_lazy("Left cheek: darkness"), DARKNESS[1])
    right_cheek_area = _mark(gettext_lazy("Right cheek: area"), AREA[1])
    right_cheek_darkness = _mark(gettext_lazy("Right cheek: darkness"), DARKNESS[1])
    chin_area = _mark(gettext_lazy("Chin: area"), AREA[1])
    chin_darkness = _mark(gettext_lazy("Chin: darkness"), DARKNESS[1])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=PIGMENT, **kwargs)
        self.scale = SCALES[PIGMENT]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        marks = [cleaned.get(name) for name in self.fields]
        is_begun = any(mark is not None for mark in marks)
        if is_begun and not self.errors and None in marks:
            missing = next(name for name in self.fields if cleaned.get(name) is None)
            self.add_error(
                missing, _("Score area and darkness of all four parts. 0 means nothing is there.")
            )
        return cleaned

    @property
    def scores(self) -> list[Score]:
        """The score of a valid form, or none."""
        if None in self.cleaned_data.values():
            return []
        parts = {
            part: Patch(self.cleaned_data[f"{part}_area"], self.cleaned_data[f"{part}_darkness"])
            for part in Part
        }
        label = ", ".join(
            f"{PART_NAMES[part]} {patch.area} × {patch.darkness}" for part, patch in parts.items()
        )
        return [Score(PIGMENT, Rater.CLINICIAN, Side.WHOLE, pigment_score(parts), label)]


def score_forms(
    scales: Iterable[Scale], posted: Any = None
) -> list[tuple[Scale, list[ScoreForm | PigmentForm]]]:
    """Return the forms of each scale: one for each rater and side."""
    found: list[tuple[Scale, list[ScoreForm | PigmentForm]]] = []
    for scale in scales:
        if scale.code == PIGMENT:
            found.append((scale, [PigmentForm(posted)]))
            continue
        found.append(
            (
                scale,
                [
                    ScoreForm(posted, scale=scale, rater=rater.value, side=side.value)
                    for rater in scale.raters
                    for side in scale.sides
                ],
            )
        )
    return found


class CorrectionForm(SittingForm):
    """A value in the place of another one, and why."""

    reason = PlainTextField(
        label=gettext_lazy("Why it is corrected"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why the value is corrected.")},
    )

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        del self.fields["key"]
        field = value_field(scale, f"{_('Value')} ({scale.unit})" if scale.unit else _("Value"))
        field.required = True
        field.error_messages["required"] = _("Enter the value.")
        self.fields["value"] = field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        value = cleaned.get("value")
        if value is not None and not self.scale.allows(value):
            self.add_error("value", value_sentence(self.scale))
        return cleaned

    def build_layout(self) -> Layout:
        return Layout(
            "value",
            Row(Column("occasion"), Column("assessed_on"), Column("rated_by")),
            "is_before_session",
            "notes",
            "reason",
        )
