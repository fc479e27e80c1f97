"""Constraints that Django does not have, declared once and kept by both databases.

A model names them in `Meta.constraints`; PostgreSQL gets an exclusion constraint or a trigger,
SQLite gets triggers that say the same. Because they are constraints and not loose SQL, a
migration that rebuilds an SQLite table makes them again.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import FieldError, ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, CheckConstraint, Func, Model, Q
from django.db.models.sql import Query


class CheckedAtOnce(Model):
    """A model whose checks are asked of the database together, and one by one only if one fails.

    Django asks each check in a query of its own between two savepoints; a form that saves itself
    while somebody types has no time for that.
    """

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As Django's. Raises ValidationError with the message of every check that fails."""
        checks = [one for one in self._meta.constraints if isinstance(one, CheckConstraint)]
        if checks and not self._keeps(checks, exclude):
            super().validate_constraints(exclude)
            return
        for constraint in self._meta.constraints:
            if not isinstance(constraint, CheckConstraint):
                constraint.validate(type(self), self, exclude=set(exclude or ()))

    def _keeps(self, checks: Sequence[CheckConstraint], exclude: Collection[str] | None) -> bool:
        known = self._get_field_expression_map(meta=self._meta, exclude=exclude)  # type: ignore[attr-defined]
        try:
            return Q(*(one.condition for one in checks)).check(known)
        except FieldError:
            # A field of some check is excluded; Django knows which checks to leave out.
            return False


class _TimeRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _condition_sql(
    model: type[Model], editor: BaseDatabaseSchemaEditor, condition: Q | None
) -> str:
    """Return `condition` as SQL over the bare column names of `model`, values written out."""
    if condition is None:
        return "1 = 1"
    query = Query(model, alias_cols=False)
    compiler = query.get_compiler(connection=editor.connection)
    sql, params = query.build_where(condition).as_sql(compiler, editor.connection)
    return str(sql % tuple(editor.quote_value(value) for value in params))


class TriggeredConstraint(BaseConstraint):
    """A constraint whose SQL is a list of statements, made again whenever its table is."""

    def _statements(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        raise TypeError("a triggered constraint says its statements")

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        # Inside CREATE TABLE there is nothing to say; the triggers follow once the table stands,
        # which is also when an SQLite rebuild has given the table its name back.
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        *before, last = self._statements(model, schema_editor)
        for statement in before:
            schema_editor.execute(statement, params=None)
        return last

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__


class NoOverlapConstraint(TriggeredConstraint):
    """No two rows with the same `on` fields may overlap in time while both match `condition`.

    `start` and `end` name aware datetimes; a span holds its start and not its end, so that
    10:00 to 10:50 and 10:50 to 11:40 do not overlap. A row whose `on` field is null never does.
    """

    def __init__(
        self,
        *,
        name: str,
        start: str,
        end: str,
        on: Sequence[str],
        condition: Q | None = None,
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        self.start, self.end, self.on, self.condition = start, end, tuple(on), condition
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def _exclusion(self) -> ExclusionConstraint:
        return ExclusionConstraint(
            name=self.name,
            condition=self.condition,
            expressions=[
                (_TimeRange(self.start, self.end, RangeBoundary()), RangeOperators.OVERLAPS),
                *((field, RangeOperators.EQUAL) for field in self.on),
            ],
        )

    def _statements(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        # Rows that match never overlap each other, so the one that begins last before the new one
        # ends is the only one it can meet: one step in an index, however long the history is.
        quote = editor.quote_name
        columns = {name: quote(_column(model, name)) for name in _fields(self)}
        return [
            Statement(
                f"CREATE TRIGGER %(name)s AFTER {event} ON %(table)s FOR EACH ROW BEGIN "
                "SELECT RAISE(ABORT, %(message)s) WHERE EXISTS "
                "(SELECT 1 FROM %(table)s WHERE %(pk)s = NEW.%(pk)s AND (%(condition)s)) AND "
                "(SELECT %(end)s FROM %(table)s WHERE %(same)s AND %(start)s < NEW.%(end)s "
                "AND %(pk)s <> NEW.%(pk)s AND (%(condition)s) "
                "ORDER BY %(start)s DESC LIMIT 1) > NEW.%(start)s; END",
                table=Table(model._meta.db_table, quote),
                name=quote(f"{self.name}_{event.lower()}"),
                pk=_pk(model, editor),
                condition=_condition_sql(model, editor, self.condition),
                same=" AND ".join(f"{columns[f]} = NEW.{columns[f]}" for f in self.on),
                message=editor.quote_value(f"EXCLUDE constraint failed: {self.name}"),
                start=columns[self.start],
                end=columns[self.end],
            )
            for event in ("INSERT", "UPDATE")
        ]

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion().constraint_sql(model, schema_editor)
        return super().constraint_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion().create_sql(model, schema_editor)
        return super().create_sql(model, schema_editor)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        # On SQLite the table is rebuilt without its triggers, so there is nothing to drop.
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion().remove_sql(model, schema_editor)
        return None

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError if `instance` overlaps another row; the same query on both."""
        values = {name: getattr(instance, _field(model, name).attname) for name in _fields(self)}
        if values.keys() & set(exclude or ()) or any(value is None for value in values.values()):
            return
        others = model._base_manager.using(using).filter(
            **{f"{self.start}__lt": values[self.end], f"{self.end}__gt": values[self.start]},
            **{name: values[name] for name in self.on},
        )
        if self.condition is not None:
            row = instance._get_field_expression_map(meta=model._meta)  # type: ignore[attr-defined]
            if not self.condition.check(row, using=using):
                return
            others = others.filter(self.condition)
        if instance.pk is not None:
            others = others.exclude(pk=instance.pk)
        if others.exists():
            raise ValidationError(
                self.get_violation_error_message(), code=self.violation_error_code
            )

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs.update(start=self.start, end=self.end, on=self.on)
        if self.condition is not None:
            kwargs["condition"] = self.condition
        return path, args, kwargs


class FrozenRows(TriggeredConstraint):
    """Rows that match `when` are never changed or deleted again; `when=None` means every row.

    With `beside`, no row may be added either that has the same `beside` fields as a frozen row:
    a signed record takes no further zones.
    """

    def __init__(
        self,
        *,
        name: str,
        when: Q | None = None,
        beside: Sequence[str] = (),
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        self.when, self.beside = when, tuple(beside)
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def _statements(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        quote, pk = editor.quote_name, _pk(model, editor)
        columns = [quote(_column(model, name)) for name in self.beside]
        same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
        tests = {"UPDATE": f"{pk} = OLD.{pk}", "DELETE": f"{pk} = OLD.{pk}"}
        if self.beside:
            tests["INSERT"] = same
        make = self._postgresql if editor.connection.vendor == "postgresql" else self._sqlite
        condition = _condition_sql(model, editor, self.when)
        made = [
            make(model, editor, event, f"{test} AND ({condition})") for event, test in tests.items()
        ]
        if editor.connection.vendor == "postgresql":
            # A table is never emptied while it holds a frozen row. SQLite knows no TRUNCATE.
            made.append(self._postgresql(model, editor, "TRUNCATE", condition))
        return made

    def _parts(
        self, model: type[Model], editor: BaseDatabaseSchemaEditor, event: str
    ) -> dict[str, Any]:
        return {
            "table": Table(model._meta.db_table, editor.quote_name),
            "name": editor.quote_name(f"{self.name}_{event.lower()}"),
            "message": editor.quote_value(f"FROZEN constraint failed: {self.name}"),
        }

    def _sqlite(
        self, model: type[Model], editor: BaseDatabaseSchemaEditor, event: str, where: str
    ) -> Statement:
        return Statement(
            f"CREATE TRIGGER %(name)s BEFORE {event} ON %(table)s FOR EACH ROW BEGIN "
            "SELECT RAISE(ABORT, %(message)s) WHERE EXISTS "
            "(SELECT 1 FROM %(table)s WHERE %(where)s); END",
            where=where,
            **self._parts(model, editor, event),
        )

    def _postgresql(
        self, model: type[Model], editor: BaseDatabaseSchemaEditor, event: str, where: str
    ) -> Statement:
        answer = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(event, "NEW")
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return Statement(
            "CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
            "IF EXISTS (SELECT 1 FROM %(table)s WHERE %(where)s) THEN RAISE EXCEPTION USING "
            "ERRCODE = 'check_violation', CONSTRAINT = %(constraint)s, MESSAGE = %(message)s; "
            f"END IF; RETURN {answer}; END $body$; "
            f"CREATE TRIGGER %(name)s BEFORE {event} ON %(table)s "
            f"FOR EACH {each} EXECUTE FUNCTION %(name)s()",
            where=where,
            constraint=editor.quote_value(self.name),
            **self._parts(model, editor, event),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            return None
        names = [f"{self.name}_{event}" for event in ("update", "delete", "insert", "truncate")]
        drops = "; ".join(
            f"DROP FUNCTION IF EXISTS {schema_editor.quote_name(name)}() CASCADE" for name in names
        )
        return Statement(drops)

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError if `instance` is a frozen row."""
        frozen = model._base_manager.using(using).filter(pk=instance.pk)
        if instance.pk is not None and frozen.filter(self.when or Q()).exists():
            raise ValidationError(
                self.get_violation_error_message(), code=self.violation_error_code
            )

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        if self.when is not None:
            kwargs["when"] = self.when
        if self.beside:
            kwargs["beside"] = self.beside
        return path, args, kwargs


def violates(error: IntegrityError, name: str) -> bool:
    """Whether `error` came from the constraint called `name`, on either database."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == name or name in str(error)


def _fields(constraint: NoOverlapConstraint) -> tuple[str, ...]:
    return (constraint.start, constraint.end, *constraint.on)


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def _column(model: type[Model], name: str) -> str:
    return str(_field(model, name).column)


def _pk(model: type[Model], editor: BaseDatabaseSchemaEditor) -> str:
    return editor.quote_name(_column(model, model._meta.pk.name))
