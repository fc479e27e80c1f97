"""A new course: planned, started and booked whole, or not at all."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest

from sessions.actions.booking import SlotTaken
from sessions.actions.planning import NewPlace, book_new_course
from sessions.actions.undoing import UndoRefused, undo_change
from sessions.models import Appointment, Deviation
from tests.factories.clinic import RoomFactory, SiteFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import IndicationFactory
from tests.sessions.acts import MINUTE, WELL, refused
from tests.sessions.desk import FIRST_ON
from treatments.actions.courses import CoursePlan, PlanRefused, SpecialistConsultationMissing
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(db):
    """Return what a new course at a clinic that works every day is made of."""
    site, practitioner = SiteFactory(), UserFactory(clinician=True)
    works_every_day(practitioner, site)
    return {
        "plan": CoursePlan(
            patient=PatientFactory(),
            indication=IndicationFactory(),
            site=site,
            practitioner=practitioner,
            total_sessions=3,
            initial_sessions=3,
            first_on=FIRST_ON,
        ),
        "by": UserFactory(reception=True),
        "at": datetime.combine(FIRST_ON - timedelta(days=10), time(9), site.zone),
        "key": uuid4(),
    }


def new_places(clinic, *afters, **changes):
    plan = clinic["plan"]
    room = plan.site.rooms.first() or RoomFactory(site=plan.site)
    return [
        NewPlace(
            **{
                "number": number,
                "practitioner": plan.practitioner,
                "room": room,
                "starts_at": datetime.combine(
                    FIRST_ON + timedelta(days=after), time(10), plan.site.zone
                ),
                **changes,
            }
        )
        for number, after in enumerate(afters, start=1)
    ]


def test_a_new_course_is_planned_started_and_booked(clinic, audited):
    change = book_new_course(**clinic, placements=new_places(clinic, 0, 7, 14))
    course = change.new_course
    assert (course.status, course.activated_at) == ("ACTIVE", clinic["at"])
    assert (change.kind, change.key) == ("BOOKED", clinic["key"])
    assert list(course.sessions.in_order().values_list("status", flat=True)) == ["BOOKED"] * 3
    assert audited() == ["course.planned", "course.activated", *["session.booked"] * 3]


def test_the_same_key_makes_no_second_course(clinic):
    placements = new_places(clinic, 0, 7, 14)
    first = book_new_course(**clinic, placements=placements)
    assert book_new_course(**clinic, placements=placements) == first
    assert TreatmentCourse.objects.get() == first.new_course


def test_a_new_course_with_a_session_without_time_is_not_made(clinic):
    places = new_places(clinic, 0, 7)
    answer = refused(lambda: book_new_course(**clinic, placements=places))
    assert (answer.number, answer.problem) == (3, "Session 3 has no time. Choose a fix.")


def test_a_new_course_has_no_more_sessions_than_its_places(clinic):
    places = new_places(clinic, 0, 7, 14, 21)
    answer = refused(lambda: book_new_course(**clinic, placements=places))
    assert (answer.number, answer.problem) == (
        4,
        "This course has no session 4. Plan it again.",
    )


def test_a_new_course_that_meets_another_is_not_made(clinic):
    book_new_course(**clinic, placements=new_places(clinic, 0, 7, 14))
    plan = replace(clinic["plan"], patient=PatientFactory())
    rival = {**clinic, "plan": plan, "key": uuid4()}
    answer = refused(
        lambda: book_new_course(**rival, placements=new_places(clinic, -7, 0, 7)), SlotTaken
    )
    assert answer.problem == "Session 2: 10:00 was taken a moment ago. Next free: 10:50."


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"total_sessions": 2, "initial_sessions": 2}, PlanRefused),
        ({"indication": {"needs_specialist": True}}, SpecialistConsultationMissing),
    ],
)
def test_what_keeps_a_course_from_starting_passes_through(clinic, changes, kind):
    if indication := changes.get("indication"):
        changes = {"indication": IndicationFactory(**indication)}
    places = new_places(clinic, 0, 7, 14)
    clinic["plan"] = replace(clinic["plan"], **changes)
    refused(lambda: book_new_course(**clinic, placements=places), kind)


def test_a_late_session_of_a_new_course_keeps_its_reason(clinic):
    first, second, third = new_places(clinic, 0, 7, 18)
    third = NewPlace(3, third.practitioner, third.room, third.starts_at, WELL)
    clinic["by"] = clinic["plan"].practitioner
    book_new_course(**clinic, placements=[first, second, third])
    deviation = Deviation.objects.get()
    assert (deviation.session.number, deviation.kind, deviation.days_late) == (3, "STRETCHED", 1)


def test_a_new_course_that_is_taken_back_ends(clinic):
    change = book_new_course(**clinic, placements=new_places(clinic, 0, 7, 14))
    undo_change(change=change, by=clinic["by"], at=clinic["at"] + MINUTE)
    course = TreatmentCourse.objects.get()
    assert (course.status, course.status_reason) == (
        "DISCONTINUED",
        "Taken back a moment after booking.",
    )
    assert not Appointment.objects.live().exists()


def test_a_course_that_has_ended_meanwhile_is_not_taken_back(clinic):
    change = book_new_course(**clinic, placements=new_places(clinic, 0, 7, 14))
    TreatmentCourse.objects.update(
        status="LAPSED", status_reason="No answer", ended_at=clinic["at"]
    )
    act = lambda: undo_change(  # noqa: E731
        change=change, by=clinic["by"], at=clinic["at"] + MINUTE
    )
    assert "This course is lapsed" in refused(act, UndoRefused).problem
