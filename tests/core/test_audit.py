"""The audit trail: one line for each thing done, and no line ever changes."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from meso_clinic.core import audit
from meso_clinic.core.constraints import violates
from meso_clinic.core.models import AuditEvent
from tests.factories.core import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def line():
    somebody = UserFactory(admin=True)
    return audit.record(kind=audit.Kind.USER_CREATED, by=somebody, at=AT, target=somebody)


def test_a_line_names_who_what_when_and_which_row(line):
    kept = AuditEvent.objects.get()
    assert (kept.kind, kept.by, kept.at) == ("user.created", line.by, AT)
    assert kept.target == f"core.user:{line.by_id}"
    assert kept.patient_id is None
    assert str(kept) == f"user.created core.user:{line.by_id}"


def test_a_line_says_whose_row_it_is():
    somebody = UserFactory(reception=True)
    line = audit.record(
        kind=audit.Kind.PATIENT_CHANGED, by=somebody, at=AT, target=somebody, patient_id=17
    )
    line.refresh_from_db()
    assert line.patient_id == 17


def _raw(sql):
    def write(line):
        with connection.cursor() as cursor:
            cursor.execute(sql, [line.pk])

    return write


def _save(line):
    line.kind = "user.changed"
    line.save(update_fields=["kind"])


@pytest.mark.parametrize(
    "write",
    [
        _save,
        lambda line: AuditEvent.objects.filter(pk=line.pk).update(target="core.user:0"),
        lambda line: AuditEvent.objects.all().delete(),
        _raw("UPDATE core_auditevent SET kind = 'user.changed' WHERE id = %s"),
        _raw("DELETE FROM core_auditevent WHERE id = %s"),
    ],
    ids=["save", "update", "delete", "raw update", "raw delete"],
)
def test_a_line_is_never_changed_and_never_removed(line, write):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write(line)
    assert violates(refusal.value, "audit_event_is_append_only")
    kept = AuditEvent.objects.get()
    assert (kept.kind, kept.target) == ("user.created", line.target)


def test_a_line_is_not_replaced_either(line):
    columns = "id, at, by_id, kind, patient_id, target"
    rewritten = "SELECT id, at, by_id, 'user.changed', patient_id, target FROM core_auditevent"
    sql = {
        "sqlite": f"INSERT OR REPLACE INTO core_auditevent ({columns}) {rewritten}",
        "postgresql": (
            f"INSERT INTO core_auditevent ({columns}) {rewritten} "
            "ON CONFLICT (id) DO UPDATE SET kind = EXCLUDED.kind"
        ),
    }[connection.vendor]
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        connection.cursor().execute(sql)
    assert violates(refusal.value, "audit_event_is_append_only")
    assert AuditEvent.objects.get().kind == "user.created"


def test_a_line_has_a_kind():
    somebody = UserFactory(admin=True)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        AuditEvent.objects.create(kind="", by=somebody, at=AT, target="core.user:1")
    assert violates(refusal.value, "audit_event_has_a_kind")


def test_somebody_with_a_line_cannot_be_deleted(line):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        line.by.delete()


def test_what_fails_leaves_no_line(line):
    def fails():
        with transaction.atomic():
            audit.record(kind=audit.Kind.USER_CHANGED, by=line.by, at=AT, target=line.by)
            raise RuntimeError("the rest went wrong")

    with pytest.raises(RuntimeError):
        fails()
    assert AuditEvent.objects.count() == 1


def test_kinds_are_words_that_fit_their_column():
    values = [str(kind) for kind in audit.Kind]
    assert len(set(values)) == len(values) == len(audit.Kind.__members__)
    longest = AuditEvent._meta.get_field("kind").max_length
    assert longest is not None
    assert all(
        value.replace(".", "").replace("_", "").islower() and len(value) <= longest
        for value in values
    )
