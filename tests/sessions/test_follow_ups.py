"""Nothing is forgotten: the follow-ups list."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import Room, ShiftException
from sessions.actions import status, stopping
from sessions.follow_ups import follow_ups
from sessions.selectors.follow_ups import out_of_window, without_new_time
from tests.factories.clinic import ClosureFactory, RoomFactory
from tests.factories.sessions import AppointmentFactory, DeviationFactory
from tests.factories.treatments import IndicationFactory
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
    ("days", "words"),
    [
        (
            4,
            "Session 2 has no time. Its window opens on Thu 3 Dec 2026 and closes on Sun 6 Dec 2026.",
        ),
        (7, "Session 2 has no time. Its window closes on Sun 6 Dec 2026."),
        (8, "Session 2 has no time. Its window closes on Sun 6 Dec 2026."),
        (15, "Session 2 is overdue: its window closed on Sun 6 Dec 2026."),
    ],
)
def test_an_open_or_passed_window_without_a_booking_is_listed(desk, reception_client, days, words):
    desk.book(1, 0)
    desk.arrive(1)
    desk.deliver(1, 0)
    for quiet in (0, 3):
        with time_machine.travel(MORNING + timedelta(days=quiet), tick=False):
            reception_client.force_login(desk.reception)
            assert "Session 2" not in listed(reception_client)
    with time_machine.travel(MORNING + timedelta(days=days), tick=False):
        reception_client.force_login(desk.reception)
        assert words in listed(reception_client)


def test_a_booking_that_no_longer_fits_is_listed(desk, reception_client):
    desk.book(1, 0)
    desk.book(2, 7)
    desk.arrive(1)
    desk.deliver(1, 1)
    page = listed(reception_client)
    assert "Booked outside its window." in page
    assert reverse("sessions:course-replan", args=[desk.course.pk]) + "?from=2" in page


def test_a_booking_on_a_closed_day_is_listed(desk, reception_client):
    desk.book(1, 2)
    ClosureFactory(site=desk.site, starts_on=desk.day(2), ends_on=desk.day(2), reason="Burst pipe")
    page = listed(reception_client)
    assert "Booked on a closed day: Burst pipe." in page
    assert 'class="count"' in page


def test_no_page_waits_for_the_count(desk, reception_client, django_assert_max_num_queries):
    desk.book(1, 2)
    closure = ClosureFactory(site=desk.site, starts_on=desk.day(2), ends_on=desk.day(2))
    count = reverse("sessions:follow-up-count")

    def shown(path="/account/"):
        """Return the number of a page, and where a newer one is fetched from."""
        page = reception_client.get(path).content.decode()
        newer, number = re.search(
            r'<span\s+class="count"\s*(?:hx-get="(.*?)")?[^>]*>(\d*)', page
        ).groups()
        return number, newer

    with django_assert_max_num_queries(8):
        assert shown() == ("", count)
    assert shown(count) == ("1", None)
    assert shown() == ("1", None)
    closure.delete()
    # Not older than a minute, so it is not counted again.
    assert shown(count) == ("1", None)
    with time_machine.travel(MORNING + timedelta(minutes=2), tick=False):
        assert shown() == ("1", count)
        assert shown(count) == ("", None)


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


def cancel(desk, place, reason="PATIENT", after=0, clock="11:00"):
    return status.cancel_appointment(
        appointment=place, reason=reason, by=desk.reception, at=desk.moment(after, clock)
    )


def test_what_was_taken_back_was_neither_missed_nor_cancelled(desk, reception_client):
    cancel(desk, desk.book(1, 1), reason="UNDONE")
    assert "All caught up" in listed(reception_client)
    with time_machine.travel(MORNING + timedelta(days=2), tick=False):
        reception_client.force_login(desk.reception)
        page = listed(reception_client)
    assert "was missed or cancelled" not in page
    assert "Session 1 has no time." in page


def test_a_missed_session_stays_listed_though_a_later_booking_was_taken_back(
    desk, reception_client
):
    place = desk.book(1, 0)
    status.mark_no_show(appointment=place, by=desk.reception, at=desk.moment(0, "10:20"))
    cancel(desk, desk.book(1, 2), reason="UNDONE")
    assert "Session 1 was missed or cancelled." in listed(reception_client)


def test_what_was_missed_first_stands_first(desk):
    places = [desk.book(1, 3)]
    others = [desk.neighbour(), desk.neighbour()]
    places += [other.book(1, 2, f"1{hour}:00") for hour, other in enumerate(others, 1)]
    for after, place in zip((2, 0, 1), places, strict=True):
        cancel(desk, place, after=after)
    (items,) = [
        items for reason, items in follow_ups(desk.site, MORNING) if reason.find is without_new_time
    ]
    assert [item.since for item in items] == [desk.day(0), desk.day(1), desk.day(2)]
    assert items[0].patient == others[0].course.patient


def misplaced(desk, **found):
    """Book session 2 and move session 1, so that session 2 stands outside its window."""
    desk.give(1, 0)
    desk.book(2, 8)
    desk.session(2).course.sessions.filter(number=2).update(**found)


@pytest.mark.parametrize(("shift", "is_listed"), [(3, True), (-3, False)])
def test_a_reason_excuses_a_late_booking_and_never_an_early_one(desk, shift, is_listed):
    misplaced(
        desk,
        earliest_on=desk.day(7 + shift),
        due_on=desk.day(7 + shift),
        latest_on=desk.day(10 + shift),
    )
    assert len(out_of_window(desk.site, MORNING)) == 1
    DeviationFactory(session=desk.session(2))
    assert bool(out_of_window(desk.site, MORNING)) is is_listed


def test_a_booking_of_a_resting_course_is_not_to_be_replanned(desk, reception_client):
    misplaced(desk, earliest_on=desk.day(9), due_on=desk.day(9), latest_on=desk.day(12))
    stopping.suspend_course(
        course=desk.course, reason="Cold sore", by=desk.practitioner, at=desk.now
    )
    page = listed(reception_client)
    assert "but the course does not run" in page
    assert "Booked outside its window." not in page


def consultation(desk):
    return AppointmentFactory(
        consultation=True, room=desk.room, practitioner=desk.practitioner, clock=time(14)
    )


def test_a_booking_in_a_room_that_is_no_longer_in_use_is_listed(desk, reception_client):
    desk.book(1, 1)
    consultation(desk)
    assert "All caught up" in listed(reception_client)
    Room.objects.filter(pk=desk.room.pk).update(is_active=False)
    page = listed(reception_client)
    assert page.count("Room 1 is no longer in use.") == 2
    assert page.count(reverse("sessions:session-book", args=[desk.session(1).pk])) == 1


def test_a_booking_in_a_room_that_no_longer_suits_is_listed(desk, reception_client):
    desk.book(1, 1)
    consultation(desk)
    desk.room.indications.add(IndicationFactory())
    words = f"Room 1 is not set up for {desk.course.indication.short_name}."
    assert listed(reception_client).count(words) == 1
    desk.room.indications.add(desk.course.indication)
    assert "All caught up" in listed(reception_client)


def patient_of(desk):
    """Return the desk of another patient, with a practitioner and a room of its own."""
    other = desk.neighbour()
    other.practitioner = other.course.practitioner
    other.room = RoomFactory(site=desk.site)
    return other


def trouble(desk):
    """Make something for every reason of the list, as of day 24."""
    missed, waits, untold, misfit, early, rests = (patient_of(desk) for _each in range(6))
    status.mark_no_show(
        appointment=missed.book(1, 0), by=desk.reception, at=desk.moment(0, "16:00")
    )
    waits.give(1, 0)
    untold.book(1, 2)
    misfit.book(1, 30)
    misfit.room.indications.add(missed.course.indication)
    ShiftException.objects.create(
        practitioner=misfit.practitioner, kind="AWAY", on=desk.day(30), starts=None, ends=None
    )
    early.book(1, 20)
    early.book(2, 27)
    early.course.sessions.filter(number=2).update(
        earliest_on=desk.day(28), due_on=desk.day(28), latest_on=desk.day(31)
    )
    rests.book(1, 25)
    stopping.suspend_course(
        course=rests.course, reason="Cold sore", by=desk.practitioner, at=desk.now
    )


def test_the_list_takes_the_same_queries_however_much_is_on_it(desk):
    later = MORNING + timedelta(days=24)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            found = {reason.heading: len(items) for reason, items in follow_ups(desk.site, later)}
        return len(seen), found

    trouble(desk)
    shut = ClosureFactory(site=desk.site, starts_on=desk.day(30), ends_on=desk.day(30))
    one, found = queries()
    assert len(found) == 10
    shut.delete()
    for _more in range(3):
        trouble(desk)
    ClosureFactory(site=desk.site, starts_on=desk.day(30), ends_on=desk.day(30))
    four, more = queries()
    assert four == one
    assert all(more[heading] > found[heading] for heading in found)
