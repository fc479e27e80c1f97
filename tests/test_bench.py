"""The benchmarks still run, and the planner still finds what CP-SAT finds. No time is asserted."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder():
    """A folder that the database's own user may enter; pytest's are closed to everybody else."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield name


def test_the_benchmarks_run_and_agree_with_the_solver(folder):
    small = {
        "BENCH_DB": os.environ.get("TEST_DB", "sqlite"),
        "BENCH_DIR": folder,
        "BENCH_REPEAT": "2",
        "BENCH_ROWS": "500",
    }

    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env={**os.environ, **small},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the same in 2 of 2") == 4
    assert "first free time" in done.stdout
