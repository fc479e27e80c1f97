"""What the palette offers: pages and actions, each to the people who may use it.

An app registers its own in `AppConfig.ready()`. The places of the navigation are in it anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from meso_clinic.core.context import places
from meso_clinic.core.models import User
from meso_clinic.core.roles import Right


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do, or a page to go to, by the name `key` that no other command has.

    It leads to `url_name` with `query` ("?plan=1"), or presses what the selector `press` finds on
    the page; it is left out where there is none. `words` are others that it is found by, `keys`
    are shown beside it ("G T"). Everybody may use it unless it names a `right`; the lowest `order`
    stands first.
    """

    key: str
    label: str | Promise
    icon: str
    url_name: str = ""
    query: str = ""
    press: str = ""
    words: str | Promise = ""
    right: Right | None = None
    keys: str = ""
    order: int = 50

    @property
    def url(self) -> str:
        """Where it leads, "" if it presses something."""
        return f"{reverse(self.url_name)}{self.query}" if self.url_name else ""


CommandSource = Callable[[User], list[Command]]
"""Pages that somebody may go to, from a list that is kept elsewhere."""

_commands: list[Command] = []
_sources: list[CommandSource] = []


def register_command(command: Command) -> None:
    """Add an action to the palette; one that is in it under the same key is replaced."""
    others = [known for known in _commands if known.key != command.key]
    _commands[:] = sorted([*others, command], key=lambda known: known.order)


def register_pages(source: CommandSource) -> None:
    """Add the pages that `source` returns to the palette."""
    if source not in _sources:
        _sources.append(source)


def actions_of(user: User) -> list[Command]:
    """Return the actions that `user` has the right to."""
    return [
        command for command in _commands if command.right is None or user.has_right(command.right)
    ]


def pages_of(user: User) -> list[Command]:
    """Return the pages that `user` may go to; one that two apps name comes once."""
    named = [
        Command(
            key=f"page:{place.url_name}",
            label=place.label,
            icon=place.icon,
            url_name=place.url_name,
            keys=f"G {place.key.upper()}" if place.key else "",
        )
        for place in places(user)
    ]
    named += [page for source in _sources for page in source(user)]
    return list({page.url_name: page for page in reversed(named)}.values())[::-1]
