"""`manage.py nightly`: what has to run each night, now or at its hour for ever."""

import os
import sys
import time
from argparse import ArgumentParser
from datetime import datetime
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from meso_clinic.core.nightly import NO_CLOCK, LastRun, nightly_clock, run_nightly, server_zone

# A machine that slept wakes with a clock that jumped, so no wait is longer than this.
LONGEST_NAP_SECONDS = 60


class Command(BaseCommand):
    """Run every job, the next one also when one fails; end with 1 if anything is wrong."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--forever` waits for `NIGHTLY_AT` each day; `serve` starts it so."""
        parser.add_argument("--forever", action="store_true", help="each night at NIGHTLY_AT")
        parser.add_argument(
            "--until-input-ends", action="store_true", help="stop when the standard input closes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the jobs once, or stay."""
        if options["until_input_ends"]:
            Thread(target=_leave_with_the_input, daemon=True).start()
        if options["forever"]:
            self._stay()
        elif self._run(timezone.now()):
            raise CommandError("Not everything is in order.")

    def _run(self, at: datetime) -> bool:
        """Run all jobs and say what each found. Returns whether anything is wrong."""
        outcomes = run_nightly(at)
        for job, problems in outcomes:
            self.stdout.write(f"{job.name}: {' '.join(problems) or 'in order.'}")
        return any(problems for _job, problems in outcomes)

    def _stay(self) -> None:
        try:
            clock = nightly_clock()
        except ValueError as error:
            raise CommandError(NO_CLOCK % settings.NIGHTLY_AT) from error
        if clock is None:
            raise CommandError("NIGHTLY_AT is empty: the nightly jobs are switched off.")
        last, zone = LastRun(settings.DATA_DIR), server_zone()
        while True:
            due = last.due(timezone.now(), clock, zone)
            _wait_until(due)
            last.note(timezone.now())
            # Hours have passed: the database may have gone and come back.
            close_old_connections()
            self._run(timezone.now())
            close_old_connections()


def _wait_until(due: datetime) -> None:
    while (seconds := (due - timezone.now()).total_seconds()) > 0:
        time.sleep(min(seconds, LONGEST_NAP_SECONDS))


def _leave_with_the_input() -> None:
    """End this process, whatever it does, when whoever started it has gone."""
    sys.stdin.buffer.read()
    os._exit(0)
