"""The benchmarks still run, and the planner still finds what CP-SAT finds. No time is asserted."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_benchmarks_run_and_agree_with_the_solver(tmp_path):
    small = {
        "BENCH_DB": os.environ.get("TEST_DB", "sqlite"),
        "BENCH_DIR": str(tmp_path),
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
