"""Courses and assessments: planned, activated, suspended, resumed, ended.

The sessions of a course belong to the app above; nothing here touches them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.models import Site
from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from patients.models import Patient
from treatments.domain.lifecycle import CourseStatus, can_become, is_end
from treatments.models import Assessment, Indication, Product, TreatmentCourse

# A code, not words: by it a hold knows that the course ran before.
HOLD_REASON = "CLINICAL_HOLD"


class PlanRefused(Exception):
    """The plan breaks a limit. `problems` says which, in sentences."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class CourseRefused(ActionRefused):
    """The course cannot change like that. `problem` says why, in one sentence."""


class SpecialistConsultationMissing(CourseRefused):
    """The indication asks for a specialist's consultation, and none is on record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePlan:
    """What a course is to be. The first `initial_sessions` of all come before the monthly ones."""

    patient: Patient
    indication: Indication
    site: Site
    practitioner: User
    total_sessions: int
    initial_sessions: int
    first_on: date
    goals: str = ""
    product: Product | None = None


@transaction.atomic
def create_course(*, plan: CoursePlan, by: User, at: datetime) -> TreatmentCourse:
    """Make a draft that keeps the protocol's numbers and the newest text as they are now.

    Raises PlanRefused.
    """
    course = _insert(_draft(plan, by=by, at=at))
    _record(audit.Kind.COURSE_PLANNED, course, by=by, at=at)
    return course


def start_course(*, plan: CoursePlan, by: User, at: datetime) -> TreatmentCourse:
    """Make a course that is active at once. Runs inside the transaction that books its sessions.

    Raises PlanRefused or SpecialistConsultationMissing.
    """
    course = _draft(plan, by=by, at=at)
    _check_specialist(course, at)
    course.status, course.activated_at = CourseStatus.ACTIVE, at
    _insert(course)
    kinds = (audit.Kind.COURSE_PLANNED, audit.Kind.COURSE_ACTIVATED)
    audit.record_all(lines=[(kind, course, course.patient_id) for kind in kinds], by=by, at=at)
    return course


def _draft(plan: CoursePlan, *, by: User, at: datetime) -> TreatmentCourse:
    """Return the course of `plan`, unsaved."""
    protocol = plan.indication.protocol
    return TreatmentCourse(
        patient=plan.patient,
        indication=plan.indication,
        revision=plan.indication.revisions.newest_first()[0],
        site=plan.site,
        practitioner=plan.practitioner,
        product=plan.product,
        product_min_days=plan.product.min_interval_days if plan.product else 0,
        total_sessions=plan.total_sessions,
        initial_sessions=plan.initial_sessions,
        initial_min_days=protocol.initial_min_days,
        initial_max_days=protocol.initial_max_days,
        monthly_min_days=protocol.monthly_min_days,
        monthly_max_days=protocol.monthly_max_days,
        session_minutes=protocol.session_minutes,
        buffer_before_minutes=protocol.buffer_before_minutes,
        buffer_after_minutes=protocol.buffer_after_minutes,
        first_on=plan.first_on,
        goals=plan.goals,
        planned_at=at,
        planned_by=by,
    )


def _insert(course: TreatmentCourse) -> TreatmentCourse:
    try:
        with transaction.atomic():
            course.save(force_insert=True)
    except IntegrityError as error:
        raise PlanRefused(_broken_limits(course)) from error
    return course


def _broken_limits(course: TreatmentCourse) -> list[str]:
    """Say in sentences which limits the database has refused to break."""
    problems: list[str] = []
    try:
        course.full_clean()
    except ValidationError as error:
        problems = error.messages
    return problems


@transaction.atomic
def activate_course(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """Let the sessions of a draft be booked. Raises SpecialistConsultationMissing or CourseRefused."""
    course = _lock(course)
    if not course.is_draft or course.is_held:
        raise CourseRefused(_already(course))
    _check_specialist(course, at)
    course.activated_at = at
    return _become(
        course, CourseStatus.ACTIVE, audit.Kind.COURSE_ACTIVATED, "activated_at", by=by, at=at
    )


def _check_specialist(course: TreatmentCourse, at: datetime) -> None:
    """Raise SpecialistConsultationMissing if the indication asks for one and none is on record.

    Whatever makes a course active calls it.
    """
    today = at.astimezone(course.site.zone).date()
    if course.indication.needs_specialist and not specialist_consultation(course, today):
        raise SpecialistConsultationMissing(
            _("Record the specialist consultation before this course starts.")
        )


def specialist_consultation(course: TreatmentCourse, today: date) -> Assessment | None:
    """Return the newest specialist consultation on record for `course`, none after `today`."""
    return (
        course.patient.assessments.filter(
            indication=course.indication,
            kind=Assessment.Kind.SPECIALIST,
            assessed_on__lte=today,
        )
        .order_by("-assessed_on", "-pk")
        .first()
    )


@transaction.atomic
def suspend_course(
    *, course: TreatmentCourse, reason: str, by: User, at: datetime
) -> TreatmentCourse:
    """Stop booking and treating for a while. Raises CourseRefused, also without a reason."""
    course = _lock(course)
    course.status_reason = _said(reason)
    return _become(course, CourseStatus.SUSPENDED, audit.Kind.COURSE_SUSPENDED, by=by, at=at)


@transaction.atomic
def resume_course(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """Go on with a suspended course. Raises CourseRefused, also while a clinical hold stands."""
    course = _lock(course)
    if course.is_held:
        raise CourseRefused(_("This course is on clinical hold. A prescriber has to lift it."))
    if course.is_draft:
        raise CourseRefused(_already(course))
    course.status_reason = ""
    return _become(course, CourseStatus.ACTIVE, audit.Kind.COURSE_RESUMED, by=by, at=at)


@transaction.atomic
def hold_course(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """Put a clinical hold on a course: nothing of it is booked or begun until it is lifted.

    An active course is suspended. One that has ended or is held already stays as it is.
    """
    course = _lock(course)
    if course.is_ended or course.is_held:
        return course
    course.held_at = at
    if course.is_active:
        course.status, course.status_reason = CourseStatus.SUSPENDED, HOLD_REASON
    course.save(update_fields=["held_at", "status", "status_reason"])
    _record(audit.Kind.COURSE_HELD, course, by=by, at=at)
    return course


@transaction.atomic
def lift_hold(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """Take the clinical hold off, which a prescriber decides; `by` is one.

    A course that ran before goes on; one that was a draft, or suspended for another reason, is
    that again. Raises CourseRefused if there is no hold, or if `by` is no prescriber.
    """
    course = _lock(course)
    if not by.is_prescriber:
        raise CourseRefused(_("Only a prescriber can lift a clinical hold."))
    if not course.is_held:
        raise CourseRefused(_("This course is not on clinical hold. Load the page again."))
    course.held_at = None
    if course.status_reason == HOLD_REASON:
        course.status, course.status_reason = CourseStatus.ACTIVE, ""
    course.save(update_fields=["held_at", "status", "status_reason"])
    _record(audit.Kind.COURSE_HOLD_LIFTED, course, by=by, at=at)
    return course


@transaction.atomic
def discontinue_course(
    *, course: TreatmentCourse, reason: str, by: User, at: datetime
) -> TreatmentCourse:
    """End a course early, which is always allowed.

    Raises CourseRefused if it has ended, or without a reason.
    """
    course = _lock(course)
    course.status_reason = _said(reason)
    return _become(course, CourseStatus.DISCONTINUED, audit.Kind.COURSE_DISCONTINUED, by=by, at=at)


@transaction.atomic
def lapse_course(
    *, course: TreatmentCourse, reason: str, by: User, at: datetime
) -> TreatmentCourse:
    """End a course whose patient stayed away. Raises CourseRefused, also without a reason."""
    course = _lock(course)
    course.status_reason = _said(reason)
    return _become(course, CourseStatus.LAPSED, audit.Kind.COURSE_LAPSED, by=by, at=at)


@transaction.atomic
def complete_course(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """End a course whose sessions are all done. Raises CourseRefused."""
    return _become(_lock(course), CourseStatus.COMPLETED, audit.Kind.COURSE_COMPLETED, by=by, at=at)


@transaction.atomic
def add_initial_session(*, course: TreatmentCourse, by: User, at: datetime) -> TreatmentCourse:
    """Count one more session before the monthly ones. Raises ValidationError past the limits."""
    course = _lock(course)
    course.total_sessions += 1
    course.initial_sessions += 1
    course.full_clean()
    course.save(update_fields=["total_sessions", "initial_sessions"])
    _record(audit.Kind.COURSE_CHANGED, course, by=by, at=at)
    return course


@transaction.atomic
def record_assessment(
    *,
    patient: Patient,
    indication: Indication,
    kind: str,
    assessed_on: date,
    assessed_by: str,
    finding: str,
    by: User,
    at: datetime,
) -> Assessment:
    """Keep what a doctor found. Raises ValidationError if something is missing."""
    assessment = Assessment(
        patient=patient,
        indication=indication,
        kind=kind,
        assessed_on=assessed_on,
        assessed_by=assessed_by,
        finding=finding,
        recorded_at=at,
        recorded_by=by,
    )
    assessment.full_clean()
    assessment.save(force_insert=True)
    audit.record(
        kind=audit.Kind.ASSESSMENT_RECORDED,
        by=by,
        at=at,
        target=assessment,
        patient_id=patient.pk,
    )
    return assessment


def _lock(course: TreatmentCourse) -> TreatmentCourse:
    return (
        TreatmentCourse.objects.select_for_update(no_key=True, of=("self",))
        .select_related("patient", "indication", "site")
        .get(pk=course.pk)
    )


def _become(
    course: TreatmentCourse,
    wanted: CourseStatus,
    kind: audit.Kind,
    *more: str,
    by: User,
    at: datetime,
) -> TreatmentCourse:
    if not can_become(course.status, wanted):
        raise CourseRefused(_already(course))
    course.status = wanted
    if is_end(wanted):
        course.ended_at = at
    course.save(update_fields=["status", "status_reason", "ended_at", *more])
    _record(kind, course, by=by, at=at)
    return course


def _said(reason: str) -> str:
    longest = TreatmentCourse._meta.get_field("status_reason").max_length
    if not reason.strip() or len(reason) > (longest or 0):
        raise CourseRefused(_("Say why the course stops, in %(n)s characters.") % {"n": longest})
    return reason.strip()


def _record(kind: audit.Kind, course: TreatmentCourse, *, by: User, at: datetime) -> None:
    audit.record(kind=kind, by=by, at=at, target=course, patient_id=course.patient_id)


def _already(course: TreatmentCourse) -> str:
    return _("This course is %(status)s. Load the page again to see it.") % {
        "status": course.state_words
    }
