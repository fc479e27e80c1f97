"""What runs each night: when, in spite of what, and for as long as the server does."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time as clock_of_the_test
import urllib.error
import urllib.request
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from meso_clinic.core import nightly
from meso_clinic.core.domain.nightly import next_run, parse_clock
from meso_clinic.core.nightly import LastRun, NightlyJob, register_nightly, server_zone
from sessions.models import ScheduleCheck

LONDON = ZoneInfo("Europe/London")
AT_HALF_PAST_THREE = time(3, 30)
NIGHT = datetime(2026, 11, 26, 2, tzinfo=UTC)


# When


@pytest.mark.parametrize(
    ("after", "clock", "then"),
    [
        ("2026-11-26 02:00", "03:30", "2026-11-26 03:30"),
        ("2026-11-26 03:30", "03:30", "2026-11-27 03:30"),
        ("2026-11-26 15:00", "03:30", "2026-11-27 03:30"),
        # Summer in London is an hour ahead of UTC, also across midnight.
        ("2026-07-01 15:00", "03:30", "2026-07-02 02:30"),
        ("2026-07-01 23:15", "00:30", "2026-07-01 23:30"),
        # On 29 March 2026 the clocks go from 01:00 to 02:00.
        ("2026-03-28 12:00", "01:30", "2026-03-29 01:30"),
        ("2026-03-29 01:30", "01:30", "2026-03-30 00:30"),
        ("2026-03-28 12:00", "03:30", "2026-03-29 02:30"),
        # On 25 October 2026 they show 01:00 to 02:00 twice; the first one counts.
        ("2026-10-24 12:00", "01:30", "2026-10-25 00:30"),
        ("2026-10-25 00:30", "01:30", "2026-10-26 01:30"),
        ("2026-10-25 01:10", "01:30", "2026-10-26 01:30"),
    ],
)
def test_the_next_run(after, clock, then):
    moment = datetime.fromisoformat(f"{after}+00:00")
    assert next_run(moment, parse_clock(clock), LONDON) == datetime.fromisoformat(f"{then}+00:00")


@given(
    after=st.integers(0, 15 * 365 * 24 * 60).map(lambda n: NIGHT + timedelta(minutes=n)),
    clock=st.times(timezones=st.none()),
    zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_runs_follow_each_other_once_a_day(after, clock, zone):
    first = next_run(after, clock, ZoneInfo(zone))
    second = next_run(first, clock, ZoneInfo(zone))
    assert after < first <= after + timedelta(hours=26)
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in (first, second)]
    assert days[1] - days[0] == timedelta(days=1)


@pytest.mark.parametrize("typed", ["3", "25:00", "03:60", "half past", "03:30:00", "-1:00", ":"])
def test_what_is_no_time_of_day(typed):
    with pytest.raises(ValueError, match=r".+"):
        parse_clock(typed)


@pytest.mark.parametrize(("typed", "clock"), [(" 4:05 ", time(4, 5)), ("", None), (" ", None)])
def test_what_is_typed_for_the_hour(typed, clock):
    assert parse_clock(typed) == clock


def test_the_machines_own_time_zone(tmp_path):
    (tmp_path / "none").write_bytes(b"nothing")
    assert server_zone(tmp_path / "none") is UTC
    assert server_zone(tmp_path / "missing") is UTC
    assert server_zone() is not None


# Catching up


def test_the_first_run_waits_for_its_first_night(tmp_path):
    last = LastRun(tmp_path)
    assert last.due(NIGHT, AT_HALF_PAST_THREE, UTC) == NIGHT + timedelta(hours=1, minutes=30)
    # The machine was off until noon: the run of that night is due since half past three.
    noon = NIGHT + timedelta(hours=10)
    assert LastRun(tmp_path).due(noon, AT_HALF_PAST_THREE, UTC) < noon


def test_after_a_run_the_next_night_is_due(tmp_path):
    last = LastRun(tmp_path)
    last.note(NIGHT + timedelta(hours=10))
    due = last.due(NIGHT + timedelta(hours=10), AT_HALF_PAST_THREE, UTC)
    assert due == NIGHT + timedelta(hours=25, minutes=30)


@pytest.mark.parametrize("kept", ["nonsense", "2026-11-26T02:00:00", ""])
def test_a_last_run_that_nobody_can_read_is_none(tmp_path, kept):
    (tmp_path / nightly.STAMP).write_text(kept)
    assert LastRun(tmp_path).due(NIGHT, AT_HALF_PAST_THREE, UTC) > NIGHT


# The jobs


@pytest.fixture
def jobs(monkeypatch):
    """Start without the jobs of the apps; what a test registers goes when it ends."""
    monkeypatch.setattr(nightly, "_jobs", [])


def _breaks(at):
    raise RuntimeError("The disk is full.")


def test_a_job_that_fails_does_not_stop_the_others(jobs, capsys, caplog):
    ran = []
    register_nightly(NightlyJob("Broken", _breaks))
    register_nightly(NightlyJob("Whole", lambda at: ran.append(at) or []))
    with pytest.raises(CommandError) as refusal:
        call_command("nightly")
    assert refusal.value.returncode == 1
    assert len(ran) == 1
    assert capsys.readouterr().out.splitlines() == [
        "Broken: It failed; the log says how.",
        "Whole: in order.",
    ]
    assert "The disk is full." in caplog.text


def test_a_job_that_finds_something_makes_the_command_fail(jobs, capsys):
    register_nightly(NightlyJob("Watch", lambda at: ["Two rows are odd."]))
    with pytest.raises(CommandError, match="Not everything is in order"):
        call_command("nightly")
    assert capsys.readouterr().out == "Watch: Two rows are odd.\n"


def test_a_job_is_registered_once(jobs):
    job = NightlyJob("Once", lambda at: [])
    register_nightly(job)
    register_nightly(job)
    assert nightly.run_nightly(NIGHT) == [(job, [])]


@pytest.mark.django_db
def test_the_schedule_is_checked_each_night(capsys):
    call_command("nightly")
    assert "Schedule check: in order." in capsys.readouterr().out
    assert ScheduleCheck.objects.get().by is None


def test_staying_needs_an_hour(settings):
    settings.NIGHTLY_AT = ""
    with pytest.raises(CommandError, match="switched off"):
        call_command("nightly", "--forever")
    settings.NIGHTLY_AT = "noon"
    for command in (["nightly", "--forever"], ["serve"]):
        with pytest.raises(CommandError, match="NIGHTLY_AT must be a time of day"):
            call_command(*command)


# Beside the server, for real


@pytest.fixture(scope="module")
def clinic_folder(tmp_path_factory):
    """The data folder of a clinic of its own, prepared once."""
    folder = tmp_path_factory.mktemp("clinic")
    subprocess.run(
        [sys.executable, "manage.py", "serve", "--prepare-only"],
        cwd=project.BASE_DIR,
        env=_environment(folder),
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder


def _environment(folder, **more):
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**ours, "DATA_DIR": str(folder), "DEMO": "0", "BASE_URL": "http://127.0.0.1", **more}


@pytest.fixture
def serving(clinic_folder):
    """Start `serve` on a free port; return its process and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = []

    def start(**environment):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=project.BASE_DIR,
            env=_environment(clinic_folder, PORT=str(port), **environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        _wait_for(lambda: _answers(f"http://127.0.0.1:{port}/healthz"))
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def _answers(address):
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False


def _wait_for(is_so, seconds=30):
    ends = clock_of_the_test.monotonic() + seconds
    while not is_so():
        assert clock_of_the_test.monotonic() < ends, "it did not come about"
        clock_of_the_test.sleep(0.1)


def _runs(folder):
    clinic = sqlite3.connect(folder / "clinic.sqlite3", timeout=20)
    try:
        table = ScheduleCheck._meta.db_table
        return clinic.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
    finally:
        clinic.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_server_runs_a_missed_night_and_takes_it_with_it(clinic_folder, serving, how):
    LastRun(clinic_folder).note(NIGHT - timedelta(days=400))
    before = _runs(clinic_folder)
    process = serving()
    _wait_for(lambda: _runs(clinic_folder) == before + 1)
    process.send_signal(how)
    # Whoever still runs holds the other end of this pipe, so its end says that nobody does.
    process.communicate(timeout=20)


def test_an_empty_hour_switches_it_off(clinic_folder, serving):
    LastRun(clinic_folder).note(NIGHT - timedelta(days=400))
    before = _runs(clinic_folder)
    process = serving(NIGHTLY_AT="")
    process.terminate()
    process.communicate(timeout=20)
    assert _runs(clinic_folder) == before
