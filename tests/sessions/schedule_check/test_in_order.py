"""A clinic at work passes the check of the whole schedule."""

from datetime import date

import pytest

from sessions.actions.status import cancel_appointment, mark_no_show
from sessions.actions.stopping import stop_course
from sessions.domain.facts import same_day_next_month
from sessions.selectors.checking import follow_up_words
from tests.factories.core import UserFactory
from tests.factories.sessions import DeviationFactory
from tests.sessions.desk import AWAY, Desk
from tests.sessions.schedule_check.rows import found, sessions


def test_an_empty_clinic_is_in_order(db):
    sentences, tally = found()
    assert sentences == []
    assert tally["courses"] == tally["appointments"] == 0


def test_a_clinic_at_work_is_in_order(busy_desk):
    desk = busy_desk
    doctor = UserFactory(clinician=True)
    late = desk.neighbour(indication=desk.course.indication)
    late.book(1, 0, "11:00")
    late.arrive(1)
    late.deliver(1, 0)
    late.book(2, 13, "11:00", late_reason=AWAY, by=doctor)
    missed = desk.neighbour(indication=desk.course.indication)
    mark_no_show(
        appointment=missed.book(1, 0, "12:00"), by=desk.reception, at=desk.moment(0, "13:00")
    )
    missed.book(1, 1, "12:00", at=desk.moment(1))
    cancelled = desk.neighbour(indication=desk.course.indication)
    cancel_appointment(
        appointment=cancelled.book(1, 0, "14:00"),
        reason="PATIENT",
        by=desk.reception,
        at=desk.now,
    )
    stopped = desk.neighbour(indication=desk.course.indication)
    stopped.book(1, 0, "15:00")
    stop_course(course=stopped.course, reason="Moves away", by=doctor, at=desk.now)
    sentences, tally = found()
    assert sentences == []
    assert tally["courses"] == 5
    assert tally["sessions"] == 40
    assert tally["appointments"] == 9
    assert follow_up_words(tally) == []


def test_monthly_windows_and_a_products_interval_are_counted_alike(db):
    Desk(total_sessions=15, initial_sessions=2, product_min_days=30, first_on=date(2026, 12, 31))
    Desk(total_sessions=5, initial_sessions=1, product_min_days=9, first_on=date(2028, 1, 31))
    assert found()[0] == []


def test_a_skipped_session_passes_the_day_on(busy_desk, unguarded):
    sessions(busy_desk, 4).update(status="SKIPPED")
    DeviationFactory(session=busy_desk.session(4), kind="SKIPPED", days_late=0)
    four = busy_desk.session(4)
    sessions(busy_desk, 5).update(
        earliest_on=four.earliest_on, due_on=four.due_on, latest_on=four.latest_on
    )
    sentences, _tally = found()
    assert not [sentence for sentence in sentences if "session 4" in sentence]
    assert not [sentence for sentence in sentences if "session 5" in sentence]
    # What follows would have to be counted again as well.
    assert [sentence for sentence in sentences if "session 6" in sentence]


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_the_same_day_next_month(day, then):
    assert same_day_next_month(day) == then
