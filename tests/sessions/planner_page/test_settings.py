"""Times are proposed at once and again with every setting; a bad one is said."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.models import Patient
from tests.factories.treatments import IndicationFactory, ProductFactory
from tests.sessions.planner_page.page import (
    FIRST,
    away,
    clocks,
    days,
    form,
    plan_url,
    read,
    settings_of,
)

pytestmark = pytest.mark.django_db


def test_the_planner_opens_with_a_time_for_every_session(show, indication, petra):
    answer = show()
    page = read(answer)
    assert "26 November 2026 to 24 March 2027" in page
    assert "8 of 8 sessions ready" in page
    assert "Book 8 sessions" in page
    assert days(answer) == [0, 7, 14, 21, 28, 59, 90, 118]
    assert "09:00, Room 1" in page


def test_a_changed_setting_changes_the_times_at_once(show, indication, petra):
    typed = settings_of(indication, petra, total_sessions=5, monthly_from=4)
    answer = show(typed, **{"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert days(answer) == [0, 7, 14, 45, 76]
    assert "5 of 5 sessions ready" in read(answer)


def test_the_patients_wishes_are_filled_in_and_heeded(show, patient, indication, petra, malik):
    Patient.objects.filter(pk=patient.pk).update(
        preferred_weekdays=[1], preferred_time="AFTERNOON", preferred_practitioner=malik
    )
    answer = show()
    assert "Tuesdays, afternoons" in read(answer)
    assert [(FIRST + timedelta(days=day)).weekday() for day in days(answer)[:1]] == [1]
    assert set(clocks(answer)) == {"12:00"}
    assert form(answer).sends["practitioner"] == [str(malik.pk)]


def test_wishes_can_be_taken_back_on_the_page(show, patient, indication, petra):
    Patient.objects.filter(pk=patient.pk).update(preferred_weekdays=[1])
    answer = show(settings_of(indication, petra))
    assert "Any time" in read(answer)
    assert days(answer)[0] == 0


def test_the_spread_moves_the_days_inside_their_windows(show, indication, petra):
    far = show(settings_of(indication, petra, spread="WIDE"))
    assert days(far)[:3] == [0, 10, 20]
    near = show(settings_of(indication, petra, spread="SOON"))
    assert days(near)[-1] == 112


def test_with_anybody_one_person_gives_the_whole_course(show, indication, petra, malik):
    away(malik, 0, 60, petra)
    answer = show(settings_of(indication, None))
    given = {value.split("/")[1] for value in form(answer).places().values()}
    assert given == {str(petra.pk)}


def test_another_indication_brings_its_own_numbers_and_keeps_the_wishes(show, indication, petra):
    other = IndicationFactory(protocol__total_sessions=12, protocol__initial_sessions=4)
    typed = settings_of(indication, petra, weekdays=["1"]) | {"indication": other.pk}
    answer = show(typed)
    assert len(form(answer).places()) == 12
    assert "Tuesdays" in read(answer)


def test_fewer_sessions_pull_the_monthly_phase_along(show, indication, petra):
    assert days(show(settings_of(indication, petra, total_sessions=3))) == [0, 7, 14]


def test_the_planned_product_can_lengthen_the_gaps(show, indication, petra):
    product = ProductFactory(min_interval_days=14)
    product.indications.add(indication)
    assert days(show(settings_of(indication, petra, product=product.pk)))[:3] == [0, 14, 28]


def test_without_an_indication_the_planner_says_who_can_help(show):
    assert "No indication is offered" in read(show())


def test_without_anybody_who_gives_sessions_it_says_so(show, indication):
    answer = show(settings_of(indication, None))
    assert "Nobody gives sessions yet. Ask an admin to add a clinician." in read(answer)


@pytest.mark.parametrize("total", [3, 15])
def test_the_page_takes_the_same_queries_whatever_the_sessions(show, indication, petra, total):
    typed = settings_of(indication, petra, total_sessions=total, monthly_from=3)
    show(typed)
    with CaptureQueriesContext(connection) as queries:
        show(typed, **{"HX-Request": "true"})
    assert len(queries) <= 26


# Bad settings


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"total_sessions": 2}, "A course has 3 to 15 sessions."),
        ({"total_sessions": 16}, "A course has 3 to 15 sessions."),
        ({"total_sessions": "many"}, "Sessions must be a whole number from 3 to 15."),
        ({"first_on": "36 Nov 2026"}, "First session must be a real date, like 26 Nov 2026."),
        ({"first_on": "2026-11-25"}, "The first session must be today or later."),
        ({"first_on": "9999-12-31"}, "First session must be a real date, like 26 Nov 2026."),
        ({"practitioner": "99999"}, "Choose one of the practitioners."),
        ({"practitioner": "9" * 40}, "Choose one of the practitioners."),
        ({"weekdays": "8"}, "Choose days from the list."),
        ({"time_of_day": "NIGHT"}, "Choose a time of day from the list."),
        ({"spread": "SIDEWAYS"}, "Choose a spread from the list."),
    ],
)
def test_a_bad_setting_is_said_and_the_last_good_times_stay(
    patient, indication, petra, reception_client, show, typed, sentence
):
    good = form(show(settings_of(indication, petra, total_sessions=5, monthly_from=4))).sends
    sent = good | {"goals": "Smoother skin"} | typed
    asked = show(sent)
    assert (asked.status_code, sentence in read(asked)) == (200, True)
    assert days(asked) == [0, 7, 14, 45, 76]
    answer = reception_client.post(plan_url(patient), sent)
    assert answer.status_code == 422
    assert sentence in read(answer)
    assert days(answer) == [0, 7, 14, 45, 76]
    assert "Smoother skin" in read(answer)
    assert not patient.courses.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"pin-3": "nonsense"},
        {"pin-3": "2026-12-10T09:00Z/99999/99999"},
        {"pin-3": "9999-12-31T23:00Z/1/1"},
        {"pin-3": "2190-12-31T23:00Z/1/1"},
        {"pin-3": f"2026-12-10T09:00Z/{'9' * 30}/1"},
        {"change": "9" * 50},
        {"change": "-1"},
        {"release": "x"},
        {"key": "mine"},
        {"shown": "%%%&indication=1&indication="},
        {"use": "pin-99=x&numbers_of=7&&&"},
        {"indication": "9" * 50},
    ],
)
def test_odd_values_never_break_the_page(show, indication, petra, odd):
    answer = show(settings_of(indication, petra) | odd)
    assert answer.status_code == 200
    assert len(form(answer).places()) == 8


@pytest.mark.parametrize("name", ["pin-3", "use", "shown", "first_on", "change"])
def test_a_value_that_no_text_holds_never_breaks_the_page(show, indication, petra, name):
    assert show(settings_of(indication, petra) | {name: "\0"}).status_code < 500
