"""The check compares the kept weeks with the appointments."""

from datetime import UTC, datetime, timedelta

import pytest

from sessions.domain.holds import WEEK_STEPS, Hold, busy_weeks, overlaps
from sessions.models import BusyWeek
from tests.factories.treatments import AT
from tests.sessions.schedule_check.rows import WEEK_SECONDS, found, only


def week_of(place):
    return int(place.held_from.timestamp()) // WEEK_SECONDS


def keep(kind, resource, week, bits, bits_of=0):
    BusyWeek.objects.update_or_create(
        kind=kind,
        resource_id=resource.pk,
        week=week,
        defaults={"bits": bits, "changes": 0, "bits_of": bits_of},
    )


def true_bits(place):
    """Count the steps one by one, as nobody would in earnest."""
    bits = bytearray(WEEK_STEPS // 8)
    for step in range(WEEK_STEPS):
        begins = week_of(place) * WEEK_SECONDS + step * 300
        if begins < place.held_until.timestamp() and begins + 300 > place.held_from.timestamp():
            bits[step // 8] |= 1 << (step % 8)
    return bytes(bits)


@pytest.mark.parametrize(("kind", "who"), [("P", "practitioner"), ("R", "room")])
def test_a_kept_week_that_differs_from_the_appointments(busy_desk, kind, who):
    place = busy_desk.place(3)
    resource = getattr(place, who)
    keep(kind, resource, week_of(place), true_bits(place))
    assert found()[0] == []
    keep(kind, resource, week_of(place), b"\x01")
    assert only(f"Week {week_of(place)} of {who} {resource.pk} is kept as up to date")
    keep(kind, resource, week_of(place), b"\x01", bits_of=-1)
    assert found()[0] == []


@pytest.mark.parametrize("kind", ["P", "R"])
def test_a_kept_week_of_somebody_without_appointments(desk, kind):
    keep(kind, desk.room, 2969, b"")
    assert found()[0] == []
    keep(kind, desk.room, 2969, b"\x01")
    assert only("Week 2969 of")


def test_busy_steps_go_over_the_end_of_a_week():
    sunday = datetime.fromtimestamp(WEEK_SECONDS - 450, UTC)
    weeks = busy_weeks([Hold(1, sunday, sunday + timedelta(minutes=10))])
    assert weeks == {0: 0b11 << (WEEK_STEPS - 2), 1: 0b1}


def test_an_overlap_is_with_the_one_that_ends_last():
    def hold(pk, first, last):
        return Hold(pk, AT + timedelta(hours=first), AT + timedelta(hours=last))

    holds = [hold(1, 0, 10), hold(2, 1, 2), hold(3, 3, 4), hold(4, 10, 11)]
    assert [(a.appointment, b.appointment) for a, b in overlaps(holds)] == [(1, 2), (1, 3)]
