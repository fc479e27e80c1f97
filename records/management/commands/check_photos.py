"""`manage.py check_photos`: remove files that no photo names, and say which files are lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from records.actions.photo_files import changed_files, sweep


class Command(BaseCommand):
    """Sweep, then say what is wrong and end with 1 if anything is."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--content` reads every file, which takes a while."""
        parser.add_argument(
            "--content", action="store_true", help="also compare every file with its SHA-256"
        )

    def handle(self, *args: Any, content: bool = False, **options: Any) -> None:
        """Name each file by the name it has in the storage."""
        swept = sweep(at=timezone.now())
        changed = changed_files() if content else []
        self.stdout.write(f"Removed: {len(swept.removed)} files that no photo names.")
        for name in swept.lost:
            self.stdout.write(f"Missing: {name}")
        for name in changed:
            self.stdout.write(f"Changed: {name}")
        if swept.lost or changed:
            raise CommandError("Not all photos are whole. Restore these files from the backup.")
