"""Fields that stand beside a step's own: what was measured, and how the skin was prepared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.domain.skin import CONTACT_SECONDS, SkinPreparation
from records.domain.vitals import (
    DIASTOLIC_MMHG,
    GLUCOSE_MMOL,
    PULSE_BPM,
    SYSTOLIC_MMHG,
    TEMPERATURE_C,
    VITALS,
    Vitals,
)
from records.forms.base import VersionedForm
from records.forms.numbers import number, whole
from records.models import Antiseptic


class VitalsFields(VersionedForm):
    """What was measured. All of it may be left empty; what a session needs is asked at the end."""

    systolic_mmhg = whole(
        _("Upper pressure"), SYSTOLIC_MMHG, _("Upper pressure must be between 50 and 300.")
    )
    diastolic_mmhg = whole(
        _("Lower pressure"), DIASTOLIC_MMHG, _("Lower pressure must be between 20 and 200.")
    )
    pulse_bpm = whole(_("Pulse"), PULSE_BPM, _("Pulse must be between 20 and 250."))
    temperature_c = number(
        _("Temperature (°C)"),
        str(TEMPERATURE_C[0]),
        str(TEMPERATURE_C[1]),
        _("Temperature must be between 30.0 and 45.0 °C, like 36.8."),
        places=1,
    )
    glucose_mmol = number(
        _("Blood sugar (mmol/l)"),
        str(GLUCOSE_MMOL[0]),
        str(GLUCOSE_MMOL[1]),
        _("Blood sugar must be between 0.5 and 60 mmol/l, like 5.6."),
        places=1,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        upper, lower = cleaned.get("systolic_mmhg"), cleaned.get("diastolic_mmhg")
        ends = {"systolic_mmhg": upper, "diastolic_mmhg": lower}
        for name, value in ends.items():
            if value is None and any(ends.values()) and not set(ends) & set(self.errors):
                self.add_error(name, _("Enter both pressures, like 120 and 80."))
        if upper and lower and upper <= lower:
            self.add_error("diastolic_mmhg", _("The lower pressure must be below the upper one."))
        return cleaned

    @property
    def vitals(self) -> Vitals:
        """What was measured."""
        return Vitals(**{name: self.cleaned_data[name] for name in VITALS})


class SkinFields(VersionedForm):
    """How the skin was prepared."""

    antiseptic = forms.ChoiceField(
        label=_("Skin cleaned with"),
        required=False,
        choices=Antiseptic.choices,
        widget=forms.RadioSelect,
    )
    contact_seconds = whole(
        _("Left on for (seconds)"),
        CONTACT_SECONDS,
        _("The time must be between 5 and 600 seconds."),
        widget=forms.NumberInput(attrs={"step": "5"}),
    )
    is_dried = forms.BooleanField(label=_("Left to dry"), required=False)
    is_sterile = forms.BooleanField(label=_("Sterile gloves, single-use needle"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("contact_seconds") and not cleaned.get("antiseptic"):
            self.add_error("antiseptic", _("Choose what the skin was cleaned with."))
        return cleaned

    def preparation(self, *, is_copied: bool = False) -> SkinPreparation:
        """Return how the skin was prepared."""
        typed = self.cleaned_data
        return SkinPreparation(
            antiseptic=typed["antiseptic"],
            contact_seconds=typed["contact_seconds"],
            is_dried=typed["is_dried"],
            is_sterile=typed["is_sterile"],
            is_copied=is_copied,
        )
