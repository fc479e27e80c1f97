"""Planning a course: the course and all its sessions in one act, with their times or without."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import Room
from meso_clinic.core.models import User
from sessions.actions.booking import all_or_nothing, carry_out, claim
from sessions.actions.chain import lock_resources
from sessions.actions.placements import BookingRefused, LateReason, Placement
from sessions.domain import windows
from sessions.models import ScheduleChange, TreatmentSession
from sessions.selectors.chain import CourseChain, cadence_of, new_chain
from treatments.actions.courses import CoursePlan, create_course, start_course
from treatments.models import TreatmentCourse


@transaction.atomic
def plan_course(*, plan: CoursePlan, by: User, at: datetime) -> TreatmentCourse:
    """Make a draft course with its chain of planned sessions.

    Raises treatments.actions.courses.PlanRefused with what is wrong, in sentences.
    """
    course = create_course(plan=plan, by=by, at=at)
    _make_chain(course)
    return course


def _make_chain(course: TreatmentCourse) -> CourseChain:
    """Write the planned sessions of a course that is new."""
    sessions = TreatmentSession.objects.bulk_create(
        TreatmentSession(
            course=course,
            number=link.step.number,
            earliest_on=link.window.earliest,
            due_on=link.window.due,
            latest_on=link.window.latest,
        )
        for link in windows.plan(cadence_of(course), course.first_on)
    )
    return new_chain(course, sessions)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """The place of session `number` of a course that is not made yet."""

    number: int
    practitioner: User
    room: Room
    starts_at: datetime
    late_reason: LateReason | None = None


def book_new_course(
    *, plan: CoursePlan, placements: Sequence[NewPlace], key: UUID, by: User, at: datetime
) -> ScheduleChange:
    """Plan a course, start it and book all its sessions, or do nothing of it.

    A `key` that was used before makes no second course and returns the act it stands for. Raises
    PlanRefused, CourseRefused (also SpecialistConsultationMissing) or BookingRefused.
    """
    with all_or_nothing(at):
        change, is_new = claim(key=key, reason="", by=by, at=at)
        if is_new:
            change.new_course = start_course(plan=plan, by=by, at=at)
            chain = _make_chain(change.new_course)
            wanted = _placements(chain, placements)
            # Nobody else can see the course and its sessions yet, so there is nothing to lock there.
            resources = lock_resources(
                practitioners=[place.practitioner.pk for place in wanted],
                rooms=[place.room.pk for place in wanted],
                patients=[plan.patient.pk],
            )
            carry_out(change, [chain], resources, wanted)
    return change


def _placements(chain: CourseChain, places: Sequence[NewPlace]) -> list[Placement]:
    """Return `places` with their sessions. Raises BookingRefused unless all have their one place."""
    sessions = {row.session.number: row.session for row in chain.rows}
    named = {place.number for place in places}
    for number in sorted(sessions.keys() - named):
        raise BookingRefused(
            _("Session %(number)s has no time. Choose a fix.") % {"number": number}, number=number
        )
    for number in sorted(named - sessions.keys()):
        raise BookingRefused(
            _("This course has no session %(number)s. Plan it again.") % {"number": number},
            number=number,
        )
    return [
        Placement(
            sessions[place.number],
            place.practitioner,
            place.room,
            place.starts_at,
            place.late_reason,
        )
        for place in places
    ]
