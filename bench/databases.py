"""The databases of the benchmarks: named, copied, and swapped beneath Django's one connection."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import clinic, recipe

_OURS = "bench"


def prepare(small: int, large: int) -> tuple[str, str]:
    """Make the databases with `small` and `large` appointments in the past, unless they are there.

    Both have the same future: the large one is a copy of the small one with a longer past.
    Databases of another recipe or schema are removed. Returns their names.
    """
    made = _fingerprint()
    names = (f"{_OURS}_{made}_{small}", f"{_OURS}_{made}_{large}")
    for name in _existing():
        if name.startswith(_OURS) and not name.startswith(f"{_OURS}_{made}_"):
            _remove(name)
    with _made_whole(names[0]) as is_missing:
        if is_missing:
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
            clinic.found_clinic(small)
    with _made_whole(names[1], copy_of=names[0]) as is_missing:
        if is_missing:
            clinic.lengthen_past(small, large)
    return names


@contextmanager
def working_copies(names: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """Copy databases for as long as they are measured, so that the next run finds them unchanged."""
    copies = (f"{_OURS}_copy_0", f"{_OURS}_copy_1")
    for name, copy in zip(names, copies, strict=True):
        _remove(copy)
        _create(copy, name)
    try:
        yield copies
    finally:
        for copy in copies:
            _remove(copy)


def use(name: str) -> None:
    """Let Django's connection be to the database `name` from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name if _is_postgresql() else str(_file(name))


@contextmanager
def _made_whole(name: str, copy_of: str = "") -> Iterator[bool]:
    """Use a draft while the database is made; it gets its name when it is complete."""
    is_missing = name not in _existing()
    if is_missing:
        draft = f"{_OURS}_draft"
        _remove(draft)
        _create(draft, copy_of)
        use(draft)
        yield True
        _rename(draft, name)
    else:
        yield False
    use(name)


def _fingerprint() -> str:
    """Return what says whether a database was made by this recipe and with this schema.

    Triggers are written by the constraints and by the models, so their words count as well.
    """
    total = hashlib.sha256(f"recipe {recipe.VERSION}".encode())
    for path in sorted(_schema_files()):
        total.update(path.read_bytes())
    return total.hexdigest()[:8]


def _schema_files() -> Iterator[Path]:
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if folder.is_relative_to(settings.BASE_DIR) and "site-packages" not in folder.parts:
            yield from folder.glob("models.py")
            yield from folder.glob("constraints.py")
            yield from folder.glob("models/*.py")
            yield from folder.glob("migrations/0*.py")


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _file(name: str) -> Path:
    return Path(settings.DATA_DIR) / f"{name}.sqlite3"


def _existing() -> list[str]:
    if not _is_postgresql():
        return [path.stem for path in Path(settings.DATA_DIR).glob(f"{_OURS}_*.sqlite3")]
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return [name for (name,) in cursor.fetchall()]


def _create(name: str, copy_of: str) -> None:
    if _is_postgresql():
        _administer(f"CREATE DATABASE {name} TEMPLATE {copy_of or 'template1'}")
    elif copy_of:
        connection.close()
        shutil.copyfile(_file(copy_of), _file(name))


def _rename(name: str, new: str) -> None:
    if _is_postgresql():
        _administer(f"ALTER DATABASE {name} RENAME TO {new}")
    else:
        connection.close()  # the last connection moves the log into the file
        _file(name).replace(_file(new))


def _remove(name: str) -> None:
    if _is_postgresql():
        _administer(f"DROP DATABASE IF EXISTS {name}")
    else:
        connection.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{_file(name)}{ending}").unlink(missing_ok=True)


def _administer(statement: str) -> None:
    use("postgres")
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)
