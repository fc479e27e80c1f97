"""Each promise of the tables of courses and places, broken once past all Python."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from meso_clinic.core.constraints import violates
from sessions.models import (
    Appointment,
    Deviation,
    ScheduleChange,
    ScheduleChangeLine,
    TreatmentSession,
)
from tests.factories.clinic import RoomFactory
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.sessions import (
    AppointmentFactory,
    DeviationFactory,
    TreatmentSessionFactory,
)
from tests.factories.treatments import AT

pytestmark = pytest.mark.django_db


def broken(name, write):
    """Whether the database refuses `write` because of the constraint `name`."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    return violates(refusal.value, name) or str(refusal.value)


def unsaved(other, **changes):
    """Return a copy of appointment `other` that holds no session, so that only time matters.

    It has no buffers, unless `changes` name them.
    """
    copy = Appointment.objects.get(pk=other.pk)
    copy.pk, copy.kind, copy.session = None, Appointment.Kind.REVIEW, None
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.held_from = changes.get("held_from", copy.starts_at)
    copy.held_until = changes.get("held_until", copy.ends_at)
    return copy


# Sessions of a course


def test_a_number_is_given_once_in_a_course():
    session = TreatmentSessionFactory()
    write = lambda: TreatmentSession.objects.bulk_create(  # noqa: E731
        [TreatmentSession(course=session.course, number=1, due_on=date(2027, 1, 1))]
    )
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    # SQLite names the columns of a unique constraint, PostgreSQL its name.
    assert violates(refusal.value, "session_number_is_unique_in_its_course") or (
        "number" in str(refusal.value)
    )


@pytest.mark.parametrize("number", [0, 16])
def test_numbers_run_from_1_to_15(number):
    session = TreatmentSessionFactory(second=True)
    rows = TreatmentSession.objects.filter(pk=session.pk)
    assert broken("session_number_is_1_to_15", lambda: rows.update(number=number)) is True


@pytest.mark.parametrize(
    "change", [{"status": "DONE"}, {"delivered_on": date(2026, 11, 26)}], ids=["status", "day"]
)
def test_a_session_is_done_if_and_only_if_it_was_delivered(change):
    session = TreatmentSessionFactory()
    rows = TreatmentSession.objects.filter(pk=session.pk)
    assert broken("session_done_iff_delivered", lambda: rows.update(**change)) is True


@pytest.mark.parametrize(
    "change",
    [
        {"earliest_on": None},
        {"latest_on": None},
        {"due_on": date(2026, 12, 2)},
        {"due_on": date(2026, 12, 7)},
    ],
    ids=["no earliest", "no latest", "due before", "due after"],
)
def test_a_window_is_whole_and_in_order(change):
    session = TreatmentSessionFactory(second=True)
    assert (session.earliest_on, session.latest_on) == (date(2026, 12, 3), date(2026, 12, 6))
    rows = TreatmentSession.objects.filter(pk=session.pk)
    assert broken("session_window_is_in_order", lambda: rows.update(**change)) is True


def test_the_first_session_needs_no_window():
    session = TreatmentSessionFactory()
    assert (session.earliest_on, session.latest_on) == (None, None)


# A done session never changes


def _update(session):
    TreatmentSession.objects.filter(pk=session.pk).update(due_on=date(2027, 1, 1))


def _save(session):
    session.delivered_on = date(2027, 1, 1)
    session.save(update_fields=["delivered_on"])


def _reopen(session):
    TreatmentSession.objects.filter(pk=session.pk).update(status="PLANNED", delivered_on=None)


def _delete(session):
    TreatmentSession.objects.filter(pk=session.pk).delete()


def _raw_update(session):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE treatment_sessions_treatmentsession SET due_on = '2027-01-01' WHERE id = %s",
            [session.pk],
        )


def _raw_delete(session):
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM treatment_sessions_treatmentsession WHERE id = %s", [session.pk]
        )


@pytest.mark.parametrize("write", [_update, _save, _reopen, _delete, _raw_update, _raw_delete])
def test_a_done_session_is_frozen(write):
    session = TreatmentSessionFactory(done=True)
    assert broken("session_done_never_moves", lambda: write(session)) is True
    kept = TreatmentSession.objects.get(pk=session.pk)
    assert (kept.status, kept.delivered_on) == ("DONE", date(2026, 11, 26))
    assert kept.due_on == date(2026, 11, 26)


@pytest.mark.parametrize("write", [_update, _raw_update, _delete])
def test_an_open_session_is_not_frozen(write):
    write(TreatmentSessionFactory())


def test_one_done_session_keeps_a_change_of_many_from_happening():
    done = TreatmentSessionFactory(done=True)
    session = TreatmentSessionFactory(second=True, course=done.course)
    rows = TreatmentSession.objects.filter(course=done.course)
    write = lambda: rows.update(latest_on=date(2027, 6, 1))  # noqa: E731
    assert broken("session_done_never_moves", write) is True
    session.refresh_from_db()
    assert session.latest_on == date(2026, 12, 6)


def test_a_done_session_is_not_replaced():
    session = TreatmentSessionFactory(done=True)
    write = lambda: TreatmentSession.objects.bulk_create(  # noqa: E731
        [TreatmentSession(pk=session.pk, course=session.course, number=1, due_on=date(2027, 1, 1))],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["due_on"],
    )
    assert broken("session_done_never_moves", write) is True


def test_full_clean_says_that_a_done_session_never_moves():
    session = TreatmentSessionFactory(done=True)
    with pytest.raises(ValidationError, match="A session that is done never moves"):
        session.full_clean()


def _replace(table, columns, keys):
    """Write a row of `table` again with SQLite's INSERT OR REPLACE, which deletes it first."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table} "
            f"WHERE {keys[0]} = %s",
            [keys[1]],
        )


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: TreatmentSessionFactory(done=True), "session_done_never_moves"),
        (
            lambda: AppointmentFactory(status="DONE"),
            "appointment_of_a_done_session_never_moves",
        ),
        (DeviationFactory, "deviation_is_append_only"),
    ],
    ids=["session", "appointment", "deviation"],
)
def test_a_frozen_row_cannot_be_replaced_by_its_like(make, name):
    row = make()
    model = type(row)
    columns = [field.column for field in model._meta.concrete_fields]
    if connection.vendor == "sqlite":
        write = lambda: _replace(model._meta.db_table, columns, ("id", row.pk))  # noqa: E731
    else:
        others = [f"{name} = EXCLUDED.{name}" for name in columns if name != "id"]
        sql = (
            f"INSERT INTO {model._meta.db_table} SELECT * FROM {model._meta.db_table} "
            f"WHERE id = %s ON CONFLICT (id) DO UPDATE SET {', '.join(others)}"
        )
        write = lambda: connection.cursor().execute(sql, [row.pk])  # noqa: E731
    assert broken(name, write) is True


# Appointments


def test_an_appointment_ends_after_it_starts():
    place = AppointmentFactory()
    rows = Appointment.objects.filter(pk=place.pk)
    name = "appointment_ends_after_it_starts"
    # PostgreSQL may meet the empty or turned range of the overlap rule first.
    for ends_at in (place.starts_at, place.starts_at - timedelta(minutes=5)):
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            rows.update(ends_at=ends_at)
        assert name in str(refusal.value) or "range lower bound" in str(refusal.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: AppointmentFactory(kind="SESSION", session=None),
        lambda: AppointmentFactory(kind="CONSULTATION", session=TreatmentSessionFactory()),
    ],
    ids=["session without one", "consultation with one"],
)
def test_an_appointment_names_a_session_if_and_only_if_it_is_one(make):
    assert broken("appointment_has_a_session_iff_it_is_one", make) is True


@pytest.mark.parametrize(
    "change",
    [{"status": "CANCELLED"}, {"cancel_reason": "PATIENT"}],
    ids=["no reason", "reason without cancelling"],
)
def test_a_cancelled_appointment_has_a_reason_and_no_other_has(change):
    place = AppointmentFactory()
    rows = Appointment.objects.filter(pk=place.pk)
    assert broken("appointment_is_cancelled_with_a_reason", lambda: rows.update(**change)) is True


def test_a_session_has_one_live_appointment():
    place = AppointmentFactory()
    tomorrow = timedelta(days=1)
    again = unsaved(
        place,
        kind=Appointment.Kind.SESSION,
        session=place.session,
        starts_at=place.starts_at + tomorrow,
        ends_at=place.ends_at + tomorrow,
    )
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Appointment.objects.bulk_create([again])
    assert violates(refusal.value, "session_has_one_live_appointment") or (
        "session_id" in str(refusal.value)
    )


def test_a_session_has_any_number_of_ended_appointments():
    place = AppointmentFactory(status="NO_SHOW")
    AppointmentFactory(of=place.session, status="NO_SHOW")
    AppointmentFactory(of=place.session)
    assert place.session.appointments.count() == 3


def _place_update(place):
    sooner = timedelta(minutes=5)
    Appointment.objects.filter(pk=place.pk).update(
        starts_at=F("starts_at") - sooner, held_from=F("held_from") - sooner
    )


def _place_save(place):
    place.status = "BOOKED"
    place.save(update_fields=["status"])


def _place_delete(place):
    Appointment.objects.filter(pk=place.pk).delete()


def _place_raw(place):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE treatment_sessions_appointment SET status = 'BOOKED' WHERE id = %s",
            [place.pk],
        )


@pytest.mark.parametrize("write", [_place_update, _place_save, _place_delete, _place_raw])
def test_the_appointment_of_a_done_session_is_frozen(write):
    place = AppointmentFactory(status="DONE")
    name = "appointment_of_a_done_session_never_moves"
    assert broken(name, lambda: write(place)) is True
    assert Appointment.objects.get(pk=place.pk).starts_at == place.starts_at


@pytest.mark.parametrize("write", [_place_update, _place_save, _place_delete])
def test_a_consultation_that_is_done_may_still_be_put_right(write):
    write(AppointmentFactory(consultation=True, status="DONE"))


# Nobody and no room is in two places at once

OTHERS = {
    "practitioner_is_in_one_place": ("patient", "room"),
    "room_is_used_once": ("patient", "practitioner"),
    "patient_is_in_one_place": ("practitioner", "room"),
}
FRESH = {
    "patient": PatientFactory,
    "room": RoomFactory,
    "practitioner": lambda: UserFactory(clinician=True),
}
OVERLAPS = {
    "the same time": (0, 0),
    "inside": (10, -10),
    "around": (-10, 10),
    "over the start": (-30, -30),
    "over the end": (30, 30),
    "one minute of it": (49, 49),
}


def sharing(name, place, start=0, end=0, **changes):
    """Return a place that shares only what constraint `name` guards with `place`."""
    others = {other: FRESH[other]() for other in OTHERS[name]}
    return unsaved(
        place,
        starts_at=place.starts_at + timedelta(minutes=start),
        ends_at=place.ends_at + timedelta(minutes=end),
        **others,
        **changes,
    )


@pytest.mark.parametrize("shift", OVERLAPS.values(), ids=OVERLAPS)
@pytest.mark.parametrize("name", OTHERS)
def test_an_overlap_cannot_be_inserted(name, shift):
    other = sharing(name, AppointmentFactory(), *shift)
    assert broken(name, lambda: Appointment.objects.bulk_create([other])) is True


@pytest.mark.parametrize("name", OTHERS)
def test_an_overlap_cannot_be_made_by_moving(name):
    place = AppointmentFactory()
    other = sharing(name, place, 120, 120)
    other.save()
    rows = Appointment.objects.filter(pk=other.pk)
    write = lambda: rows.update(  # noqa: E731
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        held_from=place.held_from,
        held_until=place.held_until,
    )
    assert broken(name, write) is True


@pytest.mark.parametrize("name", OTHERS)
def test_an_overlap_cannot_be_made_by_reviving(name):
    place = AppointmentFactory()
    other = sharing(name, place, status="CANCELLED", cancel_reason="PATIENT")
    other.save()
    rows = Appointment.objects.filter(pk=other.pk)
    assert broken(name, lambda: rows.update(status="BOOKED", cancel_reason="")) is True


@pytest.mark.parametrize("name", OTHERS)
def test_an_overlap_cannot_be_made_by_handing_over(name):
    place = AppointmentFactory()
    column = {"practitioner_is_in_one_place": "practitioner", "room_is_used_once": "room"}.get(
        name, "patient"
    )
    other = sharing(name, place, **{column: FRESH[column]()})
    other.save()
    rows = Appointment.objects.filter(pk=other.pk)
    write = lambda: rows.update(**{column: getattr(place, column)})  # noqa: E731
    assert broken(name, write) is True


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("status", ["BOOKED", "ARRIVED", "IN_TREATMENT", "DONE"])
def test_every_live_status_holds_its_time(name, status):
    place = AppointmentFactory(status=status)
    assert broken(name, lambda: sharing(name, place).save()) is True


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(
    "ended", [{"status": "NO_SHOW"}, {"status": "CANCELLED", "cancel_reason": "CLINIC"}]
)
def test_an_ended_appointment_gives_its_time_back(name, ended):
    sharing(name, AppointmentFactory(**ended)).save()


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("shift", [(50, 50), (-50, -50)], ids=["right after", "right before"])
def test_appointments_may_touch(name, shift):
    sharing(name, AppointmentFactory(), *shift).save()


@pytest.mark.parametrize("name", OTHERS)
def test_an_appointment_is_not_in_its_own_way(name):
    place = AppointmentFactory()
    for name in ("starts_at", "ends_at", "held_from", "held_until"):
        setattr(place, name, getattr(place, name) + timedelta(minutes=10))
    place.full_clean()
    place.save()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("practitioner_is_in_one_place", "The practitioner has another appointment then."),
        ("room_is_used_once", "The room is taken then."),
        ("patient_is_in_one_place", "The patient has another appointment then."),
    ],
)
def test_full_clean_says_who_is_taken(name, words):
    other = sharing(name, AppointmentFactory())
    with pytest.raises(ValidationError) as refusal:
        other.full_clean()
    assert refusal.value.messages == [words]


@pytest.mark.parametrize("name", OTHERS)
def test_full_clean_accepts_what_the_database_accepts(name):
    place = AppointmentFactory()
    sharing(name, place, 50, 50).full_clean()
    sharing(name, place, status="NO_SHOW").full_clean()
    sharing(name, AppointmentFactory(status="NO_SHOW", of=place.session)).validate_constraints(
        exclude={"starts_at", "held_from"}
    )
    incomplete = sharing(name, place)
    incomplete.starts_at = incomplete.held_from = None
    incomplete.validate_constraints()


def test_an_overlap_on_another_clock_is_still_one():
    # 10:00 in London is 11:00 in Berlin: instants count, not what the wall says.
    place = AppointmentFactory(of__course__site__timezone="Europe/Berlin", clock=time(11))
    other = unsaved(
        place,
        patient=PatientFactory(),
        room=RoomFactory(),
        starts_at=datetime.fromisoformat("2026-11-26T10:30:00+00:00"),
        ends_at=datetime.fromisoformat("2026-11-26T11:00:00+00:00"),
    )
    assert broken("practitioner_is_in_one_place", other.save) is True


# Buffers: practitioner and room are held for longer than the patient is there


@pytest.mark.parametrize(
    "held",
    [
        {"held_from": "starts_at", "minutes": 5},
        {"held_until": "ends_at", "minutes": -5},
    ],
    ids=["begins inside", "ends inside"],
)
def test_an_appointment_is_held_around_its_time(held):
    place = AppointmentFactory()
    minutes = held.pop("minutes")
    change = {name: F(of) + timedelta(minutes=minutes) for name, of in held.items()}
    rows = Appointment.objects.filter(pk=place.pk)
    assert broken("appointment_is_held_around_its_time", lambda: rows.update(**change)) is True


def buffered(name, minutes):
    """Return an unsaved place that follows another at once and is held `minutes` before.

    Both share what constraint `name` guards; the other is held for ten minutes after its end.
    """
    place = AppointmentFactory()
    rows = Appointment.objects.filter(pk=place.pk)
    rows.update(held_until=place.ends_at + timedelta(minutes=10))
    starts_at = place.ends_at + timedelta(minutes=20)
    return sharing(
        name,
        place,
        70,
        70,
        held_from=starts_at - timedelta(minutes=minutes),
        held_until=starts_at + timedelta(minutes=50),
    )


@pytest.mark.parametrize("name", ["practitioner_is_in_one_place", "room_is_used_once"])
def test_buffers_of_people_and_rooms_do_not_overlap(name):
    other = buffered(name, 15)
    assert broken(name, other.save) is True
    with pytest.raises(ValidationError):
        other.full_clean()


@pytest.mark.parametrize("name", ["practitioner_is_in_one_place", "room_is_used_once"])
def test_buffers_of_people_and_rooms_may_touch(name):
    buffered(name, 10).save()


def test_a_patient_is_not_held_by_buffers():
    buffered("patient_is_in_one_place", 15).save()


# What was done to the calendar in one act


@pytest.mark.parametrize("fields", [{"undone_at": AT}, {"undone_by": True}], ids=["at", "by"])
def test_a_schedule_change_is_undone_by_somebody(fields):
    by = UserFactory()
    fields = {name: by if value is True else value for name, value in fields.items()}
    write = lambda: ScheduleChange.objects.create(  # noqa: E731
        key=uuid4(), kind="MOVED", at=AT, by=by, **fields
    )
    assert broken("schedule_change_is_undone_by_somebody", write) is True


def test_a_key_is_used_once():
    by, key = UserFactory(), uuid4()
    write = lambda: ScheduleChange.objects.create(key=key, kind="MOVED", at=AT, by=by)  # noqa: E731
    write()
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        write()


@pytest.mark.parametrize("missing", ["was_starts_at", "was_practitioner", "was_room"])
def test_a_change_knows_the_whole_place_before(missing):
    place = AppointmentFactory()
    change = ScheduleChange.objects.create(key=uuid4(), kind="MOVED", at=AT, by=place.practitioner)
    before = {
        "was_starts_at": place.starts_at,
        "was_practitioner": place.practitioner,
        "was_room": place.room,
    }
    now = {"starts_at": place.starts_at, "practitioner": place.practitioner, "room": place.room}
    write = lambda **was: ScheduleChangeLine.objects.create(  # noqa: E731
        change=change, appointment=place, **was, **now
    )
    name = "schedule_change_knows_the_whole_place_before"
    assert broken(name, lambda: write(**before | {missing: None})) is True
    line = write(**before)
    assert str(line) == f"line {line.pk} of schedule change {change.pk}"
    with pytest.raises(IntegrityError), transaction.atomic():
        write()  # the same place twice in one act


# Deviations


@pytest.mark.parametrize(
    "fields",
    [
        {"days_late": 0},
        {"kind": "STRETCHED", "days_late": 0},
        {"kind": "SKIPPED", "days_late": 1},
        {"kind": "EARLY", "days_late": 1},
    ],
)
def test_a_deviation_says_how_late(fields):
    assert broken("deviation_says_how_late", lambda: DeviationFactory(**fields)) is True


def test_a_deviation_has_words():
    assert broken("deviation_has_words", lambda: DeviationFactory(words="")) is True


@pytest.mark.parametrize(
    "write",
    [
        lambda row: Deviation.objects.filter(pk=row.pk).update(words="Something else."),
        lambda row: Deviation.objects.filter(pk=row.pk).delete(),
        lambda row: row.save(),
    ],
    ids=["update", "delete", "save"],
)
def test_a_deviation_is_never_changed(write):
    row = DeviationFactory()
    assert broken("deviation_is_append_only", lambda: write(row)) is True


def test_rows_name_themselves_without_the_patient():
    place = AppointmentFactory(of__course__patient__given_names="Wilhelmina")
    deviation = DeviationFactory(session=TreatmentSessionFactory(second=True))
    assert str(place) == f"appointment {place.pk}"
    assert place.session is not None
    assert str(place.session) == f"session 1 of course {place.session.course_id}"
    assert str(deviation) == f"deviation {deviation.pk}"
