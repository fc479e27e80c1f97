"""Signed consents and published texts cannot be changed, whatever way one tries."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.treatments.conftest import NOW
from treatments.models import (
    Consent,
    ConsentReopening,
    ConsentRevocation,
    ConsentTemplate,
    ConsentTemplateWithdrawal,
)

pytestmark = pytest.mark.django_db

CHANGES = {
    ConsentTemplate: ("text", "Changed: Everything."),
    ConsentTemplateWithdrawal: ("reason", "changed"),
    Consent: ("signed_name", "Somebody else"),
    ConsentRevocation: ("reason", "changed"),
    ConsentReopening: ("words", "changed"),
}


@pytest.fixture
def rows(admin):
    consent = ConsentFactory(of__practitioner=admin)
    ConsentRevocation.objects.create(consent=consent, at=NOW, by=admin, reason="Waits")
    ConsentReopening.objects.create(course=consent.course, reason="PATIENT_ASKS", at=NOW, by=admin)
    ConsentTemplateWithdrawal.objects.create(
        template=consent.template, at=NOW, by=admin, reason="On paper"
    )

    def read(model):
        return list(model.objects.order_by("pk").values())

    return read


def refused(what, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        what(*args, **kwargs)


def execute(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize("model", CHANGES)
def test_no_row_is_changed_or_removed(rows, model):
    before = rows(model)
    assert len(before) == 1
    table, (field, value) = model._meta.db_table, CHANGES[model]
    row = model.objects.get()
    setattr(row, field, value)
    refused(execute, f"UPDATE {table} SET {field} = %s", [value])
    refused(execute, f"DELETE FROM {table}")
    refused(model.objects.update, **{field: value})
    refused(model.objects.bulk_update, [row], [field])
    refused(row.save)
    refused(model.objects.all()._raw_delete, model.objects.db)
    assert rows(model) == before


@pytest.mark.parametrize("model", CHANGES)
def test_no_row_is_replaced(rows, model):
    if connection.vendor == "postgresql":
        replace = [
            "INSERT INTO {t} SELECT * FROM {t} ON CONFLICT (id) DO UPDATE SET {f} = EXCLUDED.{f}"
        ]
    else:
        replace = [
            "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
            "UPDATE OR REPLACE {t} SET {f} = 'x'",
            "INSERT INTO {t} SELECT * FROM {t} WHERE true ON CONFLICT (id) DO UPDATE SET {f} = 'x'",
        ]
    before = rows(model)
    for sql in replace:
        refused(execute, sql.format(t=model._meta.db_table, f=CHANGES[model][0]))
    assert rows(model) == before


@pytest.mark.parametrize("model", CHANGES)
def test_a_way_of_updating_that_only_this_database_has_changes_nothing(rows, model):
    way = "UPDATE ONLY" if connection.vendor == "postgresql" else "UPDATE OR IGNORE"
    before = rows(model)
    table, field = model._meta.db_table, CHANGES[model][0]
    refused(execute, f"{way} {table} SET {field} = 'x'")
    assert rows(model) == before


def test_a_patient_with_a_consent_is_not_removed(rows):
    consent = Consent.objects.get()
    refused(consent.patient.delete)


def test_the_database_takes_no_consent_without_its_course(rows):
    consent = Consent.objects.get()
    refused(ConsentFactory, of=consent.course, template=consent.template, course=None)


@pytest.mark.parametrize("odd", ["FOOT", "FACE,FACE", "BODY,FACE", "FACE,"])
def test_the_database_takes_no_unknown_part_of_the_body(rows, odd):
    consent = Consent.objects.get()
    refused(ConsentFactory, of=consent.course, template=consent.template, zone_classes=odd)


def test_the_database_takes_no_part_of_the_body_for_anything_but_the_treatment(rows):
    consent = Consent.objects.get()
    numbing = ConsentTemplateFactory(unit="ANAESTHESIA", indication=None)
    refused(ConsentFactory, of=consent.course, template=numbing, zone_classes="FACE")


def test_the_database_takes_no_consent_without_a_name(rows):
    consent = Consent.objects.get()
    refused(ConsentFactory, of=consent.course, template=consent.template, signed_name="")


def test_a_reason_that_nobody_knows_is_refused(rows, admin):
    course = Consent.objects.get().course
    refused(
        ConsentReopening.objects.create, course=course, reason="SEVERE_REACTION", at=NOW, by=admin
    )
