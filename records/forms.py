"""What is typed on the record's pages. A draft may be incomplete; what is there must make sense."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.forms import ClinicForm
from records.actions.drafts import DoseGiven
from records.domain.record import CHECKS, CLEAR, CONCERN, MAX_VOLUME_ML, WITHOUT_AGENT
from records.models import Amendment, Anaesthesia, Seen, SessionRecord, ZoneTreatment
from sessions.actions.booking import LateReason
from sessions.models import Deviation
from treatments.domain.limits import DEPTH_MM, POINTS
from treatments.models import Lot

NEEDLES: Sequence[str] = ("30G, 4 mm", "32G, 4 mm")
OTHER_NEEDLE = "other"
REACTIONS = {
    "none": _("None"),
    "redness": _("Redness"),
    "swelling": _("Swelling"),
    "faint": _("Felt faint"),
}
OTHER_REACTION = "other"

_TYPED = (
    forms.TextInput,
    forms.Textarea,
    forms.NumberInput,
    forms.PasswordInput,
    forms.TimeInput,
)


class VersionedForm(ClinicForm):
    """A form over a draft. It carries the version it was read at, so that no save is lost."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if type(field.widget) is forms.Select:
                field.widget.attrs["class"] = "form-select"
            elif isinstance(field.widget, _TYPED):
                field.widget.attrs.setdefault("class", "form-control")

    def take_version(self, version: int) -> None:
        """Carry `version` from now on: the next save of what was typed wins knowingly."""
        typed = cast(QueryDict, self.data).copy()
        typed["version"] = str(version)
        self.data = typed


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

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        if kind and kind not in WITHOUT_AGENT:
            if not cleaned.get("agent"):
                self.add_error("agent", _("Enter the agent."))
            if not cleaned.get("dose"):
                self.add_error("dose", _("Enter the dose of the agent."))
        return cleaned


def _number(sentence: Any) -> dict[str, Any]:
    codes = ("required", "invalid", "min_value", "max_value", "max_decimal_places", "max_digits")
    return dict.fromkeys((*codes, "max_whole_digits"), sentence)


_VOLUME_WORDS = _("Volume must be more than 0 and at most 100 ml, like 1.20.")


class LotChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A lot, shown with its product and use-by date, as on the box."""

    def label_from_instance(self, obj: Lot) -> str:
        return str(_("%(product)s. Lot %(lot)s. Use by %(expires_on)s.")) % {
            "product": obj.product,
            "lot": obj.number,
            "expires_on": date_format(obj.expires_on, "j M Y"),
        }


class VolumeField(forms.DecimalField):
    """Millilitres, to 0.01 ml."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=Decimal("0.01"),
            max_value=MAX_VOLUME_ML,
            max_digits=5,
            decimal_places=2,
            step_size=Decimal("0.01"),
            error_messages=_number(_VOLUME_WORDS) | {"step_size": _VOLUME_WORDS},
            **kwargs,
        )


class ZoneForm(VersionedForm):
    """What was done in one zone. The second product is for zones that got two."""

    technique = forms.ChoiceField(
        label=_("Technique"),
        choices=ZoneTreatment.Technique.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the technique.")},
    )
    points = forms.IntegerField(
        label=_("Points"),
        min_value=POINTS[0],
        max_value=POINTS[1],
        widget=forms.NumberInput(attrs={"class": "stepped"}),
        error_messages=_number(_("Points must be between 1 and 400.")),
    )
    depth_mm = forms.DecimalField(
        label=_("Depth (mm)"),
        min_value=DEPTH_MM[0],
        max_value=DEPTH_MM[1],
        max_digits=2,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.5", "class": "stepped"}),
        error_messages=_number(_("Depth must be 1.0 to 4.0 mm.")),
    )
    needle = forms.ChoiceField(
        label=_("Needle"),
        choices=[*((needle, needle) for needle in NEEDLES), (OTHER_NEEDLE, _("Other"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the needle.")},
    )
    needle_other = forms.CharField(
        label=_("Other needle"), required=False, max_length=30, help_text=_("Like 27G, 6 mm.")
    )
    lot = LotChoice(
        label=_("Product and lot"),
        queryset=Lot.objects.none(),
        empty_label=_("Choose from the box in your hand"),
        error_messages={"required": _("Choose the product and its lot.")},
    )
    volume_ml = VolumeField(label=_("Volume (ml)"))
    lot_2 = LotChoice(
        label=_("Second product and lot"),
        queryset=Lot.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    volume_2_ml = VolumeField(label=_("Volume of the second (ml)"))
    seen = forms.MultipleChoiceField(
        label=_("Seen in this zone"),
        required=False,
        choices=Seen.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, lots: QuerySet[Lot], techniques: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lot", "lot_2"):
            self.fields[name].queryset = lots  # type: ignore[attr-defined]
        first = list(techniques)
        choices = sorted(ZoneTreatment.Technique.choices, key=lambda one: one[0] not in first)
        self.fields["technique"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("needle") == OTHER_NEEDLE and not cleaned.get("needle_other"):
            self.add_error("needle_other", _("Enter the needle, like 27G, 6 mm."))
        for lot, volume in (("lot", "volume_ml"), ("lot_2", "volume_2_ml")):
            is_typed = volume not in self.errors and cleaned.get(volume) is not None
            if cleaned.get(lot) and not is_typed and volume not in self.errors:
                self.add_error(volume, _VOLUME_WORDS)
            elif is_typed and not cleaned.get(lot) and lot not in self.errors:
                self.add_error(lot, _("Choose the product and its lot."))
        return cleaned

    @property
    def needle_words(self) -> str:
        """The needle as it is kept."""
        chosen = str(self.cleaned_data["needle"])
        return str(self.cleaned_data["needle_other"]) if chosen == OTHER_NEEDLE else chosen

    @property
    def doses(self) -> list[DoseGiven]:
        """The products that were given."""
        typed = [
            (self.cleaned_data["lot"], self.cleaned_data["volume_ml"]),
            (self.cleaned_data["lot_2"], self.cleaned_data["volume_2_ml"]),
        ]
        return [DoseGiven(lot=lot, volume_ml=volume) for lot, volume in typed if lot]

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed since the page was read."""
        return not set(self.changed_data) - {"version"}


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


class SignForm(VersionedForm):
    """The signature: the day it happened and the signer's own password again."""

    delivered_on = forms.TypedChoiceField(
        label=_("Delivered on"),
        coerce=date.fromisoformat,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the day it was delivered on."),
            "invalid_choice": _("Choose today or the day it was booked for."),
        },
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password to sign.")},
    )

    late_code = forms.ChoiceField(
        label=_("Why it is late"),
        required=False,
        choices=Deviation.Reason.choices,
        widget=forms.RadioSelect,
    )
    late_words = forms.CharField(label=_("Say why"), required=False, max_length=300)

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["delivered_on"]
        field.choices = [(day.isoformat(), date_format(day, "D j M Y")) for day in days]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("late_code") and not cleaned.get("late_words"):
            self.add_error("late_words", _("Say why the session is late."))
        return cleaned

    @property
    def late_reason(self) -> LateReason | None:
        """Why the session comes after its window, if that was asked and answered."""
        code = self.cleaned_data.get("late_code")
        return LateReason(code, self.cleaned_data["late_words"]) if code else None


class AmendForm(ClinicForm):
    """A note added to a signed record."""

    kind = forms.ChoiceField(
        label=_("Kind of note"), choices=Amendment.Kind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Enter the note.")},
    )
    reason = forms.CharField(
        label=_("Why it is added now"),
        max_length=200,
        error_messages={"required": _("Say why the note is added now.")},
    )
