"""What a toast can take back: `{% with undo=message.extra_tags|undo_of %}`."""

from typing import NamedTuple

from django import template

register = template.Library()


class Undo(NamedTuple):
    """Where an Undo button posts to, and how many seconds it is offered, "" for the usual time."""

    url: str
    seconds: str


@register.filter
def undo_of(extra_tags: str) -> Undo:
    """Return what `core.http.toast` wrote into a message."""
    url, _space, seconds = (extra_tags or "").partition(" ")
    return Undo(url, seconds)
