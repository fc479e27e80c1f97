"""Static files: ours from `static/`, libraries in place from `node_modules`, all hashed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class _OneFile(FileSystemStorage):
    """A storage that holds one file of `node_modules` under the name we serve it by."""

    prefix = None

    def __init__(self, root: Path, served_as: str, source: str) -> None:
        super().__init__(location=str(root))
        self._sources = {served_as: source}

    def path(self, name: str) -> str:
        return super().path(self._sources.get(name, name))


class NodeModulesFinder(BaseFinder):
    """Find the files named in `settings.NPM_FILES`; whole `dist` folders are never collected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.NODE_MODULES)
        self.files: dict[str, str] = settings.NPM_FILES

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [
            name for name, source in self.files.items() if not (self.root / source).is_file()
        ]
        if not missing:
            return []
        return [
            Error(
                f"Front-end files are missing: {', '.join(missing)}.",
                hint="Run `make setup`.",
                id="core.E001",
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        source = self.files.get(path)
        found = str(self.root / source) if source and (self.root / source).is_file() else None
        if find_all or kwargs.get("all"):
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for served_as, source in self.files.items():
            if not matches_patterns(served_as, ignore_patterns or []):
                yield served_as, _OneFile(self.root, served_as, source)


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed files. Source maps are not shipped, so their comments stay as they are."""

    patterns = tuple(
        (
            glob,
            tuple(
                pattern
                for pattern in found
                if "sourceMappingURL" not in (pattern if isinstance(pattern, str) else pattern[0])
            ),
        )
        for glob, found in CompressedManifestStaticFilesStorage.patterns
        if glob == "*.css"
    )
