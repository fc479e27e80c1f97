"""Which source stands behind the numbers of a protocol as they are now."""

from collections.abc import Mapping
from decimal import Decimal

from treatments.domain.catalogue import PROTOCOLS
from treatments.domain.catalogue.sources import CLINIC_SETTING


def number_sources(slug: str, numbers: Mapping[str, int | Decimal]) -> dict[str, list[str]]:
    """Return each source with the names of the `numbers` it stands behind, in their order.

    `slug` names the indication. A source speaks for the catalogue's number alone: one that the
    clinic has changed is a clinic setting, and so is every number of an indication of its own.
    """
    known = next((found for found in PROTOCOLS if found.indication == slug), None)
    sources: dict[str, list[str]] = {}
    for name, number in numbers.items():
        is_sourced = known is not None and name in known.sources
        is_as_sourced = is_sourced and getattr(known, name) == number
        source = known.sources[name] if known and is_as_sourced else CLINIC_SETTING
        sources.setdefault(source, []).append(name)
    return sources
