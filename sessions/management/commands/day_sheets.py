"""`manage.py day_sheets`: today's and tomorrow's sheets as PDFs in the data folder."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from clinic.selectors import clinic_profile
from sessions.actions.day_sheets import write_day_sheets


class Command(BaseCommand):
    """Write the sheets of every site, delete old ones, and say where they are."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them, or say in a sentence why not."""
        try:
            written = write_day_sheets(profile=clinic_profile(), at=timezone.now())
        except (ImproperlyConfigured, OSError) as reason:
            raise CommandError(f"The day sheets could not be written: {reason}") from reason
        for path in written:
            self.stdout.write(str(path))
