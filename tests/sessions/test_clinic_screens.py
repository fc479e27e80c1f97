"""What the admin's screens of the clinic show of the calendar before they save."""

import pytest
import time_machine
from django.urls import reverse

from clinic.models import Closure, ShiftException
from tests.factories.core import UserFactory
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(site):
    desk = Desk(site=site)
    with time_machine.travel(desk.moment(-1), tick=False):
        yield desk


@pytest.fixture
def admin_page(desk, client):
    client.force_login(UserFactory(admin=True))
    return client


def test_closing_a_day_lists_its_live_bookings(desk, admin_page):
    desk.book(1, 2)
    closure = {"site": desk.site.pk, "starts_on": desk.day(2), "reason": "Burst pipe"}
    answer = admin_page.post(reverse("clinic:closure-list"), closure)
    assert answer.status_code == 422
    assert desk.course.patient.full_name in answer.content.decode()
    assert "keep this 1 on the follow-ups list" in answer.content.decode()
    assert not Closure.objects.exists()
    admin_page.post(reverse("clinic:closure-list"), {**closure, "seen": "1"})
    assert Closure.objects.exists()
    follow_ups = admin_page.get(reverse("sessions:follow-ups")).content.decode()
    assert "Booked on a closed day: Burst pipe." in follow_ups


def test_a_day_without_bookings_is_closed_at_once(desk, admin_page):
    desk.book(1, 2)
    closure = {"site": desk.site.pk, "starts_on": desk.day(3), "reason": "Burst pipe"}
    assert admin_page.post(reverse("clinic:closure-list"), closure).status_code == 302


def test_an_absence_lists_the_bookings_inside_it(desk, admin_page):
    desk.book(1, 2)
    add = reverse("clinic:exception-add", args=[desk.practitioner.pk])
    away = {"kind": "AWAY", "first_on": desk.day(2), "starts": "10:30", "ends": "12:00"}
    answer = admin_page.post(add, away)
    assert answer.status_code == 422
    assert desk.course.patient.full_name in answer.content.decode()
    assert not ShiftException.objects.exists()
    assert admin_page.post(add, {**away, "starts": "12:00", "ends": "13:00"}).status_code == 302
    assert admin_page.post(add, {**away, "seen": "1"}).status_code == 302
    follow_ups = admin_page.get(reverse("sessions:follow-ups")).content.decode()
    assert "does not work then." in follow_ups


def test_a_site_with_appointments_keeps_its_time_zone(desk, admin_page):
    desk.book(1, 0)
    url = reverse("clinic:site-edit", args=[desk.site.pk])
    answer = admin_page.post(
        url, {"name": desk.site.name, "timezone": "Europe/Athens", "is_active": "on"}
    )
    desk.site.refresh_from_db()
    assert answer.status_code == 422
    assert "another time zone would change their hours" in answer.content.decode()
    assert desk.site.timezone == "Europe/London"
