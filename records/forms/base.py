"""What every form over a draft shares."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from meso_clinic.core.forms import ClinicForm

_TYPED = (
    forms.TextInput,
    forms.Textarea,
    forms.NumberInput,
    forms.PasswordInput,
    forms.TimeInput,
)


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
