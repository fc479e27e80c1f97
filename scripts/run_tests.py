"""Run the test suites and say in one line each what ran, what could not and why, and what failed.

    run_tests.py [sqlite] [postgres] [browser]     all of them when none is named

Ends with 1 when a test failed, or a coverage gate. With REQUIRE_ALL=1, as on a build server, a
suite that could not run fails too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import postgres_cluster  # noqa: E402 - found through the line above

BROWSER_TESTS = "tests/e2e"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# What is covered at least, in per cent: the rules and the writes wholly, everything else nearly.
OVERALL = 90
RULES_AND_WRITES = 100
RULES_AND_WRITES_FILES = ("*/domain/*", "*/domain.py", "*/actions.py", "*/actions/*")

# Only the product is measured, not the tests.
MEASURING = ("-m", "slipcover", "--dont-wrap-pytest", "--json", "--out")

# The longest suites come first, so that no core waits long at the end. More at once are slower on
# two cores: a browser test that waits for a busy server keeps asking.
AT_ONCE = 2

# The most failed tests a suite is named with: one that is broken whole does not hide the others.
MOST_NAMED = 20

# This kind of report says the file of each test.
REPORTED = ("-o", "junit_family=xunit1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one suite ended; `counts` is None when it could not run."""

    suite: str
    said: str
    counts: tuple[int, int, int] | None  # passed, failed, skipped
    is_bad: bool = False
    failed: tuple[str, ...] = ()  # each as file::test

    @property
    def has_run(self) -> bool:
        return self.counts is not None


def run_suite(
    suite: str, *arguments: str, measured: Path | None = None, **settings: str
) -> Outcome:
    """Run the tests of `arguments`; what they cover is written to the file `measured`, if any."""
    print(f"\n== {suite} ==", flush=True)
    began = time.monotonic()
    around = [*MEASURING, str(measured)] if measured else []
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        tests = ["-m", "pytest", "-q", *REPORTED, f"--junitxml={report}", *arguments]
        code = say_along(suite, [sys.executable, *around, *tests], {**os.environ, **settings})
        counts, names = read_counts(report), read_failed(report)
    if counts == (0, 0, 0):
        return Outcome(suite, "could not run: it holds no tests", None)
    if counts is None:
        return Outcome(suite, "stopped before its first test; the reason is above", (0, 1, 0), True)
    passed, failed, skipped = counts
    said = f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
    said = f"{said} in {time.monotonic() - began:.0f} s"
    return Outcome(suite, said, counts, code != 0, names)


def say_along(suite: str, command: list[str], environment: dict[str, str]) -> int:
    """Run `command` and print its lines as they come, each with the suite it is from."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None  # a pipe was asked for
        for line in running.stdout:
            print(f"{suite:11}| {line}", end="", flush=True)
    return running.returncode


def read_counts(report: Path) -> tuple[int, int, int] | None:
    if not report.exists():
        return None
    suite = ElementTree.parse(report).getroot().find("testsuite")
    if suite is None:
        return None
    total, skipped = int(suite.get("tests", "0")), int(suite.get("skipped", "0"))
    failed = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
    return total - failed - skipped, failed, skipped


def read_failed(report: Path) -> tuple[str, ...]:
    """Return the tests of `report` that failed, in its order, each once."""
    if not report.exists():
        return ()
    failed = (
        case
        for case in ElementTree.parse(report).iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    )
    names = ("::".join(filter(None, (case.get("file"), case.get("name")))) for case in failed)
    return tuple(dict.fromkeys(names))


def on_sqlite() -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        measured = Path(folder) / "coverage.json"
        ran = run_suite(
            "SQLite", "tests", f"--ignore={BROWSER_TESTS}", measured=measured, TEST_DB="sqlite"
        )
        if not ran.has_run or ran.is_bad:
            return [ran]
        return [ran, *coverage_gates(json.loads(measured.read_text())["files"])]


def coverage_gates(files: dict[str, Any]) -> list[Outcome]:
    """Judge what was covered of `files`, as measured: their lines and branches by path."""
    rules_and_writes = {
        path: found
        for path, found in files.items()
        if any(fnmatch(path, pattern) for pattern in RULES_AND_WRITES_FILES)
    }
    return [
        coverage_gate("overall", files, OVERALL),
        coverage_gate("domain and actions", rules_and_writes, RULES_AND_WRITES),
    ]


def coverage_gate(name: str, files: dict[str, Any], wanted: int) -> Outcome:
    """Say what share of the lines and branches of `files` ran, and where too few did."""
    ran, missed = (
        sum(
            found["summary"][f"{which}_{what}"]
            for found in files.values()
            for what in ("lines", "branches")
        )
        for which in ("covered", "missing")
    )
    covered = 100 * ran / ((ran + missed) or 1)
    is_bad = covered < wanted
    if is_bad:
        for path, found in sorted(files.items()):
            if lacking := [*found["missing_lines"], *found["missing_branches"]]:
                print(f"{path}: {lacking}")
    return Outcome("Coverage", f"{covered:.2f}% {name}, {wanted}% wanted", (0, 0, 0), is_bad)


def server_programs() -> str | None:
    """Make sure that there is a PostgreSQL server; returns the reason when there is none."""
    if postgres_cluster.find_programs() is not None:
        return None
    if "PG_BIN" in os.environ:
        return "the folder that PG_BIN names holds no PostgreSQL server programs"
    setup = [sys.executable, str(ROOT / "scripts" / "setup.py"), "postgres"]
    done = subprocess.run(setup, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0 and postgres_cluster.find_programs() is not None:
        return None
    fetched = (done.stderr.strip().splitlines() or ["there are no server programs for it"])[-1]
    return f"PostgreSQL is not installed here. {fetched}"


def on_postgres() -> list[Outcome]:
    if reason := server_programs():
        return [Outcome("PostgreSQL", f"could not run: {reason}", None)]
    return [run_suite("PostgreSQL", "tests", f"--ignore={BROWSER_TESTS}", TEST_DB="postgres")]


def find_chromium() -> str | None:
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given)
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def in_browser(suite: str, database: str) -> list[Outcome]:
    chromium = find_chromium()
    if chromium is None:
        missing = "could not run: there is no Chromium here; install it, or name one with CHROMIUM"
        return [Outcome(suite, missing, None)]
    if database == "postgres" and (reason := server_programs()):
        return [Outcome(suite, f"could not run: {reason}", None)]
    return [run_suite(suite, BROWSER_TESTS, TEST_DB=database, CHROMIUM=chromium)]


def on_sqlite_in_browser() -> list[Outcome]:
    return in_browser("Browser, SQLite", "sqlite")


def on_postgres_in_browser() -> list[Outcome]:
    return in_browser("Browser, PostgreSQL", "postgres")


def side_by_side(suites: list[Callable[[], list[Outcome]]]) -> list[Outcome]:
    """Run suites beside each other; they share nothing."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [outcome for found in threads.map(lambda run: run(), suites) for outcome in found]


def named(failed: tuple[str, ...]) -> list[str]:
    """Return what the summary says of the tests that failed."""
    more = len(failed) - MOST_NAMED
    return [
        *failed[:MOST_NAMED],
        *([f"and {more} more; their names are above"] if more > 0 else []),
    ]


SUITES: dict[str, list[Callable[[], list[Outcome]]]] = {
    "sqlite": [on_sqlite],
    "postgres": [on_postgres],
    "browser": [on_postgres_in_browser, on_sqlite_in_browser],
}


def main(names: list[str]) -> int:
    if unknown := set(names) - set(SUITES):
        print(f"There is no suite {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}.")
        return 2
    outcomes = side_by_side([suite for name in names or SUITES for suite in SUITES[name]])
    must_run_all = os.environ.get("REQUIRE_ALL") == "1"
    is_bad = False
    print("\n== Summary ==")
    for outcome in outcomes:
        failed = outcome.is_bad or (must_run_all and not outcome.has_run)
        is_bad |= failed
        mark = "FAILED" if failed else "ok" if outcome.has_run else "-"
        print(f"{mark:7}{outcome.suite:21}{outcome.said}")
        for name in named(outcome.failed):
            print(f"{'':7}{name}")
    counts = [outcome.counts for outcome in outcomes if outcome.counts]
    print(f"{sum(c[0] for c in counts)} passed, {sum(c[1] for c in counts)} failed")
    return 1 if is_bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
