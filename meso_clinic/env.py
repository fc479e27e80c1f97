"""Where the settings come from: typed environment variables and the data folder."""

import os
import secrets
import tempfile
from pathlib import Path

from environs import Env

env = Env()

SECRET_KEY_FILE = "secret.key"


def data_folder(default: Path) -> Path:
    """Return the folder of `DATA_DIR` (database, media, secret key), made if missing."""
    folder = Path(env.str("DATA_DIR", str(default))).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """Return `SECRET_KEY`, or the key kept in `folder`; the first call makes one.

    The key is written to a temporary file and then linked into place, so that of several
    processes starting at once exactly one key wins and all of them read that one.
    """
    if given := env.str("SECRET_KEY", ""):
        return given
    path = folder / SECRET_KEY_FILE
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=folder, prefix=".key-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its key is the key
        finally:
            os.unlink(draft)
    return path.read_text().strip()
