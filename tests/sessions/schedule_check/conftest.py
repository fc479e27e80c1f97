"""A course under way, and a database that lets its promises be broken."""

import pytest
from django.db import connection

from sessions.models import Appointment, TreatmentSession
from treatments.models import TreatmentCourse


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
