"""What people ask of one appointment: when, with whom, what for."""

import datetime as dt
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Room, Site
from meso_clinic.core.forms import ClinicForm, DayField
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.visits import MOST_MINUTES, STEP_MINUTES
from sessions.models import ScheduleChange

PEOPLE = User.objects.practitioners()


class AskedForm(ClinicForm):
    """What an address or a form says of an appointment to make. Any part of it may be missing."""

    site = forms.ModelChoiceField(
        Site.objects.open(),
        label=_("Site"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the sites.")},
    )
    date = DayField(label=_("Day"), required=False)
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        input_formats=["%H:%M"],
        error_messages={"invalid": _("The time must be like 10:30.")},
    )
    practitioner = forms.ModelChoiceField(
        PEOPLE,
        label=_("With"),
        required=False,
        empty_label=_("Anybody"),
        error_messages={"invalid_choice": _("Choose one of the practitioners.")},
    )
    room = forms.ModelChoiceField(
        Room.objects.filter(is_active=True).select_related("site"),
        label=_("Room"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the rooms.")},
    )
    patient = forms.ModelChoiceField(
        Patient.objects.select_related("preferred_practitioner"),
        label=_("Patient"),
        required=False,
        error_messages={"invalid_choice": _("Choose a patient from the list.")},
    )
    kind = forms.CharField(label=_("What for"), required=False, max_length=30)
    minutes = forms.IntegerField(
        label=_("Length"),
        required=False,
        min_value=STEP_MINUTES,
        max_value=MOST_MINUTES,
        step_size=STEP_MINUTES,
        error_messages={
            name: _("Choose a length from 5 to 240 minutes, in steps of 5.")
            for name in ("invalid", "min_value", "max_value", "step_size")
        },
    )
    # How long what was shown usually takes: another kind then has its own length.
    usual = forms.IntegerField(required=False, min_value=0, max_value=MOST_MINUTES)
    q = forms.CharField(label=_("Name, phone or date of birth"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("minutes") == data.get("usual"):
            data["minutes"] = None
        return data

    def clean_time(self) -> dt.time | None:
        asked: dt.time | None = self.cleaned_data["time"]
        if asked is not None and asked.minute % STEP_MINUTES:
            raise forms.ValidationError(_("Times are on the 5 minutes, like 10:05."))
        return asked


class BookForm(AskedForm):
    """The same, whole: it books. `place` is what a button of a free time sends."""

    place = forms.CharField(
        required=False,
        max_length=100,
    )
    key = forms.UUIDField(
        error_messages={
            "required": _("Load the page again, then book."),
            "invalid": _("Load the page again, then book."),
        }
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "patient" in data and data["patient"] is None:
            self.add_error("patient", _("Choose the patient."))
        elif not data.get("kind"):
            self.add_error("kind", _("Choose what the appointment is for."))
        elif not data.get("place"):
            self.add_error("place", _("Choose one of the times."))
        return data


class TargetForm(ClinicForm):
    """Where somebody drops an appointment: "2026-11-24T10:30" on the site's wall clock."""

    to = forms.CharField(max_length=20)
    practitioner = forms.ModelChoiceField(PEOPLE, required=False)
    room = forms.ModelChoiceField(
        Room.objects.filter(is_active=True).select_related("site"), required=False
    )

    def clean_to(self) -> datetime:
        """Return the wall-clock time as it was typed, without a zone yet: UTC stands for it."""
        try:
            wall = datetime.strptime(self.cleaned_data["to"], "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)
        except ValueError:
            wall = None
        if wall is None or not 2000 <= wall.year <= 2199:
            raise forms.ValidationError(_("The time must be like 2026-11-24T10:30."))
        return wall


class MoveForm(ClinicForm):
    """What a move sends: its key, and why if somebody said so."""

    key = forms.UUIDField(
        error_messages={
            "required": _("Load the page again, then move."),
            "invalid": _("Load the page again, then move."),
        }
    )
    why = forms.ChoiceField(
        label=_("Why does it move?"),
        choices=[("", _("Not said")), *ScheduleChange.Reason.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose why it moves.")},
    )


class TargetsForm(ClinicForm):
    """Which days the calendar shows while an appointment is dragged."""

    start = DayField(label=_("From"))
    days = forms.IntegerField(required=False, min_value=1, max_value=42)
