"""Scores of the demo clinic: a baseline, and what became of it, for most courses."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Final
from uuid import UUID, uuid5

from demo.steady import course_number
from meso_clinic.core.models import User
from patients.models import Patient
from records.actions.outcomes import Score, Sitting, record_outcomes
from records.domain.outcomes import Occasion
from records.domain.scale_shapes import Rater, Scale
from records.domain.scales import SCALES
from records.selectors.outcomes import HAIR_INDICATION, PIGMENT
from treatments.models import TreatmentCourse

# So many courses in a hundred begin without a baseline; nothing is scored in them later either.
FORGOTTEN: Final = 15
_KEYS: Final = UUID("0b7d9c1e-51a7-4e0b-9a83-6b0c2d0f9c77")

# Where a value begins (from, to) and how far it goes at best.
_USUAL: Final[dict[str, tuple[str, str, str]]] = {
    "nm": ("2", "3", "-1"),
    "css": ("7", "11", "-4"),
    "circumference_cm": ("56", "66", "-4.2"),
    "caliper_mm": ("26", "36", "-6"),
    "weight_bmi": ("58", "84", "-0.6"),
    "radiance_vas": ("3", "5", "3.2"),
    "faceq_skin": ("40", "56", "18"),
    "wsrs": ("3", "4", "-1"),
    "glogau": ("2", "3", "0"),
    "mmasi": ("6", "12", "-4.5"),
    "norwood": ("2", "4", "0"),
    "ludwig": ("1", "2", "0"),
    "hair_density": ("84", "118", "16"),
    "hair_pull": ("6", "11", "-4"),
}
_PROGRESS: Final = {
    Occasion.BASELINE: Decimal(0),
    Occasion.MID_COURSE: Decimal("0.5"),
    Occasion.END: Decimal(1),
    Occasion.MONTHS_3: Decimal("0.9"),
    Occasion.MONTHS_6: Decimal("0.8"),
}
_EFFECTS: Final = tuple(map(Decimal, ("1", "0.9", "0.7", "0.6", "0")))


def is_scored(course: TreatmentCourse) -> bool:
    """Whether somebody thought of the baseline of `course`."""
    return Random(f"scored {course_number(course)}").randrange(100) >= FORGOTTEN


def score_visit(course: TreatmentCourse, number: int, *, by: User, at: datetime) -> None:
    """Score what is due before session `number` begins, if anything."""
    if number == 1:
        score(course, Occasion.BASELINE, by=by, at=at, is_before_session=True)
    elif number == course.initial_sessions + 1 and course.indication.slug != HAIR_INDICATION:
        score(course, Occasion.MID_COURSE, by=by, at=at, is_before_session=True)


def score(
    course: TreatmentCourse,
    occasion: Occasion,
    *,
    by: User,
    at: datetime,
    is_before_session: bool = False,
) -> None:
    """Keep plausible values of `course`: each course answers in a way of its own, or not at all."""
    if not is_scored(course):
        return
    scores = [
        one
        for code in course.indication.protocol.outcome_scales
        if code in SCALES
        for one in _scores(course, SCALES[code], occasion)
    ]
    sitting = Sitting(
        occasion=occasion,
        assessed_on=at.astimezone(course.site.zone).date(),
        rated_by=by,
        is_before_session=is_before_session,
        notes="72 cm from the floor, standing." if course.indication.slug in _BODY else "",
    )
    key = uuid5(_KEYS, f"{course.pk} {occasion}")
    record_outcomes(course=course, sitting=sitting, scores=scores, key=key, by=by, at=at)


_BODY: Final = ("cellulite_tightening", "body_sculpting")


def _scores(course: TreatmentCourse, scale: Scale, occasion: Occasion) -> list[Score]:
    is_baseline = occasion is Occasion.BASELINE
    if (is_baseline and not scale.at_baseline) or _is_left_out(course, scale, is_baseline):
        return []
    return [
        Score(scale.code, rater, side, _value(course, scale, rater, side, occasion))
        for rater in scale.raters
        for side in (scale.sides if scale.code == "wsrs" else scale.sides[:1])
    ]


def _is_left_out(course: TreatmentCourse, scale: Scale, is_baseline: bool) -> bool:
    is_man = course.patient.sex == Patient.Sex.MALE
    return (
        (scale.code == "norwood" and not is_man)
        or (scale.code == "ludwig" and is_man)
        or scale.code == "sinclair"
        or (scale.code == "glogau" and not is_baseline)
        or (scale.code == PIGMENT and course_number(course) % 2 == 1)
    )


def _value(
    course: TreatmentCourse, scale: Scale, rater: str, side: str, occasion: Occasion
) -> Decimal:
    effect = _EFFECTS[course_number(course) % len(_EFFECTS)] * _PROGRESS[occasion]
    if scale.code == "gais":
        better = effect * (3 if rater == Rater.CLINICIAN else 2)
        return _fitting(scale, Decimal(4) - better)
    if scale.code == "satisfaction":
        return _fitting(scale, Decimal("2.6") + 2 * effect)
    least, most, at_best = map(Decimal, _USUAL[scale.code])
    own = Random(f"{course_number(course)} {scale.code} {side}")
    start = least + (most - least) * Decimal(str(round(own.random(), 3)))
    return _fitting(scale, _fitting(scale, start) + at_best * effect)


def _fitting(scale: Scale, value: Decimal) -> Decimal:
    """Return the value of `scale` nearest to `value`."""
    if scale.grades:
        return min((grade.value for grade in scale.grades), key=lambda one: abs(one - value))
    steps = ((value - scale.least) / scale.step).quantize(Decimal(1), ROUND_HALF_UP)
    return min(max(scale.least + steps * scale.step, scale.least), scale.most)
