"""What people ask of courses and appointments."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Room, Site, Weekday
from meso_clinic.core.forms import ClinicForm, DayField
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.actions.booking import LateReason
from sessions.domain.planner import Spread
from sessions.domain.windows import Cadence, Gap
from sessions.models import Appointment, Deviation, ScheduleChange
from sessions.selectors.asking import Outline, OutlineSession, Wishes, need_of
from treatments.domain.limits import TOTAL_SESSIONS
from treatments.models import Indication, Product

NOT_LISTED = _("This reason is not on the list. Choose one that is.")


class PlanCourseForm(ClinicForm):
    """The settings of a new course, and what patient and desk wish for its times."""

    indication = forms.ModelChoiceField(
        Indication.objects.active().select_related("protocol"),
        label=_("Indication"),
        empty_label=None,
    )
    total_sessions = forms.IntegerField(
        label=_("Sessions"),
        min_value=TOTAL_SESSIONS[0],
        max_value=TOTAL_SESSIONS[1],
        error_messages={
            "invalid": _("Sessions must be a whole number from 3 to 15."),
            "min_value": _("A course has 3 to 15 sessions."),
            "max_value": _("A course has 3 to 15 sessions."),
        },
    )
    monthly_from = forms.TypedChoiceField(label=_("Then monthly from"), coerce=int)
    first_on = DayField(label=_("First session"))
    practitioner = forms.ModelChoiceField(
        User.objects.practitioners(),
        label=_("With"),
        required=False,
        empty_label=_("Anybody"),
        error_messages={"invalid_choice": _("Choose one of the practitioners.")},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Good days"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose days from the list.")},
    )
    time_of_day = forms.ChoiceField(
        label=_("Good time"),
        choices=Patient.TimeOfDay.choices,
        required=False,
        error_messages={"invalid_choice": _("Choose a time of day from the list.")},
    )
    only = forms.BooleanField(
        label=_("Only these"),
        required=False,
    )
    spread = forms.ChoiceField(
        label=_("Spread"),
        choices=[
            (Spread.AS_DUE, _("As due")),
            (Spread.SOON, _("Close together")),
            (Spread.WIDE, _("Far apart")),
        ],
        required=False,
        error_messages={"invalid_choice": _("Choose a spread from the list.")},
    )
    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Planned product"), required=False, empty_label=_("Not set")
    )
    goals = forms.CharField(
        label=_("Goals"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, indication: Indication, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices = [
            (n, _("Session %(number)s") % {"number": n}) for n in range(2, TOTAL_SESSIONS[1] + 1)
        ]
        total = self._typed_total()
        self.fields["monthly_from"].choices = [  # type: ignore[attr-defined]
            *(choice for choice in choices if choice[0] <= total),
            (total + 1, _("None: all 7 to 10 days apart")),
        ]
        self.fields["product"].queryset = indication.products.enabled()  # type: ignore[attr-defined]

    def _typed_total(self) -> int:
        typed = self["total_sessions"].value()
        try:
            return min(max(int(typed), TOTAL_SESSIONS[0]), TOTAL_SESSIONS[1])
        except (TypeError, ValueError):
            return TOTAL_SESSIONS[1]

    def clean_first_on(self) -> date:
        first_on: date = self.cleaned_data["first_on"]
        if first_on < self.today:
            raise forms.ValidationError(_("The first session must be today or later."))
        return first_on

    def clean_practitioner(self) -> User | None:
        chosen: User | None = self.cleaned_data["practitioner"]
        if chosen is None and not User.objects.practitioners().exists():
            raise forms.ValidationError(
                _("Nobody gives sessions yet. Ask an admin to add a clinician.")
            )
        return chosen

    def cadence(self) -> Cadence:
        """Return the chain's numbers as the form has them now; the form must be valid."""
        data = self.cleaned_data
        protocol, product = data["indication"].protocol, data["product"]
        return Cadence(
            total=data["total_sessions"],
            initial=self.initial_sessions,
            initial_gap=Gap(protocol.initial_min_days, protocol.initial_max_days),
            monthly_gap=Gap(protocol.monthly_min_days, protocol.monthly_max_days),
            product_min_days=product.min_interval_days if product else 0,
        )

    def outline(self, *, patient: Patient, site: Site) -> Outline:
        """Return the course that is asked for, not made yet; the form must be valid."""
        data = self.cleaned_data
        return Outline(
            patient=patient,
            indication=data["indication"],
            site=site,
            practitioner=data["practitioner"] or User.objects.practitioners()[0],
            cadence=self.cadence(),
            need=need_of(data["indication"].protocol),
            first_on=data["first_on"],
            sessions=tuple(OutlineSession(n + 1) for n in range(data["total_sessions"])),
        )

    def wishes(self) -> Wishes:
        """Return what is wished for; the form must be valid."""
        data = self.cleaned_data
        return Wishes(
            practitioner=data["practitioner"],
            weekdays=frozenset(data["weekdays"]),
            time_of_day=data["time_of_day"] or Patient.TimeOfDay.ANY,
            spread=Spread(data["spread"] or Spread.AS_DUE),
            only=data["only"],
        )

    @property
    def initial_sessions(self) -> int:
        """How many sessions come before the monthly ones."""
        monthly_from: int = self.cleaned_data["monthly_from"]
        total: int = self.cleaned_data["total_sessions"]
        return min(monthly_from - 1, total)

    @property
    def settings(self) -> str:
        """All that the times depend on, as a query string; the form must be valid."""
        data, wishes = self.cleaned_data, self.wishes()
        return urlencode(
            {
                "indication": data["indication"].pk,
                "total_sessions": data["total_sessions"],
                "monthly_from": data["monthly_from"],
                "first_on": data["first_on"].isoformat(),
                "practitioner": data["practitioner"].pk if data["practitioner"] else "",
                "weekdays": sorted(wishes.weekdays),
                "time_of_day": wishes.time_of_day,
                "only": "on" if wishes.only else "",
                "spread": wishes.spread,
                "product": data["product"].pk if data["product"] else "",
            },
            doseq=True,
        )


class LateReasonForm(ClinicForm):
    """Why one session of a plan lies after its window; its prefix names the session."""

    # It changes no time, so nothing is proposed again.
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Deviation.Reason.choices],
        required=False,
        widget=forms.Select(attrs={"data-quiet": True}),
        error_messages={"invalid_choice": NOT_LISTED},
    )
    words = forms.CharField(
        label=_("In words"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"data-quiet": True}),
    )

    @property
    def late_reason(self) -> LateReason | None:
        """The reason as it was given, complete or not; None if nothing was said."""
        data = self.cleaned_data if self.is_valid() else {}
        code, words = data.get("reason", ""), data.get("words", "").strip()
        return LateReason(code, words) if code or words else None


class ExplainedForm(LateReasonForm):
    """A form that places sessions: the reason why one is late is given whole, or not at all."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("reason")) != bool(data.get("words", "").strip()):
            self.add_error("words", _("Choose a reason and say in words why."))
        return data


class SlotForm(ExplainedForm):
    """One offered time, and the reason if it lies after the window."""

    slot = forms.CharField(max_length=80)

    def clean_slot(self) -> tuple[datetime, User, Room]:
        """Return start (aware), practitioner and room of the chosen time."""
        lost = forms.ValidationError(_("Choose one of the times."))
        try:
            start, practitioner, room = self.cleaned_data["slot"].split("/")
            starts_at = datetime.strptime(start, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
            return (
                starts_at,
                User.objects.practitioners().get(pk=int(practitioner)),
                Room.objects.select_related("site").get(pk=int(room), is_active=True),
            )
        except (ValueError, OverflowError, User.DoesNotExist, Room.DoesNotExist) as error:
            raise lost from error


class ReplanForm(ExplainedForm):
    """Why sessions move, and why one of them is late. The places are read apart from it."""

    key = forms.UUIDField(
        error_messages={
            "required": _("This page is out of date. Open it again."),
            "invalid": _("This page is out of date. Open it again."),
        }
    )
    why = forms.ChoiceField(
        label=_("Why"),
        choices=[("", _("Not said")), *ScheduleChange.Reason.choices],
        required=False,
        error_messages={
            "invalid_choice": _("Why it moves must be one of the list, or “Not said”.")
        },
    )


class TouchedFilterForm(ClinicForm):
    """Whose appointments, and of which days, are looked through."""

    practitioner = forms.ModelChoiceField(
        User.objects.practitioners(),
        label=_("With"),
        required=False,
        empty_label=_("Anybody"),
        error_messages={"invalid_choice": _("Choose one of the practitioners.")},
    )
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day must not lie before the first."))
        return data


class MoveTouchedForm(ClinicForm):
    """Which of the proposed re-plans are wanted. The places are read apart from it."""

    key = forms.UUIDField(
        error_messages={
            "required": _("This page is out of date. Open it again."),
            "invalid": _("This page is out of date. Open it again."),
        }
    )
    course = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": _("Tick at least one course."),
            "invalid_choice": _("This page is out of date. Open it again."),
        },
    )

    def __init__(self, *args: Any, courses: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = [(key, key) for key in courses]  # type: ignore[attr-defined]


class CancelForm(ClinicForm):
    """Why an appointment is cancelled."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=Appointment.CancelReason.to_choose(),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_LISTED},
    )

    def build_layout(self) -> Layout:
        """The reason alone."""
        return Layout("reason")


class SkipSessionForm(ClinicForm):
    """Why a session is left out."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=Deviation.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    words = forms.CharField(
        label=_("In words"), max_length=300, error_messages={"required": _("Say in words why.")}
    )


class StopCourseForm(ClinicForm):
    """Why a course is suspended or stopped."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={"required": _("Say why, for the colleague who reads it next.")},
    )


class DeviationFilterForm(ClinicForm):
    """Which changes to plans are reported."""

    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    site = forms.ModelChoiceField(
        Site.objects.order_by("name", "pk"),
        label=_("Site"),
        required=False,
        empty_label=_("All sites"),
        error_messages={"invalid_choice": _("Choose one of the sites.")},
    )

    def build_layout(self) -> Layout:
        """Return the three beside each other."""
        return Layout(Row(Column("since"), Column("until"), Column("site")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not lie before the first."))
        return data

    @property
    def query(self) -> str:
        """The filter as a query string that ends in "&", or ""; the form must be valid."""
        data = self.cleaned_data
        values = {
            "since": data["since"],
            "until": data["until"],
            "site": data["site"] and data["site"].pk,
        }
        given = urlencode({name: value for name, value in values.items() if value})
        return f"{given}&" if given else ""
