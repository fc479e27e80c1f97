"""`manage.py backup FOLDER`: a consistent copy of the database, also while people work."""

import sqlite3
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone


class Command(BaseCommand):
    """Copy the SQLite database into a folder and check the copy before it counts."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder that takes the copy."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Write `clinic-2026-11-26T083000.sqlite3`; a copy that fails its check is removed."""
        if connection.vendor != "sqlite":
            raise CommandError("This clinic runs on PostgreSQL: back it up with pg_dump -Fc.")
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"clinic-{_stamp(timezone.now())}.sqlite3"
        draft = copy.with_suffix(".part")
        # A plain copy of a live file can be torn; VACUUM INTO reads one consistent state.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(draft)])
        if not _is_sound(draft):
            draft.unlink()
            raise CommandError(
                "The copy is damaged and was removed. Check the disk, then try again."
            )
        draft.rename(copy)
        self.stdout.write(f"The clinic is copied to {copy}")


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H%M%S}"


def _is_sound(path: Path) -> bool:
    copy = sqlite3.connect(path)
    try:
        return bool(copy.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    finally:
        copy.close()
