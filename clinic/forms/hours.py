"""Forms of people's working hours."""

from typing import Any, Final

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import ShiftException, Site, Weekday
from meso_clinic.core.forms import ClinicForm, DayField

TIME_INPUTS: Final = ["%H:%M", "%H:%M:%S", "%H.%M", "%H%M", "%H"]
MOST_DAYS_AWAY: Final = 366


class ClockField(forms.TimeField):
    """A time of day on the 24-hour clock, typed in any usual way or picked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", TIME_INPUTS)
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        kwargs.setdefault("error_messages", {}).setdefault(
            "invalid", _("Enter a time of the 24-hour clock, like 09:30.")
        )
        super().__init__(**kwargs)


class ShiftForm(ClinicForm):
    """Hours of one weekday at one site."""

    weekday = forms.TypedChoiceField(label=_("Day"), choices=Weekday, coerce=int)
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.open(), empty_label=None)
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Three forms share a page, and no two elements may share an id.
        super().__init__(*args, auto_id="shift_%s", **kwargs)

    def build_layout(self) -> Layout:
        return Layout("weekday", "site", Row(Column("starts"), Column("ends")))

    def clean(self) -> None:
        super().clean()
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error(
                "ends", _("Working hours must end after they start. Enter a later time.")
            )


class CopyMondayForm(ClinicForm):
    """The weekdays that take over Monday's hours."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Copy Monday to"),
        choices=[choice for choice in Weekday.choices if choice[0] != Weekday.MONDAY],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The hours that these days have now are replaced."),
        error_messages={"required": _("Tick the days that take over Monday's hours.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="copy_%s", **kwargs)


class ExceptionForm(ClinicForm):
    """A one-off change: away for days or a part of a day, or extra hours on one day."""

    kind = forms.ChoiceField(
        label=_("Change"),
        choices=ShiftException.Kind,
        widget=forms.RadioSelect,
        initial=ShiftException.Kind.AWAY,
    )
    first_on = DayField(label=_("First day"))
    last_on = DayField(label=_("Last day"), required=False)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.open(), required=False, empty_label=_("All sites")
    )
    starts = ClockField(label=_("From"), required=False)
    ends = ClockField(label=_("To"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)
    # How many appointments the person saw listed before confirming.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="change_%s", **kwargs)

    def build_layout(self) -> Layout:
        return Layout(
            "kind",
            Row(Column("first_on"), Column("last_on")),
            "site",
            Row(Column("starts"), Column("ends")),
            "reason",
        )

    @property
    def is_away(self) -> bool:
        """Whether the change takes hours away."""
        return bool(self.cleaned_data["kind"] == ShiftException.Kind.AWAY)

    def clean_seen(self) -> int:
        return self.cleaned_data.get("seen") or 0

    def clean(self) -> None:
        super().clean()
        asked = self.cleaned_data
        self._check_days()
        starts, ends = asked.get("starts"), asked.get("ends")
        if not self.has_error("starts") and not self.has_error("ends"):
            if bool(starts) != bool(ends):
                missing = "ends" if starts else "starts"
                self.add_error(missing, _("Enter both times, or none for the whole day."))
            elif starts and ends and ends <= starts:
                self.add_error(
                    "ends", _("The change must end after it starts. Enter a later time.")
                )
        if asked.get("kind") == ShiftException.Kind.EXTRA:
            self._check_extra()

    def _check_days(self) -> None:
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if not first or self.has_error("last_on"):
            return
        last = self.cleaned_data["last_on"] = last or first
        if last < first:
            self.add_error("last_on", _("The last day must not be before the first."))
        elif (last - first).days >= MOST_DAYS_AWAY:
            self.add_error("last_on", _("Enter a year at most. Add the rest as a second change."))

    def _check_extra(self) -> None:
        asked = self.cleaned_data
        if not asked.get("site"):
            self.add_error("site", _("Choose the site of the extra hours."))
        if not asked.get("starts") and not self.errors.keys() & {"starts", "ends"}:
            self.add_error("starts", _("Enter from when to when the extra hours are."))
        if asked.get("last_on") and asked["last_on"] != asked.get("first_on"):
            self.add_error("last_on", _("Extra hours are for one day. Add each day by itself."))
