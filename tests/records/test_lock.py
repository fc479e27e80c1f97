"""A signed record cannot be changed, whatever way one tries: the database itself refuses."""

import pytest
from django.db import IntegrityError, connection, transaction

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


@pytest.mark.parametrize("model", PARTS)
def test_no_row_is_replaced(signed, model):
    if connection.vendor == "postgresql":
        replace = (
            "INSERT INTO {t} SELECT * FROM {t} ON CONFLICT (id) DO UPDATE SET {f} = EXCLUDED.{f}"
        )
    else:
        replace = "INSERT OR REPLACE INTO {t} SELECT * FROM {t}"
    field = CHANGES[model][0]
    refused(execute, replace.format(t=model._meta.db_table, f=field))


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
