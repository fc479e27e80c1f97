"""Fields that say in a sentence what is wrong and how to put it right."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.domain.days import EARLIEST_YEAR, parse_day


class LimitedTextField(forms.CharField):
    """Text that says by its label how many characters it can have."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        too_long = format_lazy(
            gettext_lazy("{label} can have {max} characters at most. Shorten the text."),
            label=kwargs["label"],
            max=max_length,
        )
        kwargs.setdefault("error_messages", {}).setdefault("max_length", too_long)
        super().__init__(max_length=max_length, **kwargs)


class LinesField(LimitedTextField):
    """Several lines of words in any script."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(widget=widget, **kwargs)


class PlainTextField(LimitedTextField):
    """One line of text in any script. Only control characters are refused."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            raise forms.ValidationError(
                _("%(label)s: a line break, tab or other hidden sign is in it. Type it again.")
                % {"label": self.label},
                code="control",
            )
        text = " ".join(text.split())
        # Signs without a shape ("\u200b") leave nothing that a person could read.
        return text if any(unicodedata.category(letter)[0] not in "CZ" for letter in text) else ""


class BornOnField(forms.CharField):
    """A date of birth, typed in any usual way; from 1900 to `today`."""

    today: date

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        day = parse_day(text, today=self.today)
        if day is None:
            raise forms.ValidationError(
                _("Born on must be a real date from %(year)s on, like 22 Aug 1990.")
                % {"year": EARLIEST_YEAR},
                code="date",
            )
        if day > self.today:
            raise forms.ValidationError(
                _("Born on must not be in the future. Check the year."), code="future"
            )
        return day

    def prepare_value(self, value: Any) -> Any:
        return date_format(value, "j M Y") if isinstance(value, date) else value
