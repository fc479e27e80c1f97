"""A course's page, its slot picker, and what it answers to times that cannot be had."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from sessions.actions.status import cancel_appointment
from sessions.models import Appointment, Deviation, ScheduleChange
from tests.factories.clinic import ClosureFactory, works_every_day
from tests.factories.core import UserFactory
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)


@pytest.fixture
def desk(site):
    with time_machine.travel(MORNING, tick=False):
        yield Desk(site=site)


def book_url(desk, number):
    return reverse("sessions:session-book", args=[desk.session(number).pk])


def value(desk, after, clock="10:00", practitioner=None):
    moment = desk.moment(after, clock).astimezone(UTC)
    who = practitioner or desk.practitioner
    return f"{moment:%Y-%m-%dT%H:%MZ}/{who.pk}/{desk.room.pk}"


def post(client, desk, number, after, clock="10:00", **typed):
    return client.post(book_url(desk, number), {"slot": value(desk, after, clock), **typed})


def offered(page):
    return [line for line in page.split('"') if line.startswith("20") and "Z/" in line]


def test_the_course_shows_its_chain_and_offers_the_first_session(desk, reception_client):
    page = reception_client.get(
        reverse("sessions:course-detail", args=[desk.course.pk])
    ).content.decode()
    assert "Session 1: choose a time" in page
    assert "3 to 6 Dec 2026" in page
    assert offered(page)


def test_choosing_a_time_books_it_and_turns_to_the_next_session(desk, reception_client):
    answer = post(reception_client, desk, 1, 0)
    assert answer.url == reverse("sessions:course-detail", args=[desk.course.pk])
    assert desk.place(1).starts_at == desk.moment(0)
    page = reception_client.get(answer.url).content.decode()
    assert "Session 2: choose a time" in page
    assert "Allowed: 3 to 6 Dec 2026." in page


def test_only_days_inside_the_window_are_offered(desk, reception_client):
    desk.book(1, 0)
    page = reception_client.get(book_url(desk, 2)).content.decode()
    days = {slot[:10] for slot in offered(page)}
    assert days == {f"{desk.day(n):%Y-%m-%d}" for n in (7, 8, 9, 10)}


def test_taken_times_and_closed_days_are_not_offered(desk, reception_client):
    desk.book(1, 0)
    ClosureFactory(site=desk.site, starts_on=desk.day(8), ends_on=desk.day(8), reason="Training")
    other = Desk(site=desk.site, practitioner=desk.practitioner)
    other.book(1, 7, "9:00", at=desk.now)
    page = reception_client.get(book_url(desk, 2)).content.decode()
    assert value(desk, 7, "9:00") not in page
    assert value(desk, 7, "9:50") in page
    assert "Closed: Training." in page


def test_moving_an_earlier_session_moves_the_later_windows(desk, reception_client):
    desk.book(1, 0)
    post(reception_client, desk, 1, 2)
    page = reception_client.get(
        reverse("sessions:course-detail", args=[desk.course.pk])
    ).content.decode()
    assert "5 to 8 Dec 2026" in page


@pytest.mark.parametrize("who", ["reception_client", "clinician_client", "admin_client"])
def test_too_early_is_refused_to_everybody(desk, who, request):
    desk.book(1, 0)
    answer = post(request.getfixturevalue(who), desk, 2, 6, reason="TRAVEL", words="Away", late="1")
    assert answer.status_code == 422
    assert "1 day too early" in answer.content.decode()
    assert not desk.session(2).appointments.exists()


def test_reception_may_not_book_late_even_with_a_reason(desk, reception_client):
    desk.book(1, 0)
    answer = post(reception_client, desk, 2, 12, reason="TRAVEL", words="Away", late="1")
    assert answer.status_code == 422
    assert "A clinician must give a reason." in answer.content.decode()


def test_a_clinician_books_late_with_a_reason_that_goes_on_record(desk, clinician_client):
    desk.book(1, 0)
    url = book_url(desk, 2)
    assert "Later than the window, with a reason" in clinician_client.get(url).content.decode()
    assert value(desk, 12) in clinician_client.get(url, {"late": "1"}).content.decode()
    post(clinician_client, desk, 2, 12, reason="TRAVEL", words="Away until Sunday", late="1")
    deviation = Deviation.objects.get()
    assert (deviation.days_late, deviation.words) == (2, "Away until Sunday")


def test_reception_reads_who_booked_late_but_not_why(desk, clinician_client, reception_client):
    desk.book(1, 0)
    post(clinician_client, desk, 2, 12, reason="TRAVEL", words="Away until Sunday", late="1")
    why = Deviation.objects.get().get_reason_display()
    page = reverse("sessions:course-detail", args=[desk.course.pk])
    told = clinician_client.get(page).content.decode()
    hidden = reception_client.get(page).content.decode()
    assert f"{why}: “Away until Sunday”" in told
    assert "2 days past the window. Reason recorded by" in " ".join(hidden.split())
    assert why not in hidden


def test_a_late_time_without_a_reason_keeps_what_was_typed(desk, clinician_client):
    desk.book(1, 0)
    answer = post(clinician_client, desk, 2, 12, words="Away until Sunday", late="1")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a reason and say in words why." in page
    assert 'value="Away until Sunday"' in page
    assert not Deviation.objects.exists()


def test_a_time_that_was_taken_meanwhile_names_the_next_one(desk, reception_client):
    other = Desk(site=desk.site, practitioner=desk.practitioner)
    other.book(1, 0, "10:00", at=desk.now)
    answer = post(reception_client, desk, 1, 0, "10:00")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "10:00 was taken a moment ago. Next free: 10:50." in page
    assert not desk.session(1).appointments.exists()


def test_a_session_waits_for_the_one_before(desk, reception_client):
    page = reception_client.get(book_url(desk, 3)).content.decode()
    assert "Book session 2 first" in page
    assert not offered(page)


def test_anybodys_times_are_shown_on_request(desk, reception_client):
    other = UserFactory(clinician=True)
    works_every_day(other, desk.site)
    page = reception_client.get(book_url(desk, 1), {"with": "any"}).content.decode()
    assert value(desk, 0, "10:00", practitioner=other) in page


@pytest.mark.parametrize("typed", ["nobody", "0", "9" * 30, "²"])
def test_an_unknown_practitioner_shows_everybody(desk, reception_client, typed):
    assert reception_client.get(book_url(desk, 1), {"with": typed}).status_code == 200


@pytest.mark.parametrize("typed", ["", "2026-02-31", "1850-01-01", "soon"])
def test_a_day_to_start_from_that_is_none_is_passed_over(desk, reception_client, typed):
    assert reception_client.get(book_url(desk, 1), {"from": typed}).status_code == 200


def test_a_first_session_may_be_looked_for_later(desk, reception_client):
    page = reception_client.get(book_url(desk, 1), {"from": "2026-12-07"}).content.decode()
    assert {slot[:10] for slot in offered(page)} == {f"2026-12-{day:02}" for day in range(7, 14)}


@pytest.mark.parametrize(
    "slot",
    [
        "",
        "x",
        "2026-11-26T10:00Z/1",
        "2026-11-26T10:00Z/x/y",
        "2026-11-26T10:00Z/0/0",
        "a/b/c/d",
        f"2026-11-26T10:00Z/{'9' * 30}/1",
    ],
)
def test_a_forged_time_is_refused_in_a_sentence(desk, reception_client, slot):
    answer = reception_client.post(book_url(desk, 1), {"slot": slot})
    assert answer.status_code == 422
    assert not Appointment.objects.exists()


def test_htmx_gets_the_course_alone(desk, reception_client):
    answer = reception_client.get(book_url(desk, 1), headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<div id="course"')


def test_a_done_session_offers_no_time(desk, reception_client):
    desk.book(1, 0)
    desk.arrive(1)
    desk.deliver(1, 0)
    assert not offered(reception_client.get(book_url(desk, 1)).content.decode())


def test_a_full_window_says_so_and_what_to_do(desk, reception_client):
    desk.book(1, 0)
    ClosureFactory(site=desk.site, starts_on=desk.day(7), ends_on=desk.day(10), reason="Christmas")
    page = reception_client.get(book_url(desk, 2), {"with": "any"}).content.decode()
    assert "No free time here" in page
    assert "a clinician must book it and give a reason" in page


def test_a_window_that_has_passed_offers_nothing(desk, reception_client):
    desk.book(1, 0)
    with time_machine.travel(MORNING + timedelta(days=20), tick=False):
        reception_client.force_login(desk.reception)
        page = reception_client.get(book_url(desk, 2)).content.decode()
    assert not offered(page)
    assert "No free time here" in page


def test_a_booking_offers_undo_for_a_minute(desk, reception_client):
    page = reception_client.get(post(reception_client, desk, 1, 0).url).content.decode()
    change = ScheduleChange.objects.get()
    assert f'action="{reverse("sessions:change-undo", args=[change.pk])}"' in page
    assert 'data-seconds="60"' in page


def replan_url(desk, number):
    return f"{reverse('sessions:course-replan', args=[desk.course.pk])}?from={number}"


def test_a_session_with_a_time_is_moved_where_the_others_are_seen(desk, reception_client):
    desk.book(1, 0)
    assert reception_client.get(book_url(desk, 1)).url == replan_url(desk, 1)
    asked = reception_client.get(book_url(desk, 1), headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"] == replan_url(desk, 1)
    late = reception_client.get(book_url(desk, 1), {"late": "1"})
    assert late.url == f"{replan_url(desk, 1)}&late=1"


def test_a_time_that_pushes_the_next_session_leads_to_its_preview(desk, reception_client):
    desk.book(1, 0)
    desk.book(2, 7)
    answer = post(reception_client, desk, 1, 3)
    assert answer.url.startswith(f"{replan_url(desk, 1)}&place=")
    page = reception_client.get(answer.url).content.decode()
    assert "Move 1, re-plan 1" in page
    assert desk.place(1).starts_at == desk.moment(0)


def test_a_time_that_would_leave_the_next_one_late_leads_to_its_preview(desk, clinician_client):
    desk.book(1, 3)
    desk.book(2, 13)
    answer = post(clinician_client, desk, 1, 0)
    assert answer.url.startswith(f"{replan_url(desk, 1)}&place=")
    assert "Move 1, re-plan 1" in clinician_client.get(answer.url).content.decode()


def test_a_missed_session_among_booked_ones_is_proposed_and_not_picked(desk, reception_client):
    desk.book(1, 0)
    desk.book(2, 7)
    place = desk.place(1)
    cancel_appointment(
        appointment=place, reason="PATIENT", words="", by=desk.reception, at=desk.now
    )
    page = reception_client.get(
        reverse("sessions:course-detail", args=[desk.course.pk])
    ).content.decode()
    assert not offered(page)
    assert f'href="{reverse("sessions:course-replan", args=[desk.course.pk])}?from=1' in page
    assert reception_client.get(book_url(desk, 1)).url == replan_url(desk, 1)


def test_a_session_booked_by_two_at_once_keeps_the_first_time(desk, reception_client):
    page = reception_client.get(book_url(desk, 1)).content.decode()
    assert 'name="was" value=""' in page
    desk.book(1, 1)
    answer = post(reception_client, desk, 1, 2, was="")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Session 1 was booked for Fri 27 Nov, 10:00 with" in page
    assert f'name="was" value="{value(desk, 1)}"' in page
    assert desk.place(1).starts_at == desk.moment(1)
    assert post(reception_client, desk, 1, 2, was=value(desk, 1)).status_code == 302
    assert desk.place(1).starts_at == desk.moment(2)
