"""The writes of the clinic app."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError

from clinic import actions
from clinic.models import ClinicProfile, Closure, Shift, ShiftException, Site
from meso_clinic.core.audit import Kind
from meso_clinic.core.models import AuditEvent
from tests.factories.clinic import (
    ClosureFactory,
    RoomFactory,
    ShiftFactory,
    SiteFactory,
    works_every_day,
)
from tests.factories.core import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(admin, at):
    return {"by": admin, "at": at}


def last_audit():
    return AuditEvent.objects.order_by("pk").last()


def test_the_profile_is_changed_and_audited(by, clinic_profile):
    actions.change_profile(name="Harbour Clinic", late_after_minutes=5, **by)
    clinic_profile.refresh_from_db()
    assert (clinic_profile.name, clinic_profile.late_after_minutes) == ("Harbour Clinic", 5)
    assert clinic_profile.phone == "020 7946 0142"
    line = last_audit()
    assert (line.kind, line.by, line.at) == (Kind.CLINIC_CHANGED, by["by"], by["at"])


def test_a_profile_that_breaks_a_rule_is_refused(by, clinic_profile):
    with pytest.raises(ValidationError, match="Late must come before no-show"):
        actions.change_profile(late_after_minutes=60, **by)


def test_a_new_clinic_is_set_up_with_its_first_site(at):
    admin = UserFactory(admin=True)
    site = actions.set_up_clinic(
        name="Harbour Clinic",
        phone="020 7946 0142",
        country="PT",
        site_name="Quay",
        timezone="Europe/Lisbon",
        by=admin,
        at=at,
    )
    assert ClinicProfile.objects.get().country == "PT"
    assert Site.objects.get() == site


def test_a_site_is_added_and_changed(by):
    site = actions.add_site(name="Harbour", timezone="Europe/Lisbon", **by)
    assert last_audit().kind == Kind.SITE_CHANGED
    actions.change_site(site=site, name="Quay", **by)
    site.refresh_from_db()
    assert (site.name, site.timezone) == ("Quay", "Europe/Lisbon")


def test_a_site_needs_a_real_time_zone(by):
    with pytest.raises(ValidationError):
        actions.add_site(name="Harbour", timezone="Europe/Atlantis", **by)


def test_a_site_with_working_hours_is_not_switched_off(by, site):
    SiteFactory()
    works_every_day(UserFactory(clinician=True, first_name="Ines", last_name="Halloran"), site)
    with pytest.raises(actions.SiteInUse) as in_use:
        actions.change_site(site=site, is_active=False, **by)
    assert in_use.value.args[0] == ["Ines Halloran"]
    site.refresh_from_db()
    assert site.is_active


def test_the_last_site_is_not_switched_off(by, site):
    with pytest.raises(actions.LastSite):
        actions.change_site(site=site, is_active=False, **by)
    other = SiteFactory()
    assert not actions.change_site(site=site, is_active=False, **by).is_active
    with pytest.raises(actions.LastSite):
        actions.change_site(site=other, is_active=False, **by)


def test_a_room_is_added_renamed_and_switched_off(by, site):
    room = actions.add_room(site=site, name="Room 1", **by)
    changed = actions.change_room(room=room, name="Blue room", is_active=False, **by)
    room.refresh_from_db()
    assert (room.name, room.is_active) == ("Blue room", False)
    assert changed == room
    assert last_audit().kind == Kind.ROOM_CHANGED


def test_two_rooms_of_one_site_have_two_names(by, site):
    RoomFactory(site=site, name="Room 1")
    other = RoomFactory(site=site, name="Room 2")
    with pytest.raises(ValidationError, match="has a room of that name"):
        actions.add_room(site=site, name="Room 1", **by)
    with pytest.raises(ValidationError, match="has a room of that name"):
        actions.change_room(room=other, name="Room 1", is_active=True, **by)


def add(practitioner, site, by, starts, ends, weekday=0):
    return actions.add_shift(
        practitioner=practitioner, site=site, weekday=weekday, starts=starts, ends=ends, **by
    )


def test_hours_are_added_and_removed(by, site, clinician):
    shift = add(clinician, site, by, time(9), time(13))
    add(clinician, site, by, time(13), time(17))
    assert last_audit().kind == Kind.HOURS_CHANGED
    actions.remove_shift(shift=shift, **by)
    assert [kept.starts for kept in clinician.shifts.all()] == [time(13)]


def test_nobody_works_at_two_sites_at_once(by, site, clinician):
    add(clinician, site, by, time(9), time(13))
    with pytest.raises(actions.HoursOverlap) as clash:
        add(clinician, SiteFactory(), by, time(12), time(16))
    assert clash.value.args == (time(9), time(13))
    add(UserFactory(clinician=True), site, by, time(12), time(16))
    add(clinician, site, by, time(12), time(16), weekday=1)


def test_hours_that_end_before_they_start_are_refused(by, site, clinician):
    with pytest.raises(ValidationError, match="must end after"):
        add(clinician, site, by, time(13), time(9))


def test_monday_replaces_the_hours_of_the_chosen_days(by, site, clinician):
    ShiftFactory(practitioner=clinician, site=site, starts=time(9), ends=time(12))
    ShiftFactory(practitioner=clinician, site=site, starts=time(13), ends=time(17))
    ShiftFactory(practitioner=clinician, site=site, weekday=1, starts=time(7), ends=time(8))
    kept = ShiftFactory(practitioner=clinician, site=site, weekday=5, starts=time(7), ends=time(8))
    made = actions.copy_weekday(practitioner=clinician, source=0, weekdays=[0, 1, 2], **by)
    assert made == 4
    for weekday in (0, 1, 2):
        hours = clinician.shifts.filter(weekday=weekday).order_by("starts")
        assert [(shift.starts, shift.ends) for shift in hours] == [
            (time(9), time(12)),
            (time(13), time(17)),
        ]
    assert clinician.shifts.get(weekday=5) == kept
    assert Shift.objects.count() == 7


def test_being_away_for_days_makes_a_change_for_each(by, clinician):
    made = actions.mark_away(
        practitioner=clinician,
        first_on=date(2026, 12, 30),
        last_on=date(2027, 1, 2),
        reason="Leave",
        **by,
    )
    assert [change.on.day for change in made] == [30, 31, 1, 2]
    assert {change.kind for change in clinician.shift_exceptions.all()} == {"AWAY"}


def test_being_away_until_before_it_begins_is_refused(by, clinician):
    day = date(2026, 12, 30)
    with pytest.raises(ValidationError, match="must end after it starts"):
        actions.mark_away(
            practitioner=clinician, first_on=day, last_on=day, starts=time(12), ends=time(9), **by
        )


def test_extra_hours_do_not_overlap_and_can_be_taken_back(by, site, clinician):
    def extra(starts, ends, **more):
        return actions.add_extra_hours(
            practitioner=clinician,
            site=site,
            on=date(2026, 12, 5),
            starts=starts,
            ends=ends,
            **by,
            **more,
        )

    change = extra(time(9), time(12), reason="Catching up")
    with pytest.raises(actions.HoursOverlap):
        extra(time(11), time(13))
    extra(time(12), time(13))
    actions.remove_exception(exception=change, **by)
    assert ShiftException.objects.get().starts == time(12)
    extra(time(9), time(12))


def close(sites, by, first=date(2026, 12, 24), last=date(2026, 12, 31), reason="Winter break"):
    return actions.close_days(sites=sites, starts_on=first, ends_on=last, reason=reason, **by)


def test_several_sites_are_closed_at_once_and_each_only_once(by, site):
    other = SiteFactory()
    assert len(close([site], by)) == 1
    assert [closure.site for closure in close([site, other], by)] == [other]
    with pytest.raises(actions.NoClosureNeeded):
        close([site, other], by)
    assert Closure.objects.count() == 2


def test_a_closure_that_ends_before_it_starts_is_refused(by, site):
    with pytest.raises(ValidationError, match="must not be before"):
        close([site], by, last=date(2026, 12, 1))
    assert not Closure.objects.exists()


def test_a_closure_is_removed_and_audited(by, site):
    closure = ClosureFactory(site=site, starts_on="2026-12-24", ends_on="2026-12-24")
    named = f"clinic.closure:{closure.pk}"
    actions.remove_closure(closure=closure, **by)
    assert not Closure.objects.exists()
    assert (last_audit().kind, last_audit().target) == (Kind.CLOSURE_REMOVED, named)


def test_taking_over_public_holidays_twice_changes_nothing(by, site):
    days = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): "Boxing Day"}
    other = SiteFactory()
    made = actions.close_public_holidays(sites=[site, other], holidays=days, **by)
    assert len(made) == 4
    assert all(closure.is_public_holiday for closure in made)
    assert actions.close_public_holidays(sites=[site, other], holidays=days, **by) == []
    renamed = {date(2026, 12, 25): "First day of Christmas"}
    assert actions.close_public_holidays(sites=[site], holidays=renamed, **by) == []
    assert Closure.objects.count() == 4


def test_a_closure_entered_by_hand_under_the_same_name_stays(by, site):
    day = date(2026, 12, 25)
    ClosureFactory(site=site, starts_on=day, ends_on=day, reason="Christmas Day")
    made = actions.close_public_holidays(sites=[site], holidays={day: "Christmas Day"}, **by)
    assert made == []


def test_a_longer_closure_of_the_same_reason_lengthens_the_one_entered(site, admin):
    first, at = date(2027, 8, 2), datetime(2026, 11, 26, 9, tzinfo=UTC)
    told = {"sites": [site], "starts_on": first, "reason": "Refit", "by": admin, "at": at}
    actions.close_days(ends_on=date(2027, 8, 3), **told)
    actions.close_days(ends_on=date(2027, 8, 13), **told)
    assert [closure.ends_on for closure in site.closures.all()] == [date(2027, 8, 13)]
