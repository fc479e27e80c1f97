"""`make bench`: measure the planner on SQLite and on PostgreSQL, each in a process of its own.

| variable     | default       | meaning                                                      |
| ------------ | ------------- | ------------------------------------------------------------ |
| BENCH_ROWS   | 1000000       | appointments in the past                                     |
| BENCH_DB     | both          | `sqlite`, `postgres` or `both`                               |
| BENCH_REPEAT | 30            | repetitions of each task                                     |
| BENCH_DIR    | `data/bench/` | where the databases are kept, for the next run               |
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CHILD = "BENCH_CHILD"
_SMALL = 1_000


def main() -> int:
    if os.environ.get(_CHILD):
        return _measure()
    wanted = os.environ.get("BENCH_DB", "both")
    if wanted not in {"sqlite", "postgres", "both"}:
        raise SystemExit(f"BENCH_DB is sqlite, postgres or both, not {wanted!r}.")
    folder = Path(os.environ.get("BENCH_DIR", ROOT / "data" / "bench")).resolve()
    (folder / "static").mkdir(parents=True, exist_ok=True)
    codes = []
    if wanted != "postgres":
        codes.append(_start(folder, DATABASE_URL=f"sqlite:///{folder / 'none.sqlite3'}"))
    if wanted != "sqlite":
        with _cluster(folder / "postgres") as url:
            codes.append(_start(folder, DATABASE_URL=url))
    return max(codes)


def _start(folder: Path, **environment: str) -> int:
    ours = {
        "DATA_DIR": str(folder),
        "SECRET_KEY": "known-to-everyone-and-good-enough-for-a-benchmark-of-the-clinic",
        "DJANGO_SETTINGS_MODULE": "meso_clinic.settings",
        _CHILD: "1",
    }
    kept = {name: value for name, value in os.environ.items() if name not in _OF_AN_INSTALLATION}
    done = subprocess.run(
        [sys.executable, "-m", "bench"], cwd=ROOT, env={**kept, **ours, **environment}, check=False
    )
    return done.returncode


_OF_AN_INSTALLATION = {"ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "DEBUG", "DEMO", "PORT"}


@contextmanager
def _cluster(kept: Path) -> Iterator[str]:
    from tests import postgres_cluster

    try:
        cluster = postgres_cluster.start(kept)
    except postgres_cluster.NoCluster as reason:
        raise SystemExit(f"PostgreSQL cannot be measured: {reason}.") from None
    try:
        yield cluster.url
    finally:
        cluster.stop()


def _measure() -> int:
    import django

    django.setup()
    from bench.run import Plan, measure_database

    rows = _number("BENCH_ROWS", 1_000_000)
    measure_database(Plan((min(_SMALL, max(1, rows // 2)), rows), _number("BENCH_REPEAT", 30)))
    return 0


def _number(name: str, usual: int) -> int:
    given = os.environ.get(name, str(usual))
    if not given.isdecimal() or int(given) < 2:
        raise SystemExit(f"{name} is a number of at least 2, not {given!r}.")
    return int(given)


if __name__ == "__main__":
    sys.exit(main())
