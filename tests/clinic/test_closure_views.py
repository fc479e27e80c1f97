"""Closures and public holidays on screen."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from clinic.models import Closure
from clinic.registry import TouchedAppointment, register_touched
from clinic.selectors import days_entered
from tests.factories.clinic import ClosureFactory, SiteFactory

pytestmark = pytest.mark.usefixtures("only_touched")

LIST = "/manage/closures/"
HOLIDAYS = "/manage/closures/holidays/"
BREAK = {"site": "", "starts_on": "2026-12-24", "ends_on": "2026-12-31", "reason": "Winter break"}


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def harbour(site):
    return SiteFactory(name="Harbour")


def test_all_sites_are_closed_at_once(admin_client, site, harbour):
    assert admin_client.post(LIST, BREAK).url == LIST
    assert {closure.site for closure in Closure.objects.all()} == {site, harbour}
    text = admin_client.get(LIST).content.decode()
    assert "Winter break" in text
    assert "Thu 24 Dec" in text


def test_one_site_is_closed_for_one_day(admin_client, harbour):
    admin_client.post(LIST, {**BREAK, "site": harbour.pk, "ends_on": ""})
    closure = Closure.objects.get()
    assert (closure.site, closure.ends_on) == (harbour, date(2026, 12, 24))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("starts_on", "", "First day is missing"),
        ("starts_on", "31/02/2026", "First day must be a real date, like 26 Nov 2026."),
        ("ends_on", "2026-12-01", "must not be before the first"),
        ("ends_on", "later", "Last day must be a real date"),
        ("reason", "", "Reason is missing"),
        ("site", "987654321", "Select a valid choice"),
    ],
)
def test_a_wrong_closure_is_answered_with_what_was_typed(admin_client, field, value, says):
    answer = admin_client.post(LIST, {**BREAK, field: value})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="2026-12-31"' in answer.content.decode() or field == "ends_on"
    assert not Closure.objects.exists()


def test_the_same_closure_again_is_explained(admin_client):
    admin_client.post(LIST, BREAK)
    answer = admin_client.post(LIST, BREAK)
    assert answer.status_code == 422
    assert "entered already" in answer.content.decode()


def booked(*names):
    def touched(site, first, last):
        when = datetime(2026, 12, 24, 10, tzinfo=UTC)
        return [
            TouchedAppointment(when, name, "Session 3 of 8", "Petra Lindqvist", f"/{n}/")
            for n, name in enumerate(names)
            if first <= when.date() <= last
        ]

    register_touched(touched)
    return touched


def test_closing_a_day_with_bookings_lists_them_first(admin_client, only_touched):
    booked("Leila Marchetti", "Noor van Dijk")
    answer = admin_client.post(LIST, BREAK)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "2 appointments are booked then" in text
    assert "Leila Marchetti" in text
    assert "Noor van Dijk" in text
    assert "Close anyway, keep these 2 on the follow-ups list" in text
    assert 'value="Winter break"' in text
    assert not Closure.objects.exists()
    assert admin_client.post(LIST, {**BREAK, "seen": "2"}).status_code == 302
    assert Closure.objects.count() == 1


def test_what_was_booked_since_is_listed_again(admin_client):
    booked("Leila Marchetti", "Noor van Dijk")
    answer = admin_client.post(LIST, {**BREAK, "seen": "1"})
    assert answer.status_code == 422
    assert "2 appointments are booked then" in answer.content.decode()


def test_a_confirmation_holds_when_all_were_moved_since(admin_client):
    assert admin_client.post(LIST, {**BREAK, "seen": "2"}).status_code == 302


def test_a_finder_is_asked_once_however_often_it_registers(admin_client, only_touched):
    finder = booked("Leila Marchetti")
    register_touched(finder)
    assert len(only_touched._by_closure) == 1


def test_a_closure_is_removed(admin_client, site):
    closure = ClosureFactory(site=site, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1))
    remove = reverse("clinic:closure-remove", args=[closure.pk])
    assert admin_client.post(remove).url == LIST
    assert not Closure.objects.exists()
    assert admin_client.post(remove).status_code == 404


def test_past_closures_are_not_listed_and_long_lists_come_in_pages(
    admin_client, site, django_assert_max_num_queries
):
    ClosureFactory(
        site=site, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 2), reason="Long past"
    )
    for day in range(1, 61):
        on = date(2027, 1, 1).replace(month=1 + day // 28, day=1 + day % 28)
        ClosureFactory(site=site, starts_on=on, ends_on=on, reason=f"Reason {day}")
    # The number of follow-ups in the rail is counted once a minute.
    admin_client.get(LIST)
    with django_assert_max_num_queries(12):
        text = admin_client.get(LIST).content.decode()
    assert "Long past" not in text
    assert text.count("Reason ") == 50 * 2
    assert "Page 1 of 2" in text


def test_public_holidays_of_the_clinics_country_are_shown(admin_client, clinic_profile):
    text = admin_client.get(HOLIDAYS).content.decode()
    assert "Fri 25 Dec 2026, Christmas Day" in text
    assert "Good Friday" not in text, "what is past is not offered"


def test_another_country_region_and_year_are_shown(admin_client):
    text = admin_client.get(HOLIDAYS, {"country": "GB", "region": "SCT", "year": "2027"})
    assert "Saint Andrew" in text.content.decode()
    german = admin_client.get(HOLIDAYS, {"country": "DE", "region": "SCT", "year": "2027"})
    assert german.status_code == 200
    assert "Easter Monday" in german.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"country": "ZZ"},
        {"year": "1850"},
        {"year": "soon"},
        {"year": "9" * 30},
        {"country": "x" * 99},
    ],
)
def test_a_calendar_that_does_not_exist_is_explained(admin_client, asked):
    answer = admin_client.get(HOLIDAYS, asked)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_a_year_that_is_over_has_no_days_to_take(admin_client):
    text = admin_client.get(HOLIDAYS, {"country": "GB", "year": "2025"}).content.decode()
    assert "No public holidays to come" in text


def take(site, *days, **fields):
    return {
        "country": "GB",
        "region": "ENG",
        "year": "2026",
        "days": list(days),
        "sites": [site.pk],
        **fields,
    }


def test_ticked_days_become_closures_and_twice_changes_nothing(admin_client, site, harbour):
    wanted = take(site, "2026-12-25", "2026-12-28", sites=[site.pk, harbour.pk])
    assert admin_client.post(HOLIDAYS, wanted).url == LIST
    assert "4 closures are added" in admin_client.get(LIST).content.decode()
    assert admin_client.post(HOLIDAYS, wanted).status_code == 302
    assert "All of them were there already" in admin_client.get(LIST).content.decode()
    assert Closure.objects.count() == 4
    assert set(Closure.objects.values_list("reason", flat=True)) == {
        "Christmas Day",
        "Boxing Day (observed)",
    }


def test_days_that_every_site_has_are_marked(admin_client, site, harbour):
    admin_client.post(HOLIDAYS, take(site, "2026-12-25"))
    days = [date(2026, 12, 25), date(2026, 12, 28)]
    assert days_entered([site], days) == {days[0]}
    assert days_entered([site, harbour], days) == set()
    admin_client.post(HOLIDAYS, take(harbour, "2026-12-25"))
    text = admin_client.get(HOLIDAYS, {"country": "GB", "year": "2026"}).content.decode()
    assert text.count("(entered already)") == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"days": []}, "Tick the days"),
        ({"sites": []}, "Tick the sites"),
        ({"days": ["2026-12-24"]}, "Select a valid choice"),
        ({"days": ["Christmas"]}, "Select a valid choice"),
    ],
)
def test_a_wrong_choice_of_days_is_explained(admin_client, site, fields, says):
    answer = admin_client.post(HOLIDAYS, {**take(site, "2026-12-25"), **fields})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Closure.objects.exists()


def test_taking_over_a_day_with_bookings_lists_them_first(admin_client, site):
    def touched(at_site, first, last):
        when = datetime(2026, 12, 25, 10, tzinfo=UTC)
        is_touched = first <= when.date() <= last
        found = TouchedAppointment(when, "Leila Marchetti", "Session 3", "Petra", "/1/")
        return [found] if is_touched else []

    register_touched(touched)
    wanted = take(site, "2026-12-25", "2026-12-28")
    answer = admin_client.post(HOLIDAYS, wanted)
    assert answer.status_code == 422
    assert "Leila Marchetti" in answer.content.decode()
    assert not Closure.objects.exists()
    assert admin_client.post(HOLIDAYS, {**wanted, "seen": "1"}).status_code == 302
    assert Closure.objects.count() == 2
