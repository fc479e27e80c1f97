"""Working hours on screen."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.urls import reverse

from clinic.models import Shift, ShiftException
from clinic.registry import TouchedAppointment, register_touched_by_absence
from tests.factories.clinic import ShiftFactory, SiteFactory
from tests.factories.core import UserFactory

pytestmark = pytest.mark.usefixtures("only_touched")


def url(name, person):
    return reverse(f"clinic:{name}", args=[person.pk])


@pytest.fixture
def hours_of(site):
    return {"weekday": "0", "site": site.pk, "starts": "09:00", "ends": "13:00"}


def test_the_week_shows_a_row_for_each_shift(admin_client, clinician, site):
    ShiftFactory(practitioner=clinician, site=site, starts=time(9), ends=time(13))
    ShiftFactory(practitioner=clinician, site=site, starts=time(14), ends=time(18))
    text = admin_client.get(url("hours", clinician)).content.decode()
    assert "09:00 to 13:00" in text
    assert "14:00 to 18:00" in text
    assert text.count("Not working") == 6


def test_hours_are_added(admin_client, clinician, hours_of):
    answer = admin_client.post(url("shift-add", clinician), hours_of)
    assert answer.url == url("hours", clinician)
    assert str(Shift.objects.get()) == "Monday 09:00 to 13:00"


@pytest.mark.parametrize("typed", ["9", "9.00", "0900", "09:00:00"])
def test_times_are_read_as_people_write_them(admin_client, clinician, hours_of, typed):
    admin_client.post(url("shift-add", clinician), {**hours_of, "starts": typed})
    assert Shift.objects.get().starts == time(9)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("ends", "08:00", "must end after they start"),
        ("ends", "", "To is missing"),
        ("starts", "25:00", "like 09:30"),
        ("weekday", "7", "Select a valid choice"),
        ("site", "987654321", "Select a valid choice"),
    ],
)
def test_wrong_hours_are_answered_with_what_was_typed(
    admin_client, clinician, hours_of, field, value, says
):
    answer = admin_client.post(url("shift-add", clinician), {**hours_of, field: value})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="09:00"' in answer.content.decode() or field == "starts"
    assert not Shift.objects.exists()


def test_hours_at_another_site_at_the_same_time_are_refused(admin_client, clinician, hours_of):
    ShiftFactory(practitioner=clinician, site=SiteFactory(), starts=time(12), ends=time(16))
    answer = admin_client.post(url("shift-add", clinician), hours_of)
    assert answer.status_code == 422
    assert "Petra Lindqvist works already from 12:00 to 16:00" in answer.content.decode()
    assert Shift.objects.count() == 1


def test_hours_are_removed(admin_client, clinician, site):
    shift = ShiftFactory(practitioner=clinician, site=site)
    remove = reverse("clinic:shift-remove", args=[shift.pk])
    assert admin_client.get(remove).status_code == 405
    assert admin_client.post(remove).url == url("hours", clinician)
    assert not Shift.objects.exists()
    assert admin_client.post(remove).status_code == 404


def test_monday_is_copied(admin_client, clinician, site):
    ShiftFactory(practitioner=clinician, site=site)
    answer = admin_client.post(url("hours-copy", clinician), {"weekdays": ["1", "2"]})
    assert answer.status_code == 302
    assert sorted(Shift.objects.values_list("weekday", flat=True)) == [0, 1, 2]
    nothing_ticked = admin_client.post(url("hours-copy", clinician), {})
    assert nothing_ticked.status_code == 422
    assert "Tick the days" in nothing_ticked.content.decode()


AWAY = {"kind": "AWAY", "first_on": "2026-12-01", "last_on": "2026-12-03", "reason": "Leave"}


def test_being_away_is_saved_for_each_day(admin_client, clinician):
    assert admin_client.post(url("exception-add", clinician), AWAY).status_code == 302
    days = ShiftException.objects.order_by("on").values_list("on", flat=True)
    assert list(days) == [date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3)]


def test_the_list_shows_changes_from_today(admin_client, clinician):
    for day, reason in ((date(2026, 11, 21), "Past"), (date(2026, 11, 23), "Coming")):
        ShiftException.objects.create(practitioner=clinician, kind="AWAY", on=day, reason=reason)
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        admin_client.force_login(UserFactory(admin=True))
        text = admin_client.get(url("hours", clinician)).content.decode()
    assert "Coming" in text
    assert "Past" not in text


def extra(site, **fields):
    return {
        "kind": "EXTRA",
        "first_on": "2026-12-05",
        "site": site.pk,
        "starts": "09:00",
        "ends": "12:00",
        **fields,
    }


def test_extra_hours_are_saved_and_taken_back(admin_client, clinician, site):
    assert admin_client.post(url("exception-add", clinician), extra(site)).status_code == 302
    change = ShiftException.objects.get()
    assert (change.kind, change.starts, change.site) == ("EXTRA", time(9), site)
    again = admin_client.post(url("exception-add", clinician), extra(site))
    assert again.status_code == 422
    assert "works already from 09:00 to 12:00" in again.content.decode()
    back = reverse("clinic:exception-remove", args=[change.pk])
    assert admin_client.post(back).url == url("hours", clinician)
    assert not ShiftException.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"first_on": ""}, "First day is missing"),
        ({"first_on": "31 Feb 2026"}, "must be a real date"),
        ({"last_on": "2026-11-30"}, "must not be before the first"),
        ({"last_on": "2030-01-01"}, "Enter a year at most"),
        ({"last_on": "soon"}, "must be a real date"),
        ({"starts": "09:00"}, "Enter both times"),
        ({"ends": "09:00"}, "Enter both times"),
        ({"starts": "12:00", "ends": "09:00"}, "must end after it starts"),
        ({"starts": "noon"}, "like 09:30"),
        ({"kind": "EXTRA"}, "Choose the site of the extra hours"),
        ({"kind": "EXTRA"}, "from when to when"),
        ({"kind": "EXTRA"}, "Extra hours are for one day"),
        ({"kind": "HOLIDAY"}, "Select a valid choice"),
    ],
)
def test_a_wrong_change_is_answered_with_what_was_typed(admin_client, clinician, fields, says):
    answer = admin_client.post(url("exception-add", clinician), {**AWAY, **fields})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="Leave"' in answer.content.decode()
    assert not ShiftException.objects.exists()


def test_an_absence_lists_the_bookings_it_touches_before_it_is_saved(admin_client, clinician, site):
    asked = []

    def touched(practitioner, at_site, begins, ends):
        asked.append((practitioner, at_site, begins, ends))
        return [
            TouchedAppointment(
                begins, "Leila Marchetti", "Session 3 of 8", "Petra Lindqvist", "/there/"
            )
        ]

    register_touched_by_absence(touched)
    add = url("exception-add", clinician)
    half_day = {**AWAY, "last_on": "", "starts": "09:00", "ends": "12:00"}
    first = admin_client.post(add, half_day)
    text = first.content.decode()
    assert first.status_code == 422
    assert "1 appointment is booked then" in text
    assert "Leila Marchetti" in text
    assert "Save anyway, keep this 1 on the follow-ups list" in text
    assert not ShiftException.objects.exists()
    begins = datetime(2026, 12, 1, 9, tzinfo=site.zone)
    assert asked == [(clinician, site, begins, begins.replace(hour=12))]
    assert admin_client.post(add, {**half_day, "seen": "1"}).status_code == 302
    assert ShiftException.objects.count() == 1


def test_only_practitioners_have_hours(admin_client, reception):
    assert admin_client.get(url("hours", reception)).status_code == 404
    left = UserFactory(clinician=True, is_active=False)
    assert admin_client.get(url("hours", left)).status_code == 404
