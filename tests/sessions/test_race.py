"""The booking guarantee, in earnest: many at once want the same time, and one gets it."""

import json
import subprocess
import sys
from collections import Counter
from itertools import combinations
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from meso_clinic.core.models import AuditEvent
from sessions.actions.booking import BookingRefused, Placement, book_session, place_sessions
from sessions.actions.status import StatusRefused, cancel_appointment, undo_status
from sessions.actions.visits import book_visit
from sessions.models import Appointment, ScheduleChange, TreatmentSession
from tests.at_once import at_once, refused
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
    """Let every wish run in a process of its own; return what came of each, with its words or key."""
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
    return [(name, words) for _number, name, words in json.loads(done.stdout)]


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


def chain_wish(desk, afters, *, clock="10:00", key=None):
    """Return the wish to place all sessions of `desk` in one act, on these days."""
    places = [
        wish(desk, session=desk.session(n).pk, starts_at=desk.moment(after, clock).isoformat())
        for n, after in enumerate(afters, start=1)
    ]
    return wish(desk, act="place", places=places, key=str(key or uuid4()))


def overlaps():
    """Return the pairs of live appointments that share a moment and a person or a room."""
    live = list(Appointment.objects.live())
    return [
        (one, other)
        for one, other in combinations(live, 2)
        if (
            one.held_from < other.held_until
            and other.held_from < one.held_until
            and (one.practitioner_id == other.practitioner_id or one.room_id == other.room_id)
        )
        or (
            one.starts_at < other.ends_at
            and other.starts_at < one.ends_at
            and one.patient_id == other.patient_id
        )
    ]


def visit_wish(desk, **changes):
    """Return the wish to give the patient of `desk` a review."""
    return wish(
        desk, act="visit", patient=desk.course.patient_id, **{"key": str(uuid4()), **changes}
    )


def test_of_talks_and_sessions_at_one_time_exactly_one_wins(desk):
    rivals = rivals_of(desk, 20)
    answers = race(
        [wish(rival) for rival in rivals[:10]] + [visit_wish(one) for one in rivals[10:]]
    )
    outcomes = Counter(name for name, _words in answers)
    assert outcomes["SlotTaken"] == 19, answers
    assert outcomes["Appointment"] + outcomes["ScheduleChange"] == 1
    assert Appointment.objects.live().count() == 1


def test_a_talk_sent_twelve_times_with_one_key_is_booked_once(desk):
    answers = race([visit_wish(desk, key=str(uuid4()))] * 12)
    change = ScheduleChange.objects.get()
    assert answers == [("ScheduleChange", change.pk)] * 12
    assert AuditEvent.objects.filter(kind="visit.booked").count() == 1


def test_of_talks_that_move_to_one_time_exactly_one_gets_there(desk):
    rivals = rivals_of(desk, 6)
    held = []
    with transaction.atomic():
        for n, one in enumerate(rivals):
            change = book_visit(
                kind="REVIEW",
                patient=one.course.patient,
                practitioner=one.practitioner,
                room=one.room,
                starts_at=one.moment(1 + n),
                minutes=30,
                key=uuid4(),
                by=one.reception,
                at=one.now,
            )
            held.append(change.lines.get().appointment)
    moves = [
        wish(one, act="move", appointment=place.pk, key=str(uuid4()))
        for one, place in zip(rivals, held, strict=True)
    ]
    answers = race(moves)
    outcomes = Counter(name for name, _words in answers)
    assert outcomes == {"ScheduleChange": 1, "SlotTaken": 5}, answers
    assert overlaps() == []
    assert Appointment.objects.live().count() == 6


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


def test_a_course_sent_twenty_times_with_one_key_is_booked_once(desk):
    answers = race([chain_wish(desk, (0, 7, 14), key=uuid4())] * 20)
    change = ScheduleChange.objects.get()
    assert answers == [("ScheduleChange", change.pk)] * 20
    assert change.lines.count() == 3
    assert Appointment.objects.live().count() == Appointment.objects.count() == 3
    assert AuditEvent.objects.filter(kind="session.booked").count() == 3


def test_of_two_courses_that_meet_one_is_booked_whole_and_one_not_at_all(desk):
    (rival,) = rivals_of(desk, 1)
    # They want the same time for the last session of one and the first of the other.
    answers = race([chain_wish(desk, (0, 7, 14)), chain_wish(rival, (14, 21, 28))])
    assert sorted(name for name, _words in answers) == ["ScheduleChange", "SlotTaken"], answers
    booked = [
        Appointment.objects.live().filter(session__course=one.course).count()
        for one in (desk, rival)
    ]
    assert sorted(booked) == [0, 3]
    assert ScheduleChange.objects.count() == 1


REFUSALS = {
    "BookingRefused",
    "LateReasonMissing",
    "LeavesLate",
    "SlotTaken",
    "StatusRefused",
    "NoClosureNeeded",
}


def test_a_hundred_writers_of_all_kinds_lose_nothing(desk):
    """Sixty moves of whole courses, thirty cancellations and ten closed days, all at once."""
    clocks = [f"{hour}:00" for hour in range(9, 15)]
    people = rivals_of(desk, 12)
    with transaction.atomic():
        for n, one in enumerate(people):
            days = (n // 6, n // 6 + 8, n // 6 + 16)
            place_sessions(
                placements=[
                    Placement(
                        one.session(number),
                        one.practitioner,
                        one.room,
                        one.moment(day, clocks[n % 6]),
                    )
                    for number, day in enumerate(days, start=1)
                ],
                key=uuid4(),
                by=one.reception,
                at=one.now,
            )
    at_first = set(ScheduleChange.objects.values_list("pk", flat=True))
    moves = [
        chain_wish(
            people[n % 12],
            (n % 4, n % 4 + 8, n % 4 + 16),
            clock=clocks[(n % 12 + 1 + n // 12) % 6],
        )
        for n in range(60)
    ]
    cancels = [
        wish(one, act="cancel", appointment=one.place(number).pk)
        for one in people[:10]
        for number in (1, 2, 3)
    ]
    closes = [
        wish(desk, act="close", site=desk.site.pk, on=f"{desk.day(after):%Y-%m-%d}")
        for after in (2, 3, 10, 11, 18, 19, 2, 3, 10, 11)
    ]
    answers = race(moves + cancels + closes)
    outcomes = Counter(name for name, _words in answers)
    assert outcomes.keys() <= REFUSALS | {"ScheduleChange", "Appointment", "Closure"}, answers
    assert (outcomes["Closure"], outcomes["Appointment"]) == (6, 30)
    assert outcomes["ScheduleChange"]
    assert overlaps() == []
    # Whoever was told "done" finds it in the database, and nobody else does.
    moved = {key for name, key in answers if name == "ScheduleChange"}
    assert set(ScheduleChange.objects.values_list("pk", flat=True)) == moved | at_first
    cancelled = {key for name, key in answers if name == "Appointment"}
    ended = Appointment.objects.filter(status="CANCELLED").values_list("pk", flat=True)
    assert set(ended) == cancelled
    for appointment in Appointment.objects.live():
        # An act is numbered before it waits for the places it takes, a line once it has them.
        last = appointment.changes.latest("pk")
        assert (appointment.starts_at, appointment.room_id) == (last.starts_at, last.room_id)
    booked = TreatmentSession.objects.filter(status="BOOKED").values_list("pk", flat=True)
    assert set(booked) == set(Appointment.objects.live().values_list("session", flat=True))


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
    works = (restless(rival, number) for number, rival in enumerate(rivals))
    assert refused(at_once(*works)) == []
    assert overlaps() == []
    assert outcomes["booked"] >= 1
    assert sum(outcomes.values()) >= 24
    live = set(Appointment.objects.live().values_list("session", flat=True))
    booked = set(TreatmentSession.objects.filter(status="BOOKED").values_list("pk", flat=True))
    assert live == booked
