"""Fill tables faster than the clinic ever would: indexes, constraints and triggers come last.

They are made again by the schema editor, or by the words that the database itself kept, so that
what is measured has every promise of a clinic's own database.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from meso_clinic.core.constraints import NoOverlapConstraint

_AT_ONCE = 20_000


def bare(model: type[Model]) -> AbstractContextManager[None]:
    """Take indexes, overlap constraints and triggers of `model` away while rows are written."""
    return _bare_postgresql(model) if connection.vendor == "postgresql" else _bare_sqlite(model)


@contextmanager
def _bare_postgresql(model: type[Model]) -> Iterator[None]:
    table = connection.ops.quote_name(model._meta.db_table)
    overlaps = [one for one in model._meta.constraints if isinstance(one, NoOverlapConstraint)]
    with connection.schema_editor() as editor:
        editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for constraint in overlaps:
            editor.remove_constraint(model, constraint)
        for index in model._meta.indexes:
            editor.remove_index(model, index)
    yield
    with connection.schema_editor() as editor:
        for index in model._meta.indexes:
            editor.add_index(model, index)
        for constraint in overlaps:
            editor.add_constraint(model, constraint)
        editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    _run(f"ANALYZE {table}")


@contextmanager
def _bare_sqlite(model: type[Model]) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = %s "
            "AND type IN ('index', 'trigger') AND sql IS NOT NULL",
            [model._meta.db_table],
        )
        kept = cursor.fetchall()
    _run(*(f"DROP {kind} {connection.ops.quote_name(name)}" for kind, name, _sql in kept))
    yield
    # No ANALYZE here: a clinic's database has no statistics either, and those of a past without
    # sessions would lead SQLite astray.
    _run(*(sql for _kind, _name, sql in kept))


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@transaction.atomic
def copy_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write `rows`, each with a value for every field of `names`, without making objects of them."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(model._meta.get_field(name).column)) for name in names)  # type: ignore[union-attr]
    target = f"{quote(model._meta.db_table)} ({columns})"
    write: Callable[[str, list[Sequence[Any]]], None] = (
        _copy_postgresql if connection.vendor == "postgresql" else _copy_sqlite
    )
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        write(target, some)


def _copy_postgresql(target: str, rows: list[Sequence[Any]]) -> None:
    lines = ("\t".join(_copy_text(value) for value in row) for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {target} FROM STDIN", io.StringIO("\n".join(lines)))


def _copy_text(value: Any) -> str:
    return r"\N" if value is None else str(value)


def _copy_sqlite(target: str, rows: list[Sequence[Any]]) -> None:
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {target} VALUES ({marks})",
            [[_sqlite_value(value) for value in row] for row in rows],
        )


def _sqlite_value(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
