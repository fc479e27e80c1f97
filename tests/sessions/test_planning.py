"""Planning a course: the course and its chain in one act, or nothing."""

from datetime import UTC, date, datetime

import pytest

from sessions.actions.planning import plan_course
from sessions.models import TreatmentSession
from tests.factories.clinic import SiteFactory
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import IndicationFactory, ProductFactory
from treatments.actions.courses import CoursePlan, PlanRefused
from treatments.domain.catalogue import PROTOCOLS
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def planned(**changes):
    by = UserFactory(clinician=True)
    plan = CoursePlan(
        **{
            "patient": PatientFactory(),
            "indication": changes.pop("indication", None) or IndicationFactory(),
            "site": SiteFactory(),
            "practitioner": by,
            "total_sessions": 8,
            "initial_sessions": 5,
            "first_on": date(2026, 11, 26),
            **changes,
        }
    )
    return plan_course(plan=plan, by=by, at=AT)


def rows(course):
    return list(
        course.sessions.in_order().values_list("number", "earliest_on", "due_on", "latest_on")
    )


def test_a_plan_is_a_draft_with_its_whole_chain(audited):
    course = planned()
    assert course.is_draft
    assert set(course.sessions.values_list("status", flat=True)) == {"PLANNED"}
    assert rows(course) == [
        (1, None, date(2026, 11, 26), None),
        (2, date(2026, 12, 3), date(2026, 12, 3), date(2026, 12, 6)),
        (3, date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 13)),
        (4, date(2026, 12, 17), date(2026, 12, 17), date(2026, 12, 20)),
        (5, date(2026, 12, 24), date(2026, 12, 24), date(2026, 12, 27)),
        (6, date(2027, 1, 21), date(2027, 1, 24), date(2027, 1, 28)),
        (7, date(2027, 2, 21), date(2027, 2, 24), date(2027, 2, 28)),
        (8, date(2027, 3, 24), date(2027, 3, 24), date(2027, 3, 31)),
    ]
    assert audited() == ["course.planned"]


@pytest.mark.parametrize("total", range(3, 16))
def test_every_length_of_a_course_is_planned(total):
    course = planned(total_sessions=total, initial_sessions=min(total, 5))
    assert course.sessions.count() == total


@pytest.mark.parametrize("numbers", PROTOCOLS, ids=lambda numbers: numbers.indication)
def test_each_protocol_of_the_catalogue_is_planned(numbers):
    course = planned(
        total_sessions=numbers.total_sessions,
        initial_sessions=numbers.initial_sessions,
        first_on=date(2028, 1, 31),
    )
    gaps = [
        (later[2] - sooner[2]).days
        for sooner, later in zip(rows(course), rows(course)[1:], strict=False)
    ]
    assert all(7 <= gap <= 10 for gap in gaps[: numbers.initial_sessions - 1])
    assert all(28 <= gap <= 35 for gap in gaps[numbers.initial_sessions - 1 :])


def test_the_products_own_interval_is_planned_with():
    course = planned(product=ProductFactory(min_interval_days=14))
    assert rows(course)[1] == (2, date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 13))


def test_a_narrowed_protocol_narrows_the_windows():
    indication = IndicationFactory(
        protocol__initial_min_days=8,
        protocol__initial_max_days=9,
        protocol__monthly_min_days=30,
        protocol__monthly_max_days=30,
    )
    course = planned(indication=indication, initial_sessions=2)
    assert rows(course)[1:3] == [
        (2, date(2026, 12, 4), date(2026, 12, 4), date(2026, 12, 5)),
        (3, date(2027, 1, 3), date(2027, 1, 3), date(2027, 1, 3)),
    ]


@pytest.mark.parametrize(
    ("numbers", "problem"),
    [
        ({"total_sessions": 2, "initial_sessions": 2}, "A course has 3 to 15 sessions."),
        ({"total_sessions": 16}, "A course has 3 to 15 sessions."),
        (
            {"initial_sessions": 9},
            "The first sessions must be at least 1 and at most all of the course.",
        ),
        (
            {"initial_sessions": 0},
            "The first sessions must be at least 1 and at most all of the course.",
        ),
    ],
)
def test_a_plan_outside_the_limits_is_refused_whole(audited, numbers, problem):
    with pytest.raises(PlanRefused) as refusal:
        planned(**numbers)
    assert refusal.value.problems == [problem]
    assert not TreatmentCourse.objects.exists()
    assert not TreatmentSession.objects.exists()
    assert audited() == []
