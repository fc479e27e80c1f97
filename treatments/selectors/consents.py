"""How it is with the consents of courses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import Max

from treatments.consent_turns import read_turns, turn_columns
from treatments.domain.consents import (
    ONLY_IF_REQUIRED,
    Asked,
    CourseFacts,
    Signed,
    Standing,
    Unit,
    required_units,
    standing,
)
from treatments.models import Consent, ConsentTemplate, TreatmentCourse

_Texts: TypeAlias = list[ConsentTemplate]


def read_standing(course: TreatmentCourse, *, at: datetime) -> Standing:
    """Return how it is with the consents of `course` (with its site) at `at` (aware)."""
    return read_standings([course], at=at)[course.pk]


def read_standings(courses: Sequence[TreatmentCourse], *, at: datetime) -> dict[int, Standing]:
    """Return how it is with the consents of each course (with its site) by its primary key.

    Takes 1 query where the clinic asks for nothing, else 3, however many courses there are.
    """
    texts = list(ConsentTemplate.objects.in_force().only("unit", "version", "indication"))
    if not texts or not courses:
        return {course.pk: Standing(()) for course in courses}
    signed = _signed_by(courses)
    rows = _course_rows(courses)
    standings = {}
    for course in courses:
        own = texts_for(course, texts)
        facts = _course_facts(course, rows[course.pk])
        today = at.astimezone(course.site.zone).date()
        required = required_units(facts.product_class)
        known = [_facts(one, course) for one in signed.get(course.patient_id, ())]
        standings[course.pk] = standing(_asked(own, required), known, facts, today=today)
    return standings


def texts_for(course: TreatmentCourse, texts: Sequence[ConsentTemplate]) -> _Texts:
    """Return those of `texts` that `course` asks for: of two for one unit, the one for its indication."""
    found: dict[str, ConsentTemplate] = {}
    for text in sorted(texts, key=lambda one: one.indication_id is not None):
        if text.indication_id in (None, course.indication_id):
            found[text.unit] = text
    return list(found.values())


def _asked(texts: _Texts, required: frozenset[Unit]) -> list[Asked]:
    return [
        Asked(
            unit=Unit(text.unit),
            indication=str(text.indication_id or ""),
            version=text.version,
            template=text.pk,
            is_required=text.unit in required,
        )
        for text in texts
        if text.unit in required or text.unit not in ONLY_IF_REQUIRED
    ]


def _course_rows(courses: Sequence[TreatmentCourse]) -> dict[int, dict[str, Any]]:
    """Return what decides about each course by its primary key (1 query)."""
    found = TreatmentCourse.objects.filter(pk__in=[course.pk for course in courses])
    columns = turn_columns()
    rows = found.annotate(last_on=Max("sessions__delivered_on"), **columns).values(
        "pk", "product__product_class", "last_on", *columns
    )
    return {row["pk"]: row for row in rows}


def _course_facts(course: TreatmentCourse, row: dict[str, Any]) -> CourseFacts:
    return CourseFacts(
        course=course.pk,
        indication=str(course.indication_id),
        last_session_on=row["last_on"],
        product_class=row["product__product_class"] or "",
        turns=read_turns(row),
    )


def _signed_by(courses: Sequence[TreatmentCourse]) -> dict[int, list[Any]]:
    """Return what each patient signed, in order, without the texts (1 query)."""
    found = Consent.objects.filter(patient__in={course.patient_id for course in courses})
    by_patient: dict[int, list[Any]] = {}
    for row in found.in_order().values(
        "pk",
        "patient_id",
        "unit",
        "product_class",
        "is_given",
        "signed_at",
        "course_id",
        "course__indication_id",
        "template__indication_id",
        "template__version",
        "revocation__pk",
    ):
        by_patient.setdefault(row["patient_id"], []).append(row)
    return by_patient


def _facts(row: dict[str, Any], course: TreatmentCourse) -> Signed:
    return Signed(
        consent=row["pk"],
        unit=Unit(row["unit"]),
        indication=str(row["template__indication_id"] or ""),
        version=row["template__version"],
        course=row["course_id"],
        course_indication=str(row["course__indication_id"] or ""),
        product_class=row["product_class"],
        is_given=row["is_given"],
        signed_on=row["signed_at"].astimezone(course.site.zone).date(),
        signed_at=row["signed_at"],
        is_revoked=row["revocation__pk"] is not None,
    )
