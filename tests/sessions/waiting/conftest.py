"""A desk with somebody who waits."""

import pytest

from sessions.actions.waiting import Wish, add_session
from sessions.selectors.waiting.lists import read_waiting_list
from tests.sessions.desk import Desk

# Booked on the second day of its window, so that the first one is earlier.
LATER = 8


class Waits:
    """What the tests do with the list of `desk`'s site, in short words."""

    def __init__(self, desk):
        self.desk = desk

    def add(self, desk, number=2, at=None, **wish):
        """Put session `number` of the patient of `desk` on the list."""
        return add_session(
            session=desk.session(number),
            wish=Wish(**wish),
            by=self.desk.reception,
            at=at or self.desk.now,
        )

    def patient(self, after=LATER, clock="15:00", **course):
        """Return the desk of another patient with session 1 given and 2 booked `after` days."""
        other = self.desk.neighbour(**course)
        return self.started(other, after, clock)

    def started(self, desk, after=LATER, clock="15:00", first="9:00"):
        """Give session 1, then book session 2 `after` days, or leave it without a time."""
        desk.book(1, 0, first, at=desk.moment(0, "8:00"))
        desk.arrive(1)
        desk.deliver(1, 0)
        if after is not None:
            desk.book(2, after, clock)
        return desk

    def read(self, now=None):
        return read_waiting_list(self.desk.site, now or self.desk.now)

    def free(self, now=None):
        """Return what came free: when, with whom, and for whom (record numbers)."""
        return [
            (
                f"{free.starts_at.astimezone(self.desk.site.zone):%d %H:%M}",
                free.practitioner.pk,
                [match.row.entry.patient.record_number for match in free.matches],
            )
            for free in self.read(now).came_free
        ]


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def waits(desk):
    return Waits(desk)
