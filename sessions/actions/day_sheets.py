"""Day sheets in the data folder: there when the network, and with it every page, is not."""

import os
import re
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.text import slugify

from clinic.models import ClinicProfile, Site
from sessions.day_sheet_pdf import day_sheet_pdf
from sessions.day_sheet_words import Detail, paper_of, sheet_words
from sessions.selectors.day_sheet import read_day_sheet

FOLDER: Final = "day-sheets"
# Today for the day that has begun, tomorrow for a network that is not back by then.
DAYS_AHEAD: Final = (0, 1)
# A sheet with names is of no use for longer.
KEEP_DAYS: Final = 3

_DRAFT: Final = ".sheet-"
# Other files of that folder are not ours to delete.
_OURS: Final = re.compile(r"(\d{4}-\d{2}-\d{2})-.+\.pdf")


def write_day_sheets(*, profile: ClinicProfile, at: datetime) -> list[Path]:
    """Write today's and tomorrow's sheet of every site as of `at` (aware); delete those of old days.

    They are the detailed ones of everybody, without a clinical word: who opens the folder is not
    known. Nobody but the owner of this process may read them. Returns what was written, by site and
    day. Raises OSError if the folder cannot be written to.
    """
    folder = Path(settings.DATA_DIR) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    written = []
    with translation.override(settings.LANGUAGE_CODE):
        for site in Site.objects.open():
            today = at.astimezone(site.zone).date()
            for ahead in DAYS_AHEAD:
                on = today + timedelta(days=ahead)
                path = folder / file_name(site, on)
                _replace(path, _sheet(site, on, profile, at))
                written.append(path)
    _delete_old(folder, at)
    return written


def file_name(site: Site, on: date) -> str:
    """Return the name of the sheet of `site`: its day first, so that a list is in order."""
    return f"{on:%Y-%m-%d}-{site.pk}-{slugify(site.name)}".rstrip("-") + ".pdf"


def _sheet(site: Site, on: date, profile: ClinicProfile, at: datetime) -> bytes:
    sheet = read_day_sheet(site=site, on=on, now=at)
    words = sheet_words(sheet, profile=profile, now=at, detail=Detail.DETAILED)
    return day_sheet_pdf(words, paper=paper_of(profile))


def _replace(path: Path, content: bytes) -> None:
    """Put `content` in the place of `path` in one step: nobody opens half a sheet."""
    # A temporary file is readable by its owner alone (0600), and stays so under its new name.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except OSError:
        os.unlink(draft)
        raise


def _delete_old(folder: Path, at: datetime) -> None:
    """Delete the sheets of old days, and what a run that was cut off had begun."""
    oldest = f"{at - timedelta(days=KEEP_DAYS):%Y-%m-%d}"
    for path in folder.iterdir():
        ours = _OURS.fullmatch(path.name)
        is_old_draft = path.name.startswith(_DRAFT) and _age(path, at) > timedelta(days=1)
        if is_old_draft or (ours and ours[1] < oldest):
            path.unlink(missing_ok=True)


def _age(path: Path, at: datetime) -> timedelta:
    return at - datetime.fromtimestamp(path.stat().st_mtime, UTC)
