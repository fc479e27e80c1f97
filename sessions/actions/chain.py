"""What every write to a course begins and ends with: locks, and the windows that follow."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from clinic.models import Room, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.windows import Window
from sessions.models import TreatmentSession
from sessions.selectors.chain import CourseChain, course_chains
from treatments.models import TreatmentCourse


def refresh_windows(*courses: TreatmentCourse) -> None:
    """Store the windows that `courses` have now on their open sessions. Runs inside a transaction."""
    for chain in course_chains(list(courses)):
        store_windows((row.session, row.link.window) for row in chain.rows)


def store_windows(windows: Iterable[tuple[TreatmentSession, Window]]) -> None:
    """Write the windows of those sessions that are open and have stored another one."""
    changed: list[TreatmentSession] = []
    for session, window in windows:
        stored = (session.earliest_on, session.due_on, session.latest_on)
        if not session.is_open or stored == (window.earliest, window.due, window.latest):
            continue
        session.earliest_on, session.due_on = window.earliest, window.due
        session.latest_on = window.latest
        changed.append(session)
    # Faster by half than `bulk_update`, which writes a CASE for each field.
    TreatmentSession.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["earliest_on", "due_on", "latest_on"],
    )


def explained_late(chain: CourseChain) -> dict[int, int]:
    """Return how late each session may stand, in days, by the reasons on record."""
    return {row.session.number: row.session.excused_days for row in chain.rows}


def lock_course(course_id: int) -> TreatmentCourse:
    """Lock the course and its open sessions until the transaction ends; return it fresh."""
    return lock_courses([course_id])[0]


def lock_courses(course_ids: Iterable[int]) -> list[TreatmentCourse]:
    """Lock courses and their sessions, always in this order; return them fresh, by primary key."""
    courses = list(
        TreatmentCourse.objects.select_for_update(no_key=True, of=("self",))
        .select_related("site", "indication", "patient", "practitioner")
        .filter(pk__in=set(course_ids))
        .order_by("pk")
    )
    _lock_rows(TreatmentSession.objects.filter(course__in=courses).in_order())
    return courses


def lock_resources(
    *, practitioners: Iterable[int], rooms: Iterable[int], patients: Iterable[int]
) -> None:
    """Lock sites, practitioners, rooms and patients (primary keys), always in this order.

    Every writer of appointments begins with it, so that no two wait for each other. The site is
    first, because closing a day locks it as well.
    """
    rooms = set(rooms)
    for rows in (
        Site.objects.filter(rooms__in=rooms).order_by("pk"),
        User.objects.filter(pk__in=set(practitioners)).order_by("pk"),
        Room.objects.filter(pk__in=rooms).order_by("pk"),
        Patient.objects.filter(pk__in=set(patients)).order_by("pk"),
    ):
        _lock_rows(rows)


def _lock_rows(rows: QuerySet[Any]) -> None:
    # SQLite locks the whole database when a transaction begins, so there is nothing left to ask.
    asks = connection.features.has_select_for_update
    list(rows.select_for_update(no_key=True, of=("self",)).values("pk") if asks else ())
