"""How the patient's own blood was drawn and prepared."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.domain.blood import DRAWN_ML, Blood
from records.forms.base import VersionedForm
from records.forms.numbers import clock, number
from records.models.session_facts import Anticoagulant

BLOOD = tuple(field.name for field in fields(Blood))


class BloodFields(VersionedForm):
    """A draw and its plasma. All of it may be left empty."""

    blood_kit_lot = forms.CharField(
        label=_("Lot of the tube kit"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    blood_anticoagulant = forms.ChoiceField(
        label=_("Anticoagulant in the tube"),
        required=False,
        choices=[("", _("Not said")), *Anticoagulant.choices],
        error_messages={"invalid_choice": _("Choose the anticoagulant from the list.")},
    )
    blood_drawn_at = clock(_("Blood drawn at"), _("Drawn at must be a time, like 10:15."))
    blood_drawn_ml = number(
        _("Blood drawn (ml)"),
        str(DRAWN_ML[0]),
        str(DRAWN_ML[1]),
        _("Blood drawn must be between 0.5 and 500 ml, like 15."),
        places=1,
    )
    blood_spin = forms.CharField(
        label=_("Spin settings"),
        required=False,
        max_length=60,
        help_text=_("Minutes and force, like 8 min at 1500 g."),
    )
    blood_plasma_ml = number(
        _("Plasma made (ml)"),
        "0.1",
        str(DRAWN_ML[1]),
        _("Plasma must be between 0.1 and 500 ml, like 4."),
        places=1,
    )
    blood_is_activated = forms.BooleanField(label=_("Activated"), required=False)
    blood_injected_at = clock(_("Plasma injected at"), _("Injected at must be a time, like 10:50."))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        drawn, plasma = cleaned.get("blood_drawn_ml"), cleaned.get("blood_plasma_ml")
        if drawn is not None and plasma is not None and plasma > drawn:
            self.add_error(
                "blood_plasma_ml", _("There cannot be more plasma than blood was drawn.")
            )
        return cleaned

    @property
    def blood(self) -> Blood:
        """How the blood was drawn and prepared."""
        return Blood(**{name: self.cleaned_data[f"blood_{name}"] for name in BLOOD})
