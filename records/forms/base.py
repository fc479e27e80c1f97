"""What every form over a draft shares."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from meso_clinic.core.forms import ClinicForm

_TYPED = (
    forms.TextInput,
    forms.Textarea,
    forms.NumberInput,
    forms.PasswordInput,
    forms.TimeInput,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which what was typed differs from what is kept, in words."""

    label: str
    mine: str
    theirs: str


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

    @property
    def is_untouched(self) -> bool:
        """Whether what was sent is what is kept already."""
        return not set(self.changed_data) - {"version"}

    def differences(self) -> list[Difference]:
        """Return where what was typed differs from what is kept, field by field."""
        return [
            Difference(
                label=str(self.fields[name].label or name),
                mine=_words(self.fields[name], self[name].data),
                theirs=_words(self.fields[name], self.initial.get(name)),
            )
            for name in self.changed_data
            if name != "version"
        ]


def _words(field: forms.Field, value: Any) -> str:
    """Return a field's value as it is read: the words of a choice, not its code."""
    if value in (None, "", [], False):
        return _("Nothing")
    if isinstance(field, forms.BooleanField):
        return _("Yes")
    values = value if isinstance(value, list) else [value]
    choices = {str(code): str(label) for code, label in getattr(field, "choices", ())}
    return ", ".join(choices.get(str(one), str(one)) for one in values)
