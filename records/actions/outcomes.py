"""Keeping scores, correcting them, and noting that a course begins without a baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from patients.actions import lock_patient
from records.domain.outcomes import BaselineState
from records.domain.scales import SCALES
from records.models import Occasion, OutcomeAssessment, Rater
from records.outcome_words import plain
from records.selectors.outcomes import read_baselines
from sessions.models import TreatmentSession
from sessions.words import short_day
from treatments.models import TreatmentCourse


class OutcomeRefused(ActionRefused):
    """The score cannot be kept. `problem` says why, in one sentence, about `field` if it is one."""

    def __init__(self, problem: str, field: str | None = None) -> None:
        super().__init__(problem)
        self.field = field


class AlreadyCorrected(OutcomeRefused):
    """Somebody else corrected the score meanwhile."""


@dataclass(frozen=True, slots=True)
class Score:
    """A value of one scale, as typed. `label` is what stood beside it, "" for the scale's own words."""

    scale: str
    rater: str
    side: str
    value: Decimal
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """When and for what somebody scored. `rated_by` is the clinician who did, or held the device."""

    occasion: str
    assessed_on: date
    rated_by: User
    is_before_session: bool = False
    notes: str = ""


@transaction.atomic
def record_outcomes(
    *,
    course: TreatmentCourse,
    sitting: Sitting,
    scores: Sequence[Score],
    key: UUID,
    by: User,
    at: datetime,
) -> list[OutcomeAssessment]:
    """Keep the `scores` of one sitting.

    A `key` that was used before changes nothing and returns what it stands for. Raises
    OutcomeRefused, or ValidationError for a value that a scale does not have.
    """
    # One at a time for each patient, so that a form sent twice meets its own first copy.
    lock_patient(course.patient_id)
    if known := list(OutcomeAssessment.objects.filter(key=key).in_order()):
        if known[0].course_id != course.pk:
            raise OutcomeRefused(_("This form was for another course. Load the page again."))
        return known
    if not scores:
        raise OutcomeRefused(_("Nothing is scored yet. Enter at least one value."))
    _check_day(course, sitting, at)
    return [
        _keep(course, sitting, score, key=key, replaces=None, reason="", by=by, at=at)
        for score in scores
    ]


@transaction.atomic
def correct_outcome(
    *,
    outcome: OutcomeAssessment,
    sitting: Sitting,
    value: Decimal,
    label: str = "",
    reason: str,
    by: User,
    at: datetime,
) -> OutcomeAssessment:
    """Put a new row in the place of `outcome`, which stays readable.

    Raises AlreadyCorrected, OutcomeRefused, or ValidationError without a reason or for a value that
    the scale does not have.
    """
    course = outcome.course
    lock_patient(course.patient_id)
    if OutcomeAssessment.objects.filter(replaces=outcome).exists():
        raise AlreadyCorrected(_("Somebody else corrected this value meanwhile."))
    _check_day(course, sitting, at)
    score = Score(outcome.scale, outcome.rater, outcome.side, value, label)
    return _keep(
        course,
        sitting,
        score,
        key=uuid4(),
        replaces=outcome,
        reason=reason.strip(),
        by=by,
        at=at,
    )


def note_missing_baseline(*, session: TreatmentSession, by: User, at: datetime) -> bool:
    """Note in the audit trail if `session`, the first of its course, begins without a baseline."""
    if session.number != 1:
        return False
    course = session.course
    today = at.astimezone(course.site.zone).date()
    state = read_baselines([course], today=today)[course.pk]
    if state not in {BaselineState.DUE, BaselineState.MISSING}:
        return False
    audit.record(
        kind=audit.Kind.BASELINE_MISSING,
        by=by,
        at=at,
        target=session,
        patient_id=course.patient_id,
    )
    return True


def _check_day(course: TreatmentCourse, sitting: Sitting, at: datetime) -> None:
    """Refuse the future, a baseline from after the first session, and a swollen skin."""
    on = sitting.assessed_on
    if on > at.astimezone(course.site.zone).date():
        raise OutcomeRefused(_("The day must not be in the future."), "assessed_on")
    today = at.astimezone(course.site.zone).date()
    # What is being given right now is not signed yet; the skin is swollen all the same.
    being_given = TreatmentSession.Status.IN_TREATMENT
    given = {
        day: session.number
        for session in course.sessions.in_order()
        if (day := today if session.status == being_given else session.delivered_on)
    }
    first = min(given, default=None)
    if sitting.occasion == Occasion.BASELINE and first and on > first:
        raise OutcomeRefused(
            _("A baseline is from before session 1 on %(day)s. Choose another occasion.")
            % {"day": short_day(first)},
            "occasion",
        )
    if on in given and not sitting.is_before_session:
        raise OutcomeRefused(
            _(
                "Session %(n)s was given on that day, and a treated skin is swollen. Score on "
                "another day, or say that you scored before the session."
            )
            % {"n": given[on]},
            "is_before_session",
        )


def _keep(
    course: TreatmentCourse,
    sitting: Sitting,
    score: Score,
    *,
    key: UUID,
    replaces: OutcomeAssessment | None,
    reason: str,
    by: User,
    at: datetime,
) -> OutcomeAssessment:
    outcome = OutcomeAssessment(
        course=course,
        scale=score.scale,
        side=score.side,
        value=score.value,
        label=score.label or _label(score),
        rater=score.rater,
        rated_by=None if score.rater == Rater.PATIENT else sitting.rated_by,
        occasion=sitting.occasion,
        assessed_on=sitting.assessed_on,
        is_before_session=sitting.is_before_session,
        notes=sitting.notes.strip(),
        recorded_at=at,
        recorded_by=by,
        key=key,
        replaces=replaces,
        reason=reason,
    )
    outcome.full_clean()
    _check_scored_once(outcome)
    outcome.save(force_insert=True)
    kind = audit.Kind.OUTCOME_CORRECTED if replaces else audit.Kind.OUTCOME_RECORDED
    audit.record(kind=kind, by=by, at=at, target=outcome, patient_id=course.patient_id)
    return outcome


def _label(score: Score) -> str:
    scale = SCALES.get(score.scale)
    return scale.label_of(score.value) if scale else ""


def _check_scored_once(outcome: OutcomeAssessment) -> None:
    """Refuse what compares with before as a baseline, and a second value of one day."""
    scale = outcome.known_scale
    if outcome.occasion == Occasion.BASELINE and not scale.at_baseline:
        raise OutcomeRefused(
            _("%(scale)s has no baseline: it compares with before the course.")
            % {"scale": scale.name}
        )
    same = OutcomeAssessment.objects.current().filter(
        course=outcome.course,
        scale=outcome.scale,
        side=outcome.side,
        rater=outcome.rater,
        assessed_on=outcome.assessed_on,
    )
    if outcome.replaces_id is not None:
        same = same.exclude(pk=outcome.replaces_id)
    if known := same.first():
        raise OutcomeRefused(
            _("%(scale)s has a value of that day already: %(value)s. Correct that one.")
            % {"scale": scale.name, "value": plain(known.value)}
        )
