"""How an appointment's status may change, and what Undo may take back."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    """The life of an appointment."""

    BOOKED = "BOOKED"
    ARRIVED = "ARRIVED"
    IN_TREATMENT = "IN_TREATMENT"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"


LIVE = frozenset({Status.BOOKED, Status.ARRIVED, Status.IN_TREATMENT, Status.DONE})

# The patient is in the house.
HERE = frozenset({Status.ARRIVED, Status.IN_TREATMENT})

_FORWARD: dict[Status, frozenset[Status]] = {
    Status.BOOKED: frozenset({Status.ARRIVED, Status.NO_SHOW, Status.CANCELLED}),
    Status.ARRIVED: frozenset({Status.IN_TREATMENT, Status.CANCELLED}),
    Status.IN_TREATMENT: frozenset({Status.DONE}),
    Status.DONE: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.NO_SHOW: frozenset(),
}

# What a signature made final is not taken back; everything else is, until the next morning.
UNDO_WITHIN = timedelta(hours=18)


def can_become(status: str, wanted: str) -> bool:
    """Whether an appointment in `status` may become `wanted`."""
    return Status(wanted) in _FORWARD[Status(status)]


def can_finish(status: str, *, is_session: bool) -> bool:
    """Whether somebody may call the appointment done; a session is done when its record is signed."""
    return not is_session and Status(status) in HERE


def can_undo(
    status: str, previous_status: str, since: datetime, now: datetime, *, is_session: bool = True
) -> bool:
    """Whether the change to `status`, made at `since`, may be taken back at `now` (both aware).

    A session that is done was signed. A consultation or review that is done was not.
    """
    is_final = is_session and Status(status) is Status.DONE
    return bool(previous_status) and not is_final and now - since <= UNDO_WITHIN


def change_mark(status: str, since: datetime) -> str:
    """Return a word for the change to `status` at `since` (aware), so that Undo can name it."""
    return f"{status}/{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def status_before(status: str) -> str:
    """Return what an appointment in `status` was before, "" if nothing came before or many could."""
    return {Status.ARRIVED: Status.BOOKED, Status.IN_TREATMENT: Status.ARRIVED}.get(
        Status(status), ""
    )


def next_steps(status: str) -> frozenset[Status]:
    """Return what an appointment in `status` may become."""
    return _FORWARD[Status(status)]


def minutes_late(status: str, starts_at: datetime, now: datetime, *, after: int) -> int:
    """Return how many minutes a booked patient is overdue at the desk, 0 before `after` minutes."""
    if status != Status.BOOKED:
        return 0
    minutes = int((now - starts_at).total_seconds() // 60)
    return minutes if minutes >= after else 0
