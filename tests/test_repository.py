"""What must not be in the tree: somebody else's files, and words that tie it to one machine."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# In pieces, so that this file does not hold the words it looks for.
REGISTRY_HOSTS = (
    "pypi" + ".org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "npm" + "js.com",
    "registry.yarn" + "pkg.com",
    "deb.deb" + "ian.org",
    "un" + "pkg.com",
    "js" + "delivr.net",
)
MACHINE_PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Use" + "rs/")
NEIGHBOURS = ("../sha" + "red", "sha" + "red/des" + "ign")

VENDORED_FOLDERS = {"node_modules", "vendor", "vendors", "third_party", "bower_components"}
LIBRARY_MARKS = (".min.js", ".min.css", ".map", ".whl", ".woff", ".woff2", ".ttf", ".otf")


def tracked_files() -> list[Path]:
    """Every file that is, or without further ado would be, committed."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listing.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("word", [*REGISTRY_HOSTS, *MACHINE_PATHS, *NEIGHBOURS])
def test_no_file_names_a_registry_or_a_machine(word: str) -> None:
    needle = word.encode()
    holders = [
        str(path.relative_to(ROOT)) for path in tracked_files() if needle in path.read_bytes()
    ]
    assert holders == []


def test_no_third_party_file_is_committed() -> None:
    foreign = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if VENDORED_FOLDERS & set(path.relative_to(ROOT).parts) or path.name.endswith(LIBRARY_MARKS)
    ]
    assert foreign == []


def test_requirements_are_pinned_with_hashes() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if line and line[0].isalnum()]
        assert lines, path.name
        assert all("==" in line and line.endswith("\\") for line in lines), path.name


def test_the_other_postgresql_driver_is_not_installed() -> None:
    # Django would silently prefer psycopg 3 to the psycopg2 that we test with.
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "\npsycopg==" not in "\n" + path.read_text(), path.name
