"""Where photos are kept: a folder that no address leads to, or whatever `PHOTO_STORAGE` names."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext as _

ALIAS: Final = "photos"
ENDING: Final = ".jpg"
PART: Final = ".part"


class PrivateFolder(FileSystemStorage):
    """Files that only the user who runs the clinic can read, each written whole or not at all."""

    def __init__(self, location: str) -> None:
        super().__init__(
            location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def url(self, name: str | None) -> str:
        """Refuse: a photo is shown by a view, which asks who wants to see it."""
        raise ValueError(_("A photo has no address of its own."))

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        """Write beside, force it to the disk, then give it its name."""
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{secrets.token_hex(8)}{PART}")
        try:
            with open(draft, "xb", opener=_owner_only) as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)
        return name


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """Force the names in `folder` to the disk: a file without a name is lost as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def photo_storage() -> Storage:
    """Return the storage of photos."""
    return storages[ALIAS]


def keep(content: bytes) -> str:
    """Store `content` under a name of its own that says nothing, and return that name."""
    name = uuid4().hex
    return photo_storage().save(f"{name[:2]}/{name}{ENDING}", ContentFile(content))


def forget(names: list[str]) -> None:
    """Remove files; one that is gone already does no harm."""
    for name in names:
        photo_storage().delete(name)


def stored_names() -> Iterator[str]:
    """Return the names of all files, those of writes that were cut off among them."""
    storage = photo_storage()
    try:
        folders, _files = storage.listdir("")
    except FileNotFoundError:
        return
    for folder in folders:
        for file in storage.listdir(folder)[1]:
            yield f"{folder}/{file}"
