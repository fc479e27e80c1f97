"""Calls after a session in sentences."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.templatetags.clinic_format import day_year, wall_time
from records.domain.calls import CallTime
from records.models import AftercareCall

TIME_WORDS: Final[dict[CallTime, Promise]] = {
    CallTime.HOURS_48: gettext_lazy("48 hours after the session"),
    CallTime.WEEKS_2: gettext_lazy("2 weeks after the session"),
    CallTime.WEEKS_6: gettext_lazy("6 weeks after the last session"),
    CallTime.WEEKS_12: gettext_lazy("12 weeks after the last session"),
}
ASKED_FOR: Final[dict[CallTime, Promise]] = {
    CallTime.HOURS_48: gettext_lazy("Ask for pain, swelling and fever."),
    CallTime.WEEKS_2: gettext_lazy("Ask how it heals."),
    CallTime.WEEKS_6: gettext_lazy("Ask for new lumps and draining spots."),
    CallTime.WEEKS_12: gettext_lazy("Ask for new lumps and draining spots."),
}


def call_line(call: AftercareCall) -> str:
    """Return a call that was made, as a line; times are those of the active zone."""
    return _("%(day)s, %(time)s, %(name)s: %(answer)s. %(words)s") % {
        "day": day_year(call.at),
        "time": wall_time(call.at),
        "name": call.by.display_name,
        "answer": call.get_answer_display(),
        "words": call.words,
    }
