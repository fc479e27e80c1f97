"""What the desk asks of somebody who would take an earlier time."""

from datetime import UTC, date, datetime
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Room, Weekday
from meso_clinic.core.forms import ClinicForm, DayField
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.actions.waiting import Wish
from sessions.selectors.places import read_places
from sessions.waiting_words import NOTICE_CHOICES, notice_words

OUT_OF_DATE = _("This page is out of date. Open it again.")


class WishForm(ClinicForm):
    """What the patient would take."""

    practitioner = forms.ModelChoiceField(
        User.objects.practitioners(),
        label=_("With"),
        required=False,
        empty_label=_("Anybody"),
        error_messages={"invalid_choice": _("Choose one of the practitioners.")},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: any day."),
        error_messages={"invalid_choice": _("Choose days from the list.")},
    )
    time_of_day = forms.ChoiceField(
        label=_("Time of day"),
        choices=Patient.TimeOfDay.choices,
        error_messages={"invalid_choice": _("Choose a time of day from the list.")},
    )
    notice_hours = forms.TypedChoiceField(
        label=_("Must know"),
        coerce=int,
        error_messages={"invalid_choice": _("Choose from the list how long before.")},
    )
    until = DayField(
        label=_("Waits until"), required=False, help_text=_("Empty: as long as it is possible.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["notice_hours"].choices = [  # type: ignore[attr-defined]
            (hours, notice_words(hours)) for hours in NOTICE_CHOICES
        ]

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < self.today:
            raise forms.ValidationError(_("The last day must be today or later."))
        return until

    def build_layout(self) -> Layout:
        """Return the fields one below the other, the days beside each other."""
        return Layout(
            *(InlineCheckboxes(name) if name == "weekdays" else name for name in self.fields)
        )

    @property
    def wish(self) -> Wish:
        """What was typed; the form must be valid."""
        data = self.cleaned_data
        return Wish(
            practitioner=data["practitioner"],
            weekdays=data["weekdays"],
            time_of_day=data["time_of_day"],
            notice_hours=data["notice_hours"],
            until=data["until"],
        )


class AddForm(WishForm):
    """What somebody waits for, and what they would take."""

    what = forms.ChoiceField(
        label=_("For"), error_messages={"invalid_choice": _("Choose what the patient waits for.")}
    )
    field_order = ("what",)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices  # type: ignore[attr-defined]


class BookWaitingForm(forms.Form):
    """A time as its button sends it, with the key that makes a second click the same act."""

    slot = forms.CharField(
        max_length=80, error_messages={"required": OUT_OF_DATE, "max_length": OUT_OF_DATE}
    )
    key = forms.UUIDField(error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE})

    def clean_slot(self) -> tuple[datetime, User, Room]:
        """Return start (aware), practitioner and room."""
        place = read_places({0: self.cleaned_data["slot"]}).get(0)
        if place is None:
            raise forms.ValidationError(OUT_OF_DATE)
        return place.starts_at.astimezone(UTC), place.practitioner, place.room

    @property
    def problem(self) -> str:
        """The first thing that is wrong."""
        return str(next(iter(self.errors.values()))[0])
