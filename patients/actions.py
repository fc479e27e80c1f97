"""Writes of the patients app."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Length

from clinic.models import ClinicProfile
from meso_clinic.core import audit
from meso_clinic.core.models import User
from patients.domain.screening import Gap, Given, Part, Value, find_gap, is_asked
from patients.domain.searching import fold, record_number
from patients.models import (
    Allergy,
    Patient,
    Screening,
    ScreeningAnswer,
    ScreeningQuestion,
    ScreeningQuestionChange,
)
from patients.phones import comparable_digits
from patients.selectors import newest_answers

SEARCH_LENGTH = 820
DERIVED = ("search_names", "phone_digits", "other_phone_digits")


class PatientChangedMeanwhile(Exception):
    """Somebody else saved the patient since the form was opened; `current` is the row now."""

    def __init__(self, current: Patient) -> None:
        super().__init__(current.pk)
        self.current = current


class ScreeningIncomplete(Exception):
    """Answers are missing or wrong. `gaps` says what, by the code of the question."""

    def __init__(self, gaps: dict[str, Gap]) -> None:
        super().__init__(gaps)
        self.gaps = gaps


class ScreeningRefused(Exception):
    """The form was made for another patient, or for questions that are not asked any more."""


class OnlyAPrescriberLifts(Exception):
    """A product that a severe reaction came after is given again by a prescriber's word alone."""


class AllergyAlreadyWithdrawn(Exception):
    """The allergy does not count any more; there is nothing to withdraw."""


@transaction.atomic
def register_patient(*, by: User, at: datetime, **fields: Any) -> Patient:
    """Add a patient with the next free record number, registered `at` (aware).

    Raises ValidationError if a field is missing or too long.
    """
    # The lock on the one row that everybody registering needs makes the numbers take turns.
    profile = ClinicProfile.objects.select_for_update().get()
    patient = Patient(
        record_number=_next_record_number(profile.record_prefix), registered_at=at, **fields
    )
    _derive(patient, profile.country)
    patient.full_clean(exclude=DERIVED)
    patient.save(force_insert=True)
    audit.record(
        kind=audit.Kind.PATIENT_REGISTERED, by=by, at=at, target=patient, patient_id=patient.pk
    )
    return patient


@transaction.atomic
def change_patient(
    *, patient: Patient, version: int, by: User, at: datetime, **fields: Any
) -> Patient:
    """Set `fields` of the patient that was read as `version`; return the row as it is now.

    Nothing is written if nothing differs. Raises PatientChangedMeanwhile if somebody else saved
    since, and ValidationError if a field is missing or too long.
    """
    row = Patient.objects.select_for_update().get(pk=patient.pk)
    if row.version != version:
        raise PatientChangedMeanwhile(row)
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, fields[name])
    row.version += 1
    _derive(row, ClinicProfile.objects.get().country)
    row.full_clean(exclude=DERIVED)
    row.save(update_fields=[*changed, "version", *DERIVED])
    audit.record(kind=audit.Kind.PATIENT_CHANGED, by=by, at=at, target=row, patient_id=row.pk)
    return row


def lock_patient(patient_id: int) -> None:
    """Let one at a time write what is asked, signed or scored of a patient (a primary key).

    Whoever comes second waits until the transaction ends, and reads what the first one wrote.
    """
    Patient.objects.select_for_update(no_key=True).get(pk=patient_id)


@transaction.atomic
def weigh_patient(
    *, patient: Patient, weight_kg: Decimal, on: date, by: User, at: datetime
) -> Patient:
    """Keep what the patient weighs on the day `on`; a later weight that is known stays.

    Raises ValidationError for a weight that nobody has.
    """
    row = Patient.objects.select_for_update().get(pk=patient.pk)
    if (row.weighed_on and row.weighed_on > on) or (row.weight_kg, row.weighed_on) == (
        weight_kg,
        on,
    ):
        return row
    row.weight_kg, row.weighed_on = weight_kg, on
    row.full_clean(exclude=DERIVED)
    row.save(update_fields=["weight_kg", "weighed_on"])
    audit.record(kind=audit.Kind.PATIENT_WEIGHED, by=by, at=at, target=row, patient_id=row.pk)
    return row


@transaction.atomic
def record_allergy(
    *,
    patient: Patient,
    substance: str,
    reaction: str,
    allergen: str = "",
    product_code: str = "",
    by: User,
    at: datetime,
) -> Allergy:
    """Note that `patient` must not get `substance`, which products may hold as `allergen`.

    With `product_code` it is that product as a whole, after a severe reaction to it. Raises ValidationError if it names nothing or `allergen` is no known code.
    """
    allergy = Allergy(
        patient=patient,
        substance=substance,
        allergen=allergen,
        product_code=product_code,
        reaction=reaction,
        noted_at=at,
        noted_by=by,
    )
    allergy.full_clean()
    allergy.save(force_insert=True)
    audit.record(
        kind=audit.Kind.ALLERGY_RECORDED, by=by, at=at, target=allergy, patient_id=patient.pk
    )
    return allergy


@transaction.atomic
def withdraw_allergy(*, allergy: Allergy, reason: str, by: User, at: datetime) -> Allergy:
    """Say that the allergy does not count any more, and why.

    Raises AllergyAlreadyWithdrawn, or OnlyAPrescriberLifts for a product after a severe reaction.
    """
    row = Allergy.objects.select_for_update().get(pk=allergy.pk)
    if row.product_code and not by.is_prescriber:
        raise OnlyAPrescriberLifts(row.pk)
    if row.withdrawn_at is not None:
        raise AllergyAlreadyWithdrawn(row.pk)
    row.withdrawn_at, row.withdrawn_reason = at, reason
    row.full_clean()
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        kind=audit.Kind.ALLERGY_WITHDRAWN, by=by, at=at, target=row, patient_id=row.patient_id
    )
    return row


@transaction.atomic
def record_screening(
    *,
    patient: Patient,
    part: str,
    answers: Mapping[str, Given],
    key: UUID,
    is_by_patient: bool = False,
    is_by_link: bool = False,
    by: User,
    at: datetime,
) -> Screening:
    """Keep what `patient` answered, by the code of the question; `by` is signed in.

    With `is_by_link` nobody is: then `by` made the link.

    `part` says which questions must be there; more may be. A `key` that was used before changes
    nothing and returns what it stands for. Raises ScreeningIncomplete or ScreeningRefused.
    """
    # One at a time for each patient, so that a form sent twice meets its own first copy.
    lock_patient(patient.pk)
    if known := Screening.objects.filter(key=key).first():
        if known.patient_id != patient.pk:
            raise ScreeningRefused
        return known
    questions = list(ScreeningQuestion.objects.in_use())
    _check_answers(questions, Part(part), answers, is_by_patient=is_by_patient)
    screening = Screening.objects.create(
        patient=patient,
        part=part,
        is_by_patient=is_by_patient,
        is_by_link=is_by_link,
        completed_at=at,
        by=by,
        key=key,
    )
    _keep_answers(screening, questions, answers)
    audit.record(
        kind=audit.Kind.SCREENING_RECORDED, by=by, at=at, target=screening, patient_id=patient.pk
    )
    return screening


def _check_answers(
    questions: Sequence[ScreeningQuestion],
    part: Part,
    answers: Mapping[str, Given],
    *,
    is_by_patient: bool,
) -> None:
    """Raise ScreeningRefused for answers to what is not asked, ScreeningIncomplete for gaps."""
    facts = {question.code: question.facts for question in questions}
    offered = {code for code, one in facts.items() if not (is_by_patient and one.is_for_clinician)}
    if not answers or not answers.keys() <= offered:
        raise ScreeningRefused
    needed = {
        code for code, one in facts.items() if is_asked(one, part, is_by_patient=is_by_patient)
    }
    gaps = {
        code: gap
        for code in sorted(needed | answers.keys())
        if (gap := find_gap(facts[code], answers.get(code)))
    }
    if gaps:
        raise ScreeningIncomplete(gaps)


def _keep_answers(
    screening: Screening, questions: Sequence[ScreeningQuestion], answers: Mapping[str, Given]
) -> None:
    before = newest_answers(screening.patient)
    rows = [
        _answer(screening, question, answers[question.code], before.get(question.code))
        for question in questions
        if question.code in answers
    ]
    for row in rows:
        row.clean_fields()
    ScreeningAnswer.objects.bulk_create(rows)


def _answer(
    screening: Screening,
    question: ScreeningQuestion,
    given: Given,
    before: ScreeningAnswer | None,
) -> ScreeningAnswer:
    at = screening.completed_at
    is_same = before is not None and before.given.says_the_same(given)
    return ScreeningAnswer(
        screening=screening,
        patient=screening.patient,
        question=question,
        asked=question.text,
        value=Value(given.value),
        day=given.day,
        words=given.words.strip(),
        answered_at=at,
        unchanged_since=before.unchanged_since if before and is_same else at,
    )


@transaction.atomic
def set_question_in_use(
    *, question: ScreeningQuestion, is_active: bool, reason: str, by: User, at: datetime
) -> ScreeningQuestion:
    """Ask `question` from now on, or do not, and keep why.

    Nothing is written if it is so already. Raises ValidationError without a reason.
    """
    row = ScreeningQuestion.objects.select_for_update().get(pk=question.pk)
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        change = ScreeningQuestionChange(
            question=row, is_active=is_active, reason=reason.strip(), by=by, at=at
        )
        change.full_clean()
        change.save(force_insert=True)
        audit.record(kind=audit.Kind.QUESTION_CHANGED, by=by, at=at, target=row)
    return row


def _next_record_number(prefix: str) -> str:
    # A longer number is a higher one, and only then does the order of letters tell.
    last = (
        Patient.objects.filter(record_number__regex=rf"^{re.escape(prefix)}-[0-9]+$")
        .annotate(length=Length("record_number"))
        .order_by("-length", "-record_number")
        .values_list("record_number", flat=True)
        .first()
    )
    return record_number(prefix, int(last.rpartition("-")[2]) + 1 if last else 1)


def _derive(patient: Patient, country: str) -> None:
    """Fill what search reads from the fields that people type."""
    patient.search_names = fold(patient.full_name)[:SEARCH_LENGTH]
    patient.phone_digits = comparable_digits(patient.phone, country=country)
    patient.other_phone_digits = comparable_digits(patient.other_phone, country=country)
