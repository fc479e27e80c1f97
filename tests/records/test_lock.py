"""A signed record cannot be changed, whatever way one tries: the database itself refuses."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from records.actions.signing import amend_record
from records.models import (
    Administration,
    Amendment,
    Anaesthesia,
    SessionRecord,
    ZoneTreatment,
)
from tests.records.conftest import NOW

pytestmark = pytest.mark.django_db

PARTS = [SessionRecord, Anaesthesia, ZoneTreatment, Administration]
CHANGES = {
    SessionRecord: ("notes", "changed"),
    Anaesthesia: ("kind", "COLD"),
    ZoneTreatment: ("points", 25),
    Administration: ("volume_ml", 2),
    Amendment: ("words", "changed"),
}


def refused(what, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        what(*args, **kwargs)


def execute(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def rows(model):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id")
        return cursor.fetchall()


@pytest.mark.parametrize("model", PARTS)
def test_no_row_of_a_signed_record_is_changed_or_removed(signed, model):
    before = rows(model)
    table, (field, value) = model._meta.db_table, CHANGES[model]
    row = model.objects.get()
    setattr(row, field, value)
    refused(execute, f"UPDATE {table} SET {field} = %s", [value])
    refused(execute, f"DELETE FROM {table}")
    refused(model.objects.update, **{field: value})
    refused(model.objects.bulk_update, [row], [field])
    refused(row.save)
    assert rows(model) == before


@pytest.mark.parametrize("model", [Anaesthesia, ZoneTreatment, Administration])
def test_no_part_is_unlocked(signed, model):
    refused(model.objects.update, is_locked=False)
    assert model.objects.get().is_locked


def test_no_signature_is_taken_back(signed):
    refused(SessionRecord.objects.update, signed_at=None, signed_by=None)
    assert SessionRecord.objects.get().is_signed


def test_no_part_is_added_to_a_signed_record(signed, lot, frontal):
    zone = signed.zones.get()
    refused(
        ZoneTreatment.objects.create,
        record=signed,
        zone=frontal,
        technique="nappage",
        needle="30G, 4 mm",
        depth_mm=2,
        points=10,
    )
    refused(
        Administration.objects.bulk_create,
        [Administration(record=signed, zone_treatment=zone, lot=lot, volume_ml=1)],
    )
    refused(Anaesthesia.objects.create, record=signed, kind="COLD")
    refused(
        execute,
        "INSERT INTO records_administration"
        " (record_id, zone_treatment_id, lot_id, volume_ml, is_locked)"
        " VALUES (%s, %s, %s, 1, %s)",
        [signed.pk, zone.pk, lot.pk, False],
    )


# Every way to write past the application, by database; {t} is the table, {f} one of its columns.
SQLITE_ATTACKS = {
    "update": "UPDATE {t} SET {f} = {f}",
    "update or replace": "UPDATE OR REPLACE {t} SET {f} = {f}",
    "update or ignore": "UPDATE OR IGNORE {t} SET {f} = {f}",
    "delete": "DELETE FROM {t}",
    "replace": "REPLACE INTO {t} SELECT * FROM {t}",
    "insert or replace": "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
    "upsert": "INSERT INTO {t} SELECT * FROM {t} WHERE true ON CONFLICT (id) DO UPDATE SET {f} = 0",
}
POSTGRESQL_ATTACKS = {
    "update": "UPDATE {t} SET {f} = {f}",
    "delete": "DELETE FROM {t}",
    "upsert": "INSERT INTO {t} SELECT * FROM {t} ON CONFLICT (id) DO UPDATE SET {f} = EXCLUDED.{f}",
    "truncate": "TRUNCATE {t} CASCADE",
    "truncate restart": "TRUNCATE {t} RESTART IDENTITY CASCADE",
}
NAMES = sorted({*SQLITE_ATTACKS, *POSTGRESQL_ATTACKS})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("model", [*PARTS, Amendment])
def test_no_statement_changes_what_was_signed(signed, clinician, model, name):
    amend_record(record=signed, kind="ADDENDUM", words="x", reason="y", by=clinician, at=NOW)
    attacks = POSTGRESQL_ATTACKS if connection.vendor == "postgresql" else SQLITE_ATTACKS
    # The other database does not know the statement, which refuses it as well.
    statement = attacks.get(name) or (POSTGRESQL_ATTACKS | SQLITE_ATTACKS)[name]
    before = rows(model)
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(statement.format(t=model._meta.db_table, f=CHANGES[model][0]))
    assert rows(model) == before


def test_what_was_signed_outlives_the_patient_and_the_session(signed):
    patient = signed.session.course.patient
    for row in (patient, signed.session.course, signed.session, signed):
        with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
            row.delete()
    assert SessionRecord.objects.get().is_signed


def test_no_table_of_signed_records_is_emptied_on_the_side(signed):
    for model in PARTS:
        refused(model.objects.all()._raw_delete, model.objects.db)
    assert SessionRecord.objects.exists()


def test_a_note_is_never_changed(signed, clinician):
    amend_record(
        record=signed, kind="ADDENDUM", words="Bruise", reason="Seen later", by=clinician, at=NOW
    )
    refused(Amendment.objects.update, words="Nothing")
    refused(Amendment.objects.all().delete)


@pytest.mark.parametrize(
    "values",
    [
        {"identity_check": ""},
        {"reaction": ""},
        {"aftercare_given": False},
        {"signed_by": None},
    ],
)
def test_the_database_takes_no_incomplete_signature(complete, clinician, values):
    signature = {"signed_at": NOW, "signed_by": clinician} | values
    refused(SessionRecord.objects.update, **signature)
