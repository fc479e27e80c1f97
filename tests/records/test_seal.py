"""A signed record carries a hash over all of it; what is changed past every lock is noticed."""

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from meso_clinic.core.nightly import run_nightly
from records.domain.seal import seal
from records.models import SessionRecord
from records.selectors.seal import broken_seals, content_hash
from tests.records.conftest import NOW, numb, sign


def drop_locks():
    """Do what only somebody at the database itself can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


@pytest.fixture
def unlocked(signed):
    drop_locks()
    yield signed
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


def test_a_signed_record_is_sealed_and_a_draft_is_not(signed, course):
    assert len(signed.content_hash) == 64
    assert SessionRecord.objects.get().content_hash == content_hash(SessionRecord.objects.get())
    assert list(broken_seals()) == []


@pytest.mark.django_db
def test_the_command_says_that_all_is_well(signed, capsys):
    call_command("verify_records")
    assert "as they were signed: 1." in capsys.readouterr().out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_sessionrecord SET notes = 'other'",
        "UPDATE records_zonetreatment SET points = 25",
        "UPDATE records_anaesthesia SET kind = 'COLD'",
        "UPDATE records_administration SET volume_ml = 2",
        "UPDATE treatments_lot SET number = 'OTHER'",
        "DELETE FROM records_administration",
    ],
)
def test_what_was_changed_past_the_locks_is_named(unlocked, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(CommandError, match=f"records {unlocked.pk}$"):
        call_command("verify_records")
    told = [line for _job, lines in run_nightly(NOW) for line in lines]
    assert f"Record {unlocked.pk} was changed after it was signed." in told


def test_the_lot_that_numbed_is_under_the_seal(complete, cream, clinician):
    signed = sign(numb(complete, cream, clinician), clinician)
    assert list(broken_seals()) == []
    # A lot is nobody's to lock.
    type(cream).objects.filter(pk=cream.pk).update(number="OTHER")
    assert list(broken_seals()) == [signed]


values = st.dictionaries(
    st.text(max_size=8),
    st.one_of(st.none(), st.integers(), st.text(max_size=20), st.booleans()),
    max_size=5,
)


@given(columns=values, key=st.text(max_size=8), value=st.text(min_size=1, max_size=9))
def test_every_value_is_under_the_seal(columns, key, value):
    rows = [("record", columns)]
    assert seal(rows) == seal([("record", dict(reversed(columns.items())))])
    changed = columns | {key: f"{columns.get(key)}{value}"}
    assert seal([("record", changed)]) != seal(rows)
    assert seal([*rows, ("zone", {})]) != seal(rows)


def test_a_value_is_sealed_the_same_however_a_database_writes_it():
    east = timezone(timedelta(hours=3))
    one = {"a": Decimal("1.20"), "b": Decimal("0.00"), "c": datetime(2026, 11, 26, 9, tzinfo=UTC)}
    two = {"a": Decimal("1.2"), "b": Decimal(0), "c": datetime(2026, 11, 26, 12, tzinfo=east)}
    assert seal([("r", one | {"d": time(10, 5)})]) == seal([("r", two | {"d": time(10, 5)})])


@given(
    columns=st.dictionaries(st.text(min_size=1), st.integers() | st.text() | st.booleans()),
    empty=st.sampled_from([None, "", False]),
)
def test_a_column_that_is_added_later_and_empty_breaks_no_seal(columns, empty):
    later = columns | {"added later": empty}
    columns.pop("added later", None)
    assert seal([("record", later)]) == seal([("record", columns)])


@given(st.integers() | st.text(min_size=1) | st.just(True))
def test_what_is_emptied_breaks_the_seal(value):
    assert seal([("record", {"a": value})]) != seal([("record", {"a": ""})])


def test_a_nought_is_not_empty():
    assert seal([("record", {"a": 0})]) != seal([("record", {"a": None})])
    assert seal([("record", {"a": Decimal(0)})]) != seal([("record", {})])
