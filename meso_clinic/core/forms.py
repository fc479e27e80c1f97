"""The base of every form: crispy layout in the class, `<form>` in the template."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

# Read by people at a desk: day first, month in words or digits, any usual separator.
DATE_INPUTS = [
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d %m %Y",
    "%d%m%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%a %d %b %Y",
    "%A %d %B %Y",
    "%d/%m/%y",
    "%d.%m.%y",
]


def _dress(widget: forms.Widget) -> None:
    """Give `widget` the look of a control, also where a template draws it without crispy."""
    if isinstance(widget, forms.Select):
        look = "form-select"
    elif isinstance(widget, (forms.TextInput, forms.Textarea)):
        look = "form-control"
    else:
        return
    classes = str(widget.attrs.get("class", "")).split()
    if look not in classes:
        widget.attrs["class"] = " ".join([look, *classes])


class _Laid:
    """Gives a form its crispy helper; `build_layout` says which field stands where."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # "This field is required." says nothing in a summary at the top of the page.
        unsaid = forms.Field.default_error_messages["required"]
        for name, field in self.fields.items():
            _dress(field.widget)
            if field.error_messages.get("required") == unsaid:
                label = field.label or name
                field.error_messages["required"] = _("%(label)s is missing.") % {"label": label}

    @property
    def helper(self) -> FormHelper:
        """The helper that `{% crispy form %}` reads."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = self.build_layout()
        return helper

    def build_layout(self) -> Layout:
        """Return the layout; by default the fields one below the other."""
        return Layout(*self.fields)


class ClinicForm(_Laid, forms.Form):
    """A form that states an intention; its cleaned data goes to one action."""


class ClinicModelForm(_Laid, forms.ModelForm):  # type: ignore[type-arg]
    """A form over one table of master data. It validates; an action saves."""


class DayField(forms.DateField):
    """A day, typed in any usual way or picked; years 1900 to 2199."""

    def __init__(self, *, example: str = "26 Nov 2026", **kwargs: Any) -> None:
        label = kwargs.get("label") or _("The date")
        kwargs.setdefault("input_formats", DATE_INPUTS)
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        sentence = _("%(label)s must be a real date, like %(example)s.") % {
            "label": label,
            "example": example,
        }
        kwargs.setdefault("error_messages", {}).setdefault("invalid", sentence)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year <= 2199:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day
