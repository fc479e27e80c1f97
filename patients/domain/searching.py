"""What a person at the desk means by what they type into the search field."""

# Letters that look alike are what this module is about.
# ruff: noqa: RUF001, RUF002, RUF003

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from patients.domain.days import parse_day

SHORTEST_PHONE_TAIL = 4
# From this length on, a leading zero is a trunk or exit code and not part of the number's tail.
WHOLE_PHONE = 7
# Nobody types more; a longer text only makes the database work.
LONGEST_TEXT = 200
MOST_WORDS = 20
RECORD_DIGITS = 5

# Letters that Unicode does not take apart, and signs that one person types and another does not.
_SAME_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": "",
        "'": "",
        "’": "",
        "‘": "",
        "ʼ": "",
        "ʻ": "",
        "`": "",
        "´": "",
        ".": " ",
        ",": " ",
    }
)
# Marks that make another letter of a Japanese one, rather than an accent.
_VOICING = {"\u3099", "\u309a"}


@dataclass(frozen=True, slots=True)
class Query:
    """One search: folded words of names, and what else the text may be.

    `record_number` is the end of one, with as much of its prefix as was typed: "-00482".
    `name_words` is not empty if the text is a name and then a phone's end or a birth date: both
    must fit then.
    """

    words: tuple[str, ...] = ()
    phone_tail: str = ""
    born_on: date | None = None
    record_number: str = ""
    name_words: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Return `text` without case, accents, apostrophes and doubled spaces.

    "Zoë  O’MÜLLER-Işık" is "zoe omuller isik". Folding twice changes nothing.
    """
    folded = _fold_once(text)
    # A compatibility form can hide a capital ("ℌ" is "H"), so that one pass may not be enough.
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def digits(text: str) -> str:
    """Return the digits of `text`, whatever the script they are written in."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())


def parse(text: str, *, today: date) -> Query:
    """Read `text` as names, the end of a phone number, a date of birth or a record number.

    `today` tells which century a year of two digits means: nobody is born in the future.
    """
    text = " ".join(text.split())[:LONGEST_TEXT]
    born_on = parse_day(text, today=today)
    name, rest = ("", text) if born_on else _apart(text, today=today)
    return Query(
        words=_words(text),
        phone_tail=_phone_tail(rest),
        born_on=born_on or parse_day(rest, today=today),
        record_number=_record_number(text),
        name_words=_words(name),
    )


def prefill(text: str, *, today: date) -> dict[str, str]:
    """Return the fields of a new patient that `text`, typed into the search, already answers."""
    text = " ".join(text.split())[:LONGEST_TEXT]
    if parse_day(text, today=today):
        return {"born_on": text}
    name, rest = _apart(text, today=today)
    if parse_day(rest, today=today):
        return _names(name) | {"born_on": rest}
    if _phone_tail(rest) and len(digits(rest)) >= WHOLE_PHONE:
        return _names(name) | {"phone": rest}
    return _names(name or text)


def record_number(prefix: str, number: int) -> str:
    """Return the record number as it is written: `record_number("LSC", 482)` is "LSC-00482"."""
    return f"{prefix}-{number:0{RECORD_DIGITS}}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(text).split()[:MOST_WORDS])


def _apart(text: str, *, today: date) -> tuple[str, str]:
    """Return the name that `text` begins with, and the phone or birth date behind it.

    The name is "" if nothing of that kind follows one.
    """
    words = text.split(" ")
    for at in range(1, len(words)):
        name, rest = " ".join(words[:at]), " ".join(words[at:])
        if digits(name):
            break
        if _phone_tail(rest) or parse_day(rest, today=today):
            return name.rstrip(","), rest
    return "", text


def _names(text: str) -> dict[str, str]:
    """Return `text` as given names and, from its last word, family names; nothing with digits."""
    if not text or digits(text):
        return {}
    given, _, family = text.rpartition(" ")
    return {"given_names": given, "family_names": family} if given else {"given_names": family}


def _fold_once(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_SAME_LETTERS))
    kept = "".join(_plain(letter) for letter in apart)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Pd":
        return " "
    is_accent = unicodedata.combining(letter) and letter not in _VOICING
    return "" if is_accent or category == "Cf" else letter


def _phone_tail(text: str) -> str:
    tail = digits(text)
    if len(tail) < SHORTEST_PHONE_TAIL or not re.fullmatch(r"[\d\s()+./-]+", text):
        return ""
    return tail.lstrip("0") if len(tail) >= WHOLE_PHONE else tail


def _record_number(text: str) -> str:
    whole = re.fullmatch(r"(?:([^\W\d_]{1,8})-?|(\w{1,8})-)?(\d{1,8})", text.replace(" ", ""))
    if whole is None:
        return ""
    prefix = (whole[1] or whole[2] or "").upper()
    return record_number(prefix, int(whole[3]))
