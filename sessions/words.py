"""Verdicts of the rules, said in sentences."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.domain.booking import Judgement, Rule
from sessions.domain.windows import Window
from sessions.models import Appointment

# By which word a state of an appointment is coloured.
TONES = {
    "BOOKED": "booked",
    "ARRIVED": "waiting",
    "IN_TREATMENT": "treatment",
    "DONE": "done",
    "CANCELLED": "cancelled",
    "NO_SHOW": "noshow",
    "LATE": "late",
}


def short_day(day: date) -> str:
    """Return `day` as it stands in a sentence: "Thu 24 Dec 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def days_words(days: int) -> str:
    """Return a number of days in words: "1 day", "3 days"."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def judgement_words(judgement: Judgement, *, number: int, window: Window) -> str:
    """Say what `judgement` means for session `number`, and how to put it right."""
    days = days_words(judgement.days)
    match judgement.rule:
        case Rule.TOO_EARLY if window.earliest:
            return _(
                "Session %(number)s would be %(days)s too early. Its window opens on %(day)s."
            ) % {"number": number, "days": days, "day": short_day(window.earliest)}
        case Rule.TOO_LATE if window.latest:
            return _(
                "Session %(number)s would be %(days)s late: its window closes on %(day)s. "
                "A clinician must give a reason."
            ) % {"number": number, "days": days, "day": short_day(window.latest)}
        case Rule.PUSHES_NEXT:
            return _(
                "Session %(other)s would then be %(days)s too early. Move or cancel session %(other)s "
                "first."
            ) % {"other": judgement.other, "days": days}
        case Rule.LEAVES_LATE:
            return _(
                "Session %(other)s would then be %(days)s late. Re-plan the sessions after it as well."
            ) % {"other": judgement.other, "days": days}
        case Rule.ONE_BEFORE_OPEN:
            return _("Book session %(other)s first: it opens this window.") % {
                "other": judgement.other
            }
        case Rule.DONE:
            return _("Session %(number)s is finished, so it never moves.") % {"number": number}
        case _rule:
            return ""


def visit_words(appointment: Appointment) -> str:
    """Say what an appointment is for: "Cellulite, 3 of 8", or its kind."""
    session = appointment.session
    if session is None:
        return str(appointment.get_kind_display())
    course = session.course
    return session_words(course.indication.short_name, session.number, course.total_sessions)


class VisitWords:
    """What visits are for, each said once.

    To find the words again for every row of a full week would take longer than to read the rows.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str | None, int | None, int | None], str] = {}

    def of(self, kind: str, indication: str | None, number: int | None, total: int | None) -> str:
        """Return the words for a visit of `kind`; the others are None unless it is a session."""
        key = (kind, indication, number, total)
        if key not in self._known:
            if indication is not None and number is not None and total is not None:
                self._known[key] = session_words(indication, number, total)
            else:
                self._known[key] = str(Appointment.Kind(kind).label)
        return self._known[key]


def session_words(indication: str, number: int, total: int) -> str:
    """Say which session of which course it is: "Cellulite, 3 of 8"."""
    return _("%(indication)s, %(number)s of %(total)s") % {
        "indication": indication,
        "number": number,
        "total": total,
    }
