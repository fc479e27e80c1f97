"""A prescriber's sign-off, and which questions the clinic asks."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from patients.actions import lock_patient
from patients.models import ScreeningAnswer
from treatments.domain.screening.verdict import Finding
from treatments.models import (
    Clearance,
    ClearanceWithdrawal,
    ContraindicationRule,
    TreatmentCourse,
)
from treatments.selectors.screening import read_screening


class ClearanceRefused(ActionRefused):
    """The sign-off cannot be given or taken back. `problem` says why, in one sentence."""


class AnswerChangedMeanwhile(ClearanceRefused):
    """The answer that was read is not the newest one any more."""


@transaction.atomic
def give_clearance(
    *, course: TreatmentCourse, rule: str, answer: int, reason: str, by: User, at: datetime
) -> Clearance:
    """Keep that what `rule` (its code) found does not keep `course` from going on, and why.

    `answer` is the primary key of the answer that was read, 0 for a rule about age. Raises
    ClearanceRefused, AnswerChangedMeanwhile, or ValidationError without a reason.
    """
    if not by.is_prescriber:
        raise ClearanceRefused(_("Only a prescriber can sign this off."))
    # One at a time for each patient, so that no answer changes in between.
    lock_patient(course.patient_id)
    course = TreatmentCourse.objects.with_people().get(pk=course.pk)
    if course.is_ended:
        raise ClearanceRefused(_("This course has ended, so nothing is signed off any more."))
    finding = _to_sign_off(course, rule, at)
    if (finding.answer.pk if finding.answer else 0) != answer:
        raise AnswerChangedMeanwhile(
            _("The answer was changed since this page was loaded. Read it, then decide again.")
        )
    clearance = Clearance(
        course=course,
        rule=ContraindicationRule.objects.get(code=rule),
        answer=ScreeningAnswer.objects.filter(pk=answer).first(),
        reason=reason.strip(),
        by=by,
        at=at,
    )
    clearance.full_clean(exclude=["answer"])
    clearance.save(force_insert=True)
    _audit(audit.Kind.CLEARANCE_GIVEN, clearance, by=by, at=at)
    return clearance


def _to_sign_off(course: TreatmentCourse, rule: str, at: datetime) -> Finding:
    """Return the finding of `rule` that waits for a prescriber. Raises ClearanceRefused."""
    verdict = read_screening(course, at=at)
    for finding in (*verdict.to_sign_off, *verdict.avoid):
        if finding.rule == rule and finding.needs_prescriber:
            return finding
    raise ClearanceRefused(_("There is nothing to sign off here any more. Load the page again."))


@transaction.atomic
def withdraw_clearance(
    *, clearance: Clearance, reason: str, by: User, at: datetime
) -> ClearanceWithdrawal:
    """Take a sign-off back; from then on it lifts nothing.

    Any prescriber may. Raises ClearanceRefused, or ValidationError without a reason.
    """
    if not by.is_prescriber:
        raise ClearanceRefused(_("Only a prescriber can take a sign-off back."))
    lock_patient(clearance.course.patient_id)
    if ClearanceWithdrawal.objects.filter(clearance=clearance).exists():
        raise ClearanceRefused(_("This sign-off was taken back already."))
    withdrawal = ClearanceWithdrawal(clearance=clearance, reason=reason.strip(), by=by, at=at)
    withdrawal.full_clean()
    withdrawal.save(force_insert=True)
    _audit(audit.Kind.CLEARANCE_WITHDRAWN, clearance, by=by, at=at)
    return withdrawal


def _audit(kind: audit.Kind, clearance: Clearance, *, by: User, at: datetime) -> None:
    audit.record(kind=kind, by=by, at=at, target=clearance, patient_id=clearance.course.patient_id)
