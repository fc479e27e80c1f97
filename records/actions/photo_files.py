"""Keeping files and rows of photos together: what was left behind goes, what is lost is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from records.models import Photo
from records.photo_storage import forget, photo_storage, stored_names
from records.selectors.photos import named_files

# A photo that is being saved has its files before it has its row.
GRACE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Swept:
    """Names of files: removed because no row names them, and named though they are not there."""

    removed: tuple[str, ...]
    lost: tuple[str, ...]


def sweep(*, at: datetime) -> Swept:
    """Remove files that no row names and that are older than a day at `at` (aware)."""
    # The files first: whatever is written while this runs has a row by the time rows are read,
    # or is too young to be removed.
    stored = set(stored_names())
    named = named_files()
    storage = photo_storage()
    orphans = sorted(
        name for name in stored - named if at - storage.get_modified_time(name) > GRACE
    )
    forget(orphans)
    lost = tuple(sorted(name for name in named - stored if not storage.exists(name)))
    return Swept(tuple(orphans), lost)


def changed_files() -> list[str]:
    """Return the names of large files whose content is not what was stored; reads them all."""
    storage = photo_storage()
    changed = []
    for photo in Photo.objects.order_by("pk").iterator():
        if not storage.exists(photo.file_name):
            continue
        digest = sha256()
        with storage.open(photo.file_name) as file:
            for chunk in file.chunks():
                digest.update(chunk)
        if digest.hexdigest() != photo.sha256:
            changed.append(photo.file_name)
    return changed
