"""After a severe reaction or a clinical hold, consent is signed again before a session begins."""

from datetime import timedelta

import pytest

from records.actions.holds import lift_hold
from sessions.actions.status import StatusRefused, start_appointment
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.core import UserFactory
from tests.factories.reactions import AdverseEventFactory, AdverseEventUpdateFactory
from tests.factories.treatments import TreatmentCourseFactory
from tests.records.conftest import NOW
from treatments.actions.courses import hold_course
from treatments.domain.consents import State
from treatments.selectors.consents import read_standing, read_standings

pytestmark = pytest.mark.django_db

SIGNED = NOW - timedelta(days=7)
BEFORE = SIGNED - timedelta(days=1)
SINCE = SIGNED + timedelta(days=1)


@pytest.fixture
def text(indication):
    return ConsentTemplateFactory(indication=indication)


@pytest.fixture(autouse=True)
def signed(course, text):
    return ConsentFactory(of=course, template=text, signed_at=SIGNED)


def react(course, grade, at, outcome="RESOLVED"):
    """Report a reaction that is over, so that nothing but consent stops a session."""
    return AdverseEventFactory(
        course=course,
        grade=grade,
        is_red_flag=grade >= 3,
        outcome=outcome,
        resolved_on=at.date() if outcome == "RESOLVED" else None,
        reported_at=at,
    )


def state(course):
    [finding] = read_standing(course, at=NOW).findings
    return finding.state


@pytest.mark.parametrize(
    ("grade", "at", "expected"),
    [
        (3, SINCE, State.SEVERE_REACTION),
        (4, SINCE, State.SEVERE_REACTION),
        (2, SINCE, State.VALID),
        (3, BEFORE, State.VALID),
    ],
)
def test_a_severe_reaction_since_it_was_signed(course, grade, at, expected):
    react(course, grade, at)
    assert state(course) is expected


def test_a_reaction_after_another_course_counts_and_one_of_somebody_else_does_not(course):
    react(TreatmentCourseFactory(), 4, SINCE)
    assert state(course) is State.VALID
    react(TreatmentCourseFactory(patient=course.patient, site=course.site), 3, SINCE)
    assert state(course) is State.SEVERE_REACTION


@pytest.mark.parametrize(
    ("at", "expected"), [(SINCE, State.SEVERE_REACTION), (BEFORE, State.VALID)]
)
def test_a_reaction_that_turns_out_to_be_severe(course, at, expected):
    event = react(course, 1, BEFORE)
    AdverseEventUpdateFactory(event=event, grade=3, is_red_flag=True, at=at)
    assert state(course) is expected


def test_what_was_known_to_be_severe_does_not_become_so_again(course):
    late, early = react(course, 1, BEFORE), react(course, 3, BEFORE)
    AdverseEventUpdateFactory(event=late, grade=3, is_red_flag=True, at=BEFORE)
    for event, number in ((late, 2), (early, 1)):
        AdverseEventUpdateFactory(
            event=event, number=number, grade=3, is_red_flag=True, at=SINCE, words="Still there."
        )
    assert state(course) is State.VALID


def test_a_hold_that_was_lifted(course, text):
    doctor = UserFactory(prescriber=True)
    hold_course(course=course, by=doctor, at=SINCE)
    assert state(course) is State.VALID
    lift_hold(course=course, reason="Healed.", by=doctor, at=SINCE + timedelta(hours=1))
    assert state(course) is State.HOLD_LIFTED
    ConsentFactory(of=course, template=text, signed_at=NOW)
    assert state(course) is State.VALID


def test_no_session_begins_until_it_is_signed_again(session, clinician, text):
    react(session.course, 3, SINCE)
    place = session.appointments.live().get()
    with pytest.raises(StatusRefused, match="A clinician talks about it") as refused:
        start_appointment(appointment=place, by=clinician, at=NOW)
    assert "reaction" not in refused.value.problem
    ConsentFactory(of=session.course, template=text, signed_at=NOW)
    assert start_appointment(appointment=place, by=clinician, at=NOW).status == "IN_TREATMENT"


def test_many_reactions_and_courses_take_as_many_queries_as_one(
    course, text, django_assert_num_queries
):
    more = [course, *(TreatmentCourseFactory(site=course.site) for _ in range(3))]
    for one in more:
        react(one, 3, SINCE)
    with django_assert_num_queries(3):
        read_standings(more, at=NOW)
