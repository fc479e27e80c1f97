"""Check that every signed record is still what was signed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records.models import SessionRecord
from records.selectors.seal import broken_seals


class Command(BaseCommand):
    """Ends with an error that names each record that was changed past the application."""

    help = "Compare every signed record with the seal it got when it was signed."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [str(record.pk) for record in broken_seals()]
        if broken:
            raise CommandError("Changed after they were signed: records " + ", ".join(broken))
        count = SessionRecord.objects.filter(signed_at__isnull=False).count()
        self.stdout.write(f"All signed records are as they were signed: {count}.")
