"""The booking guarantee, in earnest: many at once want the same time, and one gets it."""

import json
import subprocess
import sys
import threading
from collections import Counter
from itertools import combinations

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from meso_clinic.core.models import AuditEvent
from sessions.actions.booking import BookingRefused, book_session
from sessions.actions.status import StatusRefused, cancel_appointment, undo_status
from sessions.models import Appointment, TreatmentSession
from tests.factories.clinic import RoomFactory, works_every_day
from tests.factories.core import UserFactory
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db(transaction=True)

RIVALS = 50


@pytest.fixture
def desk():
    with transaction.atomic():
        return Desk(total_sessions=3, initial_sessions=3)


def rivals_of(desk, count):
    """Return the desks of `count` other patients who all want what `desk` has to give."""
    shared = {
        "indication": desk.course.indication,
        "total_sessions": 3,
        "initial_sessions": 3,
        "session_minutes": 50,
    }
    with transaction.atomic():
        return [desk.neighbour(**shared) for _ in range(count)]


def race(wishes):
    """Let every wish run in a process of its own; return what happened to each, with its words."""
    task = {"database": str(connection.settings_dict["NAME"]), "wishes": wishes}
    done = subprocess.run(
        [sys.executable, "-m", "tests.sessions.race_worker"],
        cwd=settings.BASE_DIR,
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def wish(desk, **changes):
    return {
        "session": desk.session(1).pk,
        "practitioner": desk.practitioner.pk,
        "room": desk.room.pk,
        "by": desk.reception.pk,
        "starts_at": desk.moment(0).isoformat(),
        "at": desk.now.isoformat(),
        **changes,
    }


def overlaps():
    """Return the pairs of live appointments that share a moment and a person or a room."""
    live = list(Appointment.objects.live())
    return [
        (one, other)
        for one, other in combinations(live, 2)
        if one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        and (
            one.practitioner_id == other.practitioner_id
            or one.room_id == other.room_id
            or one.patient_id == other.patient_id
        )
    ]


def test_of_fifty_bookings_of_one_time_exactly_one_wins(desk):
    answers = race([wish(rival) for rival in rivals_of(desk, RIVALS)])
    outcomes = Counter(name for name, _words in answers)
    assert outcomes == {"Appointment": 1, "SlotTaken": RIVALS - 1}, answers
    words = {words for name, words in answers if name == "SlotTaken"}
    assert words == {"10:00 was taken a moment ago. Next free: 10:50."}
    place = Appointment.objects.get()
    assert place.status == "BOOKED"
    assert TreatmentSession.objects.get(status="BOOKED").pk == place.session_id
    assert AuditEvent.objects.filter(kind="session.booked").count() == 1


def test_one_room_is_not_given_to_two_practitioners_at_once(desk):
    rivals = rivals_of(desk, 8)
    with transaction.atomic():
        people = [UserFactory(clinician=True) for _ in rivals]
        for person in people:
            works_every_day(person, desk.site)
    answers = race(
        [wish(rival, practitioner=person.pk) for rival, person in zip(rivals, people, strict=True)]
    )
    assert Counter(name for name, _words in answers) == {"Appointment": 1, "SlotTaken": 7}
    assert Appointment.objects.live().count() == 1


def test_one_practitioner_is_not_sent_to_two_rooms_at_once(desk):
    rivals = rivals_of(desk, 8)
    with transaction.atomic():
        rooms = [RoomFactory(site=desk.site) for _ in rivals]
    answers = race([wish(rival, room=room.pk) for rival, room in zip(rivals, rooms, strict=True)])
    assert Counter(name for name, _words in answers) == {"Appointment": 1, "SlotTaken": 7}
    assert Appointment.objects.live().count() == 1


def test_a_click_sent_eight_times_books_once(desk):
    answers = race([wish(desk)] * 8)
    assert Counter(name for name, _words in answers) == {"Appointment": 8}
    assert Appointment.objects.get().session_id == desk.session(1).pk


def in_threads(*works):
    """Run each of `works` in a thread of its own, all from one moment on; return what they raised."""
    start, raised = threading.Barrier(len(works)), []

    def run(work):
        try:
            start.wait(30)
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return raised


def test_moves_and_cancellations_at_once_leave_no_overlap(desk):
    clocks = ["10:00", "10:25", "10:50", "11:15"]
    outcomes = Counter()

    def restless(rival, place_in_line):
        def work():
            for turn in range(4):
                try:
                    place = book_session(
                        session=rival.session(1),
                        practitioner=rival.practitioner,
                        room=rival.room,
                        starts_at=rival.moment(0, clocks[(place_in_line + turn) % 4]),
                        by=rival.reception,
                        at=rival.now,
                    )
                    outcomes["booked"] += 1
                    if (place_in_line + turn) % 2:
                        cancel_appointment(
                            appointment=place, reason="CLINIC", by=rival.reception, at=rival.now
                        )
                        undo_status(appointment=place, by=rival.reception, at=rival.now)
                        outcomes["undone"] += 1
                except (BookingRefused, StatusRefused) as refusal:
                    outcomes[type(refusal).__name__] += 1

        return work

    rivals = rivals_of(desk, 6)
    raised = in_threads(*(restless(rival, number) for number, rival in enumerate(rivals)))
    assert raised == []
    assert overlaps() == []
    assert outcomes["booked"] >= 1
    assert sum(outcomes.values()) >= 24
    live = set(Appointment.objects.live().values_list("session", flat=True))
    booked = set(TreatmentSession.objects.filter(status="BOOKED").values_list("pk", flat=True))
    assert live == booked
