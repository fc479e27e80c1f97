"""How an appointment's status may change: the whole table, and what Undo may take back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.lifecycle import (
    LIVE,
    Status,
    can_become,
    can_finish,
    can_undo,
    minutes_late,
    next_steps,
)
from sessions.models import Appointment
from sessions.models.appointments import LIVE as LIVE_IN_THE_DATABASE

TABLE = {
    "BOOKED": {"ARRIVED", "NO_SHOW", "CANCELLED"},
    "ARRIVED": {"IN_TREATMENT", "CANCELLED"},
    "IN_TREATMENT": {"DONE"},
    "DONE": set(),
    "CANCELLED": set(),
    "NO_SHOW": set(),
}
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", TABLE)
@pytest.mark.parametrize("wanted", TABLE)
def test_a_status_becomes_what_the_table_says_and_nothing_else(status, wanted):
    assert can_become(status, wanted) is (wanted in TABLE[status])
    assert (Status(wanted) in next_steps(status)) is (wanted in TABLE[status])


def test_the_rules_and_the_database_speak_of_the_same_statuses():
    assert {str(status) for status in Status} == set(Appointment.Status.values) == set(TABLE)
    assert {str(status) for status in LIVE} == set(LIVE_IN_THE_DATABASE)


@pytest.mark.parametrize("status", ["ARRIVED", "IN_TREATMENT", "CANCELLED", "NO_SHOW"])
def test_a_change_may_be_taken_back_the_same_day(status):
    assert can_undo(status, "BOOKED", NOON, NOON + timedelta(hours=3))


def test_undo_ends_after_eighteen_hours():
    assert can_undo("NO_SHOW", "BOOKED", NOON, NOON + timedelta(hours=18))
    assert not can_undo("NO_SHOW", "BOOKED", NOON, NOON + timedelta(hours=18, seconds=1))


def test_there_is_nothing_to_undo_without_a_status_before():
    assert not can_undo("BOOKED", "", NOON, NOON)


def test_a_signature_is_never_taken_back():
    assert not can_undo("DONE", "IN_TREATMENT", NOON, NOON)


def test_a_talk_that_is_done_is_taken_back():
    assert can_undo("DONE", "ARRIVED", NOON, NOON, is_session=False)


@pytest.mark.parametrize("status", ["ARRIVED", "IN_TREATMENT"])
def test_a_talk_is_finished_while_the_patient_is_here(status):
    assert can_finish(status, is_session=False)
    assert not can_finish(status, is_session=True)


@pytest.mark.parametrize("status", ["BOOKED", "DONE", "CANCELLED", "NO_SHOW"])
def test_nothing_else_is_finished(status):
    assert not can_finish(status, is_session=False)


@pytest.mark.parametrize(
    ("minutes", "late"), [(-30, 0), (0, 0), (9, 0), (10, 10), (10.9, 10), (95, 95)]
)
def test_a_booked_patient_is_late_from_the_clinics_own_limit_on(minutes, late):
    assert minutes_late("BOOKED", NOON, NOON + timedelta(minutes=minutes), after=10) == late


@pytest.mark.parametrize("status", sorted(set(TABLE) - {"BOOKED"}))
def test_only_a_booked_patient_is_late(status):
    assert minutes_late(status, NOON, NOON + timedelta(hours=2), after=10) == 0


@given(st.sampled_from(sorted(TABLE)), st.lists(st.sampled_from(sorted(TABLE)), max_size=8))
def test_whatever_is_tried_an_ended_appointment_stays_ended(status, wishes):
    for wanted in wishes:
        was_over = not TABLE[status]
        if can_become(status, wanted):
            assert not was_over
            status = wanted
