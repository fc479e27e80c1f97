"""What runs each night; each app registers its own in `AppConfig.ready()`."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from meso_clinic.core.domain.nightly import next_run, parse_clock

logger = logging.getLogger(__name__)

LOCAL_TIME: Final = Path("/etc/localtime")
STAMP: Final = "nightly.txt"
NO_CLOCK: Final = "NIGHTLY_AT must be a time of day like 03:30, or empty, not “%s”."


@dataclass(frozen=True, slots=True)
class NightlyJob:
    """A job with a name for the log. `run` takes the moment (aware) and returns what is wrong,
    in sentences."""

    name: str
    run: Callable[[datetime], list[str]]


_jobs: list[NightlyJob] = []


def register_nightly(job: NightlyJob) -> None:
    """Let `job` run each night, after those that were there before."""
    if job not in _jobs:
        _jobs.append(job)


def run_nightly(at: datetime) -> list[tuple[NightlyJob, list[str]]]:
    """Run every job as of `at` (aware); return each with what is wrong.

    A job that raises is logged and counts as wrong; the others run all the same.
    """
    return [(job, _run(job, at)) for job in _jobs]


def _run(job: NightlyJob, at: datetime) -> list[str]:
    try:
        return job.run(at)
    except Exception:
        logger.exception("The nightly job “%s” failed.", job.name)
        return ["It failed; the log says how."]


def nightly_clock() -> time | None:
    """Return the time of day of `NIGHTLY_AT`, None if it is empty. Raises ValueError."""
    return parse_clock(settings.NIGHTLY_AT)


def server_zone(path: Path = LOCAL_TIME) -> tzinfo:
    """Return the time zone that this machine is set to; UTC if it does not say.

    Django sets the process to UTC, so the process itself no longer knows.
    """
    try:
        with path.open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError):
        return UTC


class LastRun:
    """The moment of the last run, kept in the data folder: a machine that was off catches up."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / STAMP

    def due(self, now: datetime, clock: time, zone: tzinfo) -> datetime:
        """Return when the next run is due; before `now` if one was missed.

        A clinic that never ran one waits for its first night.
        """
        return next_run(self._read() or self.note(now), clock, zone)

    def note(self, moment: datetime) -> datetime:
        """Keep `moment` (aware) as the last run."""
        self._path.write_text(moment.isoformat())
        return moment

    def _read(self) -> datetime | None:
        try:
            moment = datetime.fromisoformat(self._path.read_text().strip())
        except (OSError, ValueError):
            return None
        return moment if moment.tzinfo else None
