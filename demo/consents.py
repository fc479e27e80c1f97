"""Consents of the demo clinic: signed when a course begins, and left open for two courses."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from demo.steady import patient_number
from demo.stories import Course, Fate
from meso_clinic.core.models import User
from patients.models import Patient
from treatments.actions.consents import Choice, Signature, sign_consents
from treatments.domain.consents import Unit
from treatments.models import ConsentTemplate, TreatmentCourse
from treatments.selectors.consents import parts_of, read_standing

# So many courses show what it looks like when nobody has signed yet.
LEFT_OPEN: Final = 2
_KEYS: Final = UUID("6f1c3a52-8e0d-4b57-9d1e-2f5f3c0f4a11")


class Consents:
    """Signs for patients with their typed name."""

    def __init__(self) -> None:
        self._left_open = 0

    def stays_open(self, course: Course) -> bool:
        """Whether nobody signs for `course`: one of the first that have not begun."""
        is_ahead = bool(course.visits) and {one.fate for one in course.visits} == {Fate.BOOKED}
        if not is_ahead or self._left_open == LEFT_OPEN:
            return False
        self._left_open += 1
        return True

    def renew(self, course: TreatmentCourse, *, by: User, at: datetime) -> None:
        """Sign again what a session waits for at `at`, such as a consent of more than a year ago."""
        if read_standing(course, at=at).is_open:
            self.sign(course, by=by, at=at)

    def sign(self, course: TreatmentCourse, *, by: User, at: datetime) -> None:
        """Sign what does not stand at `at`, which may be nothing."""
        standing = read_standing(course, at=at)
        found = standing.to_sign
        if not found:
            return
        parts = parts_of(course, standing)
        texts = ConsentTemplate.objects.in_bulk([one.asked.template for one in found])
        sign_consents(
            course=course,
            choices=[
                Choice(
                    texts[one.asked.template],
                    _wants(patient_number(course.patient), one.asked.unit),
                    parts.offered if agrees_to_all_parts(course.patient) else parts.preset,
                )
                for one in found
            ],
            signature=Signature(name=course.patient.full_name, device="Tablet at the desk"),
            key=uuid5(_KEYS, f"{course.pk} {at.isoformat()}"),
            by=by,
            at=at,
        )


def agrees_to_all_parts(patient: Patient) -> bool:
    """Whether a patient agrees to every part of the body that the indication treats: every third."""
    return patient_number(patient) % 3 == 0


def _wants(patient: int, unit: Unit) -> bool:
    """Every fourth wants no photos, few want theirs shown."""
    few = {Unit.TEACHING: 3, Unit.MARKETING: 7}
    return patient % few[unit] == 0 if unit in few else unit != Unit.PHOTOS or patient % 4 != 0
