"""The constraints of our own, on a table made for it, and those of the core's tables."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.test.utils import isolate_apps

from meso_clinic.core.constraints import FrozenRows, NoOverlapConstraint, violates
from meso_clinic.core.models import AuditEvent, Invitation, User
from records.models import SessionRecord
from sessions.models import Appointment, Deviation, TreatmentSession
from tests.factories.core import UserFactory
from treatments.models import IndicationRevision

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
AT = NOON


def broken(name, write):
    """Whether the database refuses `write` because of the constraint `name`."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    return violates(refusal.value, name) or str(refusal.value)


# A table made for it

ONE_USE = {"start": "starts_at", "end": "ends_at", "on": ["tool"]}


def one_use(**changes):
    return NoOverlapConstraint(
        name="tool_is_used_once",
        **{**ONE_USE, "violation_error_message": "The tool is in use then.", **changes},
    )


def frozen(**changes):
    return FrozenRows(
        name="loan_is_frozen",
        **{"when": Q(status="CLOSED"), "violation_error_message": "It is closed.", **changes},
    )


class Tables:
    """Makes the table of a model that lives only in one test, and takes it away again."""

    def __init__(self):
        self.made = []

    def make(self, *constraints):
        kept = list(constraints)
        with isolate_apps("meso_clinic.core"):

            class Loan(models.Model):
                tool = models.BigIntegerField(null=True)
                starts_at = models.DateTimeField()
                ends_at = models.DateTimeField()
                status = models.CharField(max_length=8, default="OPEN")

                class Meta:
                    app_label = "core"
                    constraints = kept

                def __str__(self):
                    return "loan"

        with connection.schema_editor() as editor:
            editor.create_model(Loan)
        self.made.append(Loan)
        return Loan

    def drop(self):
        for model in self.made:
            with connection.schema_editor() as editor:
                editor.delete_model(model)


@pytest.fixture
def tables(transactional_db):
    tables = Tables()
    yield tables
    tables.drop()


def loan(model, start=0, end=60, tool=1, **fields):
    return model(
        tool=tool,
        starts_at=NOON + timedelta(minutes=start),
        ends_at=NOON + timedelta(minutes=end),
        **fields,
    )


def insert(model, *args, **fields):
    return lambda: model.objects.bulk_create([loan(model, *args, **fields)])


def widen(model, name, length):
    """Change a column, for which SQLite makes the table anew."""
    old = model._meta.get_field(name)
    new = models.CharField(max_length=length, default=old.default)
    new.set_attributes_from_name(name)
    new.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new, strict=True)


@pytest.mark.parametrize("condition", [None, Q(status="OPEN")], ids=["all rows", "open rows"])
def test_an_overlap_is_refused_from_the_first_row_on(tables, condition):
    table = tables.make(one_use(condition=condition))
    insert(table)()
    insert(table, 60, 120)()
    insert(table, tool=2)()
    assert broken("tool_is_used_once", insert(table, 59, 90)) is True
    assert table.objects.count() == 3


def test_rows_outside_the_condition_overlap_freely(tables):
    table = tables.make(one_use(condition=Q(status="OPEN")))
    insert(table, status="CLOSED")()
    insert(table, status="CLOSED")()
    insert(table)()
    closed = table.objects.filter(status="CLOSED")
    assert broken("tool_is_used_once", lambda: closed.update(status="OPEN")) is True


def test_a_row_that_belongs_to_nothing_never_overlaps(tables):
    table = tables.make(one_use())
    insert(table, tool=None)()
    insert(table, tool=None)()
    loan(table, tool=None).validate_constraints()


def test_a_quote_in_a_condition_is_a_quote(tables):
    table = tables.make(one_use(condition=~Q(status="it's")))
    insert(table, status="it's")()
    insert(table, status="it's")()
    insert(table)()
    assert broken("tool_is_used_once", insert(table)) is True


@pytest.mark.parametrize("make", [one_use, frozen])
def test_a_constraint_is_added_to_a_table_that_stands(tables, make):
    table, constraint = tables.make(), make()
    # As a migration has it: the model knows its constraint already.
    table._meta.constraints = [constraint]
    with connection.schema_editor() as editor:
        editor.add_constraint(table, constraint)
    insert(table, status="CLOSED")()
    if make is one_use:
        assert broken("tool_is_used_once", insert(table)) is True
    else:
        assert broken("loan_is_frozen", lambda: table.objects.update(tool=2)) is True


@pytest.mark.parametrize("make", [one_use, frozen])
def test_a_constraint_can_be_taken_away_and_put_back(tables, make):
    constraint = make()
    table = tables.make(constraint)
    insert(table, status="CLOSED")()
    table._meta.constraints = []
    with connection.schema_editor() as editor:
        editor.remove_constraint(table, constraint)
    insert(table)()
    table.objects.filter(status="OPEN").delete()
    table.objects.update(tool=1)
    table._meta.constraints = [constraint]
    with connection.schema_editor() as editor:
        editor.add_constraint(table, constraint)
    if make is one_use:
        assert broken("tool_is_used_once", insert(table)) is True
    else:
        assert broken("loan_is_frozen", lambda: table.objects.update(tool=2)) is True


def test_both_survive_a_table_that_is_made_anew(tables):
    table = tables.make(one_use(), frozen())
    insert(table, status="CLOSED")()
    widen(table, "status", 20)
    assert broken("tool_is_used_once", insert(table)) is True
    assert broken("loan_is_frozen", lambda: table.objects.update(tool=2)) is True
    assert table.objects.get().status == "CLOSED"


def test_a_frozen_row_is_neither_changed_nor_deleted(tables):
    table = tables.make(frozen())
    insert(table)()
    table.objects.update(tool=3)
    table.objects.update(status="CLOSED")
    assert broken("loan_is_frozen", lambda: table.objects.update(status="OPEN")) is True
    assert broken("loan_is_frozen", lambda: table.objects.all().delete()) is True


def test_every_row_is_frozen_without_a_condition(tables):
    table = tables.make(frozen(when=None))
    insert(table)()
    assert broken("loan_is_frozen", lambda: table.objects.update(tool=3)) is True


def test_nothing_is_added_beside_a_frozen_row(tables):
    table = tables.make(frozen(beside=["tool"]))
    insert(table)()
    insert(table)()
    table.objects.filter(pk=table.objects.first().pk).update(status="CLOSED")
    assert broken("loan_is_frozen", insert(table)) is True
    insert(table, tool=2)()


def test_validation_says_the_same_before_the_database_does(tables):
    table = tables.make(one_use(), frozen())
    kept = loan(table, status="CLOSED")
    kept.save()
    with pytest.raises(ValidationError, match="The tool is in use then"):
        loan(table, 30, 90).validate_constraints()
    loan(table, 30, 90).validate_constraints(exclude={"tool"})
    loan(table, 60, 90).validate_constraints()
    with pytest.raises(ValidationError, match="It is closed"):
        kept.validate_constraints()


# As declarations


@pytest.mark.parametrize(
    "constraint",
    [
        one_use(),
        one_use(condition=Q(status="OPEN")),
        frozen(),
        frozen(when=None),
        frozen(beside=["tool"]),
    ],
)
def test_a_migration_can_say_it_again(constraint):
    path, args, kwargs = constraint.deconstruct()
    assert path == f"meso_clinic.core.constraints.{type(constraint).__name__}"
    again = type(constraint)(*args, **kwargs)
    assert again == constraint
    assert again.clone() == constraint
    assert hash(constraint) is not None


def test_constraints_differ_by_what_they_say():
    assert one_use() != one_use(condition=Q(status="OPEN"))
    assert frozen() != frozen(when=None)
    assert frozen() != frozen(beside=["tool"])
    assert one_use() != frozen()
    assert one_use() != "tool_is_used_once"


@pytest.mark.django_db
def test_an_error_is_told_from_another():
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        User.objects.create(username="nobody")
    assert violates(refusal.value, "user_has_a_role")
    assert not violates(refusal.value, "prescriber_is_a_clinician")


# The tables of the product


def triggers():
    """Return every trigger of the database with its text."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            )
        return dict(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Appointment, "cancel_words"),
        (TreatmentSession, "status"),
        (Deviation, "words"),
        (AuditEvent, "target"),
        (IndicationRevision, "reason"),
    ],
)
def test_no_trigger_is_lost_when_a_table_is_made_anew(model, name):
    before, length = triggers(), model._meta.get_field(name).max_length
    widen(model, name, length + 1)
    try:
        assert triggers() == before
    finally:
        widen(model, name, length)
    assert triggers() == before


@pytest.mark.django_db
def test_every_promise_has_its_triggers():
    known = "".join(triggers())
    for model in (Appointment, TreatmentSession, Deviation, AuditEvent, SessionRecord):
        for constraint in model._meta.constraints:
            in_triggers = isinstance(constraint, FrozenRows) or (
                isinstance(constraint, NoOverlapConstraint) and connection.vendor == "sqlite"
            )
            if in_triggers:
                assert f"{constraint.name}_update" in known


@pytest.mark.django_db
def test_somebody_has_a_role():
    somebody = UserFactory(reception=True)
    rows = User.objects.filter(pk=somebody.pk)
    assert broken("user_has_a_role", lambda: rows.update(is_reception=False)) is True


@pytest.mark.django_db
def test_a_prescriber_is_a_clinician():
    somebody = UserFactory(reception=True)
    rows = User.objects.filter(pk=somebody.pk)
    assert broken("prescriber_is_a_clinician", lambda: rows.update(is_prescriber=True)) is True


@pytest.mark.django_db
def test_full_clean_says_both_in_words():
    somebody = UserFactory(reception=True)
    somebody.is_reception, somebody.is_prescriber = False, True
    with pytest.raises(ValidationError) as refusal:
        somebody.full_clean()
    assert set(refusal.value.messages) == {
        "Choose at least one role.",
        "A prescriber must also be a clinician.",
    }


@pytest.mark.django_db
def test_a_link_is_kept_once():
    Invitation.objects.create(token_hash="0" * 64, expires_at=AT)
    with pytest.raises(IntegrityError, match="token_hash"), transaction.atomic():
        Invitation.objects.create(token_hash="0" * 64, expires_at=AT)
