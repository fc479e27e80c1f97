"""Moving a session with the ones after it, booking the rest, and taking it back."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.actions.status import mark_no_show
from sessions.actions.stopping import suspend_course
from sessions.models import Deviation, ScheduleChange
from sessions.replan_words import button_words, done_words
from tests.factories.clinic import ClosureFactory, works_every_day
from tests.factories.core import UserFactory
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)


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


def url(desk, number=None, **query):
    page = reverse("sessions:course-replan", args=[desk.course.pk])
    asked = {"from": number, **query} if number else query
    return page + "?" + "&".join(f"{key}={text}" for key, text in asked.items())


def value(desk, after, clock="10:00", practitioner=None):
    moment = desk.moment(after, clock).astimezone(UTC)
    who = practitioner or desk.practitioner
    return f"{moment:%Y-%m-%dT%H:%MZ}/{who.pk}/{desk.room.pk}"


def text_of(answer):
    """Return the page without its tags, in one line."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def shown(answer):
    """Return the places of the first form that would be booked, by name."""
    page = answer.content.decode()
    return dict(re.findall(r'name="(place-\d+)"\s+value="([^"]+)"', page))


def offered(answer):
    return re.findall(r'name="place"\s+value="([^"]+)"', answer.content.decode())


def confirm(client, desk, answer, number, **typed):
    return client.post(url(desk, number), {"key": uuid4(), **shown(answer), **typed})


def days_of(desk):
    return [
        (row.starts_at.astimezone(desk.site.zone).date() - desk.course.first_on).days
        for row in sorted(
            (desk.place(n) for n in range(1, 9) if desk.session(n).appointments.live().exists()),
            key=lambda place: place.session.number,
        )
    ]


def move_unchecked(desk, number, after):
    """Put a session on a day that the rules refuse, as the past may have left it."""
    desk.session(number).appointments.live().update(
        starts_at=desk.moment(after),
        ends_at=desk.moment(after, "10:50"),
        held_from=desk.moment(after),
        held_until=desk.moment(after, "10:50"),
    )


def late_without_a_reason(desk):
    """Sessions 1 and 2, of which the second stands two days after its window."""
    desk.book(1, 0)
    desk.book(2, 10)
    move_unchecked(desk, 2, 12)


class TestChoosing:
    def test_only_allowed_times_are_listed_each_as_a_button(self, booked, reception_client):
        answer = reception_client.get(url(booked, 4))
        days = {datetime.fromisoformat(text[:10]).date() for text in offered(answer)}
        assert days == {booked.day(n) for n in (21, 22, 23, 24)}
        assert "Move session 4" in text_of(answer)

    def test_the_page_names_the_patient_and_the_time_it_has_now(self, booked, reception_client):
        text = text_of(reception_client.get(url(booked, 4)))
        assert booked.course.patient.record_number in text
        assert "Booked for Thu 17 Dec, 10:00 with" in text

    def test_anybodys_times_are_listed_on_request(self, booked, reception_client):
        other = UserFactory(clinician=True)
        works_every_day(other, booked.site)
        answer = reception_client.get(url(booked, 4, **{"with": "any"}))
        assert value(booked, 21, practitioner=other) in offered(answer)

    def test_a_clinician_is_shown_later_times(self, booked, clinician_client, reception_client):
        assert value(booked, 26) in offered(clinician_client.get(url(booked, 4, late=1)))
        assert value(booked, 26) not in offered(reception_client.get(url(booked, 4, late=1)))
        assert "a clinician must book it" in text_of(reception_client.get(url(booked, 4)))

    def test_a_session_that_stands_on_a_closed_day_comes_with_the_least_disturbance(
        self, booked, reception_client
    ):
        ClosureFactory(site=booked.site, starts_on=booked.day(14), ends_on=booked.day(14))
        answer = reception_client.get(url(booked, 3))
        assert "Suggested" in text_of(answer)
        assert shown(answer) == {
            "place-3": value(booked, 15),
            "place-4": value(booked, 22),
        }
        assert "Move 1, re-plan 1" in text_of(answer)

    def test_without_a_number_the_next_session_is_meant(self, booked, reception_client):
        assert "Move session 1" in text_of(reception_client.get(url(booked)))

    @pytest.mark.parametrize("number", ["0", "99", "x", "²", "9" * 30])
    def test_odd_numbers_never_fail(self, booked, reception_client, number):
        assert reception_client.get(url(booked, number)).status_code in {200, 302}

    def test_a_finished_session_never_moves(self, desk, reception_client):
        desk.give(1, 0)
        answer = reception_client.get(url(desk, 1), follow=True)
        assert "Session 1 is finished, so it never moves." in text_of(answer)

    def test_a_session_that_has_begun_stays(self, booked, reception_client):
        booked.arrive(1)
        answer = reception_client.get(url(booked, 1), follow=True)
        assert "Session 1 has begun, so it cannot be moved." in text_of(answer)

    def test_a_course_that_does_not_run_says_so(self, desk, reception_client):
        suspend_course(course=desk.course, reason="Away", by=desk.practitioner, at=desk.now)
        answer = reception_client.get(url(desk, 1), follow=True)
        assert "This course is suspended, so its sessions cannot be booked." in text_of(answer)


class TestPreview:
    def test_it_lists_only_what_changes_with_the_old_date_struck_through(
        self, booked, reception_client
    ):
        answer = reception_client.get(url(booked, 4, place=value(booked, 23, "11:00")))
        assert shown(answer) == {"place-4": value(booked, 23, "11:00")}
        assert "Move session 4" in text_of(answer)
        page = re.sub(r"\s+", " ", answer.content.decode())
        assert re.search(r'<s class="muted" ?>Thu 17 Dec, 10:00</s>', page)
        assert "<b>Sat 19 Dec, 11:00</b>" in page

    def test_it_counts_what_moves_along(self, booked, reception_client):
        answer = reception_client.get(url(booked, 2, place=value(booked, 10)))
        assert set(shown(answer)) == {"place-2", "place-3", "place-4"}
        assert "Move 1, re-plan 2" in text_of(answer)

    def test_the_rest_may_be_kept_only_if_that_is_legal(self, booked, reception_client):
        answer = reception_client.get(url(booked, 2, place=value(booked, 10)))
        assert "keep the rest" not in text_of(answer)

    def test_what_stays_is_said(self, booked, reception_client):
        answer = reception_client.get(url(booked, 3, place=value(booked, 14, "12:00")))
        assert "Session 4 stays where it is." in text_of(answer)

    def test_keeping_the_rest_is_offered_when_later_ones_would_be_mended_too(
        self, booked, reception_client
    ):
        ClosureFactory(site=booked.site, starts_on=booked.day(21), ends_on=booked.day(21))
        answer = reception_client.get(url(booked, 3, place=value(booked, 14, "12:00")))
        assert "Move 1, re-plan 1" in text_of(answer)
        assert "Move session 3, keep the rest" in text_of(answer)
        confirm(reception_client, booked, answer, 3, only="3")
        assert days_of(booked) == [0, 7, 14, 21]
        assert booked.place(3).starts_at == booked.moment(14, "12:00")

    def test_nothing_has_been_written(self, booked, reception_client):
        before = days_of(booked)
        reception_client.get(url(booked, 2, place=value(booked, 10)))
        assert days_of(booked) == before

    def test_a_time_that_is_not_free_any_more_is_refused_at_once(self, booked, reception_client):
        booked.neighbour().book(1, 23, "11:00")
        answer = reception_client.get(url(booked, 4, place=value(booked, 23, "11:00")))
        assert answer.status_code == 409
        assert "Sat 19 Dec, 11:00 is not free any more. Choose another time." in text_of(answer)
        assert offered(answer)

    @pytest.mark.parametrize(
        "place", ["x", "a/b/c", "2026-12-19T11:00Z/0/0", "2026-12-19T11:00Z/1"]
    )
    def test_a_forged_time_is_refused_in_a_sentence(self, booked, reception_client, place):
        answer = reception_client.get(url(booked, 4, place=place))
        assert answer.status_code == 422
        assert "Choose one of the times." in text_of(answer)

    def test_too_early_says_why_and_offers_other_times(self, booked, reception_client):
        answer = reception_client.get(url(booked, 4, place=value(booked, 18)))
        assert "Session 4 has no time" in text_of(answer)
        assert not shown(answer)

    def test_when_no_window_fits_whole_ways_out_are_offered(self, booked, clinician_client):
        ClosureFactory(
            site=booked.site, starts_on=booked.day(18), ends_on=booked.day(24), reason="Christmas"
        )
        answer = clinician_client.get(url(booked, 4))
        text = text_of(answer)
        assert "Session 4 has no time" in text
        assert "Christmas" in text
        assert "Ways out, the best first" in text
        first = clinician_client.get(url(booked, 4, fix=0))
        assert shown(first)
        late = clinician_client.get(url(booked, 4, fix=text.count(" days.") - 1))
        assert late.status_code == 200

    @pytest.mark.parametrize("fix", ["9", "x", "-1", "²", "9" * 30])
    def test_a_way_out_that_is_none_shows_the_list_again(self, booked, reception_client, fix):
        ClosureFactory(site=booked.site, starts_on=booked.day(18), ends_on=booked.day(24))
        answer = reception_client.get(url(booked, 4, fix=fix))
        assert "Session 4 has no time" in text_of(answer)

    def test_keeping_the_rest_is_offered_even_if_nothing_else_fits(self, booked, reception_client):
        ClosureFactory(site=booked.site, starts_on=booked.day(20), ends_on=booked.day(26))
        answer = reception_client.get(url(booked, 3, place=value(booked, 14, "12:00")))
        assert "Session 4 has no time" in text_of(answer)
        assert "Move session 3, keep the rest" in text_of(answer)
        confirm(reception_client, booked, answer, 3)
        assert booked.place(3).starts_at == booked.moment(14, "12:00")

    def test_a_place_years_ahead_is_none(self, booked, reception_client):
        far = f"2100-12-19T11:00Z/{booked.practitioner.pk}/{booked.room.pk}"
        assert reception_client.get(url(booked, 4, place=far)).status_code == 422


class TestConfirming:
    def test_one_button_moves_one_and_replans_the_rest(self, booked, reception_client):
        answer = reception_client.get(url(booked, 2, place=value(booked, 10)))
        answer = confirm(reception_client, booked, answer, 2, reason="PATIENT")
        assert answer.url == reverse("sessions:course-detail", args=[booked.course.pk])
        assert days_of(booked) == [0, 10, 17, 24]
        assert "Session 2 moved, 2 re-planned." in text_of(reception_client.get(answer.url))
        assert ScheduleChange.objects.latest("pk").reason == "PATIENT"

    def test_undo_puts_all_of_it_back(self, booked, reception_client):
        before = days_of(booked)
        answer = reception_client.get(url(booked, 2, place=value(booked, 10)))
        page = reception_client.get(confirm(reception_client, booked, answer, 2).url)
        change = ScheduleChange.objects.latest("pk")
        undo = reverse("sessions:change-undo", args=[change.pk])
        assert f'action="{undo}"' in page.content.decode()
        assert 'data-seconds="60"' in page.content.decode()
        answer = reception_client.post(undo, follow=True)
        assert days_of(booked) == before
        assert "Taken back: 3 sessions are as they were." in text_of(answer)

    def test_the_same_form_sent_twice_moves_once(self, booked, reception_client):
        answer = reception_client.get(url(booked, 4, place=value(booked, 23)))
        typed = {"key": uuid4(), **shown(answer)}
        reception_client.post(url(booked, 4), typed)
        again = reception_client.post(url(booked, 4), typed, follow=True)
        assert "Session 4 moved." in text_of(again)
        assert ScheduleChange.objects.filter(key=typed["key"]).count() == 1

    def test_a_lost_slot_names_itself_and_shows_the_nearest_with_the_rest_kept(
        self, booked, reception_client
    ):
        answer = reception_client.get(url(booked, 2, place=value(booked, 10)))
        booked.neighbour().book(1, 17, "10:00")
        answer = confirm(reception_client, booked, answer, 2)
        assert answer.status_code == 409
        assert "10:00 was taken a moment ago." in text_of(answer)
        assert shown(answer) == {
            "place-2": value(booked, 10),
            "place-3": value(booked, 17, "9:10"),
            "place-4": value(booked, 24),
        }
        assert days_of(booked) == [0, 7, 14, 21]
        confirm(reception_client, booked, answer, 2)
        assert days_of(booked) == [0, 10, 17, 24]

    def test_reception_may_not_move_past_the_window(self, booked, reception_client):
        typed = {"key": uuid4(), "place-4": value(booked, 26)}
        answer = reception_client.post(
            url(booked, 4), {**typed, "late_reason": "TRAVEL", "words": "Away"}
        )
        assert answer.status_code == 422
        assert "A clinician must give a reason." in text_of(answer)
        assert "A clinician must book this" in text_of(answer)

    def test_a_clinician_does_with_a_reason_that_goes_on_record(self, booked, clinician_client):
        answer = clinician_client.get(url(booked, 4, place=value(booked, 26)))
        assert "After the window: say why." in text_of(answer)
        refused = confirm(clinician_client, booked, answer, 4)
        assert refused.status_code == 422
        confirm(
            clinician_client, booked, answer, 4, late_reason="TRAVEL", words="Away until Monday"
        )
        assert Deviation.objects.get().words == "Away until Monday"
        assert days_of(booked) == [0, 7, 14, 26]

    def test_half_a_reason_keeps_what_was_typed(self, booked, clinician_client):
        answer = clinician_client.get(url(booked, 4, place=value(booked, 26)))
        answer = confirm(clinician_client, booked, answer, 4, words="Away until Monday")
        assert answer.status_code == 422
        assert "Choose a reason and say in words why." in text_of(answer)
        assert 'value="Away until Monday"' in answer.content.decode()

    @pytest.mark.parametrize(
        "typed", [{}, {"key": "x"}, {"reason": "NOTHING"}, {"words": "w" * 999}]
    )
    def test_odd_forms_are_refused_and_nothing_moves(self, booked, reception_client, typed):
        sent = {"key": uuid4(), "place-4": value(booked, 23)} if typed else {}
        answer = reception_client.post(url(booked, 4), {**sent, **typed})
        assert answer.status_code == 422
        assert days_of(booked) == [0, 7, 14, 21]

    @pytest.mark.parametrize(
        "place", ["x", "2026-12-19T11:00Z/0/0", f"2026-12-19T11:00Z/{'9' * 30}/1"]
    )
    def test_forged_places_are_refused_in_a_sentence(self, booked, reception_client, place):
        answer = reception_client.post(url(booked, 4), {"key": uuid4(), "place-4": place})
        assert answer.status_code == 422
        assert "Choose one of the times." in text_of(answer)

    def test_a_late_session_may_be_kept_where_it_is_with_a_reason(self, desk, clinician_client):
        late_without_a_reason(desk)
        answer = clinician_client.get(url(desk, 2, place=value(desk, 12)))
        assert "Keep session 2 with a reason" in text_of(answer)
        answer = confirm(
            clinician_client, desk, answer, 2, late_reason="TRAVEL", words="Away until Monday"
        )
        assert "Session 2 stays, and the reason is on record." in text_of(
            clinician_client.get(answer.url)
        )
        assert Deviation.objects.get().days_late == 2
        assert days_of(desk) == [0, 12]

    def test_a_late_session_comes_with_a_time_inside_its_window(self, desk, reception_client):
        late_without_a_reason(desk)
        answer = reception_client.get(url(desk, 2))
        assert shown(answer) == {"place-2": value(desk, 10)}

    def test_an_earlier_session_that_stands_wrong_has_to_be_put_right_first(
        self, desk, reception_client
    ):
        desk.book(1, 0)
        desk.book(2, 10)
        desk.book(3, 17)
        move_unchecked(desk, 2, 3)
        answer = reception_client.get(url(desk, 3))
        assert "Session 2 has no time" in text_of(answer)
        assert "Re-plan from session 2" in text_of(answer)
        assert not shown(answer)


class TestTheRest:
    def test_a_course_offers_to_book_what_has_no_time(self, desk, reception_client):
        desk.book(1, 0)
        page = reception_client.get(reverse("sessions:course-detail", args=[desk.course.pk]))
        assert "Book 7 sessions" in text_of(page)
        answer = reception_client.get(url(desk, 2, all=1))
        assert len(shown(answer)) == 7
        assert "Book 7 sessions" in text_of(answer)
        assert days_of(desk) == [0]

    def test_one_button_books_them_all_and_undo_takes_them_back(self, desk, reception_client):
        desk.book(1, 0)
        answer = reception_client.get(url(desk, 2, all=1))
        answer = confirm(reception_client, desk, answer, 2)
        page = reception_client.get(answer.url)
        assert "7 sessions booked." in text_of(page)
        assert len(days_of(desk)) == 8
        undo = reverse("sessions:change-undo", args=[ScheduleChange.objects.latest("pk").pk])
        reception_client.post(undo)
        assert days_of(desk) == [0]

    def test_a_missed_session_is_placed_again_and_the_later_ones_follow(
        self, booked, reception_client
    ):
        with time_machine.travel(booked.moment(0, "11:00"), tick=False):
            reception_client.force_login(booked.reception)
            mark_no_show(
                appointment=booked.place(1), by=booked.reception, at=booked.moment(0, "11:00")
            )
            page = reception_client.get(
                reverse("sessions:session-book", args=[booked.session(1).pk]), follow=True
            )
            assert "Book session 1" in text_of(page)
            assert "place-1" in shown(page)
            confirm(reception_client, booked, page, 1)
        assert booked.session(1).appointments.live().exists()


class TestUndo:
    def undo(self, client, follow=True):
        change = ScheduleChange.objects.latest("pk")
        return client.post(reverse("sessions:change-undo", args=[change.pk]), follow=follow)

    def test_a_single_booking_is_taken_back(self, desk, reception_client):
        desk.book(1, 0)
        answer = self.undo(reception_client)
        assert "Taken back: session 1 has no time again." in text_of(answer)
        assert not days_of(desk)

    def test_a_single_move_is_taken_back(self, desk, reception_client):
        desk.book(1, 0)
        desk.book(1, 2)
        answer = self.undo(reception_client)
        assert "Taken back: session 1 is on Thu 26 Nov, 10:00 again." in text_of(answer)

    def test_too_late_says_what_to_do(self, desk, reception_client):
        desk.book(1, 1)
        with time_machine.travel(MORNING + timedelta(minutes=5), tick=False):
            answer = self.undo(reception_client)
        assert "Move or cancel" in text_of(answer)
        assert days_of(desk) == [1]

    def test_it_is_asked_by_post_alone(self, desk, reception_client):
        desk.book(1, 0)
        change = ScheduleChange.objects.latest("pk")
        page = reverse("sessions:change-undo", args=[change.pk])
        assert reception_client.get(page).status_code == 405


class TestHistory:
    def test_the_course_says_who_moved_what_and_why(self, booked, reception_client):
        answer = reception_client.get(url(booked, 4, place=value(booked, 23)))
        confirm(reception_client, booked, answer, 4, reason="CLINIC")
        page = reception_client.get(reverse("sessions:course-detail", args=[booked.course.pk]))
        text = text_of(page)
        assert "Changes" in text
        assert "Clinic asked" in text

    def test_it_costs_the_same_whatever_the_number(self, booked, reception_client):
        page = reverse("sessions:course-detail", args=[booked.course.pk])
        reception_client.get(page)
        with CaptureQueriesContext(connection) as few:
            reception_client.get(page)
        for clock in ("11:00", "12:00", "13:00"):
            booked.book(4, 21, clock)
        with CaptureQueriesContext(connection) as many:
            reception_client.get(page)
        assert len(many) == len(few)


class TestCoursesTakenBack:
    def test_they_vanish_from_lists_and_open_by_their_address(self, desk, reception_client):
        course = desk.course
        ScheduleChange.objects.create(
            key=uuid4(),
            kind="BOOKED",
            new_course=course,
            by=desk.reception,
            at=MORNING,
            undone_at=MORNING,
            undone_by=desk.reception,
        )
        type(course).objects.filter(pk=course.pk).update(
            status="DISCONTINUED", status_reason="Taken back", ended_at=MORNING
        )
        name = course.indication.name
        listed = reception_client.get(reverse("sessions:course-list"), {"status": "ended"})
        assert name not in text_of(listed)
        patient = reception_client.get(reverse("patients:patient-detail", args=[course.patient_id]))
        assert "No course yet" in text_of(patient)
        page = reverse("sessions:course-detail", args=[course.pk])
        assert reception_client.get(page).status_code == 200


def test_the_phone_call_takes_three_clicks(booked, reception_client):
    """Search, Move, a time, and the button."""
    found = reception_client.get(
        reverse("patients:patient-search"), {"q": booked.course.patient.phone}
    )
    page = reverse("sessions:course-replan", args=[booked.course.pk])
    assert f'href="{page}?from=1"' in found.content.decode()
    answer = reception_client.get(f"{page}?from=1")
    chosen = next(place for place in offered(answer) if "T11" in place)
    answer = confirm(
        reception_client, booked, reception_client.get(f"{page}?from=1&place={chosen}"), 1
    )
    assert answer.status_code == 302
    assert booked.place(1).starts_at.astimezone(UTC).hour == 11


class TestUndoOfACourse:
    def test_a_course_that_was_made_goes_and_the_patient_is_shown(self, desk, reception_client):
        change = ScheduleChange.objects.create(
            key=uuid4(), kind="BOOKED", new_course=desk.course, by=desk.reception, at=MORNING
        )
        answer = reception_client.post(reverse("sessions:change-undo", args=[change.pk]))
        patient = reverse("patients:patient-detail", args=[desk.course.patient_id])
        assert answer.url == patient
        text = text_of(reception_client.get(patient))
        assert "Taken back: the course is not planned any more." in text
        assert "No course yet" in text

    def test_one_that_stays_is_shown_with_the_reason(self, desk, reception_client):
        change = ScheduleChange.objects.create(
            key=uuid4(),
            kind="BOOKED",
            new_course=desk.course,
            by=desk.reception,
            at=MORNING - timedelta(hours=1),
        )
        answer = reception_client.post(reverse("sessions:change-undo", args=[change.pk]))
        assert answer.url == reverse("sessions:course-detail", args=[desk.course.pk])


@pytest.mark.parametrize(
    ("booked", "moved", "button", "done"),
    [
        ([], [4], "Move session 4", "Session 4 moved."),
        ([], [4, 5, 6], "Move 1, re-plan 2", "Session 4 moved, 2 re-planned."),
        ([], [5], "Move session 5", "1 session re-planned."),
        ([], [5, 6], "Re-plan 2 sessions", "2 sessions re-planned."),
        ([4], [], "Book session 4", "Session 4 booked."),
        ([4, 5], [], "Book 2 sessions", "2 sessions booked."),
        ([4], [5, 6], "Book 1, re-plan 2", "Session 4 booked, 2 re-planned."),
        ([3], [4], "Book 1, re-plan 1", "Session 3 booked, 1 re-planned."),
        (
            [],
            [],
            "Keep session 4 with a reason",
            "Session 4 stays, and the reason is on record.",
        ),
    ],
)
def test_the_button_says_the_result_and_the_toast_the_same(booked, moved, button, done):
    assert button_words(booked=booked, moved=moved, number=4) == button
    assert done_words(booked=booked, moved=moved, number=4) == done
