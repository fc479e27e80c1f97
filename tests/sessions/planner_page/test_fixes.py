"""A session without a time, and one that is late: what the page offers."""

from datetime import time, timedelta

import pytest

from clinic.actions import mark_away
from sessions.models import Deviation
from tests.factories.clinic import RoomFactory, SiteFactory, works_every_day
from tests.factories.treatments import IndicationFactory
from tests.sessions.planner_page.page import (
    FIRST,
    MORNING,
    away,
    clocks,
    close,
    days,
    form,
    place,
    plan_url,
    read,
    settings_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck(show, site, indication, petra, malik, room, reception):
    """Ask for a course whose session 5 has no time with Petra: she is away, then it is closed."""
    away(petra, 28, 28, reception)
    close(site, 29, 32, reception)
    pins = {f"pin-{n}": place(7 * (n - 1), "09:00", petra, room) for n in range(1, 5)}

    def ask(**headers):
        return show(settings_of(indication, petra, **pins), **headers)

    return ask


def test_a_session_without_a_time_says_why_and_the_later_ones_wait(stuck):
    answer = stuck()
    page = read(answer)
    assert "24 to 27 Dec 2026 No time with Petra Lindqvist" in page
    assert "Time set after session 5" in page
    assert "4 of 8 sessions ready Session 5 needs a fix." in page
    assert (
        "Session 5: choose a fix Allowed: Thu 24 to Sun 27 Dec. Petra Lindqvist is away on Thu 24 "
        "Dec. Linden Street is closed from Fri 25 to Sun 27 Dec: Christmas."
    ) in page
    assert 'data-announce="26 November 2026 to 24 March 2027. Session 5 has no time."' in (
        answer.content.decode()
    )
    assert len(form(answer).places()) == 4


def test_fixes_are_whole_and_say_all_they_change(stuck):
    page = read(stuck())
    assert "Thu 24 Dec, 09:00 with Malik Duarte 7 days. Nothing else moves." in page
    assert "Session 4: Thu 17 Dec, 09:00 Sat 19 Dec, 09:00 (9 days)" in page
    assert "A clinician must give a reason." in page
    assert "Other times on Thu 24 Dec" in page


def test_the_best_fix_is_chosen_already_and_used_with_one_click(show, stuck):
    answer = stuck()
    assert form(answer).sends["fix"] == ["1"]
    used = show(form(answer).pressing("Use Thu 24 Dec, 09:00"))
    page = read(used)
    assert "8 of 8 sessions ready" in page
    assert "09:00, Malik Duarte, Room 1" in page
    assert days(used)[:5] == [0, 7, 14, 21, 28]
    assert "pin-5" in form(used).sends


def test_another_time_of_the_same_day_can_be_taken(show, stuck, malik):
    used = show(form(stuck()).pressing("Thu 24 Dec, 09:30"))
    assert clocks(used)[4] == "09:30"


def test_a_neighbour_that_moves_keeps_its_new_time(show, stuck):
    used = show(form(stuck()).pressing("Use Tue 29 Dec"))
    assert days(used)[3] > 21
    assert "8 of 8 sessions ready" in read(used)


def test_pressing_book_while_stuck_says_what_is_missing(stuck, patient, reception_client):
    sent = form(stuck()).sends
    answer = reception_client.post(plan_url(patient), sent)
    assert answer.status_code == 422
    assert 'href="#s5">Session 5 has no time. Choose a fix.</a>' in answer.content.decode()
    assert not patient.courses.exists()


def test_wishes_that_exclude_everything_can_be_widened(show, indication, petra, reception):
    # Petra is away on all Tuesdays of December.
    for day in (5, 12, 19, 26, 33):
        away(petra, day, day, reception)
    typed = settings_of(indication, petra, weekdays=["1"], only="on", time_of_day="MORNING")
    answer = show(typed)
    page = read(answer)
    assert "Only Tuesdays, mornings" in page
    assert "Any day will do, not only Tuesdays." in page
    widened = show(form(answer).pressing("Use "))
    assert "8 of 8 sessions ready" in read(widened)
    assert "Only Mornings" in read(widened)
    assert "weekdays" not in form(widened).sends


def test_nothing_within_reach_says_so(show, site, indication, petra, reception):
    close(site, 1, 400, reception)
    page = read(show(settings_of(indication, petra)))
    assert "No way out was found" in page


def test_another_site_is_named(show, site, indication, petra, reception):
    other = SiteFactory(name="Riverside")
    RoomFactory(site=other, name="Room 9")
    works_every_day(petra, other, time(9), time(17))
    close(site, 7, 20, reception)
    page = read(show(settings_of(indication, petra)))
    assert "at Riverside" in page


def test_a_card_for_the_first_session_says_how_much_of_the_course_it_changes(
    show, site, indication, petra, malik, reception
):
    away(petra, 0, 13, reception)
    away(petra, 28, 120, reception)
    page = read(show(settings_of(indication, petra)))
    assert "Session 1: choose a fix" in page
    assert "Thu 26 Nov, 09:00 with Malik Duarte 5 of 8 sessions with Malik Duarte." in page


def test_a_card_for_a_whole_course_elsewhere_says_so(show, site, indication, petra, reception):
    other = SiteFactory(name="Riverside")
    RoomFactory(site=other, name="Room 9")
    works_every_day(petra, other, time(9), time(17))
    close(site, 0, 400, reception)
    page = read(show(settings_of(indication, petra)))
    assert "Thu 26 Nov, 09:00 at Riverside 8 of 8 sessions at Riverside." in page


def test_a_site_without_a_room_for_the_indication_says_so_once(show, indication, petra, room):
    IndicationFactory(name="Hair loss", short_name="Hair").rooms.add(room)
    page = read(show(settings_of(indication, petra)))
    assert (
        "Session 1: choose a fix No room at Linden Street is set up for Cellulite. Ask an admin "
        "to add one under “Sites and rooms”, or to choose one under “Name and rooms” of the "
        "indication."
    ) in page
    assert "No room is free" not in page
    days = read(show(settings_of(indication, petra, change=1)))
    assert "No room is set up for this." in days


@pytest.mark.parametrize("sites", [0, 1, 3])
def test_the_ways_out_take_as_many_queries_for_any_number_of_sites(
    stuck, sites, django_assert_max_num_queries
):
    for number in range(sites):
        RoomFactory(site=SiteFactory(name=f"Site {number}"), name="Room 9")
    # Three more than when the weeks of bits are ready: inside a transaction they are not kept.
    with django_assert_max_num_queries(34 + 3):
        answer = stuck(**{"HX-Request": "true"})
    assert "Session 5: choose a fix" in read(answer)


def test_the_time_of_day_can_be_widened_as_well(show, indication, petra, reception):
    for day in range(40):
        mark_away(
            practitioner=petra,
            first_on=FIRST + timedelta(days=day),
            last_on=FIRST + timedelta(days=day),
            starts=time(9),
            ends=time(12),
            by=reception,
            at=MORNING,
        )
    page = read(show(settings_of(indication, petra, only="on", time_of_day="MORNING")))
    assert "Any time of day will do." in page


def test_a_draft_needs_no_free_times(stuck, patient, reception_client):
    sent = form(stuck()).pressing("Keep as draft")
    reception_client.post(plan_url(patient), sent)
    assert patient.courses.get().total_sessions == 8


# Late


@pytest.fixture
def late(show, indication, petra, room):
    """Ask for a course whose second session is kept two days after its window."""
    pins = {"pin-1": place(0, "09:00", petra, room), "pin-2": place(12, "09:00", petra, room)}

    def ask(client):
        return show(settings_of(indication, petra, total_sessions=3, **pins), client)

    return ask


def test_reception_reads_that_a_clinician_must_book_it(late, patient, reception_client):
    answer = late(reception_client)
    page = read(answer)
    assert "2 days late: the window closes on Sun 6 Dec." in page
    assert "A clinician must book this course and give a reason." in page
    refused = reception_client.post(plan_url(patient), form(answer).sends)
    assert refused.status_code == 422
    assert "A clinician must give a reason." in read(refused)
    assert not patient.courses.exists()


def test_a_clinician_books_it_with_a_reason(late, patient, clinician_client):
    sent = form(late(clinician_client)).sends
    refused = clinician_client.post(plan_url(patient), sent)
    assert refused.status_code == 422
    assert 'href="#id_late-2-reason"' in refused.content.decode()
    half = sent | {"late-2-reason": "TRAVEL", "late-2-words": " "}
    assert clinician_client.post(plan_url(patient), half).status_code == 422
    long = sent | {"late-2-reason": "TRAVEL", "late-2-words": "x" * 301}
    assert clinician_client.post(plan_url(patient), long).status_code == 422
    whole = sent | {"late-2-reason": "TRAVEL", "late-2-words": "Away until Monday."}
    assert clinician_client.post(plan_url(patient), whole).status_code == 302
    assert Deviation.objects.get().words == "Away until Monday."
