"""Fields for numbers within limits: the same limits in the hint, the sentence and the check."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

DAYS = gettext_lazy(" days")
MM = gettext_lazy(" mm")
ML = gettext_lazy(" ml")

_CODES: Final = (
    "invalid",
    "min_value",
    "max_value",
    "max_digits",
    "max_decimal_places",
    "max_whole_digits",
)


def whole(label: Any, limits: tuple[int, int], unit: Any = "", **kwargs: Any) -> forms.IntegerField:
    """Return a field for a whole number within `limits`, which its hint and its errors name."""
    low, high = limits
    sentence = _between(label, low, high, unit)
    return forms.IntegerField(
        label=label,
        min_value=low,
        max_value=high,
        help_text=format_lazy(gettext_lazy("{low} to {high}{unit}"), low=low, high=high, unit=unit),
        error_messages={"invalid": sentence, "min_value": sentence, "max_value": sentence},
        **kwargs,
    )


class _PlainDecimalField(forms.DecimalField):
    """Shows a whole number as one: 8, not 8.00, which a glance could take for 800."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def volume_or_depth(
    label: Any, limits: tuple[Decimal, Decimal], unit: Any, **kwargs: Any
) -> forms.DecimalField:
    """Return a field for a decimal number within `limits`, which its hint and its errors name."""
    low, high = limits
    sentence = _between(label, low, high, unit)
    places = 1 if low >= 1 else 2  # Depth is read in tenths, so its tenths are always shown.
    field = forms.DecimalField if places == 1 else _PlainDecimalField
    return field(
        label=label,
        min_value=low,
        max_value=high,
        max_digits=5,
        decimal_places=places,
        help_text=format_lazy(gettext_lazy("{low} to {high}{unit}"), low=low, high=high, unit=unit),
        error_messages=dict.fromkeys(_CODES, sentence),
        widget=forms.NumberInput(attrs={"step": "0.1" if places == 1 else "0.05"}),
        **kwargs,
    )


def _between(label: Any, low: Any, high: Any, unit: Any) -> Any:
    return format_lazy(
        gettext_lazy("{label} must be between {low} and {high}{unit}."),
        label=label,
        low=low,
        high=high,
        unit=unit,
    )
