"""Two people at one list: one wins, the other gets a sentence."""

from uuid import uuid4

import pytest
from django.db import transaction

from meso_clinic.core.models import AuditEvent
from sessions.actions.booking import SlotTaken
from sessions.actions.waiting import WaitlistRefused, book_entry
from sessions.models import Appointment, WaitlistEntry
from tests.at_once import at_once
from tests.sessions.desk import Desk
from tests.sessions.waiting.conftest import Waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk():
    with transaction.atomic():
        desk = Desk()
        Waits(desk).started(desk)
        desk.now = desk.moment(1, "8:00")
    return desk


def book(desk, entry):
    return lambda: book_entry(
        entry=entry,
        practitioner=desk.practitioner,
        room=desk.room,
        starts_at=desk.moment(7),
        key=uuid4(),
        by=desk.reception,
        at=desk.now,
    )


def test_of_two_patients_booked_for_one_time_at_once_one_gets_it(desk):
    waits = Waits(desk)
    with transaction.atomic():
        other = waits.started(desk.neighbour(), clock="12:00", first="10:00")
        entries = [waits.add(desk), waits.add(other)]
    answers = at_once(*(book(desk, entry) for entry in entries))
    assert {type(answer) for answer in answers} == {WaitlistEntry, SlotTaken}, answers
    (lost,) = [answer for answer in answers if isinstance(answer, SlotTaken)]
    assert lost.problem.startswith("10:00 was taken a moment ago. Next free: ")
    assert Appointment.objects.live().filter(starts_at=desk.moment(7)).count() == 1
    assert WaitlistEntry.objects.filter(ended="BOOKED").count() == 1


def test_of_two_people_who_book_one_patient_at_once_one_is_told(desk):
    with transaction.atomic():
        entry = Waits(desk).add(desk)
    answers = at_once(*(book(desk, entry) for _ in range(2)))
    assert {type(answer) for answer in answers} == {WaitlistEntry, WaitlistRefused}, answers
    assert AuditEvent.objects.filter(kind="waitlist.booked").count() == 1


def test_of_two_people_who_add_one_session_at_once_one_is_told(desk):
    waits = Waits(desk)
    answers = at_once(*(lambda: waits.add(desk) for _ in range(2)))
    assert {type(answer) for answer in answers} == {WaitlistEntry, WaitlistRefused}, answers
    assert WaitlistEntry.objects.count() == 1
