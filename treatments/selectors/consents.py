"""How it is with the consents of courses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias

from dateutil.relativedelta import relativedelta
from django.db.models import Max, OuterRef, Subquery

from clinic.selectors import profile_value
from treatments.consent_team import read_team, team_columns
from treatments.consent_turns import read_turns, turn_columns
from treatments.domain.consents import (
    MONTHS_OF_BREAK,
    Asked,
    CourseFacts,
    Signed,
    Standing,
    Unit,
    required_units,
    standing,
)
from treatments.domain.reflection import HOURS, Reflection, ReflectionFacts, time_to_reflect
from treatments.domain.zone_classes import ZoneClass, classes_of, from_words, usual_class
from treatments.models import (
    LANGUAGE,
    Assessment,
    Consent,
    ConsentExplanation,
    ConsentTemplate,
    TreatmentCourse,
    Zone,
)
from treatments.treated_zones import treated_zones

_Texts: TypeAlias = list[ConsentTemplate]


def read_standing(course: TreatmentCourse, *, at: datetime) -> Standing:
    """Return how it is with the consents of `course` (with its site) at `at` (aware)."""
    return read_standings([course], at=at)[course.pk]


def read_standings(courses: Sequence[TreatmentCourse], *, at: datetime) -> dict[int, Standing]:
    """Return how it is with the consents of each course (with its site) by its primary key.

    Takes 1 query where the clinic asks for nothing, else 3, however many courses there are.
    """
    known_texts = _live_texts()
    texts = [text for text in known_texts if not text.is_translation]
    if not texts or not courses:
        return {course.pk: Standing(()) for course in courses}
    signed = _signed_by(courses)
    rows = _course_rows(courses, at)
    standings = {}
    for course in courses:
        own = texts_for(course, texts)
        facts = _course_facts(course, rows[course.pk])
        today = at.astimezone(course.site.zone).date()
        required = required_units(facts.product_class)
        known = [_facts(one, course) for one in signed.get(course.patient_id, ())]
        asked = _asked(own, known_texts, required)
        found = standing(asked, known, facts, today=today)
        time_left = _time_left(course, rows[course.pk], known, at) if found.is_asked else None
        standings[course.pk] = replace(found, reflection=time_left)
    return standings


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of the body a course can be about, and which are ticked before it is signed."""

    offered: tuple[ZoneClass, ...]
    preset: tuple[ZoneClass, ...]


def parts_of(course: TreatmentCourse, standing: Standing, *, also: str = "") -> Parts:
    """Return which parts of the body a consent to the treatment of `course` is about (2 queries).

    Ticked are the part that most zones of the indication belong to, what was agreed to, what was
    treated, and the one named `also`.
    """
    zones = Zone.objects.filter(indication=course.indication_id).order_by("position", "pk")
    codes = list(zones.values_list("code", flat=True))
    offered = classes_of(codes)
    found = next((one for one in standing.findings if one.asked.unit is Unit.TREATMENT), None)
    agreed = found.signed.zone_classes if found and found.signed else frozenset()
    wanted = {usual_class(codes), *agreed, *classes_of(treated_zones(course)), also}
    return Parts(offered, tuple(one for one in offered if one in wanted))


def may_lack_part(course: int, zone_class: ZoneClass) -> bool:
    """Whether anything that was signed for a course leaves that part of the body out (1 query)."""
    about = Consent.objects.filter(course=course).exclude(zone_classes="")
    return about.exclude(zone_classes__contains=zone_class).exists()


def texts_for(course: TreatmentCourse, texts: Sequence[ConsentTemplate]) -> _Texts:
    """Return those of `texts` that `course` asks for: of two for one unit, the one for its indication."""
    found: dict[str, ConsentTemplate] = {}
    for text in sorted(texts, key=lambda one: one.indication_id is not None):
        if text.indication_id in (None, course.indication_id):
            found[text.unit] = text
    return list(found.values())


def _live_texts() -> _Texts:
    """Return every text that is not withdrawn, in all languages, without its words (1 query)."""
    rows = ConsentTemplate.objects.live()
    return list(rows.only("unit", "version", "indication", "language", "published_at"))


def texts_in(texts: _Texts, language: str) -> _Texts:
    """Return `texts`, each in `language` if there is one that says the same, else as it is (1 query)."""
    others = ConsentTemplate.objects.live().filter(language=language)
    return [next((other for other in others if other.translates(text)), text) for text in texts]


def languages_of(texts: _Texts) -> list[str]:
    """Return in which other languages at least one of `texts` can be signed (1 query)."""
    found = {
        other.language for other in _live_texts() if any(other.translates(text) for text in texts)
    }
    return sorted(found)


def _asked(texts: _Texts, known: _Texts, required: frozenset[Unit]) -> list[Asked]:
    return [
        Asked(
            unit=Unit(text.unit),
            indication=str(text.indication_id or ""),
            version=text.version,
            template=text.pk,
            is_required=text.unit in required,
            translations=frozenset(
                (other.language, other.version) for other in known if other.translates(text)
            ),
        )
        for text in texts
    ]


def _course_rows(courses: Sequence[TreatmentCourse], at: datetime) -> dict[int, dict[str, Any]]:
    """Return what decides about each course at `at`, by its primary key (1 query)."""
    found = TreatmentCourse.objects.filter(pk__in=[course.pk for course in courses])
    columns = turn_columns() | team_columns() | _reflection_columns(at)
    rows = found.annotate(last_on=Max("sessions__delivered_on"), **columns).values(
        "pk",
        "indication__slug",
        "product__product_class",
        "last_on",
        "reflection_waiver__pk",
        *columns,
    )
    return {row["pk"]: row for row in rows}


def _reflection_columns(at: datetime) -> dict[str, Any]:
    """Return when the treatment was first explained, and for how long a patient may think."""
    said = ConsentExplanation.objects.filter(course=OuterRef("pk")).order_by("at")
    # What was found longer ago is no talk about this treatment any more.
    assessed = Assessment.objects.filter(
        patient=OuterRef("patient"),
        indication=OuterRef("indication"),
        assessed_on__gt=at.date() - relativedelta(months=MONTHS_OF_BREAK),
    ).order_by("assessed_on")
    return {
        "explained_at": Subquery(said.values("at")[:1]),
        "assessed_on": Subquery(assessed.values("assessed_on")[:1]),
        "reflect_hours": profile_value("reflect_hours"),
    }


def _time_left(
    course: TreatmentCourse, row: dict[str, Any], signed: Sequence[Signed], at: datetime
) -> Reflection | None:
    """Return the time to reflect that is left at `at`; signing is an explanation too."""
    explained = [one.signed_at for one in signed if one.course == course.pk]
    if row["explained_at"] is not None:
        explained.append(row["explained_at"])
    if row["assessed_on"] is not None:
        # At what time of the day is not known, so it counts from the end of it.
        next_day = row["assessed_on"] + timedelta(days=1)
        explained.append(datetime.combine(next_day, time(), tzinfo=course.site.zone))
    hours = row["reflect_hours"]
    facts = ReflectionFacts(
        indication=row["indication__slug"],
        product_class=row["product__product_class"] or "",
        explained=tuple(explained),
        hours=HOURS if hours is None else hours,
        is_waived=row["reflection_waiver__pk"] is not None,
        is_begun=row["last_on"] is not None,
    )
    return time_to_reflect(facts, at=at)


def _course_facts(course: TreatmentCourse, row: dict[str, Any]) -> CourseFacts:
    return CourseFacts(
        course=course.pk,
        indication=str(course.indication_id),
        last_session_on=row["last_on"],
        product_class=row["product__product_class"] or "",
        turns=read_turns(row),
        team=read_team(row),
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
        "zone_classes",
        "site_id",
        "taken_by_id",
        "is_given",
        "signed_at",
        "course_id",
        "course__indication_id",
        "template__indication_id",
        "template__version",
        "template__language",
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
        zone_classes=from_words(row["zone_classes"]),
        site=row["site_id"],
        taken_by=row["taken_by_id"],
        language="" if row["template__language"] == LANGUAGE else row["template__language"],
        is_given=row["is_given"],
        signed_on=row["signed_at"].astimezone(course.site.zone).date(),
        signed_at=row["signed_at"],
        is_revoked=row["revocation__pk"] is not None,
    )
