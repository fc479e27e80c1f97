"""What the database itself refuses about the waiting list."""

import pytest
from django.db import IntegrityError, transaction

from sessions.models import ScheduleChange, WaitlistCall, WaitlistEntry
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import AT
from tests.factories.waiting import WaitlistEntryFactory
from tests.sessions.breaking import broken

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return WaitlistEntryFactory()


@pytest.fixture
def visit(entry):
    return WaitlistEntryFactory(
        kind="CONSULTATION",
        session=None,
        minutes=30,
        patient=PatientFactory(),
        site=entry.site,
    )


def change(entry, **fields):
    return lambda: WaitlistEntry.objects.filter(pk=entry.pk).update(**fields)


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.mark.parametrize(
    "fields",
    [{"session": None}, {"kind": "REVIEW"}, {"minutes": 30}, {"kind": "REVIEW", "minutes": 30}],
)
def test_a_session_is_waited_for_as_one(entry, fields):
    assert broken("waitlist_entry_says_what_for", change(entry, **fields)) is True


@pytest.mark.parametrize("fields", [{"minutes": None}, {"minutes": 4}, {"kind": "SESSION"}])
def test_a_visit_says_how_long_it_takes(visit, fields):
    refused(change(visit, **fields))


def test_a_session_waits_once(entry):
    again = {"session": entry.session, "added_by": entry.added_by}
    refused(lambda: WaitlistEntryFactory(**again))
    change(entry, ended="WITHDRAWN", ended_at=AT, ended_by=entry.added_by)()
    WaitlistEntryFactory(**again)


def test_a_patient_waits_once_for_a_kind_of_visit(visit):
    again = {"session": None, "minutes": 15, "patient": visit.patient, "site": visit.site}
    refused(lambda: WaitlistEntryFactory(kind="CONSULTATION", added_by=visit.added_by, **again))
    WaitlistEntryFactory(kind="REVIEW", added_by=visit.added_by, **again)


@pytest.mark.parametrize(
    "fields",
    [
        {"ended_at": AT},
        {"ended": "WITHDRAWN"},
        {"ended": "WITHDRAWN", "ended_at": AT},
        {"ended": "NOT_POSSIBLE"},
        {"ended": "GONE", "ended_at": AT},
    ],
)
def test_an_end_says_when_and_by_whom(entry, fields):
    assert broken("waitlist_entry_ended_says_when_and_by_whom", change(entry, **fields)) is True


def test_what_ended_by_itself_has_nobody(entry):
    change(entry, ended="NOT_POSSIBLE", ended_at=AT)()
    entry.refresh_from_db()
    assert not entry.is_open


def test_booked_names_the_act_and_nothing_else_does(entry):
    by = UserFactory()
    act = ScheduleChange.objects.create(
        key="6f2d3c9e-0000-4000-8000-000000000001", kind="BOOKED", at=AT, by=by
    )
    ended = {"ended": "BOOKED", "ended_at": AT, "ended_by": by}
    name = "waitlist_entry_booked_names_the_act"
    assert broken(name, change(entry, **ended)) is True
    assert broken(name, change(entry, change=act)) is True
    change(entry, **ended, change=act)()


def test_nobody_needs_more_than_a_fortnights_notice(entry):
    name = "waitlist_entry_needs_a_fortnights_notice_at_most"
    assert broken(name, change(entry, notice_hours=337)) is True


def test_rows_say_which_they_are_without_a_name(entry):
    call = WaitlistCall.objects.create(entry=entry, at=AT, by=entry.added_by)
    assert str(entry) == f"waitlist entry {entry.pk}"
    assert str(call) == f"call {call.pk} about waitlist entry {entry.pk}"
