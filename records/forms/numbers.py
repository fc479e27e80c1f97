"""Numbers and times that are typed: one sentence says what is wrong, whatever is."""

from decimal import Decimal
from typing import Any

from django import forms

CODES = (
    "invalid",
    "min_value",
    "max_value",
    "max_digits",
    "max_decimal_places",
    "max_whole_digits",
    "step_size",
)


def said(sentence: Any) -> dict[str, Any]:
    """Return `sentence` for everything that can be wrong with a number."""
    return dict.fromkeys(CODES, sentence)


def number(
    label: Any, low: str, high: str, sentence: Any, *, places: int = 2
) -> forms.DecimalField:
    """Return a number from `low` to `high` that may be left empty."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(low),
        max_value=Decimal(high),
        max_digits=5,
        decimal_places=places,
        error_messages=said(sentence),
    )


def whole(label: Any, bounds: tuple[int, int], sentence: Any, **more: Any) -> forms.IntegerField:
    """Return a whole number within `bounds` that may be left empty."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=bounds[0],
        max_value=bounds[1],
        error_messages=said(sentence),
        **more,
    )


def clock(label: Any, sentence: Any) -> forms.TimeField:
    """Return a time on the wall clock that may be left empty."""
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": sentence},
    )
