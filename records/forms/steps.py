"""Checks and anaesthesia, with what is measured and prepared beside them."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patients.domain.weight import WEIGHT_KG
from records.actions.anaesthesia import Numbed
from records.domain.anaesthesia import TOPICAL, WITHOUT_AGENT
from records.domain.checks import CHECKS, CLEAR, CONCERN
from records.domain.facts import CREAM, INJECTED
from records.domain.numbing import HEIGHT_CM, WAIT_MINUTES
from records.forms.around import SkinFields, VitalsFields
from records.forms.numbers import clock, number, said, whole
from records.forms.zones import LotChoice
from records.models import Anaesthesia, SessionRecord
from treatments.models import Lot

AMOUNTS = (
    "strength_percent",
    "volume_ml",
    "has_adrenaline",
    "grams",
    "area_cm2",
    "is_covered",
    "wait_minutes",
    "removed_at",
    "weight_kg",
    "height_cm",
)


class ChecksForm(VitalsFields):
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
    def is_untouched(self) -> bool:
        """Whether what was sent is what is kept already, and nothing more is wanted."""
        return super().is_untouched and not self.all_clear

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


class AnaesthesiaForm(SkinFields):
    """How the area was numbed."""

    kind = forms.ChoiceField(
        label=_("How the area was numbed"),
        required=False,
        choices=Anaesthesia.Kind.choices,
        widget=forms.RadioSelect,
    )
    agent = forms.CharField(
        label=_("Agent"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "agents", "autocomplete": "off"}),
    )
    dose = forms.CharField(
        label=_("Dose"), required=False, max_length=60, help_text=_("With its unit, like 2 g.")
    )
    strength_percent = number(
        _("Strength (%)"), "0.01", "10", _("Strength must be more than 0 and at most 10 percent.")
    )
    volume_ml = number(
        _("Volume (ml)"), "0.01", "100", _("Volume must be more than 0 and at most 100 ml.")
    )
    has_adrenaline = forms.BooleanField(label=_("With adrenaline"), required=False)
    weight_kg = number(
        _("Weight (kg)"),
        str(WEIGHT_KG[0]),
        str(WEIGHT_KG[1]),
        _("Weight must be between 2 and 400 kg, like 62.5."),
        places=1,
    )
    height_cm = whole(_("Height (cm)"), HEIGHT_CM, _("Height must be between 100 and 230 cm."))
    grams = number(
        _("Amount (g)"), "0.1", "100", _("Amount must be between 0.1 and 100 g."), places=1
    )
    area_cm2 = forms.IntegerField(
        label=_("Area (cm²)"),
        required=False,
        min_value=1,
        max_value=20_000,
        help_text=_("A hand with its fingers is about 150 cm²."),
        error_messages=said(_("Area must be between 1 and 20000 cm².")),
    )
    lot = LotChoice(
        label=_("Lot of the agent"),
        queryset=Lot.objects.none(),
        required=False,
        empty_label=_("Not from stock"),
        help_text=_("A recall finds the patient by it."),
    )
    cream_lot = LotChoice(
        label=_("Lot of the cream"),
        queryset=Lot.objects.none(),
        required=False,
        empty_label=_("Not from stock"),
        help_text=_("A recall finds the patient by it."),
    )
    is_covered = forms.BooleanField(label=_("Covered with film"), required=False)
    applied_at = clock(_("Applied at"), _("Applied at must be a time, like 10:15."))
    wait_minutes = forms.IntegerField(
        label=_("Wait (minutes)"),
        required=False,
        min_value=WAIT_MINUTES[0],
        max_value=WAIT_MINUTES[1],
        widget=forms.NumberInput(attrs={"step": "5"}),
        error_messages=said(_("The wait must be between 10 and 120 minutes.")),
    )
    removed_at = clock(_("Removed at"), _("Removed at must be a time, like 11:00."))

    _NEEDED: ClassVar = {
        CREAM: {"grams": _("Enter the amount of cream in grams.")},
        INJECTED: {
            "strength_percent": _("Enter the strength, like 1 %."),
            "volume_ml": _("Enter the volume that was injected."),
        },
        Anaesthesia.Kind.OTHER: {"dose": _("Enter the dose of the agent.")},
    }

    def __init__(self, *args: Any, lots: QuerySet[Lot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A cream is never offered to be injected.
        of_cream = {"product__product_class": TOPICAL}
        self.fields["lot"].queryset = lots.exclude(**of_cream)  # type: ignore[attr-defined]
        self.fields["cream_lot"].queryset = lots.filter(**of_cream)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        if kind and kind not in WITHOUT_AGENT and not cleaned.get("agent"):
            self.add_error("agent", _("Enter the agent."))
        said = ("agent", "dose", "strength_percent", "volume_ml", "grams", "area_cm2", "applied_at")
        if not kind and any(cleaned.get(name) for name in said):
            self.add_error("kind", _("Choose how the area was numbed."))
        for name, sentence in self._NEEDED.get(kind or "", {}).items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if cleaned.get("removed_at") and not cleaned.get("applied_at"):
            self.add_error("applied_at", _("Enter when it was applied."))
        return cleaned

    @property
    def dose_words(self) -> str:
        """The dose as it is kept and read."""
        kind, typed = self.cleaned_data["kind"], self.cleaned_data
        if kind == CREAM:
            return str(_("%(grams)s g")) % {"grams": f"{typed['grams'].normalize():f}"}
        if kind == INJECTED:
            return str(_("%(volume)s ml of %(strength)s %%")) % {
                "volume": f"{typed['volume_ml'].normalize():f}",
                "strength": f"{typed['strength_percent'].normalize():f}",
            }
        return str(typed["dose"])

    @property
    def used_lot(self) -> Lot | None:
        """The lot that numbed: of a cream, or of what was injected."""
        name = "cream_lot" if self.cleaned_data["kind"] == CREAM else "lot"
        lot: Lot | None = self.cleaned_data[name]
        return lot

    @property
    def numbed(self) -> Numbed:
        """How much numbed the area."""
        return Numbed(**{name: self.cleaned_data[name] for name in AMOUNTS})
