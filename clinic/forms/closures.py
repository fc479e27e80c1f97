"""Forms of the days on which a site is closed."""

from datetime import date
from typing import Any, Final

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Site
from clinic.public_holidays import countries, regions
from meso_clinic.core.forms import ClinicForm, DayField
from meso_clinic.core.templatetags.clinic_format import day_year

FIRST_YEAR: Final = 2020
LAST_YEAR: Final = 2099


class ClosureForm(ClinicForm):
    """Days on which one site, or all of them, are closed."""

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.open(), required=False, empty_label=_("All sites")
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=120, help_text=_("Shown on the calendar, like Training day.")
    )
    # How many appointments the person saw listed before confirming.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def build_layout(self) -> Layout:
        return Layout("site", Row(Column("starts_on"), Column("ends_on")), "reason")

    def clean_seen(self) -> int:
        return self.cleaned_data.get("seen") or 0

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if not first or self.has_error("ends_on"):
            return
        self.cleaned_data["ends_on"] = last or first
        if last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))

    def chosen_sites(self) -> list[Site]:
        """The one site that was chosen, else all that are in use."""
        site: Site | None = self.cleaned_data["site"]
        return [site] if site else list(Site.objects.open())


class HolidayCalendarForm(ClinicForm):
    """Whose public holidays to show: country, region and year."""

    country = forms.ChoiceField(label=_("Country"), choices=countries)
    region = forms.ChoiceField(label=_("Region"), required=False)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = [("", _("Whole country")), *regions(self["country"].value())]

    def clean_region(self) -> str:
        return self.cleaned_data.get("region") or ""

    def build_layout(self) -> Layout:
        return Layout(Row(Column("country"), Column("region"), Column("year")))


class HolidayDaysForm(ClinicForm):
    """Which of the days shown become closures, and of which sites."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=date.fromisoformat,
        error_messages={"required": _("Tick the days on which the clinic is closed.")},
        widget=forms.CheckboxSelectMultiple,
    )
    sites = forms.ModelMultipleChoiceField(
        label=_("Closed sites"),
        queryset=Site.objects.open(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick the sites that are closed.")},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, holidays: dict[date, str], entered: set[date], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        days = self.fields["days"]
        assert isinstance(days, forms.TypedMultipleChoiceField)
        days.choices = [
            (day.isoformat(), _label(day, name, is_entered=day in entered))
            for day, name in holidays.items()
        ]
        days.initial = [day.isoformat() for day in holidays if day not in entered]
        self.fields["sites"].initial = Site.objects.open()

    def clean_seen(self) -> int:
        return self.cleaned_data.get("seen") or 0

    def build_layout(self) -> Layout:
        return Layout("days", "sites")


def _label(day: date, name: str, *, is_entered: bool) -> str:
    words = _("%(day)s, %(name)s (entered already)") if is_entered else _("%(day)s, %(name)s")
    return words % {"day": f"{day:%a} {day_year(day)}", "name": name}
