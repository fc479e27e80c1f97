"""Adding a session to a course that waited too long."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from sessions.actions.chain import refresh_windows
from sessions.actions.stopping import lock_held
from sessions.domain.long_gaps import GapFinding
from sessions.domain.windows import window_after
from sessions.models import TreatmentSession
from sessions.selectors.chain import cadence_of, course_chain
from sessions.selectors.long_gaps import long_gap
from treatments.actions import courses
from treatments.domain.limits import TOTAL_SESSIONS
from treatments.models import TreatmentCourse


@transaction.atomic
def add_initial_session(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """Give a course one initial session more, because of the gap since the last one.

    Booked sessions stay where they are; those that were monthly and are initial now stand outside
    their window and show on the follow-ups list. Raises CourseRefused unless the gap asks for it,
    or if the course has as many sessions as one may have.
    """
    course = lock_held(course)
    chain = course_chain(course)
    gap = long_gap(chain, at.astimezone(course.site.zone).date())
    if gap is None or gap.finding is not GapFinding.REVIEW:
        raise courses.CourseRefused(_("The gap of this course does not ask for another session."))
    if course.total_sessions >= TOTAL_SESSIONS[1]:
        raise courses.CourseRefused(_("A course has 3 to 15 sessions, and this one has 15."))
    course = courses.add_initial_session(course=course, by=by, at=at)
    number = course.total_sessions
    window = window_after(cadence_of(course), number, chain.ends_on)
    TreatmentSession.objects.create(
        course=course,
        number=number,
        earliest_on=window.earliest,
        due_on=window.due,
        latest_on=window.latest,
    )
    refresh_windows(course)
    return course
