"""Health questions of the demo clinic: asked before each course and at each session.

News that has just come in leaves one patient who must not be treated and one for whom a prescriber
has to decide; drafts show what it looks like when nobody has asked yet.
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from demo.steady import patient_number
from meso_clinic.core.models import User
from patients.actions import record_screening
from patients.domain.screening import Given, Part, Value
from patients.models import Patient, ScreeningQuestion
from treatments.actions.screening import give_clearance
from treatments.models import TreatmentCourse
from treatments.selectors.screening import read_screening

_NO: Final = Given(Value.NO)
_YES: Final = Given(Value.YES)
NEWS: Final = ("systemic_infection", "anticoagulant")
_KEYS: Final = UUID("0b0f7a5e-6a55-4a0b-8f0c-1d7c2e9b6b42")
_REASON: Final = "Known for years and talked through. Nothing that is planned is affected."


class Screenings:
    """Answers for patients and signs off for `prescriber`, as far as a session waits for it."""

    def __init__(self, prescriber: User) -> None:
        self.prescriber = prescriber
        self._questions = list(ScreeningQuestion.objects.in_use())
        self._news = list(NEWS)

    def prepare(self, course: TreatmentCourse, *, by: User, at: datetime, is_day: bool) -> None:
        """Let the patient of `course` answer what is due at `at`; on the day, also what changed."""
        verdict = read_screening(course, at=at, is_session_day=is_day)
        part = verdict.due_part
        if part:
            self._answer(course.patient, part, self._answers(course.patient, part), by=by, at=at)
        # Nothing new comes up between two full questionnaires but the news.
        if part is Part.FULL:
            verdict = read_screening(course, at=at, is_session_day=is_day)
        for finding in verdict.to_sign_off:
            give_clearance(
                course=course,
                rule=finding.rule,
                answer=finding.answer.pk if finding.answer else 0,
                reason=_REASON,
                by=self.prescriber,
                at=at,
            )

    def next_news(self) -> str:
        """Return the question to which somebody says yes all of a sudden, "" if there was enough."""
        return self._news.pop(0) if self._news else ""

    def tell(self, patient: Patient, question: str, *, by: User, at: datetime) -> None:
        """Keep that `patient` now says yes to `question`."""
        self._answer(patient, Part.SOME, {question: _YES}, by=by, at=at)

    def _answers(self, patient: Patient, part: Part) -> dict[str, Given]:
        known = _known(patient)
        return {
            question.code: known.get(question.code, _NO)
            for question in self._questions
            if part is Part.FULL or question.is_short
        }

    def _answer(
        self,
        patient: Patient,
        part: Part,
        answers: dict[str, Given],
        *,
        by: User,
        at: datetime,
    ) -> None:
        record_screening(
            patient=patient,
            part=part,
            answers=answers,
            key=uuid5(_KEYS, f"{patient.pk} {part} {at.isoformat()}"),
            by=by,
            at=at,
        )


def _known(patient: Patient) -> dict[str, Given]:
    """Return to what `patient` has always said yes."""
    known: dict[str, Given] = {}
    for allergy in patient.allergies.all():
        if allergy.allergen == "amide_anaesthetic":
            known["la_allergy"] = _YES
        else:
            known["component_allergy"] = Given(Value.YES, words=allergy.substance)
        if "adrenaline" in allergy.reaction:
            known["anaphylaxis_history"] = _YES
    if patient_number(patient) % 11 == 0:
        known["vasovagal"] = _YES
    if patient_number(patient) % 7 == 0:
        known["antiplatelet_nsaid"] = _YES
    return known
