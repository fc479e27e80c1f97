"""Each promise of the tables of courses, acts and deviations, broken once past all Python."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from meso_clinic.core.constraints import violates
from sessions.models import Deviation, ScheduleChange, ScheduleChangeLine, TreatmentSession
from tests.factories.core import UserFactory
from tests.factories.sessions import AppointmentFactory, DeviationFactory, TreatmentSessionFactory
from tests.factories.treatments import AT
from tests.sessions.breaking import broken

pytestmark = pytest.mark.django_db


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
