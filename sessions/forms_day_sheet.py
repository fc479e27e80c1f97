"""What a person asks of the day sheet."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clinic.models import Site
from meso_clinic.core.forms import ClinicForm, DayField
from meso_clinic.core.models import User
from sessions.day_sheet_words import Detail, Paper

_NOT_LISTED = _("Choose one from the list.")


class DaySheetForm(ClinicForm):
    """Which day of which site, of whom, how much of it and on which paper.

    What is not asked for is that of `defaults`: a sheet with another day than the one asked for is
    worse than none, so a day that is wrong is refused.
    """

    date = DayField(label=_("Day"))
    site = forms.ModelChoiceField(
        Site.objects.open(),
        label=_("Site"),
        empty_label=None,
        error_messages={"invalid_choice": _("Choose one of the sites.")},
    )
    practitioner = forms.ModelChoiceField(
        User.objects.filter(is_clinician=True).order_by("last_name", "first_name", "pk"),
        label=_("Whose"),
        required=False,
        empty_label=_("Everybody"),
        error_messages={"invalid_choice": _("Choose one of the practitioners.")},
    )
    detail = forms.ChoiceField(
        label=_("How much"),
        choices=[(Detail.SHORT, _("Short")), (Detail.DETAILED, _("Detailed"))],
        error_messages={"invalid_choice": _NOT_LISTED},
    )
    paper = forms.ChoiceField(
        label=_("Paper"),
        choices=[(Paper.A4, _("A4")), (Paper.LETTER, _("Letter"))],
        error_messages={"invalid_choice": _NOT_LISTED},
    )

    def __init__(self, asked: QueryDict, *, today: datetime.date, site: Site, paper: Paper) -> None:
        defaults: dict[str, Any] = {
            "date": f"{today:%Y-%m-%d}",
            "site": str(site.pk),
            "detail": str(Detail.SHORT),
            "paper": str(paper),
        }
        super().__init__({**defaults, **{key: text for key, text in asked.items() if text}})

    @property
    def query(self) -> str:
        """What is asked for as a query string; the form must be valid."""
        data = self.cleaned_data
        person = data["practitioner"]
        values = {
            "date": f"{data['date']:%Y-%m-%d}",
            "site": data["site"].pk,
            "practitioner": person.pk if person else "",
            "detail": data["detail"],
            "paper": data["paper"],
        }
        return urlencode({name: value for name, value in values.items() if value})
