"""`manage.py serve`: from a prepared checkout to a clinic in the browser, in one command."""

import os
import socket
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.utils import timezone

from meso_clinic.core.actions import invite_first_admin
from meso_clinic.core.models import User
from meso_clinic.core.nightly import NO_CLOCK, nightly_clock
from meso_clinic.env import env

WORKERS, THREADS = 2, 4


class Command(BaseCommand):
    """Migrate, seed the demo clinic if the database is empty, say where it is, and serve it."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--prepare-only` stops before serving."""
        parser.add_argument("--prepare-only", action="store_true", help="do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps; each long one says what it is doing."""
        port = self._port()
        runs_nightly = self._runs_nightly()
        if not options["prepare_only"]:
            self._check_port(port)
        call_command("check", "--fail-level", "ERROR", stdout=_Silent())
        self._step("Preparing the database", self._migrate)
        self._collect_static()
        if settings.DEMO:
            self._seed()
        self._greet(port)
        if not options["prepare_only"]:
            if runs_nightly:
                self._start_nightly()
            self._serve(port)

    def _port(self) -> int:
        typed = env.str("PORT", "8000")
        if not typed.isdecimal() or not 1 <= int(typed) <= 65535:
            raise CommandError(f"PORT must be a number from 1 to 65535, not “{typed}”.")
        return int(typed)

    def _runs_nightly(self) -> bool:
        try:
            return nightly_clock() is not None
        except ValueError as error:
            raise CommandError(NO_CLOCK % settings.NIGHTLY_AT) from error

    def _check_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is busy: another program uses it. "
                    f"Stop that program, or choose another port: PORT={port + 1} make run"
                ) from error

    def _step(self, words: str, run: Any) -> None:
        self.stdout.write(f"{words} …")
        run()

    def _migrate(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)

    def _collect_static(self) -> None:
        """Collect the static files unless what was collected is newer than all of them."""
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        newest = max(
            (
                Path(storage.path(name)).stat().st_mtime
                for finder in get_finders()
                for name, storage in finder.list([])
            ),
            default=0.0,
        )
        if not manifest.exists() or manifest.stat().st_mtime < newest:
            self._step(
                "Collecting the page files",
                lambda: call_command("collectstatic", verbosity=0, interactive=False),
            )

    def _seed(self) -> None:
        if not User.objects.exists():
            self._step("Making the demo clinic", lambda: call_command("seed_demo"))

    def _greet(self, port: int) -> None:
        address = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\nMeso Clinic is at {address}\n")
        if settings.DEMO:
            self.stdout.write(f"Demo accounts, all with the password {settings.DEMO_PASSWORD}:")
            for name in settings.DEMO_ACCOUNTS:
                self.stdout.write(f"  {name}")
        elif not User.objects.exists():
            token = invite_first_admin(at=timezone.now())
            self.stdout.write(
                "This clinic has no people yet. Open this link once, within two days,\n"
                f"to make the first admin:\n  {settings.BASE_URL}/welcome/{token}/"
            )
        self.stdout.write("Stop it with Ctrl C.\n")
        self.stdout.flush()

    def _start_nightly(self) -> None:
        """Start the nightly jobs beside the server, so that they end whenever and however it ends.

        The server's process keeps the writing end of a pipe that is the input of the jobs. Its end,
        also a sudden one, closes the pipe, and with that the jobs leave.
        """
        reading, writing = os.pipe()
        os.set_inheritable(writing, True)
        nightly = [str(settings.BASE_DIR / "manage.py"), "nightly"]
        subprocess.Popen(
            [sys.executable, *nightly, "--forever", "--until-input-ends"],
            stdin=reading,
            # Out of the reach of Ctrl C: the pipe tells it when to go.
            start_new_session=True,
        )
        os.close(reading)

    def _serve(self, port: int) -> None:
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "meso_clinic.wsgi",
            f"--bind=127.0.0.1:{port}",
            f"--workers={WORKERS}",
            f"--threads={THREADS}",
            "--no-control-socket",
            "--log-level=warning",
        ]
        # Take this process over, so that Ctrl C and a service manager's signals reach the server.
        os.execv(sys.executable, command)


class _Silent:
    """Somewhere to write what nobody needs to read."""

    def write(self, text: str) -> None:
        """Forget `text`."""
