"""The board of a day: a column for everybody who works or has an appointment on it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from meso_clinic.core.templatetags.clinic_format import minutes_words
from sessions.selectors.calendar import CalendarColumn, CalendarVisit, calendar_data
from sessions.selectors.day import LATE, Day, DayRow
from sessions.selectors.free import working_hours
from sessions.words import TONES


def read_board(
    day: Day, *, now: datetime, practitioner: User | None = None
) -> dict[str, Any] | None:
    """Return `day` as the calendar draws it, with the column of one practitioner if given.

    Returns None if nobody works or has an appointment. Takes 2 queries besides those of the day.
    """
    people = {person.pk: person.display_name for person in User.objects.practitioners()}
    if practitioner is not None:
        people = {practitioner.pk: practitioner.display_name}
    people |= {row.practitioner: row.practitioner_name for row in day.rows}
    hours = working_hours(day.site, list(people), [day.on])
    rooms: dict[int, list[str]] = {person: [] for person in people}
    for row in day.rows:
        if row.room_name not in rooms[row.practitioner]:
            rooms[row.practitioner].append(row.room_name)
    columns = [
        CalendarColumn(f"p{person}", name, ", ".join(rooms[person]), hours[person])
        for person, name in people.items()
        if hours[person] or rooms[person]
    ]
    if not columns:
        return None
    return calendar_data(
        zone=day.site.zone,
        days=[day.on],
        columns=columns,
        visits=[_visit(row) for row in day.rows],
        now=now,
        closed={day.on: day.closure.reason} if day.closure else {},
    )


def _visit(row: DayRow) -> CalendarVisit:
    return CalendarVisit(
        pk=row.pk,
        column=f"p{row.practitioner}",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=TONES[row.state],
        who=row.name,
        what=row.visit,
        note=_note(row),
        can_move=row.can_check_in and not row.is_held,
    )


def _note(row: DayRow) -> str:
    """Say what is worth a look: a booked visit of somebody who is known says nothing."""
    if row.is_held:
        return _("Clinical hold")
    if row.state == LATE:
        return _("Late %(minutes)s") % {"minutes": minutes_words(row.late_minutes)}
    if row.waiting_minutes:
        return _("Waiting %(minutes)s") % {"minutes": minutes_words(row.waiting_minutes)}
    return _("New patient") if row.can_check_in and row.is_new else ""
