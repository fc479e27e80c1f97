"""The check of the whole schedule: a clinic at work passes, and each broken promise is named."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from meso_clinic.core.models import AuditEvent
from sessions.actions.checking import MOST_KEPT, run_schedule_check
from sessions.actions.status import cancel_appointment, mark_no_show
from sessions.actions.stopping import stop_course
from sessions.domain.facts import same_day_next_month
from sessions.domain.holds import WEEK_STEPS, Hold, busy_weeks, overlaps
from sessions.models import (
    Appointment,
    BusyWeek,
    ScheduleCheck,
    TreatmentSession,
)
from sessions.selectors.checking import find_violations, follow_up_words
from tests.factories.clinic import ClosureFactory, RoomFactory
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.sessions import DeviationFactory
from tests.factories.treatments import AT, AssessmentFactory
from tests.sessions.desk import AWAY, Desk
from treatments.models import Assessment, TreatmentCourse

WEEK_SECONDS = 7 * 24 * 60 * 60


@pytest.fixture
def busy_desk(desk):
    """Two sessions given, the third booked; the rest waits."""
    desk.give(1, 0)
    desk.give(2, 7)
    desk.book(3, 14)
    return desk


@pytest.fixture
def unguarded(db):
    """Let rows be written that the database refuses, until the test's transaction ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _drop_constraints(cursor)
            # After the last change of a table: that is refused while triggers wait for the end.
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            for name in ("session_has_one_live_appointment", *_triggers(cursor)):
                kind = "INDEX" if name == "session_has_one_live_appointment" else "TRIGGER"
                cursor.execute(f"DROP {kind} {connection.ops.quote_name(name)}")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def _triggers(cursor):
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return [name for (name,) in cursor.fetchall()]


def _drop_constraints(cursor):
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for model in (Appointment, TreatmentSession, TreatmentCourse):
        table = model._meta.db_table
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass "
            "AND contype IN ('c', 'x')",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    cursor.execute("DROP INDEX session_has_one_live_appointment")


def found(at=None):
    """Return all violations as of `at`, and the tally."""
    tally = Counter()
    return list(find_violations(at or AT + timedelta(days=300), tally)), tally


def only(fragment):
    """Return the one violation that there is, which says `fragment`."""
    sentences, _tally = found()
    assert [fragment in sentence for sentence in sentences] == [True], sentences
    return sentences[0]


def sessions(desk, number):
    return TreatmentSession.objects.filter(pk=desk.session(number).pk)


def courses(desk):
    return TreatmentCourse.objects.filter(pk=desk.course.pk)


def places(desk, number):
    return Appointment.objects.filter(pk=desk.place(number).pk)


def shift(rows, days):
    """Move appointments by whole days, past all that guards them."""
    span = timedelta(days=days)
    for row in rows:
        rows.filter(pk=row.pk).update(
            starts_at=row.starts_at + span,
            ends_at=row.ends_at + span,
            held_from=row.held_from + span,
            held_until=row.held_until + span,
        )


# A clinic at work


def test_an_empty_clinic_is_in_order(db):
    sentences, tally = found()
    assert sentences == []
    assert tally["courses"] == tally["appointments"] == 0


def test_a_clinic_at_work_is_in_order(busy_desk):
    desk = busy_desk
    doctor = UserFactory(clinician=True)
    late = desk.neighbour(indication=desk.course.indication)
    late.book(1, 0, "11:00")
    late.arrive(1)
    late.deliver(1, 0)
    late.book(2, 13, "11:00", late_reason=AWAY, by=doctor)
    missed = desk.neighbour(indication=desk.course.indication)
    mark_no_show(
        appointment=missed.book(1, 0, "12:00"), by=desk.reception, at=desk.moment(0, "13:00")
    )
    missed.book(1, 1, "12:00", at=desk.moment(1))
    cancelled = desk.neighbour(indication=desk.course.indication)
    cancel_appointment(
        appointment=cancelled.book(1, 0, "14:00"),
        reason="PATIENT",
        by=desk.reception,
        at=desk.now,
    )
    stopped = desk.neighbour(indication=desk.course.indication)
    stopped.book(1, 0, "15:00")
    stop_course(course=stopped.course, reason="Moves away", by=doctor, at=desk.now)
    sentences, tally = found()
    assert sentences == []
    assert tally["courses"] == 5
    assert tally["sessions"] == 40
    assert tally["appointments"] == 9
    assert follow_up_words(tally) == []


def test_monthly_windows_and_a_products_interval_are_counted_alike(db):
    Desk(total_sessions=15, initial_sessions=2, product_min_days=30, first_on=date(2026, 12, 31))
    Desk(total_sessions=5, initial_sessions=1, product_min_days=9, first_on=date(2028, 1, 31))
    assert found()[0] == []


def test_a_skipped_session_passes_the_day_on(busy_desk, unguarded):
    sessions(busy_desk, 4).update(status="SKIPPED")
    DeviationFactory(session=busy_desk.session(4), kind="SKIPPED", days_late=0)
    four = busy_desk.session(4)
    sessions(busy_desk, 5).update(
        earliest_on=four.earliest_on, due_on=four.due_on, latest_on=four.latest_on
    )
    sentences, _tally = found()
    assert not [sentence for sentence in sentences if "session 4" in sentence]
    assert not [sentence for sentence in sentences if "session 5" in sentence]
    # What follows would have to be counted again as well.
    assert [sentence for sentence in sentences if "session 6" in sentence]


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_the_same_day_next_month(day, then):
    assert same_day_next_month(day) == then


# Each promise, broken


def test_too_many_sessions(desk, unguarded):
    courses(desk).update(total_sessions=16)
    sentences, _tally = found()
    assert "has 16 sessions; 3 to 15 are allowed" in sentences[0]
    assert "should have sessions 1 to 16" in sentences[1]


def test_more_first_sessions_than_sessions(desk, unguarded):
    courses(desk).update(initial_sessions=9)
    sentences, _tally = found()
    assert (
        f"Course {desk.course.pk} of {desk.course.patient.record_number} has 9 first"
        in (sentences[0])
    )


@pytest.mark.parametrize(
    ("field", "days", "words"),
    [
        ("initial_max_days", 11, "first gaps of 7 to 11 days"),
        ("monthly_min_days", 27, "monthly gaps of 27 to 35 days"),
    ],
)
def test_gaps_outside_their_limits(desk, unguarded, field, days, words):
    courses(desk).update(**{field: days})
    assert words in found()[0][0]


def test_a_hole_in_the_numbers(desk):
    sessions(desk, 4).delete()
    assert any("it has 1, 2, 3, 5, 6, 7, 8." in sentence for sentence in found()[0])


def test_a_course_without_sessions(desk):
    desk.course.sessions.all().delete()
    assert only("it has none")


def test_a_stored_window_that_the_chain_does_not_give(busy_desk):
    four = busy_desk.session(4)
    sessions(busy_desk, 4).update(latest_on=four.latest_on + timedelta(days=1))
    sentence = only("the stored window is")
    assert f"{four.earliest_on} / {four.due_on} / {four.latest_on}." in sentence
    assert "session 4" in sentence


def test_booked_before_the_window(busy_desk, unguarded):
    shift(places(busy_desk, 3), -1)
    sentences, tally = found()
    words = "session 3: booked for 2026-12-09, 1 day before its window opens on 2026-12-10"
    assert any(words in sentence for sentence in sentences)
    assert tally["booked_early"] == 0


def test_delivered_before_the_window(busy_desk, unguarded):
    sessions(busy_desk, 2).update(delivered_on=busy_desk.day(6))
    shift(places(busy_desk, 2), -1)
    assert any("session 2: delivered on 2026-12-02, 1 day before" in s for s in found()[0])


def test_booked_early_behind_a_session_that_waits_is_to_follow_up(busy_desk):
    busy_desk.book(4, 21)
    at = busy_desk.moment(14, "12:00")
    mark_no_show(appointment=busy_desk.place(3), by=busy_desk.reception, at=at)
    courses(busy_desk).update(product_min_days=8)
    sessions(busy_desk, 3).update(due_on=busy_desk.day(15))
    sentences, tally = found()
    assert not [sentence for sentence in sentences if "session 4: booked" in sentence]
    assert tally["booked_early"] == 1


def test_booked_early_because_the_one_before_was_given_later_is_to_follow_up(busy_desk):
    busy_desk.book(4, 21)
    busy_desk.arrive(3)
    busy_desk.deliver(3, 15)
    sentences, tally = found()
    assert sentences == []
    assert follow_up_words(tally) == [
        "1 booked before their window, because the session before changed",
        "1 delivered on a later day than booked",
    ]


def test_delivered_late_without_a_reason(busy_desk, unguarded):
    busy_desk.book(4, 21)
    sessions(busy_desk, 2).update(delivered_on=busy_desk.day(12))
    sentences, _tally = found()
    assert any("session 2: delivered on 2026-12-08, 2 days after" in s for s in sentences)


def test_delivered_late_with_a_reason_is_in_order(desk):
    desk.give(1, 0)
    desk.book(2, 12, late_reason=AWAY, by=desk.practitioner)
    assert found()[1]["booked_late"] == 0
    desk.arrive(2)
    desk.deliver(2, 12)
    assert found()[0] == []


def test_a_gap_stretched_on_purpose_is_a_reason_too(busy_desk):
    shift(places(busy_desk, 3), 5)
    DeviationFactory(session=busy_desk.session(3), kind="STRETCHED")
    assert found()[1]["booked_late"] == 0


def test_booked_late_without_a_reason_is_to_follow_up(busy_desk):
    shift(places(busy_desk, 3), 5)
    _sentences, tally = found()
    assert follow_up_words(tally) == ["1 booked after their window without a reason"]


def test_done_without_its_day(busy_desk, unguarded):
    sessions(busy_desk, 2).update(delivered_on=None)
    assert any("session 2 is DONE and its day of delivery is empty" in s for s in found()[0])


def test_delivered_without_being_done(busy_desk, unguarded):
    sessions(busy_desk, 3).update(delivered_on=busy_desk.day(14))
    assert only("session 3 is BOOKED and its day of delivery is 2026-12-10")


def test_done_without_an_appointment(busy_desk, unguarded):
    places(busy_desk, 2).update(status="NO_SHOW")
    assert only("session 2 is DONE and has no appointment")


def test_done_on_a_day_before_its_appointment(busy_desk, unguarded):
    shift(places(busy_desk, 2), 1)
    pk = busy_desk.place(2).pk
    assert only(f"delivered on 2026-12-03, but appointment {pk} is on 2026-12-04")


def test_delivered_in_the_future(busy_desk):
    sentences, _tally = found(at=busy_desk.moment(6))
    assert len(sentences) == 1
    assert "session 2: delivered on 2026-12-03, which is still to come" in sentences[0]


def test_a_status_that_its_appointment_denies(busy_desk):
    sessions(busy_desk, 3).update(status="ARRIVED")
    assert only(f"session 3 is ARRIVED, but appointment {busy_desk.place(3).pk} is BOOKED")


def test_a_status_without_an_appointment(busy_desk):
    sessions(busy_desk, 4).update(status="BOOKED")
    assert only("session 4 is BOOKED and has no appointment")


def test_two_live_appointments_of_a_session(busy_desk, unguarded):
    place = busy_desk.place(3)
    place.pk = None
    place.starts_at, place.ends_at = place.ends_at, place.ends_at + timedelta(minutes=50)
    place.held_from, place.held_until = place.starts_at, place.ends_at
    place.save(force_insert=True)
    assert only("session 3 has live appointments")


def test_an_appointment_of_somebody_else(busy_desk, unguarded):
    other = PatientFactory()
    places(busy_desk, 3).update(patient=other)
    assert only(f"belongs to patient {other.pk}, not to {busy_desk.course.patient_id}")


def test_skipped_without_a_reason(busy_desk, unguarded):
    sessions(busy_desk, 8).update(status="SKIPPED")
    assert only("session 8 is SKIPPED without a reason")


def test_delivered_out_of_order(busy_desk, unguarded):
    sessions(busy_desk, 1).update(delivered_on=busy_desk.day(8))
    assert any("not after session 1, delivered on 2026-12-04" in s for s in found()[0])


def test_open_behind_a_delivered_one(busy_desk, unguarded):
    sessions(busy_desk, 1).update(status="BOOKED", delivered_on=None)
    assert any("session 1 is open, but session 2 is delivered" in s for s in found()[0])


def test_a_specialist_who_was_not_asked(desk):
    indication = desk.course.indication
    indication.needs_specialist = True
    indication.save(update_fields=["needs_specialist"])
    assert only("without the specialist consultation")
    seen = AssessmentFactory(
        patient=desk.course.patient,
        indication=indication,
        kind=Assessment.Kind.SPECIALIST,
        assessed_on=AT.date(),
    )
    assert found()[0] == []
    Assessment.objects.filter(pk=seen.pk).update(recorded_at=AT + timedelta(hours=1))
    assert only("without the specialist consultation")


def test_a_draft_waits_for_the_specialist_in_order(db):
    desk = Desk(status="DRAFT", activated_at=None, indication__needs_specialist=True)
    assert found(at=desk.now)[0] == []


def test_an_appointment_to_come_of_an_ended_course(busy_desk, unguarded):
    courses(busy_desk).update(status="DISCONTINUED", ended_at=AT)
    sentences, _tally = found(at=busy_desk.moment(8))
    assert len(sentences) == 1
    assert "the course is DISCONTINUED, but appointment" in sentences[0]


def test_an_appointment_that_is_not_held_for_all_of_its_time(busy_desk, unguarded):
    place = busy_desk.place(3)
    places(busy_desk, 3).update(held_until=place.ends_at - timedelta(minutes=5))
    assert only(f"Appointment {place.pk} of {place.patient.record_number} is not held")


def test_an_appointment_that_ends_before_it_begins(busy_desk, unguarded):
    place = busy_desk.place(3)
    places(busy_desk, 3).update(ends_at=place.starts_at - timedelta(minutes=5))
    assert only("does not end after it begins")


@pytest.mark.parametrize("shared", ["practitioner", "room", "patient"])
def test_two_appointments_at_once(busy_desk, unguarded, shared):
    place = busy_desk.place(3)
    other = Appointment.objects.get(pk=place.pk)
    other.pk, other.kind, other.session = None, Appointment.Kind.REVIEW, None
    other.practitioner, other.patient = UserFactory(clinician=True), PatientFactory()
    other.room = RoomFactory(site=busy_desk.site)
    setattr(other, shared, getattr(place, shared))
    other.starts_at += timedelta(minutes=20)
    other.save(force_insert=True)
    who = f"{shared} {getattr(place, shared).pk}"
    only(f"Appointments {place.pk} and {other.pk} both take {who}")


# The kept weeks


def week_of(place):
    return int(place.held_from.timestamp()) // WEEK_SECONDS


def keep(kind, resource, week, bits, bits_of=0):
    BusyWeek.objects.update_or_create(
        kind=kind,
        resource_id=resource.pk,
        week=week,
        defaults={"bits": bits, "changes": 0, "bits_of": bits_of},
    )


def true_bits(place):
    """Count the steps one by one, as nobody would in earnest."""
    bits = bytearray(WEEK_STEPS // 8)
    for step in range(WEEK_STEPS):
        begins = week_of(place) * WEEK_SECONDS + step * 300
        if begins < place.held_until.timestamp() and begins + 300 > place.held_from.timestamp():
            bits[step // 8] |= 1 << (step % 8)
    return bytes(bits)


@pytest.mark.parametrize(("kind", "who"), [("P", "practitioner"), ("R", "room")])
def test_a_kept_week_that_differs_from_the_appointments(busy_desk, kind, who):
    place = busy_desk.place(3)
    resource = getattr(place, who)
    keep(kind, resource, week_of(place), true_bits(place))
    assert found()[0] == []
    keep(kind, resource, week_of(place), b"\x01")
    assert only(f"Week {week_of(place)} of {who} {resource.pk} is kept as up to date")
    keep(kind, resource, week_of(place), b"\x01", bits_of=-1)
    assert found()[0] == []


@pytest.mark.parametrize("kind", ["P", "R"])
def test_a_kept_week_of_somebody_without_appointments(desk, kind):
    keep(kind, desk.room, 2969, b"")
    assert found()[0] == []
    keep(kind, desk.room, 2969, b"\x01")
    assert only("Week 2969 of")


def test_busy_steps_go_over_the_end_of_a_week():
    sunday = datetime.fromtimestamp(WEEK_SECONDS - 450, UTC)
    weeks = busy_weeks([Hold(1, sunday, sunday + timedelta(minutes=10))])
    assert weeks == {0: 0b11 << (WEEK_STEPS - 2), 1: 0b1}


def test_an_overlap_is_with_the_one_that_ends_last():
    def hold(pk, first, last):
        return Hold(pk, AT + timedelta(hours=first), AT + timedelta(hours=last))

    holds = [hold(1, 0, 10), hold(2, 1, 2), hold(3, 3, 4), hold(4, 10, 11)]
    assert [(a.appointment, b.appointment) for a, b in overlaps(holds)] == [(1, 2), (1, 3)]


# Runs and the command


def test_a_run_is_kept(busy_desk, admin):
    sessions(busy_desk, 4).update(status="BOOKED")
    check = run_schedule_check(by=admin, at=AT + timedelta(days=300))
    assert ScheduleCheck.objects.get() == check
    assert check.checked["sessions"] == 8
    assert check.checked["violations"] == len(check.violations) == 1
    assert AuditEvent.objects.filter(kind="schedule.checked", by=admin).count() == 1


def test_a_run_at_night_is_nobodys(db):
    check = run_schedule_check(by=None, at=AT)
    assert check.by is None
    assert not AuditEvent.objects.exists()


def test_only_the_first_thousand_are_kept(desk):
    course = desk.course
    others = [TreatmentCourse(**_columns(course)) for _ in range(MOST_KEPT)]
    TreatmentCourse.objects.bulk_create(others)
    said = []
    check = run_schedule_check(by=None, at=AT, say=said.append)
    assert len(said) == check.checked["violations"] == MOST_KEPT
    TreatmentCourse.objects.bulk_create([TreatmentCourse(**_columns(course))])
    check = run_schedule_check(by=None, at=AT)
    assert check.checked["violations"] == MOST_KEPT + 1
    assert len(check.violations) == MOST_KEPT


def _columns(course):
    names = [field.attname for field in TreatmentCourse._meta.concrete_fields if field.name != "id"]
    return {name: getattr(course, name) for name in names}


def test_the_command_says_that_all_is_well(capsys, busy_desk):
    with time_machine.travel(busy_desk.moment(8), tick=False):
        call_command("check_schedule")
    printed = capsys.readouterr().out
    assert printed.startswith("Checked 1 courses, 8 sessions and 3 appointments in ")
    assert printed.endswith("To follow up: nothing.\n")
    assert ScheduleCheck.objects.count() == 1


def test_the_command_names_what_is_wrong_and_fails(capsys, busy_desk):
    sessions(busy_desk, 4).update(status="BOOKED")
    ClosureFactory(site=busy_desk.site, starts_on=busy_desk.day(14), ends_on=busy_desk.day(14))
    at = time_machine.travel(busy_desk.moment(8), tick=False)
    with at, pytest.raises(CommandError, match="Violations: 1") as refusal:
        call_command("check_schedule")
    assert refusal.value.returncode == 1
    first, summary = capsys.readouterr().out.splitlines()
    assert "session 4 is BOOKED and has no appointment" in first
    assert summary.endswith("To follow up: 1 booked on a closed day.")
