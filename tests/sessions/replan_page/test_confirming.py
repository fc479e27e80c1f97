"""Moving a session with the ones after it, and booking the rest."""

from datetime import UTC
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from sessions.actions.status import mark_no_show
from sessions.models import Deviation, ScheduleChange
from sessions.replan_words import button_words, done_words
from tests.sessions.browser import shown, text_of
from tests.sessions.replan_page.page import (
    confirm,
    days_of,
    late_without_a_reason,
    move_unchecked,
    offered,
    url,
    value,
)

pytestmark = pytest.mark.django_db


class TestConfirming:
    def test_one_button_moves_one_and_replans_the_rest(self, booked, reception_client):
        answer = reception_client.get(url(booked, 2, place=value(booked, 10)))
        answer = confirm(reception_client, booked, answer, 2, why="PATIENT")
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

    def test_what_was_moved_meanwhile_is_told_and_shown(self, booked, reception_client):
        answer = reception_client.get(url(booked, 4, place=value(booked, 23)))
        was = value(booked, 21)
        assert f'name="was-4" value="{was}"' in " ".join(answer.content.decode().split())
        booked.book(4, 22, at=booked.moment(0, "08:00"))
        answer = confirm(reception_client, booked, answer, 4, **{"was-4": was})
        assert answer.status_code == 409
        assert "Session 4 was moved to Fri 18 Dec, 10:00 with" in text_of(answer)
        assert days_of(booked) == [0, 7, 14, 22]

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
            url(booked, 4), {**typed, "reason": "TRAVEL", "words": "Away"}
        )
        assert answer.status_code == 422
        assert "A clinician must give a reason." in text_of(answer)
        assert "A clinician must book this" in text_of(answer)

    def test_a_clinician_does_with_a_reason_that_goes_on_record(self, booked, clinician_client):
        answer = clinician_client.get(url(booked, 4, place=value(booked, 26)))
        assert "After the window: say why." in text_of(answer)
        refused = confirm(clinician_client, booked, answer, 4)
        assert refused.status_code == 422
        confirm(clinician_client, booked, answer, 4, reason="TRAVEL", words="Away until Monday")
        assert Deviation.objects.get().words == "Away until Monday"
        assert days_of(booked) == [0, 7, 14, 26]

    def test_half_a_reason_keeps_what_was_typed(self, booked, clinician_client):
        answer = clinician_client.get(url(booked, 4, place=value(booked, 26)))
        answer = confirm(clinician_client, booked, answer, 4, words="Away until Monday")
        assert answer.status_code == 422
        assert "Choose a reason and say in words why." in text_of(answer)
        assert 'value="Away until Monday"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({}, "This page is out of date. Open it again."),
            ({"key": "x"}, "This page is out of date. Open it again."),
            ({"why": "NOTHING"}, "Why it moves must be one of the list, or “Not said”."),
            (
                {"reason": "NOTHING", "words": "Away"},
                "This reason is not on the list. Choose one that is.",
            ),
            ({"words": "w" * 999}, "at most 300 characters"),
        ],
    )
    def test_odd_forms_are_refused_and_nothing_moves(self, booked, reception_client, typed, words):
        sent = {"key": uuid4(), "place-4": value(booked, 23)} if typed else {}
        answer = reception_client.post(url(booked, 4), {**sent, **typed})
        assert answer.status_code == 422
        assert words in text_of(answer)
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
            clinician_client, desk, answer, 2, reason="TRAVEL", words="Away until Monday"
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
