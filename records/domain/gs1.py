"""The code on a box: a GS1 string as a scanner types it, read into product, lot and expiry.

Read are the identifiers of a medicine's or device's box: 01 (product), 17 (use by), 10 (lot),
21 (serial), and the fixed-length dates 11, 13, 15 and 16, which are passed over. Source: GS1
General Specifications, sections 3 and 7 (identifiers, their lengths, years in two digits).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from treatments.domain.boxes import is_gtin

# What separates a field of open length from the next; a keyboard cannot type it, scanners may.
GROUP_SEPARATOR: Final = "\x1d"
# Symbology identifiers of AIM: DataMatrix, Code 128, QR and DataBar with GS1 content.
_PREFIX: Final = re.compile(r"^\](?:d2|C1|Q3|e0)", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\((\d{2,4})\)([^(]*)")
_FIXED: Final = {"01": 14, "11": 6, "13": 6, "15": 6, "16": 6, "17": 6}
_OPEN: Final = frozenset({"10", "21"})
_OPEN_LENGTH: Final = 20
# The 82 signs that a lot number may have.
_LOT_SIGNS: Final = re.compile(r"[!-\"%-/0-9:-?A-Z_a-z]{1,20}")


class NotGs1(ValueError):
    """What was scanned is no GS1 code of a box, or is not whole."""


@dataclass(frozen=True, slots=True)
class BoxCode:
    """What a box says of itself. "" and None stand for what its code does not hold."""

    gtin: str = ""
    lot: str = ""
    expires_on: date | None = None


def parse_box_code(typed: str, *, this_year: int) -> BoxCode:
    """Return what `typed` says; with or without brackets, separators and scanner's prefix.

    A day of 00 is the last of its month. Two digits of a year mean the year within 49 years
    before and 50 years after `this_year`. Raises NotGs1.
    """
    text = typed.strip().strip("\r\n")
    fields = _bracketed(text) if text.startswith("(") else _plain(_PREFIX.sub("", text))
    if not fields.keys() & {"01", "10"}:
        raise NotGs1("no product and no lot")
    gtin, lot = fields.get("01", ""), fields.get("10", "")
    if gtin and not is_gtin(gtin):
        raise NotGs1("the check digit of the product is wrong")
    if "10" in fields and not _LOT_SIGNS.fullmatch(lot):
        raise NotGs1("the lot has signs that no lot has")
    expiry = fields.get("17")
    return BoxCode(gtin, lot, _day(expiry, this_year) if expiry else None)


def format_box_code(code: BoxCode) -> str:
    """Return `code` as a scanner types it: fixed lengths first, the lot last."""
    expiry = code.expires_on
    parts = [
        f"01{code.gtin}" if code.gtin else "",
        f"17{expiry:%y%m%d}" if expiry else "",
        f"10{code.lot}" if code.lot else "",
    ]
    return "".join(parts)


def _bracketed(text: str) -> dict[str, str]:
    found = _BRACKETS.findall(text)
    if "".join(f"({name}){value}" for name, value in found) != text:
        raise NotGs1("the brackets do not match")
    fields = {name: value.strip().strip(GROUP_SEPARATOR) for name, value in found}
    for name, length in _FIXED.items():
        if name in fields and not re.fullmatch(rf"[0-9]{{{length}}}", fields[name]):
            raise NotGs1(f"field {name} has another length")
    return fields


def _plain(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    rest = text.lstrip(GROUP_SEPARATOR)
    while rest:
        name, rest = rest[:2], rest[2:]
        if name in _FIXED:
            value, rest = rest[: _FIXED[name]], rest[_FIXED[name] :]
            if not re.fullmatch(rf"[0-9]{{{_FIXED[name]}}}", value):
                raise NotGs1(f"field {name} is cut off")
        elif name in _OPEN:
            value, _, rest = rest.partition(GROUP_SEPARATOR)
            if not 1 <= len(value) <= _OPEN_LENGTH:
                raise NotGs1(f"field {name} is empty or too long")
        else:
            raise NotGs1("unknown field")
        fields[name] = value
        rest = rest.lstrip(GROUP_SEPARATOR)
    return fields


def _day(digits: str, this_year: int) -> date:
    year, month, day = _year(int(digits[:2]), this_year), int(digits[2:4]), int(digits[4:])
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError as problem:
        raise NotGs1("the use-by date is no date") from problem


def _year(two_digits: int, this_year: int) -> int:
    """Return the full year: 51 to 99 ahead is the century before, 50 to 99 behind the next."""
    century, now = this_year - this_year % 100, this_year % 100
    ahead = two_digits - now
    if 51 <= ahead <= 99:
        return century - 100 + two_digits
    if -99 <= ahead <= -50:
        return century + 100 + two_digits
    return century + two_digits
