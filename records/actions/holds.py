"""Lifting a clinical hold."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from records.models import HoldLift
from records.selectors.reactions import stopping_reactions
from sessions.actions.stopping import lock_held
from treatments.actions import courses
from treatments.actions.courses import CourseRefused
from treatments.models import TreatmentCourse


@transaction.atomic
def lift_hold(*, course: TreatmentCourse, reason: str, by: User, at: datetime) -> HoldLift:
    """Let a course on clinical hold go on, as a prescriber decides, and keep the reason.

    Completes it if all its sessions are over. Raises CourseRefused, also while a red flag that was
    reported of this course is open, and ValidationError.
    """
    if not reason.strip():
        raise CourseRefused(_("Say why treatment may go on."))
    course = lock_held(course)
    if any(event.course_id == course.pk for event in stopping_reactions(course.patient_id)):
        raise CourseRefused(
            _("A red flag of this course is still open. Say first how it went, then lift the hold.")
        )
    course = courses.lift_hold(course=course, by=by, at=at)
    lift = HoldLift(course=course, reason=reason.strip(), at=at, by=by)
    lift.full_clean()
    lift.save(force_insert=True)
    if course.is_active and not course.sessions.open().exists():
        courses.complete_course(course=course, by=by, at=at)
    return lift
