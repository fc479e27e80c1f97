"""Suspending and stopping a course, with what that means for its appointments."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from sessions.actions.chain import lock_course, lock_resources
from sessions.actions.status import cancel_appointment
from sessions.domain.lifecycle import HERE, Status
from sessions.models import Appointment
from sessions.models.appointments import AppointmentQuerySet
from treatments.actions import courses
from treatments.models import TreatmentCourse


@transaction.atomic
def suspend_course(
    *, course: TreatmentCourse, reason: str, by: User, at: datetime
) -> TreatmentCourse:
    """Stop booking and treating for a while; booked times stay and go on the follow-ups list.

    Raises CourseRefused, also while the patient is in the house.
    """
    refuse_while_here(lock_held(course))
    return courses.suspend_course(course=course, reason=reason, by=by, at=at)


@transaction.atomic
def hold_course(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """Put a clinical hold on `course`, also while the patient is in the house.

    Booked times stay in the calendar, marked. A session that has begun can still be signed.
    """
    return courses.hold_course(course=lock_held(course), by=by, at=at)


@transaction.atomic
def stop_course(*, course: TreatmentCourse, reason: str, by: User, at: datetime) -> TreatmentCourse:
    """End a course early and give its booked times back.

    Raises CourseRefused, also while the patient is in the house.
    """
    refuse_while_here(lock_held(course))
    give_back(course, words=_("The course was stopped."), by=by, at=at)
    return courses.discontinue_course(course=course, reason=reason, by=by, at=at)


def lock_held(course: TreatmentCourse) -> TreatmentCourse:
    """Lock all that its appointments hold, then the course, in the order of every writer."""
    held = _held(course).live().values_list("practitioner", "room")
    lock_resources(
        practitioners=[practitioner for practitioner, _room in held],
        rooms=[room for _practitioner, room in held],
        patients=[course.patient_id],
    )
    return lock_course(course.pk)


def refuse_while_here(course: TreatmentCourse) -> None:
    """Raise CourseRefused while the patient of a session is in the house."""
    here = _held(course).filter(status__in=HERE).select_related("session").first()
    if here is not None and here.session is not None:
        raise courses.CourseRefused(
            _("Session %(n)s is under way. Sign it, or undo its start and check-in, first.")
            % {"n": here.session.number}
        )


def give_back(course: TreatmentCourse, *, words: str, by: User, at: datetime) -> None:
    """Cancel the booked times of a locked `course` on the clinic's part."""
    for appointment in _held(course).filter(status=Status.BOOKED).in_order():
        cancel_appointment(
            appointment=appointment,
            reason=Appointment.CancelReason.CLINIC,
            words=words,
            by=by,
            at=at,
        )


def _held(course: TreatmentCourse) -> AppointmentQuerySet:
    return Appointment.objects.filter(session__course=course)
