"""What the database itself refuses."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clinic.models import ClinicProfile, ShiftException, validate_timezone
from tests.factories.clinic import (
    ClinicProfileFactory,
    ClosureFactory,
    RoomFactory,
    ShiftFactory,
    SiteFactory,
)
from tests.factories.core import UserFactory

pytestmark = pytest.mark.django_db


def refused(name, make):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    assert name in str(error.value) or "UNIQUE" in str(error.value)


def test_there_is_one_profile():
    ClinicProfileFactory()
    refused("clinic_profile_is_one_row", lambda: ClinicProfile(pk=2, name="B", phone="1").save())


def test_late_comes_before_no_show():
    refused(
        "late_comes_before_no_show",
        lambda: ClinicProfileFactory(late_after_minutes=30, no_show_after_minutes=20),
    )


def test_a_site_has_no_two_rooms_of_one_name():
    room = RoomFactory(name="Room 1")
    RoomFactory(name="Room 1")
    refused("room_name", lambda: RoomFactory(site=room.site, name="Room 1"))


def test_working_hours_end_after_they_start():
    refused("shift_ends", lambda: ShiftFactory(starts=time(10), ends=time(10)))
    refused("shift_is_on_a_weekday", lambda: ShiftFactory(weekday=7))


def test_the_same_hours_are_not_entered_twice():
    shift = ShiftFactory()
    refused(
        "shift_starts_once", lambda: ShiftFactory(practitioner=shift.practitioner, site=shift.site)
    )


def exception(**fields):
    person = UserFactory(clinician=True)
    defaults = {"practitioner": person, "kind": "AWAY", "on": date(2026, 12, 1)}
    return ShiftException.objects.create(**{**defaults, **fields})


@pytest.mark.parametrize(
    "times",
    [
        {"starts": time(12), "ends": time(10)},
        {"starts": time(12)},
        {"ends": time(12)},
    ],
)
def test_times_of_a_change_come_in_pairs_and_in_order(times):
    refused("shift_exception_ends_after_it_starts", lambda: exception(**times))


def test_extra_hours_say_where_and_when():
    refused("extra_hours", lambda: exception(kind="EXTRA"))
    refused("extra_hours", lambda: exception(kind="EXTRA", starts=time(9), ends=time(10)))
    refused("extra_hours", lambda: exception(kind="EXTRA", site=SiteFactory()))


def test_a_closure_ends_after_it_starts_and_is_entered_once():
    day = date(2026, 12, 24)
    refused("closure_ends", lambda: ClosureFactory(starts_on=day, ends_on=date(2026, 12, 23)))
    closure = ClosureFactory(starts_on=day, ends_on=day)
    refused(
        "closure_is_entered_once",
        lambda: ClosureFactory(site=closure.site, starts_on=day, ends_on=day),
    )


def test_a_time_zone_is_one_of_the_list():
    validate_timezone("Europe/Lisbon")
    for name in ("Europe/Atlantis", "", "../etc"):
        with pytest.raises(ValidationError, match="like Europe/London"):
            validate_timezone(name)
