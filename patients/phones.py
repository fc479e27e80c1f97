"""Phone numbers as a person types them, and as they are compared."""

import re

import phonenumbers

from patients.domain.searching import digits

LONGEST = 40
# A word such as "0800 FLOWERS" is a number to the library, and a slip at a desk.
_LOOKS_TYPED = re.compile(r"[\d\s()+./‑–-]+")


def whole_digits(text: str, *, country: str) -> str:
    """Return the digits of `text` with its country code: "07700 900733" is "447700900733" in GB.

    Returns "" if nobody could be called at it: too short, too long, not a number.
    """
    if not _LOOKS_TYPED.fullmatch(text):
        return ""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    written: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written.removeprefix("+")


def comparable_digits(text: str, *, country: str) -> str:
    """Return the digits that search compares: with the country code if there is one to know."""
    return (whole_digits(text, country=country) or digits(text))[:LONGEST]
