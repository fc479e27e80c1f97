"""Public holidays of a country and its regions, from the library `holidays`."""

import re
from datetime import date
from functools import cache
from typing import Final

MAX_NAME: Final = 120


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Return (code, English name) of each country, by name."""
    # Imported late: the library is large, and only two pages of the admin need it.
    from holidays.registry import COUNTRIES

    named = {entity[1]: _spaced(entity[0]) for entity in COUNTRIES.values()}
    return tuple(sorted(named.items(), key=lambda pair: pair[1]))


def regions(country: str) -> list[tuple[str, str]]:
    """Return (code, name) of the regions of `country` that have holidays of their own, by name.

    An unknown country has none.
    """
    from holidays import country_holidays

    if country not in dict(countries()):
        return []
    calendar = country_holidays(country)
    names = {code: name for name, code in calendar.subdivisions_aliases.items()}
    pairs = [(code, names.get(code, code)) for code in calendar.subdivisions]
    return sorted(pairs, key=lambda pair: pair[1])


def public_holidays(country: str, year: int, region: str = "") -> dict[date, str]:
    """Return the name of each public holiday of `year`, in English if there is one, by day."""
    from holidays import country_holidays

    known = country_holidays(country).supported_languages
    english = next((word for word in known if word.startswith("en")), None)
    found = country_holidays(country, subdiv=region or None, years=year, language=english)
    return {day: found[day][:MAX_NAME] for day in sorted(found)}


def _spaced(class_name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_name)
