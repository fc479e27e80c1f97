"""What the calendar adds to a search: the next visit, and where it is moved."""

import pytest
import time_machine

from tests.factories.sessions import AppointmentFactory
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(site):
    desk = Desk(site=site)
    with time_machine.travel(desk.moment(0, "8:00"), tick=False):
        yield desk


@pytest.fixture
def page(desk, client):
    client.force_login(desk.reception)
    return client


def line(page, desk):
    asked = {"q": desk.course.patient.family_names}
    [row] = page.get("/search/", asked, headers=HTMX).context["rows"]
    return row.line


def test_the_next_visit_stands_in_the_row(desk, page):
    assert line(page, desk) is None
    desk.book(1, 0)
    desk.book(2, 8, "14:30")
    found = line(page, desk)
    assert found.text == "Next: Thu 26 Nov, 10:00"
    assert found.detail.endswith("1 of 8")
    assert found.url == f"/courses/{desk.course.pk}/replan/?from=1"
    desk.arrive(1)
    assert line(page, desk).text == "Next: Fri 4 Dec, 14:30"


def test_another_kind_of_visit_has_its_own_way_to_move(desk, page):
    other = AppointmentFactory(
        consultation=True, of=desk.session(1), starts_at=desk.moment(1), room=desk.room
    )
    found = line(page, desk)
    assert found.url == f"/appointments/{other.pk}/move/"
    assert found.action == "Move"


def test_whose_appointment_was_opened_is_among_the_last(desk, page):
    place = desk.book(1, 0)
    assert page.get("/search/", headers=HTMX).content == b""
    assert page.get(f"/appointments/{place.pk}/").status_code == 200
    [row] = page.get("/search/", headers=HTMX).context["rows"]
    assert row.patient == place.patient
