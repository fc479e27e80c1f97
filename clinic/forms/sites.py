"""Forms of sites and rooms."""

import zoneinfo
from functools import cache
from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Site
from meso_clinic.core.forms import ClinicForm, ClinicModelForm


@cache
def timezone_names() -> tuple[str, ...]:
    """Return the names of all time zones of places, like "Europe/London", in order."""
    places = (name for name in zoneinfo.available_timezones() if "/" in name)
    return tuple(sorted(name for name in places if not name.startswith(("Etc/", "SystemV/"))))


class SiteForm(ClinicModelForm):
    """A place where the clinic works. The time zone is found by typing part of its name."""

    class Meta:
        model = Site
        fields = ["name", "address", "phone", "timezone", "is_active"]
        help_texts = {
            "timezone": _("Type part of the city's name and choose, like Europe/London."),
            "is_active": _("Nothing can be booked at a site that is not in use."),
        }
        error_messages = {
            "name": {"unique": _("Another site has this name. Enter another.")},
        }
        widgets = {"timezone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["is_active"]

    def build_layout(self) -> Layout:
        rows = ["name", "address", Row(Column("phone"), Column("timezone"))]
        return Layout(*rows, *(["is_active"] if "is_active" in self.fields else []))


class NewRoomForm(ClinicForm):
    """The name of a new room."""

    name = forms.CharField(label=_("Name of the new room"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="new_room_%s", **kwargs)


class RoomForm(ClinicForm):
    """A room's name, and whether it is in use. Drawn in one line of a table."""

    name = forms.CharField(
        label=_("Name of the room"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
