"""What people ask of courses and appointments."""

from datetime import UTC, date, datetime
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Room
from meso_clinic.core.forms import ClinicForm, DayField
from meso_clinic.core.models import User
from sessions.actions.booking import LateReason
from sessions.domain.windows import Cadence, Gap
from sessions.models import Appointment, Deviation
from treatments.domain.limits import TOTAL_SESSIONS
from treatments.models import Indication, Product


class PlanCourseForm(ClinicForm):
    """The settings of a new course."""

    indication = forms.ModelChoiceField(
        Indication.objects.active(), label=_("Indication"), empty_label=None
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
        User.objects.practitioners(), label=_("With"), empty_label=None
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
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"
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

    @property
    def initial_sessions(self) -> int:
        """How many sessions come before the monthly ones."""
        monthly_from: int = self.cleaned_data["monthly_from"]
        total: int = self.cleaned_data["total_sessions"]
        return min(monthly_from - 1, total)


class SlotForm(ClinicForm):
    """One offered time, and the reason if it lies after the window."""

    slot = forms.CharField(max_length=80)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Deviation.Reason.choices],
        required=False,
    )
    words = forms.CharField(label=_("In words"), max_length=300, required=False)

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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("reason")) != bool(data.get("words", "").strip()):
            self.add_error("words", _("Choose a reason and say in words why."))
        return data

    @property
    def late_reason(self) -> LateReason | None:
        """The reason for a late time, if one was given."""
        code, words = self.cleaned_data["reason"], self.cleaned_data["words"].strip()
        return LateReason(code, words) if code else None


class CancelForm(ClinicForm):
    """Why an appointment is cancelled."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=Appointment.CancelReason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("In words"), max_length=200, required=False)

    def build_layout(self) -> Layout:
        """Reason first."""
        return Layout("reason", "words")


class StopCourseForm(ClinicForm):
    """Why a course is suspended or stopped."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={"required": _("Say why, for the colleague who reads it next.")},
    )
