"""Today, as the desk uses it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.actions import status
from sessions.models import Appointment
from tests.factories.clinic import ClosureFactory, RoomFactory, SiteFactory
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(site, clock):
    desk = Desk(site=site, patient__given_names="Leila", patient__family_names="Marchetti")
    desk.book(1, 0, "12:00", at=desk.moment(0, "08:00"))
    return desk


def url_of(name, appointment):
    return reverse(f"sessions:appointment-{name}", args=[appointment.pk])


def click(client, name, appointment, **data):
    answer = client.post(url_of(name, appointment), data, follow=True)
    appointment.refresh_from_db()
    return answer


def test_the_day_shows_who_comes_for_what_with_whom_and_where(desk, reception_client):
    page = reception_client.get(reverse("sessions:day")).content.decode()
    for words in ("Leila Marchetti", "1 of 8", desk.practitioner.display_name, "Room 1", "12:00"):
        assert words in page


def test_one_click_checks_in_and_undo_takes_it_back(desk, reception_client):
    place = desk.place(1)
    answer = click(reception_client, "check-in", place)
    assert place.status == Appointment.Status.ARRIVED
    assert "Leila Marchetti is checked in." in answer.content.decode()
    assert url_of("undo", place) in answer.content.decode()
    click(reception_client, "undo", place)
    assert place.status == Appointment.Status.BOOKED


def undo_of(answer):
    """Return where the toast's Undo leads."""
    (said,) = answer.context["messages"]
    return said.extra_tags.partition(" ")[0]


def test_the_undo_of_a_toast_takes_no_later_click_back(desk, reception_client, clinician_client):
    place = desk.place(1)
    undo = undo_of(click(reception_client, "check-in", place))
    started = undo_of(click(clinician_client, "start", place))
    said = reception_client.post(undo, follow=True).content.decode()
    assert "this appointment is “in treatment” now." in said
    clinician_client.post(started)
    clinician_client.post(started)
    place.refresh_from_db()
    assert place.status == Appointment.Status.ARRIVED


def test_the_undo_buttons_carry_what_they_were_drawn_for(desk, reception_client, clinician_client):
    place = desk.place(1)
    click(reception_client, "check-in", place)
    seen = f'name="seen" value="{status.mark_of(place)}"'
    for page in (f"{reverse('sessions:day')}?view=list", url_of("detail", place)):
        assert seen in reception_client.get(page).content.decode()
    click(reception_client, "undo", place, seen="ARRIVED/another\x00")
    assert place.status == Appointment.Status.ARRIVED
    click(clinician_client, "start", place)
    for page in (f"{reverse('sessions:day')}?view=list", url_of("detail", place)):
        assert url_of("undo", place) in clinician_client.get(page).content.decode()
        shown = reception_client.get(page).content.decode()
        assert f'action="{url_of("undo", place)}"' not in shown


def test_lateness_is_told_in_minutes_from_the_clinics_own_limit(desk, reception_client, clock):
    clock.move_to(NOON + timedelta(minutes=9))
    assert "Call now" not in reception_client.get(reverse("sessions:day")).content.decode()
    clock.move_to(NOON + timedelta(minutes=27))
    page = reception_client.get(reverse("sessions:day")).content.decode()
    assert "Late 27 min" in page
    assert "Call now" in page


def test_a_no_show_leaves_the_session_to_be_booked_again(desk, reception_client, clock):
    place = desk.place(1)
    clock.move_to(NOON + timedelta(minutes=25))
    answer = click(reception_client, "no-show", place)
    assert place.status == Appointment.Status.NO_SHOW
    assert reverse("sessions:session-book", args=[place.session_id]) in answer.content.decode()


def test_a_no_show_before_its_time_is_refused_in_a_sentence(desk, reception_client, clock):
    place = desk.place(1)
    clock.move_to(NOON - timedelta(hours=1))
    answer = click(reception_client, "no-show", place)
    assert place.status == Appointment.Status.BOOKED
    assert "It is not time yet." in answer.content.decode()


def test_cancelling_keeps_the_reason(desk, reception_client):
    place = desk.place(1)
    click(reception_client, "cancel", place, reason="UNWELL")
    assert (place.status, place.cancel_reason) == (Appointment.Status.CANCELLED, "UNWELL")


@pytest.mark.parametrize("typed", [{}, {"reason": "BOREDOM"}])
def test_cancelling_without_a_reason_is_refused(desk, reception_client, typed):
    place = desk.place(1)
    answer = click(reception_client, "cancel", place, **typed)
    assert place.status == Appointment.Status.BOOKED
    assert "Choose why the appointment is cancelled." in answer.content.decode()


def test_starting_opens_the_record(desk, clinician_client):
    place = desk.place(1)
    status.check_in(appointment=place, by=desk.reception, at=NOON)
    answer = clinician_client.post(url_of("start", place), {"open": "1"})
    assert answer.url == reverse("records:record-step", args=[place.session_id, "checks"])


def test_starting_stays_on_the_day_when_the_record_is_not_asked_for(desk, clinician_client):
    place = desk.place(1)
    status.check_in(appointment=place, by=desk.reception, at=NOON)
    answer = clinician_client.post(url_of("start", place))
    assert answer.url == f"{reverse('sessions:day')}?date=2026-11-26"


def test_a_patient_who_has_not_come_cannot_be_started(desk, clinician_client):
    answer = click(clinician_client, "start", desk.place(1), open="1")
    assert "This appointment is already “booked”" in answer.content.decode()


def test_reception_starts_no_treatment(desk, reception_client):
    assert reception_client.post(url_of("start", desk.place(1))).status_code == 403


def test_a_click_answers_only_to_post(desk, reception_client):
    assert reception_client.get(url_of("check-in", desk.place(1))).status_code == 405


def test_an_unknown_appointment_is_not_found(desk, reception_client):
    assert reception_client.post("/appointments/999999/check-in/").status_code == 404


def test_after_a_click_one_is_back_where_one_was(desk, reception_client):
    back = f"{reverse('sessions:day')}?date=2026-11-26&status=BOOKED"
    answer = reception_client.post(url_of("check-in", desk.place(1)), {"next": back})
    assert answer.url == back


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_a_click_never_leads_out_of_the_clinic(desk, reception_client, away):
    answer = reception_client.post(url_of("check-in", desk.place(1)), {"next": away})
    assert answer.url.startswith(reverse("sessions:day"))


def test_htmx_gets_the_day_alone(desk, reception_client):
    answer = reception_client.get(reverse("sessions:day"), headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith("<div")
    assert "HX-Request" in answer.headers["Vary"]


def test_a_clinician_sees_their_own_day(desk, clinician_client, clinician):
    page = clinician_client.get(reverse("sessions:day"), {"mine": "1"}).content.decode()
    assert "Leila Marchetti" not in page
    everyone = clinician_client.get(reverse("sessions:day")).content.decode()
    assert "Leila Marchetti" in everyone


def test_reception_has_no_day_of_its_own(desk, reception_client):
    page = reception_client.get(reverse("sessions:day"), {"mine": "1"}).content.decode()
    assert "Leila Marchetti" in page


def test_the_list_holds_what_the_board_holds(desk, reception_client):
    page = reception_client.get(reverse("sessions:day"), {"view": "list"}).content.decode()
    assert "Leila Marchetti" in page
    assert 'class="board"' not in page


def test_filters_count_and_choose(desk, reception_client):
    url = reverse("sessions:day")
    assert "Leila Marchetti" in reception_client.get(url, {"status": "BOOKED"}).content.decode()
    done = reception_client.get(url, {"status": "DONE"}).content.decode()
    assert "Nobody here" in done


def test_an_empty_day_points_to_the_next_one(desk, reception_client):
    page = reception_client.get(reverse("sessions:day"), {"date": "2026-11-25"}).content.decode()
    assert "No appointments on Wednesday 25 November" in page
    assert "?date=2026-11-26" in page


def test_a_closed_day_says_why(desk, reception_client):
    ClosureFactory(
        site=desk.site, starts_on=desk.day(0), ends_on=desk.day(0), reason="Training day"
    )
    page = reception_client.get(reverse("sessions:day")).content.decode()
    assert "is closed on this day: Training day." in page


@pytest.mark.parametrize(
    "typed", ["yesterday", "2026-13-45", "0001-01-01", "9999-12-31", "２０２６"]
)
def test_a_date_that_is_none_shows_today(desk, reception_client, typed):
    answer = reception_client.get(reverse("sessions:day"), {"date": typed})
    assert answer.status_code == 200
    assert "Thursday 26 November" in answer.content.decode()


def test_another_sites_day_is_its_own(desk, reception_client):
    other = SiteFactory(name="Harbour Road")
    RoomFactory(site=other)
    reception_client.post(reverse("clinic:site-switch"), {"site": other.pk})
    assert "Leila Marchetti" not in reception_client.get(reverse("sessions:day")).content.decode()


def test_the_day_takes_the_same_queries_whatever_the_rows(desk, reception_client):
    url = reverse("sessions:day")
    reception_client.get(url)  # counts the follow-ups for the next minute
    with CaptureQueriesContext(connection) as one:
        reception_client.get(url)
    for hours in (13, 14, 15):
        other = Desk(site=desk.site)
        other.book(1, 0, f"{hours}:00", room=desk.room, at=desk.now)
    with CaptureQueriesContext(connection) as four:
        reception_client.get(url)
    assert len(four) == len(one) <= 20
