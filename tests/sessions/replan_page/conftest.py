"""A course on the morning of its first session."""

import pytest
import time_machine

from tests.sessions.desk import Desk
from tests.sessions.replan_page.page import MORNING


@pytest.fixture
def desk(site):
    with time_machine.travel(MORNING, tick=False):
        yield Desk(site=site)


@pytest.fixture
def booked(desk):
    """Sessions 1 to 4, a week apart, at 10:00."""
    for number in range(1, 5):
        desk.book(number, 7 * (number - 1))
    return desk
