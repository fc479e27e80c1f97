"""Who is about to leave without a next visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sessions.domain.lifecycle import Status
from sessions.models import TreatmentSession
from sessions.selectors.day import DayRow


@dataclass(frozen=True, slots=True)
class Leaving:
    """A patient of the day whose course goes on, and whose next session has no time yet."""

    row: DayRow
    session: int
    number: int
    earliest_on: date | None
    latest_on: date | None


def leaving_without_next(rows: Sequence[DayRow]) -> tuple[Leaving, ...]:
    """Return those of `rows` who are in treatment or done and have no next visit (1 query).

    The next session is the first open one after the one of the day, in a running course.
    """
    here = {
        row.course: row
        for row in rows
        if row.course and row.status in (Status.IN_TREATMENT, Status.DONE)
    }
    if not here:
        return ()
    waiting = (
        TreatmentSession.objects.filter(course__in=here, course__status="ACTIVE")
        .open()
        .exclude(pk__in=[row.session for row in rows])
        .in_order()
        .values_list("course_id", "pk", "number", "status", "earliest_on", "latest_on")
    )
    next_ones: dict[int, Leaving | None] = {}
    for course, session, number, status, earliest, latest in waiting:
        if number < here[course].number:
            continue
        is_booked = status != TreatmentSession.Status.PLANNED
        leaving = Leaving(here[course], session, number, earliest, latest)
        next_ones.setdefault(course, None if is_booked else leaving)
    return tuple(one for course in here if (one := next_ones.get(course)))
