"""What a re-plan does, in the words of its button and of what is said afterwards."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.models import Deviation, ScheduleChange, ScheduleChangeLine


def button_words(*, booked: Sequence[int], moved: Sequence[int], number: int) -> str:
    """Return what the button does: `booked` and `moved` are numbers of sessions.

    `number` is the session that the person began with.
    """
    first, others = _split(moved, number)
    match len(booked), len(first), len(others):
        case 0, 0, 0:
            return _("Keep session %(number)s with a reason") % {"number": number}
        case 0, 1, 0:
            return _("Move session %(number)s") % {"number": number}
        case 0, 1, rest:
            return _("Move 1, re-plan %(rest)s") % {"rest": rest}
        case 0, 0, rest:
            return _replan_words(others)
        case 1, 0, 0:
            return _("Book session %(number)s") % {"number": booked[0]}
        case count, 0, 0:
            return ngettext("Book %(count)s session", "Book %(count)s sessions", count) % {
                "count": count
            }
        case count, _moved, _rest:
            return _("Book %(count)s, re-plan %(rest)s") % {"count": count, "rest": len(moved)}
    raise AssertionError("a count is never negative")


def done_words(*, booked: Sequence[int], moved: Sequence[int], number: int) -> str:
    """Say what was done."""
    first, others = _split(moved, number)
    if not booked and not moved:
        return _("Session %(number)s stays, and the reason is on record.") % {"number": number}
    begun = ""
    if len(booked) == 1:
        begun = _("Session %(number)s booked") % {"number": booked[0]}
    elif booked:
        begun = ngettext("%(count)s session booked", "%(count)s sessions booked", len(booked)) % {
            "count": len(booked)
        }
    elif first:
        begun = _("Session %(number)s moved") % {"number": number}
    rest = len(moved) if booked else len(others)
    if not begun:
        words = ngettext("%(count)s session re-planned.", "%(count)s sessions re-planned.", rest)
        return words % {"count": rest}
    if not rest:
        return f"{begun}."
    return _("%(begun)s, %(rest)s re-planned.") % {"begun": begun, "rest": rest}


def _split(moved: Sequence[int], number: int) -> tuple[list[int], list[int]]:
    """Return session `number`, if it is one of `moved`, and the others."""
    return [each for each in moved if each == number], [each for each in moved if each != number]


def _replan_words(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return _("Move session %(number)s") % {"number": numbers[0]}
    return _("Re-plan %(count)s sessions") % {"count": len(numbers)}


def clock_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return day and time as they stand in a sentence: "Thu 24 Dec, 09:40"."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def undone_words(
    change: ScheduleChange, lines: Sequence[ScheduleChangeLine], skip: Deviation | None
) -> str:
    """Say what was taken back. `lines` are those of `change`, with appointment, session and room.

    `skip` is the session that it left out, if it did.
    """
    if skip is not None:
        return _("Taken back: session %(number)s is not skipped any more.") % {
            "number": skip.session.number
        }
    if change.new_course_id is not None:
        return _("Taken back: the course is not planned any more.")
    if len(lines) != 1:
        return ngettext(
            "Taken back: %(count)s session is as it was.",
            "Taken back: %(count)s sessions are as they were.",
            len(lines),
        ) % {"count": len(lines)}
    [line] = lines
    session = line.appointment.session
    if line.was_starts_at is None or line.was_room is None:
        if session is None:
            return _("Taken back: the appointment is not booked any more.")
        return _("Taken back: session %(number)s has no time again.") % {"number": session.number}
    when = clock_words(line.was_starts_at, line.was_room.site.zone)
    if session is None:
        return _("Taken back: the appointment is on %(when)s again.") % {"when": when}
    return _("Taken back: session %(number)s is on %(when)s again.") % {
        "number": session.number,
        "when": when,
    }
