"""Choosing another time for a session, and seeing what it would change."""

import re
from datetime import datetime

import pytest

from sessions.actions.stopping import suspend_course
from tests.factories.clinic import ClosureFactory, works_every_day
from tests.factories.core import UserFactory
from tests.sessions.browser import shown, text_of
from tests.sessions.replan_page.page import confirm, days_of, offered, url, value

pytestmark = pytest.mark.django_db


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
