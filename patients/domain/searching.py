"""What a person at the desk means by what they type into the search field."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

SHORTEST_PHONE_TAIL = 4
_DATE_FORMATS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d %m %Y",
    "%d%m%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d/%m/%y",
    "%d.%m.%y",
)


@dataclass(frozen=True, slots=True)
class Query:
    """One search: folded words of names, and what else the text may be."""

    words: tuple[str, ...] = ()
    phone_tail: str = ""
    born_on: date | None = None
    record_number: str = ""


def fold(text: str) -> str:
    """Return `text` without case, accents and doubled spaces: "Zoë  MÜLLER" is "zoe muller"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def digits(text: str) -> str:
    """Return the digits of `text`, whatever the script they are written in."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())


def parse(text: str, *, today: date) -> Query:
    """Read `text` as names, the end of a phone number, a date of birth or a record number.

    `today` tells which century a year of two digits means: nobody is born in the future.
    """
    text = " ".join(text.split())
    if not text:
        return Query()
    return Query(
        words=tuple(fold(text).split()),
        phone_tail=_phone_tail(text),
        born_on=parse_day(text, today=today),
        record_number=_record_number(text),
    )


def parse_day(text: str, *, today: date) -> date | None:
    """Return the day that `text` writes, day before month, or None if it writes none."""
    for pattern in _DATE_FORMATS:
        try:
            day = datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if day > today and pattern.endswith("%y"):
            day = day.replace(year=day.year - 100)
        return day if day.year >= 1900 else None
    return None


def _phone_tail(text: str) -> str:
    tail = digits(text)
    looks_like_phone = re.fullmatch(r"[\d\s()+./-]+", text) is not None
    return tail if looks_like_phone and len(tail) >= SHORTEST_PHONE_TAIL else ""


def _record_number(text: str) -> str:
    compact = text.replace(" ", "")
    return compact if re.fullmatch(r"(?:[A-Za-z]{1,8}-?)?\d{1,8}", compact) else ""
