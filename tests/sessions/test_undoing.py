"""Acts over many sessions, taken back whole a moment later, or refused with the reason."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from clinic.actions import close_days
from sessions.actions.booking import LateReasonMissing, TakenBack
from sessions.actions.status import StatusRefused, cancel_appointment, undo_status
from sessions.actions.stopping import suspend_course
from sessions.actions.undoing import UndoRefused, undo_change
from sessions.models import Appointment, Deviation
from tests.factories.core import UserFactory
from tests.sessions.acts import DAYS, MINUTE, at, days, everything, place, refused, whole_course
from tests.sessions.desk import AWAY

pytestmark = pytest.mark.django_db


def undo(desk, change, *, after=MINUTE, by=None):
    return undo_change(change=change, by=by or desk.reception, at=change.at + after)


def test_a_move_is_taken_back_whole(desk, audited):
    whole_course(desk)
    before = list(Appointment.objects.order_by("pk").values())
    lines = audited()
    change = whole_course(desk, [day + 2 for day in DAYS])
    undone = undo(desk, change)
    assert (undone.undone_at, undone.undone_by) == (desk.now + MINUTE, desk.reception)
    assert list(Appointment.objects.order_by("pk").values()) == before
    assert desk.window(2) == (7, 7, 10)
    assert audited()[len(lines) :] == ["session.moved"] * 8 + ["session.move_undone"] * 8


def test_places_that_were_traded_are_traded_back(desk):
    neighbour = desk.neighbour()
    desk.book(1, 0, "10:00")
    neighbour.book(1, 0, "10:50")
    change = place(desk, at(desk, 1, 0, "10:50"), at(neighbour, 1, 0, "10:00"))
    undo(desk, change)
    assert desk.place(1).starts_at == desk.moment(0, "10:00")
    assert neighbour.place(1).starts_at == desk.moment(0, "10:50")


def test_what_was_booked_is_free_again(desk, audited):
    change = whole_course(desk)
    undo(desk, change)
    assert desk.statuses() == ["PLANNED"] * 8
    ended = set(Appointment.objects.values_list("status", "cancel_reason", "previous_status"))
    assert ended == {("CANCELLED", "UNDONE", "")}
    assert audited()[8:] == ["session.booking_undone"] * 8
    whole_course(desk)
    with pytest.raises(StatusRefused):
        undo_status(
            appointment=change.lines.earliest("pk").appointment, by=desk.reception, at=desk.now
        )


def test_an_act_of_both_kinds_is_taken_back_whole(desk):
    desk.book(1, 0)
    undo(desk, place(desk, at(desk, 1, 2), at(desk, 2, 9)))
    assert days(desk) == [0]
    assert desk.statuses()[:2] == ["BOOKED", "PLANNED"]
    assert desk.window(2) == (7, 7, 10)


def test_the_reason_of_a_late_session_is_kept_but_excuses_nothing_any_more(desk):
    desk.book(1, 0)
    undo(desk, place(desk, at(desk, 2, 12, late_reason=AWAY), by=desk.practitioner))
    assert Deviation.everything.get().session == desk.session(2)
    assert not Deviation.objects.exists()
    assert desk.session(2).excused_days == 0
    refused(lambda: desk.book(2, 12), LateReasonMissing)


def test_what_was_taken_back_is_not_done_again_by_the_same_key(desk):
    key = uuid4()
    change = place(desk, at(desk, 1, 0), key=key)
    undo(desk, change)
    again = refused(lambda: place(desk, at(desk, 1, 0), key=key), TakenBack)
    assert again.problem == "This was taken back. Check the times, then book again."
    assert not Appointment.objects.live().exists()


def test_no_session_goes_back_to_a_day_that_was_closed_meanwhile(desk):
    desk.book(1, 0)
    change = place(desk, at(desk, 1, 3))
    close_days(
        sites=[desk.site],
        starts_on=desk.day(0),
        ends_on=desk.day(0),
        reason="Burst pipe",
        by=desk.reception,
        at=desk.now,
    )
    said = refused(lambda: undo(desk, change), UndoRefused)
    assert said.problem == "Session 1 cannot go back. Closed: Burst pipe."
    assert desk.place(1).starts_at == desk.moment(3)


def test_undoing_twice_changes_nothing_more(desk):
    change = whole_course(desk)
    undo(desk, change)
    before = everything()
    assert undo(desk, change, after=timedelta(hours=1)).undone_at == desk.now + MINUTE
    assert everything() == before


def test_undo_ends_after_two_minutes(desk):
    change = whole_course(desk)
    late = refused(lambda: undo(desk, change, after=2 * MINUTE + timedelta(seconds=1)), UndoRefused)
    assert late.problem == "It is too late to undo this. Move or cancel the sessions instead."
    undo(desk, change, after=2 * MINUTE)


def test_somebody_else_who_books_may_undo(desk):
    change = whole_course(desk)
    gone = UserFactory(reception=True, is_active=False)
    answer = refused(lambda: undo(desk, change, by=gone), UndoRefused)
    assert answer.problem == "Only somebody who books sessions can undo this."
    undo(desk, change, by=UserFactory(admin=True))


def _move(desk):
    desk.book(8, 118)


def _cancel(desk):
    cancel_appointment(appointment=desk.place(8), reason="CLINIC", by=desk.reception, at=desk.now)


@pytest.mark.parametrize("meddle", [_move, _cancel])
def test_what_has_changed_since_is_not_undone(desk, meddle):
    change = whole_course(desk)
    meddle(desk)
    answer = refused(lambda: undo(desk, change), UndoRefused)
    assert answer.problem == "Session 8 has changed since, so this can no longer be undone."


def test_an_old_place_that_was_given_away_is_not_taken_back(desk):
    desk.book(1, 0)
    change = place(desk, at(desk, 1, 1))
    desk.neighbour().book(1, 0)
    answer = refused(lambda: undo(desk, change), UndoRefused)
    assert answer.problem == "A time was given away meanwhile, so this can no longer be undone."


def test_a_session_booked_since_is_not_brought_too_close(desk):
    desk.book(1, 2)
    change = place(desk, at(desk, 1, 0))
    desk.book(2, 7)
    answer = refused(lambda: undo(desk, change), UndoRefused)
    assert "Session 2 would then be 2 days too early." in answer.problem


def _refuse_writes(table):
    """Let the database refuse every change of `table` for a reason of its own."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TEMP TRIGGER refuser BEFORE UPDATE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'something else'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
                "RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'something else'; "
                "END $body$; "
                f"CREATE TRIGGER refuser BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse()"
            )


def test_another_trouble_of_the_database_is_not_called_a_given_away_time(desk):
    change = whole_course(desk)
    with transaction.atomic():
        _refuse_writes("treatment_sessions_appointment")
        with pytest.raises(IntegrityError, match="something else"):
            undo(desk, change)
        transaction.set_rollback(True)


def test_a_moved_session_of_a_suspended_course_still_goes_back(desk):
    desk.book(1, 0)
    change = place(desk, at(desk, 1, 1))
    suspend_course(course=desk.course, reason="Unwell", by=desk.practitioner, at=desk.now)
    undo(desk, change)
    assert days(desk) == [0]
