"""What the calendar holds, week by week, kept ready as one string of bits for each resource.

The appointments are the truth. A week of bits is derived from them when it is first asked for and
kept; the database itself, by the triggers of `StampedWeeks`, counts every change of an appointment
on the weeks it touches, so that bits of an older count are known to be out of date, whoever wrote.
"""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Model

from meso_clinic.core.constraints import TriggeredConstraint

WEEK_SECONDS = 7 * 24 * 60 * 60


class BusyWeek(models.Model):
    """The busy 5-minute steps of a practitioner or a room in one week.

    `week` counts weeks of 604,800 seconds since 1970-01-01 00:00 UTC. `bits` holds 2,016 steps,
    the first in the lowest bit of the first byte. They hold good while `bits_of` equals `changes`.
    """

    class Kind(models.TextChoices):
        PRACTITIONER = "P"
        ROOM = "R"

    kind = models.CharField(max_length=1, choices=Kind)
    resource_id = models.BigIntegerField()
    week = models.IntegerField()
    changes = models.BigIntegerField(default=0)
    bits_of = models.BigIntegerField(default=-1)
    bits = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "resource_id", "week"], name="busy_week_is_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.resource_id} week {self.week}"


class StampedWeeks(TriggeredConstraint):
    """Every change of a row counts on the weeks of its resources that it touches, before and after.

    `stamps` names the model that counts (`kind`, `resource_id`, `week`, `changes`); `resources`
    gives for each kind the foreign key that holds the resource.
    """

    def __init__(
        self,
        *,
        name: str,
        stamps: str,
        start: str,
        end: str,
        resources: dict[str, str],
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        self.stamps, self.start, self.end, self.resources = stamps, start, end, resources
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def _statements(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        make = self._postgresql if editor.connection.vendor == "postgresql" else self._sqlite
        rows = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
        return [make(model, editor, event, touched) for event, touched in rows.items()]

    def _stamp(self, model: type[Model], editor: BaseDatabaseSchemaEditor, rows: list[str]) -> str:
        quote = editor.quote_name
        # Half a second makes up for what a day's fraction rounds away.
        week = "CAST((julianday({row}.{column}) - 2440587.5) * 86400 + 0.5 AS INTEGER) / {week}"
        nothing = "x''"
        if editor.connection.vendor == "postgresql":
            week, nothing = "FLOOR(EXTRACT(EPOCH FROM {row}.{column}) / {week})::int", "''::bytea"

        def column(name: str) -> str:
            return quote(str(model._meta.get_field(name).column))  # type: ignore[union-attr]

        touched = " UNION ".join(
            f"SELECT '{kind}' AS kind, {row}.{column(field)} AS resource_id, "
            + week.format(row=row, column=column(bound), week=WEEK_SECONDS)
            + " AS week"
            for kind, field in self.resources.items()
            for row in rows
            for bound in (self.start, self.end)
        )
        table = quote(apps.get_model(self.stamps)._meta.db_table)
        return (
            f"INSERT INTO {table} (kind, resource_id, week, changes, bits_of, bits) "
            f"SELECT kind, resource_id, week, 1, -1, {nothing} FROM ({touched}) AS touched WHERE TRUE "
            f"ORDER BY kind, resource_id, week "
            f"ON CONFLICT (kind, resource_id, week) DO UPDATE SET changes = {table}.changes + 1"
        )

    def _sqlite(
        self, model: type[Model], editor: BaseDatabaseSchemaEditor, event: str, rows: list[str]
    ) -> Statement:
        return Statement(
            f"CREATE TRIGGER %(name)s AFTER {event} ON %(table)s FOR EACH ROW BEGIN "
            f"{self._stamp(model, editor, rows)}; END",
            table=Table(model._meta.db_table, editor.quote_name),
            name=editor.quote_name(f"{self.name}_{event.lower()}"),
        )

    def _postgresql(
        self, model: type[Model], editor: BaseDatabaseSchemaEditor, event: str, rows: list[str]
    ) -> Statement:
        return Statement(
            "CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
            f"{self._stamp(model, editor, rows)}; RETURN NULL; END $body$; "
            f"CREATE TRIGGER %(name)s AFTER {event} ON %(table)s "
            "FOR EACH ROW EXECUTE FUNCTION %(name)s()",
            table=Table(model._meta.db_table, editor.quote_name),
            name=editor.quote_name(f"{self.name}_{event.lower()}"),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            return None
        drops = "; ".join(
            f"DROP FUNCTION IF EXISTS {schema_editor.quote_name(f'{self.name}_{event}')}() CASCADE"
            for event in ("insert", "update", "delete")
        )
        return Statement(drops)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is refused: this one only counts."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs.update(stamps=self.stamps, start=self.start, end=self.end, resources=self.resources)
        return path, args, kwargs
