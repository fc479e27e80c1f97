"""The waiting list in templates."""

from datetime import date, datetime

from django import template

from clinic.models import Site
from meso_clinic.core.privacy import shown_name
from sessions import waiting_words
from sessions.models import WaitlistEntry
from sessions.selectors.waiting.matching import CameFree, Match
from sessions.selectors.waiting.rows import WaitingRow

register = template.Library()


@register.filter
def what(entry: WaitlistEntry) -> str:
    """Return what the patient waits for: "Cellulite, 3 of 8"."""
    return waiting_words.what_words(entry)


@register.filter
def taking(entry: WaitlistEntry) -> str:
    """Return what the patient would take."""
    return waiting_words.taking_words(entry)


@register.filter
def replan(match: Match) -> str:
    """Return the address of the page that shows what else the time of `match` changes."""
    return waiting_words.replan_url(match)


@register.filter
def as_shown(name: str, is_private: bool) -> str:
    """Return `name`, or its initials on a private screen."""
    return shown_name(name, is_private=is_private)


@register.simple_tag
def moment_when(moment: datetime, site: Site, today: date) -> str:
    """Return when `moment` was: the clock today, with its day on another one."""
    return waiting_words.when_words(moment, site, today)


@register.simple_tag
def free_when(free: CameFree, site: Site, today: object) -> str:
    """Return when `free` begins: the clock today, with its day on another one."""
    return waiting_words.when_words(free.starts_at, site, today)  # type: ignore[arg-type]


@register.simple_tag
def match_when(match: Match, site: Site, today: object) -> str:
    """Return when the time of `match` begins: the clock today, with its day on another one."""
    return waiting_words.when_words(match.place.starts_at, site, today)  # type: ignore[arg-type]


@register.simple_tag
def first_free(earliest: dict[int, Match], row: WaitingRow) -> Match | None:
    """Return the first free time that the patient of `row` would take."""
    return earliest.get(row.entry.pk)
