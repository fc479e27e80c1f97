"""The day stays up to date, and says who leaves without a next visit."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.html import escape

from meso_clinic.core.privacy import shown_name
from sessions.actions import status
from sessions.actions.delivery import deliver_session
from tests.sessions.desk import Desk
from treatments.actions.courses import suspend_course

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


def page(client, **asked):
    return client.get(reverse("sessions:day"), asked)


def version_of(answer):
    return {"If-None-Match": f'"{answer.context["version"]}"'}


def tag_of(answer):
    return {"If-None-Match": f'"{answer.context["tag"]}"', "HX-Request": "true"}


def ask(client, answer):
    return client.get(reverse("sessions:day-changes"), headers=version_of(answer))


def test_an_unchanged_day_answers_with_nothing_and_three_queries(
    desk, reception_client, django_assert_num_queries
):
    shown = page(reception_client)
    with django_assert_num_queries(3):
        answer = ask(reception_client, shown)
    assert (answer.status_code, answer.content) == (304, b"")


def test_what_somebody_else_does_is_a_change(desk, reception_client):
    shown = page(reception_client)
    status.check_in(appointment=desk.place(1), by=desk.reception, at=NOON)
    answer = ask(reception_client, shown)
    assert (answer.status_code, answer.content) == (200, b"")
    fresh = reception_client.get(reverse("sessions:day"), headers=tag_of(shown))
    assert fresh.status_code == 200
    assert 'id="day"' in fresh.content.decode()
    assert ask(reception_client, fresh).status_code == 304


def test_a_change_elsewhere_draws_nothing_again(desk, reception_client):
    shown = page(reception_client)
    other = Desk()
    other.book(1, 0, "12:00", at=other.moment(0, "08:00"))
    assert ask(reception_client, shown).status_code == 200
    answer = reception_client.get(reverse("sessions:day"), headers=tag_of(shown))
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["X-Version"] != shown.context["version"]


def test_minutes_that_pass_are_a_change_where_they_show(desk, reception_client, clock):
    shown = page(reception_client)
    clock.shift(timedelta(minutes=1))
    assert ask(reception_client, shown).status_code == 200
    answer = reception_client.get(reverse("sessions:day"), headers=tag_of(shown))
    assert answer.status_code == 304
    clock.shift(timedelta(minutes=20))
    answer = reception_client.get(reverse("sessions:day"), headers=tag_of(shown))
    assert "Late 21 min" in answer.content.decode()


def test_a_folded_group_is_read_when_it_is_unfolded(desk, reception_client):
    desk.neighbour().book(1, 0, "16:00", at=desk.moment(0, "08:00"))
    folded = page(reception_client)
    assert folded.content.decode().count('id="appointment-') == 1
    rows = page(reception_client, group="later").content.decode()
    assert rows.count('id="appointment-') == 1
    assert "open=later" in rows
    assert page(reception_client, open="later").content.decode().count('id="appointment-') == 2


@pytest.mark.parametrize("group", ["nonsense", "finished", "x" * 4000])
def test_a_group_that_is_not_there_is_empty(desk, reception_client, group):
    answer = page(reception_client, group=group)
    assert (answer.status_code, answer.content.strip()) == (200, b"")


def test_the_board_holds_every_visit_once(desk, reception_client):
    desk.neighbour().book(1, 0, "16:00", at=desk.moment(0, "08:00"))
    drawn = page(reception_client).context["calendar"]
    assert list(drawn["visits"][2]) == ["12:00", "16:00"]
    json.dumps(drawn)


# Before the patient leaves


def treated(desk, clock):
    status.check_in(appointment=desk.place(1), by=desk.reception, at=NOON)
    status.start_appointment(appointment=desk.place(1), by=desk.practitioner, at=NOON)


def leaving(client):
    return "Leaving without a next visit" in page(client).content.decode()


def test_who_is_treated_and_has_no_next_visit_is_named_until_one_is_booked(
    desk, reception_client, clock
):
    assert not leaving(reception_client)
    treated(desk, clock)
    text = page(reception_client).content.decode()
    assert "Leaving without a next visit" in text
    assert reverse("sessions:session-book", args=[desk.session(2).pk]) in text
    desk.book(2, 7, "12:00", at=NOON)
    assert not leaving(reception_client)


def test_it_stays_when_the_session_is_done_and_ends_with_the_course(desk, reception_client, clock):
    treated(desk, clock)
    deliver_session(session=desk.session(1), on=desk.day(0), by=desk.practitioner, at=NOON)
    assert leaving(reception_client)
    suspend_course(course=desk.course, reason="Travels", by=desk.practitioner, at=NOON)
    assert not leaving(reception_client)


def test_another_day_names_nobody(desk, reception_client, clock):
    treated(desk, clock)
    clock.shift(timedelta(days=1))
    text = page(reception_client, date="2026-11-26").content.decode()
    assert "Leaving without a next visit" not in text


# A screen that faces the room


def test_a_private_screen_shows_initials_and_no_phone(desk, reception_client, clock):
    clock.shift(timedelta(minutes=30))
    open_text = page(reception_client).content.decode()
    phone = escape(desk.course.patient.phone)
    assert "Leila Marchetti" in open_text
    assert phone in open_text
    answer = reception_client.post(
        reverse("core:private-screen-set"), {"private": "1", "next": "/today/"}
    )
    assert answer.url == "/today/"
    for view in ("board", "list"):
        text = page(reception_client, view=view).content.decode()
        assert "L. M." in text
        assert "Marchetti" not in text
        assert phone not in text
    reception_client.post(reverse("core:private-screen-set"), {"private": "0"})
    assert "Leila Marchetti" in page(reception_client).content.decode()


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Leila Marchetti", "L. M."),
        ("Ana María de la Cruz", "A. C."),
        ("Cher", "C."),
        ("王 芳", "王. 芳."),
        ("", ""),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name, initials):
    assert shown_name(name, is_private=True) == initials
    assert shown_name(name, is_private=False) == name


CLICKED = "http://testserver/calendar/?date=2026-11-26&span=week"


@pytest.mark.parametrize(
    ("headers", "back"),
    [
        ({}, "/today/?view=list&status=LATE"),
        ({"HX-Request": "true", "HX-Current-URL": CLICKED}, "/calendar/?date=2026-11-26&span=week"),
    ],
)
def test_the_undo_of_a_status_leads_back_to_where_the_click_came_from(
    desk, reception_client, headers, back
):
    place = desk.place(1)
    reception_client.cookies["private-screen"] = "1"
    answer = reception_client.post(
        reverse("sessions:appointment-check-in", args=[place.pk]),
        {"next": "/today/?view=list&status=LATE"},
        headers=headers,
    )
    assert answer.url == "/today/?view=list&status=LATE"
    (said,) = get_messages(answer.wsgi_request)
    assert str(said) == "L. M. is checked in."
    undo, _space, seconds = said.extra_tags.partition(" ")
    assert seconds == "60"
    assert reception_client.post(undo).url == back
    place.refresh_from_db()
    assert place.status == "BOOKED"
