"""The places of a plan in templates."""

from django import template

from sessions import planner_words
from sessions.selectors.asking import Place

register = template.Library()


@register.filter
def clock(place: Place) -> str:
    """Return "09:40", as the clock of the place's site shows it."""
    return f"{place.local:%H:%M}"


@register.filter
def when(place: Place) -> str:
    """Return "Thu 24 Dec, 09:40"."""
    return planner_words.time_words(place)
