"""What a clinic sets about a product, and a lot as it stands on its box."""

from datetime import date
from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm, DayField
from patients.forms.fields import PlainTextField
from treatments.domain.boxes import is_gtin
from treatments.domain.stock import INTERVAL_DAYS, POINT_ML, VOLUME_ML, volumes_in_order
from treatments.forms.numbers import DAYS, ML, volume_or_depth, whole


def _limit(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        help_text=format_lazy(gettext_lazy("1 to {most}"), most=most),
    )


class ProductForm(ClinicForm):
    """Whether a product is used, how much, how often."""

    is_enabled = forms.BooleanField(
        label=gettext_lazy("In use"),
        required=False,
        help_text=gettext_lazy("It can be planned, and its lots can be chosen in records."),
    )
    usual_volume_ml = volume_or_depth(gettext_lazy("Usual volume"), VOLUME_ML, ML, required=False)
    max_volume_ml = volume_or_depth(gettext_lazy("Most per session"), VOLUME_ML, ML, required=False)
    min_interval_days = whole(gettext_lazy("Least days between uses"), INTERVAL_DAYS, DAYS)
    max_points = _limit(gettext_lazy("Most points per session"), 400)
    max_point_ml = forms.DecimalField(
        label=gettext_lazy("Most per point"),
        required=False,
        min_value=POINT_ML[0],
        max_value=POINT_ML[1],
        max_digits=4,
        decimal_places=3,
        help_text=gettext_lazy("0.005 to 1 ml"),
    )
    max_treatments = _limit(gettext_lazy("Most sessions with it"), 50)
    gtin = PlainTextField(
        label=gettext_lazy("Number in the box’s code"),
        required=False,
        max_length=14,
        help_text=gettext_lazy(
            "The 14 digits after (01). Scanned boxes are then told apart by it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "dir": "ltr"}),
    )

    def clean_gtin(self) -> str:
        gtin: str = self.cleaned_data["gtin"]
        if gtin and not is_gtin(gtin):
            raise forms.ValidationError(
                _("This is no number of a box: 14 digits, the last one checks the others.")
            )
        return gtin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not volumes_in_order(cleaned.get("usual_volume_ml"), cleaned.get("max_volume_ml")):
            self.add_error(
                "usual_volume_ml", _("Usual volume must not be above the most per session.")
            )
        return cleaned

    def build_layout(self) -> Layout:
        return Layout(
            "is_enabled",
            Row(Column("usual_volume_ml"), Column("max_volume_ml")),
            Row(Column("min_interval_days"), Column("max_treatments")),
            Row(Column("max_points"), Column("max_point_ml")),
            "gtin",
        )


class LotForm(ClinicForm):
    """A lot that came in. `today` tells a box that is past its date."""

    number = PlainTextField(
        label=gettext_lazy("Lot number"),
        max_length=60,
        help_text=gettext_lazy("As printed on the box."),
        error_messages={"required": gettext_lazy("Enter the lot number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    expires_on = DayField(
        label=gettext_lazy("Use by"),
        example="30 Sep 2027",
        help_text=gettext_lazy("If the box names only a month, its last day."),
        error_messages={"required": gettext_lazy("Enter the use-by date, like 30 Sep 2027.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day < self.today:
            raise forms.ValidationError(
                _("This date has passed: the lot must not be used. Check the box."), code="past"
            )
        return day
