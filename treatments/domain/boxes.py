"""The number that tells one product's boxes from another's: a GTIN of 14 digits (GS1)."""

import re


def is_gtin(digits: str) -> bool:
    """Whether `digits` are 14 digits whose last one checks the others."""
    if not re.fullmatch(r"[0-9]{14}", digits):
        return False
    return check_digit(digits[:13]) == digits[13]


def check_digit(digits: str) -> str:
    """Return the digit that GS1 puts after these, weighed 3 and 1 from the right."""
    weighed = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return str(-weighed % 10)
