"""PDFs from the templates in `templates/`: text goes in as data and is never read as commands.

Call this outside a transaction: a page takes some milliseconds, and on SQLite a transaction keeps
everybody else from writing.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings

# Tagged, so that a screen reader reads it in order.
ACCESSIBLE: Final = "ua-1"


def make_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return `template` (a path in `templates/`) filled with `data`, plain values as JSON has them.

    It is PDF/UA-1 unless somebody's name has a letter that no font here draws: then it is the same
    page without the promise, for a sheet with a box in a name is better than none.
    """
    values = json.dumps(data, ensure_ascii=False)
    try:
        return _compile(template, values, [ACCESSIBLE])
    except typst.TypstError:
        return _compile(template, values, [])


def _compile(template: str, values: str, standards: list[Any]) -> bytes:
    folder: Path = settings.BASE_DIR / "templates"
    # The root is all that a template can read.
    return typst.compile(
        folder / template,
        root=folder,
        font_paths=_fonts(tuple(settings.PDF_FONTS)),
        sys_inputs={"data": values},
        pdf_standards=standards,
    )


@cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    """Return the fonts in `folders`, then those of this machine for letters that ours lack."""
    return typst.Fonts(
        include_system_fonts=True,
        include_embedded_fonts=True,
        font_paths=[folder for folder in folders if folder.is_dir()],
    )
