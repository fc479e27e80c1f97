"""`manage.py check_schedule`: every promise of the schedule, checked over the whole database."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from sessions.actions.checking import run_schedule_check
from sessions.models import ScheduleCheck
from sessions.selectors.checking import follow_up_words


class Command(BaseCommand):
    """Print each broken promise as a sentence and end with 1; else say what was checked."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, keep the run, and print one line for each violation and one to sum up."""
        check = run_schedule_check(by=None, at=timezone.now(), say=self.stdout.write)
        self.stdout.write(_summary(check))
        if number := check.checked["violations"]:
            raise CommandError(f"The schedule is not in order. Violations: {number:,}.")


def _summary(check: ScheduleCheck) -> str:
    seen = check.checked
    to_follow_up = "; ".join(follow_up_words(seen)) or "nothing"
    return (
        f"Checked {seen['courses']:,} courses, {seen['sessions']:,} sessions and "
        f"{seen['appointments']:,} appointments in {check.seconds:.1f} seconds. "
        f"To follow up: {to_follow_up}."
    )
