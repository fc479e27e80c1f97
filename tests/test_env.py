"""The environment: the secret key is made once, and a bad value is refused in clear words."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from meso_clinic.env import SECRET_KEY_FILE, data_folder, secret_key

ROOT = Path(__file__).resolve().parent.parent
READ_KEY = (
    "import sys; from pathlib import Path; from meso_clinic.env import secret_key;"
    "print(secret_key(Path(sys.argv[1])))"
)


@pytest.fixture(autouse=True)
def no_key_given(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)


def test_the_key_is_made_once_and_kept(tmp_path):
    first = secret_key(tmp_path)
    assert len(first) >= 64
    assert secret_key(tmp_path) == first
    assert (tmp_path / SECRET_KEY_FILE).read_text() == first
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_KEY_FILE], "no drafts are left"


def test_two_installations_have_two_keys(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    assert secret_key(one) != secret_key(other)


def test_only_the_owner_reads_the_key(tmp_path):
    secret_key(tmp_path)
    mode = stat.S_IMODE((tmp_path / SECRET_KEY_FILE).stat().st_mode)
    assert mode == stat.S_IRUSR | stat.S_IWUSR


def test_a_given_key_wins_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_twenty_processes_that_start_at_once_agree(tmp_path):
    def read(_number: int) -> str:
        command = [sys.executable, "-c", READ_KEY, str(tmp_path)]
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()

    with ThreadPoolExecutor(max_workers=20) as pool:
        keys = set(pool.map(read, range(20)))
    assert len(keys) == 1
    assert keys == {(tmp_path / SECRET_KEY_FILE).read_text()}


def test_the_data_folder_is_made_and_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "deep" / "down"))
    folder = data_folder(ROOT)
    assert folder.is_dir()
    assert folder.is_absolute()
    monkeypatch.delenv("DATA_DIR")
    assert data_folder(tmp_path / "usual") == tmp_path / "usual"


def settings_with(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATA_DIR": str(tmp_path), **variables}
    return subprocess.run(
        [sys.executable, "-c", "import meso_clinic.settings as s; print(s.DEBUG, s.ALLOWED_HOSTS)"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_are_safe_without_any_variable(tmp_path):
    answer = settings_with(tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("False ['127.0.0.1'")


@pytest.mark.parametrize("name", ["DEBUG", "DEMO"])
def test_a_switch_that_is_neither_on_nor_off_is_refused_by_name(tmp_path, name):
    answer = settings_with(tmp_path, **{name: "perhaps"})
    assert answer.returncode != 0
    last_line = answer.stderr.strip().splitlines()[-1]
    assert name in last_line
    assert "Not a valid boolean" in last_line


def test_a_database_that_is_no_address_is_refused(tmp_path):
    answer = settings_with(tmp_path, DATABASE_URL="oracle of delphi")
    assert answer.returncode != 0
