"""What the planner says: why a session has no time, what a way out changes, which time was lost."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Weekday
from meso_clinic.core.templatetags.clinic_format import day
from patients.models import Patient
from sessions.domain.openings import Obstacle
from sessions.domain.windows import Window
from sessions.selectors.asking import Place, Wishes
from sessions.selectors.fixes import BlockedDay, Explanation, Fix, FixKind
from sessions.selectors.proposals import Proposal, ProposedRow
from sessions.words import days_words

TimeOfDay = Patient.TimeOfDay


def time_words(place: Place) -> str:
    """Return day and clock of a place, on its site's wall: "Thu 24 Dec, 09:40"."""
    return _("%(day)s, %(time)s") % {"day": day(place.on), "time": f"{place.local:%H:%M}"}


def place_words(place: Place, proposal: Proposal) -> str:
    """Return a place, with whom and where as far as that differs from the rest of the course."""
    words = time_words(place)
    if place.practitioner != proposal.practitioner:
        words = _("%(time)s with %(name)s") % {
            "time": words,
            "name": place.practitioner.display_name,
        }
    if place.room.site != proposal.outline.site:
        words = _("%(time)s at %(site)s") % {"time": words, "site": place.room.site}
    return words


def span_words(first: date, last: date) -> str:
    """Return a stretch of days with their weekdays: "Thu 24 to Sun 27 Dec"."""
    if first == last:
        return day(first)
    same_month = (first.year, first.month) == (last.year, last.month)
    begins = formats.date_format(first, "D j") if same_month else day(first)
    return _("%(first)s to %(last)s") % {"first": begins, "last": day(last)}


def window_words(window: Window) -> str:
    """Say which days a session may be on; "" if any."""
    if window.earliest is None or window.latest is None:
        return ""
    return _("Allowed: %(days)s.") % {"days": span_words(window.earliest, window.latest)}


def wishes_words(wishes: Wishes) -> str:
    """Return what the patient prefers: "Thursdays, mornings"."""
    days = _weekday_words(wishes.weekdays)
    parts = [days] if days else []
    if wishes.time_of_day != TimeOfDay.ANY:
        clock = str(TimeOfDay(wishes.time_of_day).label)
        parts.append(clock.lower() if parts else clock)
    words = ", ".join(parts) or str(TimeOfDay.ANY.label)
    return _("Only %(wishes)s") % {"wishes": words} if wishes.only and parts else words


def _weekday_words(weekdays: Iterable[int]) -> str:
    chosen = sorted(weekdays)
    if len(chosen) == 1:
        return _weekdays()[chosen[0]]
    return ", ".join(formats.date_format(_MONDAY + timedelta(days=on), "D") for on in chosen)


# Any Monday: only the name of its day is used.
_MONDAY = date(2026, 11, 30)


def _weekdays() -> dict[int, str]:
    return {
        Weekday.MONDAY: _("Mondays"),
        Weekday.TUESDAY: _("Tuesdays"),
        Weekday.WEDNESDAY: _("Wednesdays"),
        Weekday.THURSDAY: _("Thursdays"),
        Weekday.FRIDAY: _("Fridays"),
        Weekday.SATURDAY: _("Saturdays"),
        Weekday.SUNDAY: _("Sundays"),
    }


def explanation_words(explanation: Explanation, proposal: Proposal) -> str:
    """Say which days a session may be on, and for each of them why it cannot."""
    sentences = [window_words(explanation.window)]
    sentences += [
        _obstacle_words(obstacle, closure, [blocked.on for blocked in days], proposal)
        for obstacle, closure, days in _by_reason(explanation.days)
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _by_reason(
    days: Sequence[BlockedDay],
) -> list[tuple[Obstacle, str, list[BlockedDay]]]:
    """Return the days by what is in their way, in the order of the first day of each."""
    found: dict[tuple[Obstacle, str], list[BlockedDay]] = {}
    for blocked in days:
        reason = blocked.closure if blocked.obstacle is Obstacle.CLOSED else ""
        found.setdefault((blocked.obstacle, reason), []).append(blocked)
    return [(obstacle, closure, blocked) for (obstacle, closure), blocked in found.items()]


def _obstacle_words(
    obstacle: Obstacle, closure: str, days: Sequence[date], proposal: Proposal
) -> str:
    names = {
        "on": _on_days(days),
        "site": proposal.outline.site,
        "indication": proposal.outline.indication.name,
        "reason": closure,
        "name": proposal.practitioner.display_name,
        "patient": proposal.outline.patient.full_name,
        "wishes": wishes_words(proposal.wishes),
    }
    return _obstacles()[obstacle] % names


def _obstacles() -> dict[Obstacle, str]:
    return {
        Obstacle.PAST: _("The times %(on)s have passed."),
        Obstacle.CLOSED: _("%(site)s is closed %(on)s: %(reason)s."),
        Obstacle.NO_ROOM: _(
            "No room at %(site)s is set up for %(indication)s. Ask an admin to add one under “Sites "
            "and rooms”, or to choose one under “Name and rooms” of the indication."
        ),
        Obstacle.AWAY: _("%(name)s is away %(on)s."),
        Obstacle.FULL: _("%(name)s is fully booked %(on)s."),
        Obstacle.PATIENT_BUSY: _("%(patient)s has another appointment %(on)s."),
        Obstacle.ROOMS_FULL: _("No room is free %(on)s."),
        Obstacle.NOT_WISHED: _("There is free time %(on)s, but not within “%(wishes)s”."),
    }


def obstacle_words(obstacle: Obstacle | None, closure: str, name: str) -> str:
    """Say in a few words why a day has no time with `name`."""
    return {
        Obstacle.PAST: _("Passed."),
        Obstacle.CLOSED: _("Closed: %(reason)s.") % {"reason": closure},
        Obstacle.NO_ROOM: _("No room is set up for this."),
        Obstacle.AWAY: _("%(name)s is away.") % {"name": name},
        Obstacle.FULL: _("%(name)s is fully booked.") % {"name": name},
        Obstacle.PATIENT_BUSY: _("The patient has another appointment."),
        Obstacle.ROOMS_FULL: _("No room is free."),
    }.get(obstacle or Obstacle.NOT_WISHED, _("No free time."))


def _on_days(days: Sequence[date]) -> str:
    """Return "on Thu 24 Dec", "from Fri 25 to Sun 27 Dec", or several of these."""
    runs = [[one for _place, one in run] for _key, run in groupby(enumerate(days), _beginning)]
    words = [
        _("from %(days)s") % {"days": span_words(run[0], run[-1])}
        if len(run) > 1
        else _("on %(day)s") % {"day": day(run[0])}
        for run in runs
    ]
    return listed(words)


def _beginning(placed: tuple[int, date]) -> int:
    """Return a number that is the same for days in a row."""
    place, on = placed
    return on.toordinal() - place


def pin_words(number: int, place: Place, window: Window) -> str:
    """Say that session `number` is kept on a day before its window, and how to mend it."""
    assert window.earliest is not None  # only a window that opens can be missed
    said = _(
        "Session %(number)s is kept on %(time)s, %(days)s too early: its window opens on "
        "%(opens)s. Release it, or choose another time."
    )
    return said % {
        "number": number,
        "time": time_words(place),
        "days": days_words(window.days_early(place.on)),
        "opens": day(window.earliest),
    }


def pin_lost_words(number: int, place: Place) -> str:
    """Say that the kept time of session `number` is gone, and how to go on."""
    return _(
        "Session %(number)s: %(time)s is not free any more. Release it, or choose another time."
    ) % {"number": number, "time": time_words(place)}


def lost_words(
    number: int, lost: Place, proposal: Proposal, moved: Sequence[int], refusal: str
) -> str:
    """Say that a time was taken before the course was booked, and what is offered instead.

    `moved` are the sessions with other times, `refusal` is what booking said. Nothing is booked.
    """
    found = proposal.row(number).place
    if found is None:
        return refusal
    said = _(
        "Session %(number)s: %(time)s was taken a moment ago. The nearest free time is %(next)s."
    )
    sentences = [
        said
        % {"number": number, "time": f"{lost.local:%H:%M}", "next": place_words(found, proposal)}
    ]
    sentences.append(_moved_words([other for other in moved if other != number]))
    sentences.append(_("Nothing is booked yet."))
    return " ".join(sentence for sentence in sentences if sentence)


def listed(parts: Sequence[str]) -> str:
    """Return "A", "A and B" or "A, B and C"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def widen_words(wishes: Wishes, wider: Wishes) -> str:
    """Say what a wider wish gives up."""
    if wishes.only and not wider.only:
        return _("Other days and times will do as well.")
    if wishes.weekdays and not wider.weekdays:
        return _("Any day will do, not only %(days)s.") % {"days": _weekday_words(wishes.weekdays)}
    return _("Any time of day will do.")


def gap_words(row: ProposedRow) -> str:
    """Return the gap before a session in words: "12 days, 2 days late"; "" for the first."""
    if row.link.gap_days is None:
        return ""
    gap = days_words(row.link.gap_days)
    if not row.days_late:
        return gap
    return _("%(gap)s, %(late)s late") % {"gap": gap, "late": days_words(row.days_late)}


def fix_words(fix: Fix, proposal: Proposal) -> str:
    """Say what a way out means for the session it is about, and whether that is all."""
    row = fix.row
    sentences = [f"{gap}."] if (gap := gap_words(row)) else []
    if fix.kind is FixKind.WIDEN:
        sentences.insert(0, widen_words(proposal.wishes, fix.proposal.wishes))
    if fix.needs_reason:
        sentences.append(_("A clinician must give a reason."))
    elif len(fix.changed) == 1 and not fix.moved:
        sentences.append(_("Nothing else moves."))
    return " ".join(sentences or [_extent_words(fix, proposal)])


def _extent_words(fix: Fix, proposal: Proposal) -> str:
    """Say how much of the course a way out changes: where it is, whom it is with, what moves."""
    places = [row.place for row in fix.proposal.rows if row.place]
    for place in (row.place for row in fix.changed if row.place):
        if place.room.site != proposal.outline.site:
            return _("%(count)s of %(total)s sessions at %(site)s.") % {
                "count": sum(each.room.site == place.room.site for each in places),
                "total": len(fix.proposal.rows),
                "site": place.room.site,
            }
        if place.practitioner != proposal.practitioner:
            return _("%(count)s of %(total)s sessions with %(name)s.") % {
                "count": sum(each.practitioner == place.practitioner for each in places),
                "total": len(fix.proposal.rows),
                "name": place.practitioner.display_name,
            }
    return _moved_words([row.number for row in fix.moved if row.number != fix.number])


def _moved_words(numbers: Sequence[int]) -> str:
    """Say which other sessions move; "" if none does."""
    words = ngettext(
        "Session %(numbers)s moves as well.", "Sessions %(numbers)s move as well.", len(numbers)
    )
    return words % {"numbers": listed([str(number) for number in numbers])} if numbers else ""


def change_words(row: ProposedRow, proposal: Proposal) -> str:
    """Say where another session of a way out would be: "Sat 19 Dec, 09:20 (9 days)"."""
    assert row.place is not None  # a way out places every session it names
    words = place_words(row.place, proposal)
    if gap := gap_words(row):
        words = _("%(time)s (%(gap)s)") % {"time": words, "gap": gap}
    return words
