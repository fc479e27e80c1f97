"""Ending a course whose patient stayed away too long."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from sessions.actions.stopping import give_back, lock_held, refuse_while_here
from sessions.selectors.chain import course_chain
from sessions.selectors.long_gaps import long_gap
from treatments.actions import courses
from treatments.models import TreatmentCourse


@transaction.atomic
def lapse_course(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """End a course that has lapsed, and give its booked times back. The gap is kept as the reason.

    Raises CourseRefused if the gap does not say so, or while the patient is in the house.
    """
    course = lock_held(course)
    refuse_while_here(course)
    gap = long_gap(course_chain(course), at.astimezone(course.site.zone).date())
    if gap is None or not gap.finding.ends_course:
        raise courses.CourseRefused(
            _("This course has not lapsed. Stop it with a reason instead, or let it go on.")
        )
    give_back(course, words=_("The course has lapsed."), by=by, at=at)
    return courses.lapse_course(course=course, reason=gap.words, by=by, at=at)
