"""Reactions in sentences."""

from datetime import datetime, tzinfo
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.templatetags.clinic_format import day_year
from records.domain.clusters import What
from records.domain.reactions import Asked, Look, Misfit
from records.models import AdverseEvent, Grade

MISFIT_FIELDS: dict[Misfit, str] = {
    Misfit.RESOLVED_WITHOUT_DAY: "resolved_on",
    Misfit.DAY_BUT_ONGOING: "resolved_on",
    Misfit.DAY_IN_FUTURE: "resolved_on",
    Misfit.DAY_BEFORE_ONSET: "resolved_on",
    Misfit.DEATH_WITHOUT_GRADE: "grade",
    Misfit.GRADE_WITHOUT_DEATH: "outcome",
}
MISFIT_WORDS: dict[Misfit, Promise] = {
    Misfit.RESOLVED_WITHOUT_DAY: gettext_lazy("Enter the day it was over."),
    Misfit.DAY_BUT_ONGOING: gettext_lazy("It is ongoing, so it has no last day. Clear the day."),
    Misfit.DAY_IN_FUTURE: gettext_lazy("The day it was over cannot be in the future."),
    Misfit.DAY_BEFORE_ONSET: gettext_lazy("It cannot be over before it began. Check the days."),
    Misfit.DEATH_WITHOUT_GRADE: gettext_lazy("The patient died: choose grade 5."),
    Misfit.GRADE_WITHOUT_DEATH: gettext_lazy("Grade 5 is death: choose “Died”, or another grade."),
}
WHAT_WORDS: dict[What, Promise] = {
    What.LOT: gettext_lazy("lot %(name)s"),
    What.PRODUCT: gettext_lazy("product %(name)s"),
    What.ROOM: gettext_lazy("%(name)s"),
    What.PRACTITIONER: gettext_lazy("practitioner %(name)s"),
}


def kind_name(event: AdverseEvent) -> str:
    """Return what kind of reaction it is."""
    return _(event.facts.name)


def red_flag_words(event: AdverseEvent) -> str:
    """Return the alert for an open red flag; `event` was read `with_state()`."""
    return _("Open red flag: %(kind)s, grade %(grade)s") % {
        "kind": kind_name(event),
        "grade": event.grade_now,
    }


def grade_short(grade: int) -> str:
    """Return the grade in two words: “3, severe”."""
    return str(Grade(grade).label).split(":")[0]


def due_words(at: datetime, *, zone: tzinfo) -> str:
    """Return the day and the time of an aware moment as the clock on the wall of `zone` shows them."""
    local = at.astimezone(zone)
    return _("%(day)s, %(time)s") % {"day": day_year(local.date()), "time": f"{local:%H:%M}"}


def look_words(look: Look, *, now: datetime, zone: tzinfo) -> str:
    """Return who has to look at a patient by when, or who did not at `now` (aware)."""
    words = _OVERDUE if look.is_overdue(now) else _DUE
    return str(words[look.asked]) % {
        "due": due_words(look.at, zone=zone),
        "day": day_year(look.at.astimezone(zone).date()),
    }


_DUE: Final[dict[Asked, Promise]] = {
    Asked.PRESCRIBER: gettext_lazy("A prescriber has to see it by %(due)s."),
    Asked.KIND: gettext_lazy("To be looked at by %(due)s."),
    Asked.WANTED: gettext_lazy("To be looked at again on %(day)s."),
}
_OVERDUE: Final[dict[Asked, Promise]] = {
    Asked.PRESCRIBER: gettext_lazy("Overdue: a prescriber had to see it by %(due)s."),
    Asked.KIND: gettext_lazy("Overdue: it had to be looked at by %(due)s."),
    Asked.WANTED: gettext_lazy("Overdue: it had to be looked at again on %(day)s."),
}
