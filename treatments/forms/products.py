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
from treatments.domain.stock import (
    DAYS_AFTER_OPENING,
    INTERVAL_DAYS,
    LOW_STOCK,
    POINT_ML,
    QUANTITY,
    VOLUME_ML,
    volumes_in_order,
)
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
    is_multi_dose = forms.BooleanField(
        label=gettext_lazy("Several doses in a vial"),
        required=False,
        help_text=gettext_lazy(
            "Its day of opening is noted. A vial for one dose is for one patient."
        ),
    )
    days_after_opening = whole(
        gettext_lazy("Days after opening"), DAYS_AFTER_OPENING, DAYS, required=False
    )
    low_stock_below = whole(gettext_lazy("Stock is low below"), LOW_STOCK, required=False)

    def clean_gtin(self) -> str:
        gtin: str = self.cleaned_data["gtin"]
        if gtin and not is_gtin(gtin):
            raise forms.ValidationError(
                _("This is no number of a box: 14 digits, the last one checks the others.")
            )
        return gtin

    def clean_low_stock_below(self) -> int:
        return self.cleaned_data["low_stock_below"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not volumes_in_order(cleaned.get("usual_volume_ml"), cleaned.get("max_volume_ml")):
            self.add_error(
                "usual_volume_ml", _("Usual volume must not be above the most per session.")
            )
        if cleaned.get("days_after_opening") and not cleaned.get("is_multi_dose"):
            self.add_error(
                "days_after_opening",
                _("Days after opening are for a vial with several doses. Leave them out."),
            )
        return cleaned

    def build_layout(self) -> Layout:
        return Layout(
            "is_enabled",
            Row(Column("usual_volume_ml"), Column("max_volume_ml")),
            Row(Column("min_interval_days"), Column("max_treatments")),
            Row(Column("max_points"), Column("max_point_ml")),
            Row(Column("gtin"), Column("low_stock_below")),
            "is_multi_dose",
            Row(Column("days_after_opening"), Column()),
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
    quantity = whole(gettext_lazy("Vials"), QUANTITY)
    received_on = DayField(label=gettext_lazy("Received on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["received_on"].initial = today
        self.fields["quantity"].help_text = gettext_lazy("Vials, ampoules or tubes in the box.")

    def clean_received_on(self) -> date:
        return not_in_future(self.cleaned_data["received_on"], self.today)

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day < self.today:
            raise forms.ValidationError(
                _("This date has passed: the lot must not be used. Check the box."), code="past"
            )
        return day

    def build_layout(self) -> Layout:
        return Layout(
            "number",
            Row(Column("expires_on"), Column("quantity")),
            Row(Column("received_on"), Column()),
        )


class OpeningForm(ClinicForm):
    """The day on which a vial was opened."""

    on = DayField(
        label=gettext_lazy("Opened on"),
        error_messages={"required": gettext_lazy("Enter the day of opening, like 26 Nov 2026.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        return not_in_future(self.cleaned_data["on"], self.today)


def not_in_future(day: date, today: date) -> date:
    """Return `day` unless it is still to come. Raises ValidationError."""
    if day > today:
        raise forms.ValidationError(_("This day is still to come. Check the date."), code="future")
    return day
