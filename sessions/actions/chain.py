"""What every write to a course ends with: the windows of its open sessions follow."""

from collections.abc import Iterable

from clinic.models import Room, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.models import TreatmentSession
from sessions.selectors.chain import course_chain
from treatments.models import TreatmentCourse


def refresh_windows(course: TreatmentCourse) -> None:
    """Store the windows that `course` has now on its open sessions. Runs inside a transaction."""
    for row in course_chain(course).rows:
        session, window = row.session, row.link.window
        stored = (session.earliest_on, session.due_on, session.latest_on)
        if not session.is_open or stored == (window.earliest, window.due, window.latest):
            continue
        session.earliest_on, session.due_on = window.earliest, window.due
        session.latest_on = window.latest
        session.save(update_fields=["earliest_on", "due_on", "latest_on"])


def lock_course(course_id: int) -> TreatmentCourse:
    """Lock the course and its open sessions until the transaction ends; return it fresh."""
    course = (
        TreatmentCourse.objects.select_for_update(no_key=True, of=("self",))
        .select_related("site", "indication", "patient", "practitioner")
        .get(pk=course_id)
    )
    list(
        TreatmentSession.objects.select_for_update(no_key=True)
        .filter(course=course)
        .in_order()
        .values("pk")
    )
    return course


def lock_resources(*, practitioners: Iterable[int], rooms: Iterable[int], patient: int) -> None:
    """Lock sites, practitioners, rooms and the patient (primary keys), always in this order.

    Every writer of appointments begins with it, so that no two wait for each other. The site is
    first, because closing a day locks it as well.
    """
    rooms = sorted(set(rooms))
    for rows in (
        Site.objects.filter(rooms__in=rooms).order_by("pk"),
        User.objects.filter(pk__in=set(practitioners)).order_by("pk"),
        Room.objects.filter(pk__in=rooms).order_by("pk"),
        Patient.objects.filter(pk=patient),
    ):
        list(rows.select_for_update(no_key=True, of=("self",)).values("pk"))
