"""What an act does to the sessions that stay: left early, left late, kept with a reason."""

import pytest

from sessions.actions.booking import LateReasonMissing, LeavesLate
from sessions.actions.status import StatusRefused, cancel_appointment, undo_status
from sessions.models import Deviation
from tests.sessions.acts import WELL, at, days, place, refused, whole_course
from tests.sessions.desk import AWAY

pytestmark = pytest.mark.django_db


def test_a_session_left_early_is_refused(desk):
    whole_course(desk)
    answer = refused(lambda: place(desk, at(desk, 4, 23)))
    assert (answer.number, answer.session) == (5, desk.session(5))
    assert "Session 5 would then be 2 days too early." in answer.problem


def test_a_session_left_late_is_refused_and_named(desk):
    days = [0, 10, 20, 30, 40, 70, 100, 130]
    whole_course(desk, days)
    answer = refused(lambda: place(desk, at(desk, 4, 27)), LeavesLate)
    assert answer.problem == (
        "Session 5 would then be 3 days late. Re-plan the sessions after it as well."
    )
    assert (answer.number, answer.numbers, answer.session) == (5, (5,), desk.session(5))
    both = refused(lambda: place(desk, at(desk, 2, 7), at(desk, 4, 27)), LeavesLate)
    assert both.numbers == (3, 5)


def test_a_session_may_be_moved_when_those_after_it_move_with_it(desk):
    whole_course(desk, [0, 10, 20, 30, 40, 70, 100, 130])
    place(desk, at(desk, 4, 27), at(desk, 5, 37), at(desk, 6, 68))
    assert days(desk)[3:6] == [27, 37, 68]


def test_a_clinician_keeps_a_session_that_the_act_makes_late(desk, audited):
    desk.book(1, 0)
    desk.book(2, 10)
    desk.book(3, 20)
    kept = desk.place(3)
    lines = audited()
    change = place(
        desk,
        at(desk, 2, 7),
        at(desk, 3, 20, late_reason=WELL),
        by=desk.practitioner,
    )
    assert [line.appointment for line in change.lines.all()] == [desk.place(2)]
    deviation = Deviation.objects.get()
    assert (deviation.session, deviation.kind, deviation.days_late) == (
        desk.session(3),
        "STRETCHED",
        3,
    )
    assert desk.place(3).starts_at == kept.starts_at
    assert audited()[len(lines) :] == ["session.moved", "session.kept_late"]
    # With the reason on record, what follows may move under it.
    desk.book(2, 8)


def test_a_place_that_is_late_already_is_kept_by_a_reason_alone(desk, audited):
    desk.book(1, 0)
    desk.book(2, 10)
    desk.course.sessions.filter(number=1).update(status="DONE", delivered_on=desk.day(-3))
    answer = refused(lambda: place(desk, at(desk, 2, 10)), LateReasonMissing)
    assert answer.number == 2
    change = place(desk, at(desk, 2, 10, late_reason=AWAY), by=desk.practitioner)
    assert (change.kind, change.lines.count()) == ("MOVED", 0)
    deviation = Deviation.objects.get()
    assert (deviation.kind, deviation.days_late, deviation.reason) == ("LATE", 3, "TRAVEL")
    assert audited()[-1] == "session.kept_late"
    # It needs no second reason to stay where it is.
    place(desk, at(desk, 2, 10), at(desk, 3, 17))
    assert Deviation.objects.count() == 1


def test_only_who_may_book_late_keeps_a_late_session(desk):
    desk.book(1, 0)
    refused(lambda: place(desk, at(desk, 2, 12, late_reason=WELL)))


def test_a_place_that_stays_needs_no_working_hours(desk):
    desk.book(1, 0)
    desk.practitioner.shifts.all().delete()
    assert place(desk, at(desk, 1, 0)).lines.count() == 0


def test_a_cancelled_time_comes_back_before_one_that_was_explained(desk):
    desk.book(1, 0)
    held = desk.book(2, 9)
    desk.book(3, 21, by=desk.practitioner, late_reason=AWAY)
    cancel_appointment(appointment=held, reason="CLINIC", by=desk.reception, at=desk.now)
    undo_status(appointment=held, by=desk.reception, at=desk.now)
    assert days(desk) == [0, 9, 21]


def test_a_cancelled_time_does_not_come_back_if_it_leaves_the_next_late(desk):
    desk.book(1, 0)
    held = desk.book(2, 7)
    cancel_appointment(appointment=held, reason="CLINIC", by=desk.reception, at=desk.now)
    desk.book(2, 10)
    desk.book(3, 20)
    again = desk.place(2)
    cancel_appointment(appointment=again, reason="CLINIC", by=desk.reception, at=desk.now)
    with pytest.raises(StatusRefused, match="Session 3 would then be 3 days late"):
        undo_status(appointment=held, by=desk.reception, at=desk.now)
