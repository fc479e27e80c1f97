"""The waiting list in words: what somebody would take, what came free, why a time needs more."""

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Site
from patients.models import Patient
from sessions.models import WaitlistEntry
from sessions.replan_words import clock_words
from sessions.selectors.waiting.matching import CameFree, Match
from sessions.words import session_words, short_day

NOTICE_CHOICES = (0, 1, 2, 4, 24, 48, 72)


def what_words(entry: WaitlistEntry) -> str:
    """Say what the patient waits for: "Cellulite, 3 of 8", or the kind of visit."""
    session = entry.session
    if session is None:
        return str(entry.get_kind_display())
    course = session.course
    return session_words(course.indication.short_name, session.number, course.total_sessions)


def notice_words(hours: int) -> str:
    """Say how long before the patient must know: "at once", "4 hours before", "2 days before"."""
    if not hours:
        return _("at once")
    if hours % 24 == 0 and hours > 24:
        days = hours // 24
        return ngettext("%(days)s day before", "%(days)s days before", days) % {"days": days}
    return ngettext("%(hours)s hour before", "%(hours)s hours before", hours) % {"hours": hours}


def taking_words(entry: WaitlistEntry) -> str:
    """Say what the patient would take: "Anybody. Tue and Thu, mornings, 4 hours before."""
    who = entry.practitioner.display_name if entry.practitioner else _("Anybody")
    when = _weekday_words(entry.weekdays)
    if entry.time_of_day != Patient.TimeOfDay.ANY:
        when = f"{when}, {str(entry.get_time_of_day_display()).lower()}"
    if entry.notice_hours:
        when = _("%(when)s, told %(notice)s") % {
            "when": when,
            "notice": notice_words(entry.notice_hours),
        }
    if entry.until:
        when = _("%(when)s, until %(day)s") % {"when": when, "day": short_day(entry.until)}
    return f"{who}. {when}."


def _weekday_words(weekdays: Sequence[int]) -> str:
    if not weekdays or len(weekdays) == len(WEEKDAYS_ABBR):
        return _("Any day")
    names = [str(WEEKDAYS_ABBR[day]) for day in weekdays]
    if len(names) == 1:
        return names[0]
    return _("%(days)s and %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}


def when_words(moment: datetime, site: Site, today: date) -> str:
    """Return the clock for a time of today, "Thu 24 Dec, 09:40" for one of another day."""
    local = moment.astimezone(site.zone)
    return f"{local:%H:%M}" if local.date() == today else clock_words(moment, site.zone)


def came_free_lines(
    found: Sequence[CameFree], site: Site, now: datetime
) -> list[tuple[str, str, str]]:
    """Return for each time what came free, how many would take it, and the address that shows them.

    No line names a patient, so that it may stand on a screen that others see.
    """
    today = now.astimezone(site.zone).date()
    return [
        (
            _("%(when)s with %(name)s came free")
            % {
                "when": when_words(free.starts_at, site, today),
                "name": free.practitioner.display_name,
            },
            ngettext(
                "%(count)s patient would take it",
                "%(count)s patients would take it",
                len(free.matches),
            )
            % {"count": len(free.matches)},
            f"{reverse('sessions:waiting-list')}#{free.anchor}",
        )
        for free in found
    ]


def booked_words(match_name: str, when: str, practitioner: str) -> str:
    """Say what was booked: "Mina Okafor: Tue 24 Nov, 10:30 with Petra Lindqvist."""
    return _("%(name)s: %(when)s with %(practitioner)s.") % {
        "name": match_name,
        "when": when,
        "practitioner": practitioner,
    }


def replan_url(match: Match) -> str:
    """Return the page that shows what else changes when `match` is booked."""
    row = match.row.row
    assert row is not None  # a visit of another kind changes nothing else
    page = reverse("sessions:course-replan", args=[row.session.course_id])
    return f"{page}?from={row.session.number}&place={match.place.value}"
