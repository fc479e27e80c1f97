"""Nothing is forgotten: the follow-ups list."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.models import ShiftException
from sessions.actions import status, stopping
from tests.factories.clinic import ClosureFactory
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)


@pytest.fixture
def desk(site):
    with time_machine.travel(MORNING, tick=False):
        yield Desk(site=site)


def listed(client):
    return client.get(reverse("sessions:follow-ups")).content.decode()


def test_an_orderly_clinic_is_all_caught_up(desk, reception_client):
    assert "All caught up" in listed(reception_client)


def test_a_no_show_stays_until_it_has_a_new_time(desk, reception_client):
    place = desk.book(1, 0)
    status.mark_no_show(appointment=place, by=desk.reception, at=desk.moment(0, "10:20"))
    assert "Session 1 was missed or cancelled." in listed(reception_client)
    desk.book(1, 1, at=desk.moment(0, "11:00"))
    assert "All caught up" in listed(reception_client)


@pytest.mark.parametrize(
    ("days", "words"), [(8, "Session 2 has no time."), (15, "Session 2 is overdue")]
)
def test_an_open_or_passed_window_without_a_booking_is_listed(desk, reception_client, days, words):
    desk.book(1, 0)
    desk.arrive(1)
    desk.deliver(1, 0)
    assert "All caught up" in listed(reception_client)
    with time_machine.travel(MORNING + timedelta(days=days), tick=False):
        reception_client.force_login(desk.reception)
        assert words in listed(reception_client)


def test_a_booking_that_no_longer_fits_is_listed(desk, reception_client):
    desk.book(1, 2)
    desk.book(2, 12)
    desk.book(1, 0)
    assert "Booked outside its window." in listed(reception_client)


def test_a_booking_on_a_closed_day_is_listed(desk, reception_client):
    desk.book(1, 2)
    ClosureFactory(site=desk.site, starts_on=desk.day(2), ends_on=desk.day(2), reason="Burst pipe")
    page = listed(reception_client)
    assert "Booked on a closed day: Burst pipe." in page
    assert 'class="count"' in page


def test_a_booking_outside_working_hours_is_listed_until_it_moves(desk, reception_client):
    desk.book(1, 2)
    assert "does not work then" not in listed(reception_client)
    away = ShiftException.objects.create(
        practitioner=desk.practitioner,
        kind="AWAY",
        on=desk.day(2),
        starts=time(10, 30),
        ends=time(11),
    )
    words = f"{desk.practitioner.display_name} does not work then."
    assert words in listed(reception_client)
    ShiftException.objects.filter(pk=away.pk).update(starts=time(11), ends=time(12))
    assert words not in listed(reception_client)


def test_a_course_that_never_began_is_listed(desk, reception_client):
    with time_machine.travel(MORNING + timedelta(days=2), tick=False):
        reception_client.force_login(desk.reception)
        page = listed(reception_client)
    assert "Session 1 has no time. It was planned for Thu 26 Nov 2026." in page
    assert "Session 2" not in page


def test_a_visit_of_which_nobody_told_anything_is_listed(desk, reception_client):
    desk.book(1, 0)
    with time_machine.travel(MORNING + timedelta(hours=5), tick=False):
        assert "Nobody said whether the patient came." in listed(reception_client)


def test_bookings_of_a_suspended_course_are_listed(desk, reception_client):
    desk.book(1, 1)
    stopping.suspend_course(
        course=desk.course, reason="Cold sore", by=desk.practitioner, at=desk.now
    )
    assert "but the course does not run" in listed(reception_client)


def test_reception_reads_no_clinical_reason_on_a_course_at_rest(desk, reception_client, client):
    stopping.suspend_course(
        course=desk.course, reason="Positive pregnancy test", by=desk.practitioner, at=desk.now
    )
    url = reverse("sessions:course-detail", args=[desk.course.pk])
    assert "Positive pregnancy test" not in reception_client.get(url).content.decode()
    client.force_login(desk.practitioner)
    assert "Positive pregnancy test" in client.get(url).content.decode()
