"""The numbers that a new course of an indication begins with."""

from typing import Any

from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicModelForm
from treatments.actions.content import PROTOCOL_NUMBERS
from treatments.domain.limits import (
    BUFFER_MINUTES,
    DEPTH_MM,
    INITIAL_GAP_DAYS,
    MONTHLY_GAP_DAYS,
    SESSION_MINUTES,
    TOTAL_SESSIONS,
)
from treatments.domain.stock import VOLUME_ML
from treatments.forms.numbers import DAYS, ML, MM, volume_or_depth, whole
from treatments.models import Protocol

REST_DAYS = (0, 60)


class ProtocolForm(ClinicModelForm):
    """The numbers of a protocol. Each stays within limits that no clinic can widen."""

    total_sessions = whole(gettext_lazy("Sessions"), TOTAL_SESSIONS)
    initial_sessions = whole(gettext_lazy("First sessions"), (1, TOTAL_SESSIONS[1]))
    initial_min_days = whole(gettext_lazy("First gaps, at least"), INITIAL_GAP_DAYS, DAYS)
    initial_max_days = whole(gettext_lazy("First gaps, at most"), INITIAL_GAP_DAYS, DAYS)
    monthly_min_days = whole(gettext_lazy("Monthly gaps, at least"), MONTHLY_GAP_DAYS, DAYS)
    monthly_max_days = whole(gettext_lazy("Monthly gaps, at most"), MONTHLY_GAP_DAYS, DAYS)
    session_minutes = whole(
        gettext_lazy("Minutes per session"), SESSION_MINUTES, gettext_lazy(" minutes")
    )
    buffer_before_minutes = whole(
        gettext_lazy("Room held before"), BUFFER_MINUTES, gettext_lazy(" minutes")
    )
    buffer_after_minutes = whole(
        gettext_lazy("Room held after"), BUFFER_MINUTES, gettext_lazy(" minutes")
    )
    depth_min_mm = volume_or_depth(gettext_lazy("Depth, from"), DEPTH_MM, MM)
    depth_max_mm = volume_or_depth(gettext_lazy("Depth, to"), DEPTH_MM, MM)
    max_volume_ml = volume_or_depth(gettext_lazy("Most per session"), VOLUME_ML, ML)
    downtime_min_days = whole(gettext_lazy("Rest days, from"), REST_DAYS, DAYS)
    downtime_max_days = whole(gettext_lazy("Rest days, to"), REST_DAYS, DAYS)

    class Meta:
        model = Protocol
        fields = PROTOCOL_NUMBERS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for low, high in (
            ("initial_min_days", "initial_max_days"),
            ("monthly_min_days", "monthly_max_days"),
            ("depth_min_mm", "depth_max_mm"),
            ("downtime_min_days", "downtime_max_days"),
        ):
            if low in cleaned and high in cleaned and cleaned[high] < cleaned[low]:
                sentence = _("%(high)s must not be less than %(low)s.")
                labels = {"high": self.fields[high].label, "low": self.fields[low].label}
                self.add_error(high, sentence % labels)
        total, first = cleaned.get("total_sessions"), cleaned.get("initial_sessions")
        if total and first and first > total:
            self.add_error(
                "initial_sessions",
                _("First sessions must not be more than the %(n)s of the course.") % {"n": total},
            )
        return cleaned

    def build_layout(self) -> Layout:
        return Layout(
            Fieldset(
                _("The course"),
                Row(Column("total_sessions"), Column("initial_sessions")),
                Row(Column("initial_min_days"), Column("initial_max_days")),
                Row(Column("monthly_min_days"), Column("monthly_max_days")),
            ),
            HTML('<hr class="rule">'),
            Fieldset(
                _("A session"),
                Row(Column("session_minutes"), Column("max_volume_ml")),
                Row(Column("buffer_before_minutes"), Column("buffer_after_minutes")),
                Row(Column("depth_min_mm"), Column("depth_max_mm")),
                Row(Column("downtime_min_days"), Column("downtime_max_days")),
            ),
        )
