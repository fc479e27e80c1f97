"""Dates as people type them: day first, month in words or digits, any usual separator."""

import re
import unicodedata
from datetime import date

EARLIEST_YEAR = 1900

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_WORD = 3


def parse_day(text: str, *, today: date) -> date | None:
    """Return the day that `text` writes, or None if it writes none from 1900 to 9999.

    The day comes before the month unless only the other order is a date. A year of two digits is
    the last one that is not after `today`.
    """
    parts = _parts(text)
    if parts is None:
        return None
    if len(parts) == 1:
        return _from_digits(parts[0], today)
    if len(parts) != 3:
        return None
    first, second, third = parts
    if len(first) == 4 and first.isdecimal():
        return _day(first, second, third, today)
    return _day(third, second, first, today) or _day(third, first, second, today)


def _parts(text: str) -> list[str] | None:
    """Return the numbers and words of `text` without its weekday; None if it holds other signs."""
    plain = "".join(_ascii_digit(letter) for letter in text).casefold()
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", plain)
    if not re.fullmatch(r"[a-z0-9\s.,/-]+", plain):
        return None
    parts = re.findall(r"\d+|[a-z]+", plain)
    return [part for part in parts if not _index(part, _WEEKDAYS)]


def _ascii_digit(letter: str) -> str:
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter


def _from_digits(run: str, today: date) -> date | None:
    if not run.isdecimal():
        return None
    if len(run) == 8:
        return _day(run[4:], run[2:4], run[:2], today) or _day(run[:4], run[4:6], run[6:], today)
    return _day(run[4:], run[2:4], run[:2], today) if len(run) == 6 else None


def _day(year: str, month: str, day: str, today: date) -> date | None:
    if not (year.isdecimal() and day.isdecimal() and len(day) <= 2 and len(month) <= 9):
        return None
    number = int(month) if month.isdecimal() else _index(month, _MONTHS)
    if len(year) == 4:
        return _real(int(year), number, int(day))
    if len(year) != 2:
        return None
    this_century = today.year // 100 * 100
    last = _real(this_century + int(year), number, int(day))
    if last is None or last > today:
        return _real(this_century - 100 + int(year), number, int(day))
    return last


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= EARLIEST_YEAR else None
    except ValueError:
        return None


def _index(word: str, names: tuple[str, ...]) -> int:
    """Return which of `names`, counted from 1, begins with `word`; 0 if none does."""
    if len(word) < _SHORTEST_WORD:
        return 0
    return next((at for at, name in enumerate(names, start=1) if name.startswith(word)), 0)
