"""How old somebody is."""

from datetime import date


def age_on(born_on: date, day: date) -> int:
    """Return the full years on `day`; somebody born on 29 February turns on 1 March."""
    is_before = (day.month, day.day) < (born_on.month, born_on.day)
    return day.year - born_on.year - is_before
