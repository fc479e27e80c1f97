"""Time to reflect before a first session: from when it runs, and who may cut it short."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from patients.actions import lock_patient
from treatments.models import ConsentExplanation, ReflectionWaiver, TreatmentCourse
from treatments.selectors.consents import read_standing


class ReflectionRefused(ActionRefused):
    """Nothing waits for time to reflect any more, or somebody else decides. `problem` says which."""


@transaction.atomic
def note_explanation(*, course: TreatmentCourse, by: User, at: datetime) -> ConsentExplanation:
    """Keep that `by` explained the treatment of `course` at `at`, from when time to reflect runs.

    Raises ReflectionRefused if it runs already, or if nothing waits for it.
    """
    course = _lock(course)
    reflection = read_standing(course, at=at).reflection
    if reflection is None or reflection.ends_at is not None:
        raise ReflectionRefused(
            _("Nothing waits for an explanation any more. Load the page again.")
        )
    explanation = ConsentExplanation.objects.create(course=course, at=at, by=by)
    audit.record(
        kind=audit.Kind.CONSENT_EXPLAINED,
        by=by,
        at=at,
        target=explanation,
        patient_id=course.patient_id,
    )
    return explanation


@transaction.atomic
def waive_reflection(
    *, course: TreatmentCourse, reason: str, by: User, at: datetime
) -> ReflectionWaiver:
    """Let the first session of `course` begin before time to reflect is over, and keep why.

    Raises ReflectionRefused if `by` is no prescriber or nothing waits, ValidationError without a
    reason.
    """
    if not by.is_prescriber:
        raise ReflectionRefused(_("Only a prescriber can sign that a session begins earlier."))
    course = _lock(course)
    if read_standing(course, at=at).reflection is None:
        raise ReflectionRefused(_("No session waits for time to reflect. Load the page again."))
    waiver = ReflectionWaiver(course=course, reason=reason.strip(), by=by, at=at)
    waiver.full_clean()
    waiver.save(force_insert=True)
    audit.record(
        kind=audit.Kind.REFLECTION_WAIVED,
        by=by,
        at=at,
        target=waiver,
        patient_id=course.patient_id,
    )
    return waiver


def _lock(course: TreatmentCourse) -> TreatmentCourse:
    """Return the course as it is now; one at a time for each patient."""
    lock_patient(course.patient_id)
    course = TreatmentCourse.objects.with_people().get(pk=course.pk)
    if course.is_ended:
        raise ReflectionRefused(_("This course has ended, so no session waits any more."))
    return course
