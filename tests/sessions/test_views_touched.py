"""What a closure, an absence or a room leaves to move: one page, one button, one Undo."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import ShiftException
from sessions.models import Appointment, ScheduleChange
from tests.factories.clinic import ClosureFactory, RoomFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.sessions import AppointmentFactory
from tests.factories.treatments import IndicationFactory
from tests.sessions.browser import shown, text_of
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)
URL = "/follow-ups/moves/"


@pytest.fixture
def desk(site):
    with time_machine.travel(MORNING, tick=False):
        yield Desk(site=site)


@pytest.fixture
def two(desk):
    """Two courses of one practitioner, each with sessions on days 0 and 7."""
    other = desk.neighbour()
    for clock, each in (("10:00", desk), ("11:00", other)):
        each.book(1, 0, clock)
        each.book(2, 7, clock)
    return desk, other


def close(desk, first, last, reason="Water damage"):
    return ClosureFactory(
        site=desk.site, starts_on=desk.day(first), ends_on=desk.day(last), reason=reason
    )


def courses_of(answer):
    return re.findall(r'name="course"\s+value="(\d+)"', answer.content.decode())


def send(client, answer, **typed):
    return client.post(
        URL, {"key": uuid4(), "course": courses_of(answer), **shown(answer), **typed}
    )


def day_of(desk, number):
    on = desk.place(number).starts_at.astimezone(desk.site.zone).date()
    return (on - desk.course.first_on).days


class TestWhatIsListed:
    def test_nothing_when_all_is_well(self, two, reception_client):
        answer = reception_client.get(URL)
        assert "Nothing has to move" in text_of(answer)

    def test_each_touched_course_with_its_reason_and_a_proposal(self, two, reception_client):
        close(two[0], 7, 7)
        answer = reception_client.get(URL)
        text = text_of(answer)
        assert "Closed: Water damage." in text
        assert len(courses_of(answer)) == 2
        assert len(shown(answer)) == 2
        assert "Re-plan the ticked courses" in text

    def test_each_box_says_how_many_appointments_it_would_move(self, two, reception_client):
        close(two[0], 7, 7)
        page = reception_client.get(URL).content.decode()
        assert re.findall(r'data-count="(\d+)"', page) == ["1", "1"]
        assert 'data-tally="Re-plan # appointments"' in page

    def test_the_practitioner_is_away(self, two, reception_client):
        desk, _other = two
        ShiftException.objects.create(
            practitioner=desk.practitioner, on=desk.day(7), kind=ShiftException.Kind.AWAY
        )
        text = text_of(reception_client.get(URL))
        assert f"{desk.practitioner.display_name} does not work then." in text

    def test_a_practitioner_who_left(self, two, reception_client):
        desk, _other = two
        other = UserFactory(clinician=True)
        works_every_day(other, desk.site)
        desk.practitioner.is_active = False
        desk.practitioner.save(update_fields=["is_active"])
        assert "gives no sessions any more." in text_of(reception_client.get(URL))

    def test_the_room_is_no_longer_in_use_or_does_not_suit(self, two, reception_client):
        desk, _other = two
        RoomFactory(site=desk.site, name="Room 2")
        desk.room.is_active = False
        desk.room.save(update_fields=["is_active"])
        answer = reception_client.get(URL)
        assert "Room 1 is no longer in use." in text_of(answer)
        desk.room.is_active = True
        desk.room.save(update_fields=["is_active"])
        desk.room.indications.add(IndicationFactory())
        answer = reception_client.get(URL)
        assert "Room 1 is not set up for this." in text_of(answer)
        send(reception_client, answer)
        assert desk.place(2).room.name == "Room 2"
        assert desk.place(2).starts_at == desk.moment(7)

    def test_outside_the_window_without_a_reason(self, two, reception_client):
        desk, _other = two
        place = desk.place(2)
        for after, words in ((12, "Too late for its window."), (5, "Too early for its window.")):
            Appointment.objects.filter(pk=place.pk).update(
                starts_at=desk.moment(after),
                ends_at=desk.moment(after, "10:50"),
                held_from=desk.moment(after),
                held_until=desk.moment(after, "10:50"),
            )
            answer = reception_client.get(URL)
            assert words in text_of(answer)
            assert len(courses_of(answer)) == 1

    def test_a_course_that_does_not_run_is_left_alone(self, two, reception_client):
        desk, _other = two
        close(desk, 7, 7)
        type(desk.course).objects.filter(pk=desk.course.pk).update(
            status="SUSPENDED", status_reason="Away"
        )
        assert len(courses_of(reception_client.get(URL))) == 1

    def test_consultations_are_named_with_a_phone(self, desk, reception_client):
        AppointmentFactory(
            kind="CONSULTATION", of=desk.session(2), practitioner=desk.practitioner, room=desk.room
        )
        close(desk, 0, 14)
        text = text_of(reception_client.get(URL))
        assert "Consultations and reviews" in text
        assert desk.course.patient.phone in text

    def test_a_course_that_cannot_be_placed_says_why_and_links_to_its_page(
        self, two, reception_client
    ):
        desk, _other = two
        close(desk, 7, 20)
        answer = reception_client.get(URL)
        text = text_of(answer)
        assert "No time was found for session 2." in text
        assert "Water damage" in text
        page = reverse("sessions:course-replan", args=[desk.course.pk])
        assert f'href="{page}?from=2"' in answer.content.decode()
        assert not shown(answer)

    def test_somebody_else_steps_in_when_the_own_practitioner_cannot(self, two, reception_client):
        desk, _other = two
        stand_in = UserFactory(clinician=True, first_name="Malik", last_name="Duarte")
        works_every_day(stand_in, desk.site)
        for after in range(7, 11):
            ShiftException.objects.create(
                practitioner=desk.practitioner, on=desk.day(after), kind=ShiftException.Kind.AWAY
            )
        answer = reception_client.get(URL)
        assert "Malik Duarte" in text_of(answer)
        send(reception_client, answer)
        assert desk.place(2).practitioner == stand_in

    def test_filters_by_person_and_days(self, two, reception_client):
        desk, _other = two
        close(desk, 7, 7)
        other = UserFactory(clinician=True)
        assert not courses_of(reception_client.get(URL, {"practitioner": other.pk}))
        assert courses_of(reception_client.get(URL, {"practitioner": desk.practitioner.pk}))
        day = f"{desk.day(7):%Y-%m-%d}"
        assert courses_of(reception_client.get(URL, {"first": day, "last": day}))
        later = f"{desk.day(8):%Y-%m-%d}"
        assert not courses_of(reception_client.get(URL, {"first": later}))
        assert not courses_of(reception_client.get(URL, {"last": f"{desk.day(6):%Y-%m-%d}"}))

    @pytest.mark.parametrize(
        "query",
        [
            {"practitioner": "x"},
            {"practitioner": "9" * 30},
            {"first": "2026-02-31"},
            {"first": "2026-12-02", "last": "2026-12-01"},
        ],
    )
    def test_odd_filters_are_refused_in_a_sentence(self, two, reception_client, query):
        answer = reception_client.get(URL, query)
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)

    def test_another_site_may_be_asked_for(self, two, reception_client):
        desk, _other = two
        assert reception_client.get(URL, {"site": desk.site.pk}).status_code == 200
        assert reception_client.get(URL, {"site": 987654}).status_code == 404
        assert reception_client.get(URL, {"site": "x"}).status_code == 200


class TestMoving:
    def test_all_ticked_ones_move_in_one_act(self, two, reception_client):
        desk, other = two
        close(desk, 7, 7)
        answer = send(reception_client, reception_client.get(URL))
        page = reception_client.get(answer.url)
        assert "2 appointments re-planned." in text_of(page)
        assert "Nothing has to move" in text_of(page)
        assert (day_of(desk, 2), day_of(other, 2)) == (8, 8)
        change = ScheduleChange.objects.latest("pk")
        assert (change.reason, change.lines.count()) == ("CLINIC", 2)

    def test_two_courses_are_never_promised_the_same_time(self, two, reception_client):
        desk, other = two
        for each in two:
            each.book(2, 7, "12:00" if each is desk else "13:00")
        close(desk, 7, 7)
        other.course.practitioner.shifts.all()
        places = list(shown(reception_client.get(URL)).values())
        assert len({place.split("/")[0] for place in places}) == 2

    def test_undo_puts_all_of_them_back(self, two, reception_client):
        desk, other = two
        closure = close(desk, 7, 7)
        send(reception_client, reception_client.get(URL))
        closure.delete()
        undo = reverse("sessions:change-undo", args=[ScheduleChange.objects.latest("pk").pk])
        answer = reception_client.post(undo)
        assert answer.url == URL
        assert (day_of(desk, 2), day_of(other, 2)) == (7, 7)

    def test_one_may_be_skipped(self, two, reception_client):
        desk, other = two
        close(desk, 7, 7)
        answer = reception_client.get(URL)
        send(reception_client, answer, course=[str(other.course.pk)])
        assert (day_of(desk, 2), day_of(other, 2)) == (7, 8)

    def test_nothing_ticked_says_so(self, two, reception_client):
        close(two[0], 7, 7)
        answer = send(reception_client, reception_client.get(URL), course=[])
        assert answer.status_code == 422
        assert "Tick at least one course." in text_of(answer)

    def test_a_lost_time_moves_nothing_and_names_the_patient(self, two, reception_client):
        desk, other = two
        close(desk, 7, 7)
        answer = reception_client.get(URL)
        third = desk.neighbour()
        third.book(1, 8, "10:00")
        answer = send(reception_client, answer)
        text = text_of(answer)
        assert answer.status_code == 409
        assert "was taken a moment ago." in text
        assert "Nothing was moved." in text
        assert desk.course.patient.full_name in text
        assert (day_of(desk, 2), day_of(other, 2)) == (7, 7)
        send(reception_client, answer)
        assert (day_of(desk, 2), day_of(other, 2)) == (8, 8)

    @pytest.mark.parametrize(
        "typed",
        [
            {"key": "x"},
            {"course": ["x"]},
            {"course": ["987654"]},
            {"place-x": "2026-12-01T10:00Z/1/1"},
            {"place-1": "x"},
            {f"place-{'9' * 30}": "2026-12-01T10:00Z/1/1"},
        ],
    )
    def test_odd_forms_are_refused_and_nothing_moves(self, two, reception_client, typed):
        close(two[0], 7, 7)
        answer = send(reception_client, reception_client.get(URL), **typed)
        assert answer.status_code == 422
        assert [day_of(each, 2) for each in two] == [7, 7]

    def test_an_empty_form_is_refused(self, two, reception_client):
        assert reception_client.post(URL).status_code == 422


class TestTheWayHere:
    def test_a_closure_over_booked_days_leads_here(self, two, admin_client):
        desk, _other = two
        typed = {
            "site": desk.site.pk,
            "starts_on": f"{desk.day(7):%Y-%m-%d}",
            "ends_on": f"{desk.day(8):%Y-%m-%d}",
            "reason": "Water damage",
        }
        listed = admin_client.post(reverse("clinic:closure-list"), typed)
        assert "2 appointments are booked then" in text_of(listed)
        page = reverse("sessions:course-replan", args=[desk.course.pk])
        assert f'href="{page}?from=2"' in listed.content.decode()
        answer = admin_client.post(reverse("clinic:closure-list"), {**typed, "seen": 2})
        assert answer.url.startswith(URL)
        page = admin_client.get(answer.url)
        assert "The closure is saved." in text_of(page)
        assert len(courses_of(page)) == 2

    def test_a_closure_that_touches_nobody_stays_on_its_list(self, two, admin_client):
        desk, _other = two
        typed = {
            "starts_on": f"{desk.day(3):%Y-%m-%d}",
            "ends_on": f"{desk.day(3):%Y-%m-%d}",
            "reason": "Training",
        }
        answer = admin_client.post(reverse("clinic:closure-list"), typed)
        assert answer.url == reverse("clinic:closure-list")

    def test_an_absence_leads_here_with_its_person(self, two, admin_client):
        desk, _other = two
        typed = {
            "kind": "AWAY",
            "first_on": f"{desk.day(7):%Y-%m-%d}",
            "last_on": f"{desk.day(7):%Y-%m-%d}",
            "seen": 2,
        }
        answer = admin_client.post(
            reverse("clinic:exception-add", args=[desk.practitioner.pk]), typed
        )
        assert answer.url.startswith(URL)
        assert f"practitioner={desk.practitioner.pk}" in answer.url
        assert len(courses_of(admin_client.get(answer.url))) == 2

    def test_the_follow_ups_lead_here(self, two, reception_client):
        assert (
            f'href="{URL}"' in reception_client.get(reverse("sessions:follow-ups")).content.decode()
        )


def test_more_courses_take_no_more_queries(desk, reception_client):
    """Neither those that are put right, nor those that are stuck."""
    desk.book(1, 0, "10:00")
    desk.book(2, 7, "10:00")
    for clock, indication in (("11:00", desk.course.indication), ("12:00", IndicationFactory())):
        other = desk.neighbour(indication=indication)
        other.book(1, 30, clock)
        other.book(2, 37, clock)
    close(desk, 0, 50)

    def ask(**until):
        reception_client.get(URL, until)
        with CaptureQueriesContext(connection) as queries:
            answer = reception_client.get(URL, until)
        return len(answer.context["plan"].courses), len(queries)

    one, three = ask(last=desk.day(10).isoformat()), ask()
    assert (one[0], three[0]) == (1, 3)
    assert three[1] <= one[1] <= 35


def test_a_long_list_begins_with_the_first_courses(two, reception_client, monkeypatch):
    desk, _other = two
    close(desk, 7, 7)
    for module in ("sessions.selectors.touched", "sessions.views.touched"):
        monkeypatch.setattr(f"{module}.MOST_COURSES", 1)
    answer = reception_client.get(URL)
    assert "The first 1 of 2 courses, by date." in text_of(answer)
    assert len(courses_of(answer)) == 1
