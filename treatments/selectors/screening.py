"""How it is with the health questions of courses."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Max

from clinic.models import Site
from patients.domain.screening import Value
from patients.models import Allergy, Patient, ScreeningAnswer, ScreeningQuestion
from treatments.domain.screening.facts import Allergy as AllergyFacts
from treatments.domain.screening.facts import Answer, CourseFacts, Question
from treatments.domain.screening.facts import Clearance as ClearanceFacts
from treatments.domain.screening.facts import Product as ProductFacts
from treatments.domain.screening.judging import judge
from treatments.domain.screening.rules import Level, Rule
from treatments.domain.screening.verdict import Finding, Verdict
from treatments.models import (
    Clearance,
    ContraindicationRule,
    Indication,
    Product,
    TreatmentCourse,
    Zone,
)

_Rows: TypeAlias = dict[int, list[Any]]


def read_screening(
    course: TreatmentCourse, *, at: datetime, is_session_day: bool = False
) -> Verdict:
    """Return how it is with the health questions of `course` (with its site) at `at` (aware)."""
    days = [course] if is_session_day else []
    return read_screenings([course], at=at, on_their_day=days)[course.pk]


def read_screenings(
    courses: Sequence[TreatmentCourse],
    *,
    at: datetime,
    on_their_day: Iterable[TreatmentCourse] = (),
) -> dict[int, Verdict]:
    """Return how it is with the health questions of each course (with its site and patient).

    Courses in `on_their_day` have a session today, which the short questions are asked for. Takes
    at most 3 queries where the clinic asks nothing, else at most 7, however many courses there are.
    """
    if not courses:
        return {}
    known = _Known(courses)
    due = {course.pk for course in on_their_day}
    return {course.pk: known.judge(course, at, is_due=course.pk in due) for course in courses}


def read_screening_of_plan(
    *,
    patient: Patient,
    indication: Indication,
    product: Product | None,
    site: Site,
    at: datetime,
) -> Verdict:
    """Return how it would be with a course that does not exist yet. Takes at most 6 queries.

    Nobody can have signed anything off for it.
    """
    course = TreatmentCourse(patient=patient, indication=indication, product=product, site=site)
    return _Known([course]).judge(course, at, is_due=False)


class Forbidden:
    """What the patient of `course` must be spared at `at` (aware).

    Takes at most 7 queries, none before the first question, whatever is asked and how often.
    """

    def __init__(self, course: TreatmentCourse, *, at: datetime) -> None:
        self._course, self._at = course, at

    @cached_property
    def _known(self) -> "_Known":
        return _Known([self._course])

    def products(self, products: Iterable[Product]) -> dict[int, tuple[Finding, ...]]:
        """Return why some of `products` must not be given, by primary key; the others are left out."""
        return self._reasons(
            (product.pk, self._holding_up(products=[product]), lambda one: one.is_about_products)
            for product in products
        )

    def zones(self, zones: Iterable[Zone]) -> dict[int, tuple[Finding, ...]]:
        """Return why some of `zones` must not be treated, by primary key; the others are left out."""
        return self._reasons(
            (zone.pk, self._holding_up(zones=frozenset({zone.code})), lambda one: bool(one.zone))
            for zone in zones
        )

    def _holding_up(self, **chosen: Any) -> tuple[Finding, ...]:
        return self._known.judge(self._course, self._at, is_due=False, **chosen).holding_up

    @staticmethod
    def _reasons(
        found: Iterable[tuple[int, tuple[Finding, ...], Callable[[Finding], bool]]],
    ) -> dict[int, tuple[Finding, ...]]:
        about = {pk: tuple(filter(is_about, holding)) for pk, holding, is_about in found}
        return {pk: holding for pk, holding in about.items() if holding}


class _Known:
    """What the database says about the courses' patients, read once for all of them."""

    def __init__(self, courses: Sequence[TreatmentCourse]) -> None:
        patients = {course.patient_id for course in courses}
        self.questions = [
            Question(code=row.code, is_short=row.is_short)
            for row in ScreeningQuestion.objects.in_use().only("code", "is_short")
        ]
        self.allergies = _allergies(patients)
        self.products = _products(courses) if self.questions or self.allergies else {}
        is_asked = bool(self.questions)
        self.rules = _rules() if is_asked else []
        self.answers = _answers(patients) if is_asked else {}
        self.clearances = _clearances(courses) if is_asked else {}
        self.last = _last_sessions(patients) if self.answers else {}

    def judge(
        self,
        course: TreatmentCourse,
        at: datetime,
        *,
        is_due: bool,
        products: Sequence[Product] | None = None,
        zones: frozenset[str] = frozenset(),
    ) -> Verdict:
        """Return the verdict for `course`, or for `products` instead of the planned one.

        `zones` are the codes of those that are treated, as far as they are known.
        """
        zone = course.site.zone
        planned = self.products.get(course.product_id) if course.product_id else None
        chosen = (planned,) if planned else ()
        facts = CourseFacts(
            born_on=course.patient.born_on,
            indication=str(course.indication_id),
            products=chosen if products is None else tuple(map(_product, products)),
            zones=zones,
            last_session_on=self.last.get(course.patient_id),
            is_session_day=is_due,
        )
        rows = self.answers.get(course.patient_id, ())
        # In the order of answering, so the newest answer to a question comes last.
        answers = {row["question__code"]: _answer(row, zone) for row in rows}
        noted = {
            row["question__code"]: _answer(row, zone)
            for row in rows
            if answers[row["question__code"]].pk != row["pk"]
        }
        return judge(
            self.questions,
            answers,
            self.rules,
            self.allergies.get(course.patient_id, []),
            [_clearance(row, zone) for row in self.clearances.get(course.pk, ())],
            facts,
            today=at.astimezone(zone).date(),
            noted=noted,
        )


def _rules() -> list[Rule]:
    """Return the rules in force (1 query)."""
    rows = ContraindicationRule.objects.in_use().values_list(
        "code",
        "level",
        "words",
        "question__code",
        "trigger",
        "above_age",
        "indication",
        "product_class",
        "allergen",
        "product__code",
        "zone",
        "days_before",
        "days_after",
    )
    return [
        Rule(
            code=code,
            level=Level(level),
            words=words,
            question=question or "",
            trigger=Value(trigger),
            above_age=above_age,
            indication=str(indication or ""),
            product_class=product_class,
            allergen=allergen,
            product=product or "",
            zone=zone,
            days_before=before,
            days_after=after,
        )
        for (
            code,
            level,
            words,
            question,
            trigger,
            above_age,
            indication,
            product_class,
            allergen,
            product,
            zone,
            before,
            after,
        ) in rows
    ]


def _answers(patients: set[int]) -> _Rows:
    """Return the newest answers of each patient, and those that a clinician took last (1 query)."""
    rows = ScreeningAnswer.objects.filter(patient__in=patients, question__is_active=True)
    found: _Rows = {}
    for row in rows.newest_and_noted().values(
        "pk",
        "patient_id",
        "question__code",
        "value",
        "day",
        "words",
        "answered_at",
        "unchanged_since",
    ):
        found.setdefault(row["patient_id"], []).append(row)
    return found


def _answer(row: dict[str, Any], zone: ZoneInfo) -> Answer:
    return Answer(
        question=row["question__code"],
        value=Value(row["value"]),
        answered_on=row["answered_at"].astimezone(zone).date(),
        unchanged_since=row["unchanged_since"],
        day=row["day"],
        words=row["words"],
        pk=row["pk"],
    )


def _allergies(patients: set[int]) -> dict[int, list[AllergyFacts]]:
    """Return what is noted that each patient must not get (1 query)."""
    found: dict[int, list[AllergyFacts]] = {}
    for row in Allergy.objects.live().filter(patient__in=patients):
        facts = AllergyFacts(
            substance=row.substance, allergen=row.allergen, product=row.product_code
        )
        found.setdefault(row.patient_id, []).append(facts)
    return found


def _products(courses: Sequence[TreatmentCourse]) -> dict[int, ProductFacts]:
    """Return the planned products by primary key (1 query, or none)."""
    asked = {course.product_id for course in courses if course.product_id is not None}
    if not asked:
        return {}
    return {row.pk: _product(row) for row in Product.objects.filter(pk__in=asked)}


def _product(row: Product) -> ProductFacts:
    return ProductFacts(
        code=row.code, product_class=row.product_class, allergens=frozenset(row.allergens)
    )


def _clearances(courses: Sequence[TreatmentCourse]) -> _Rows:
    """Return the sign-offs of each course (1 query, or none)."""
    rows = Clearance.objects.filter(course__in=[course.pk for course in courses if course.pk])
    found: _Rows = {}
    for row in rows.values("pk", "course_id", "rule__code", "at", "withdrawal__pk"):
        found.setdefault(row["course_id"], []).append(row)
    return found


def _clearance(row: dict[str, Any], zone: ZoneInfo) -> ClearanceFacts:
    return ClearanceFacts(
        rule=row["rule__code"],
        at=row["at"],
        given_on=row["at"].astimezone(zone).date(),
        is_withdrawn=row["withdrawal__pk"] is not None,
        pk=row["pk"],
    )


def _last_sessions(patients: set[int]) -> dict[int, Any]:
    """Return the day of the last delivered session of each patient, of any course (1 query)."""
    found = Patient.objects.filter(pk__in=patients)
    last = found.annotate(last_on=Max("courses__sessions__delivered_on"))
    return dict(last.values_list("pk", "last_on"))
