"""What the shell of every page needs: the theme and the places one may go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject

from meso_clinic.core.models import User
from meso_clinic.core.privacy import is_private
from meso_clinic.core.roles import Right

THEMES = ("light", "dark", "auto")
KEYS_COOKIE = "shortcuts"
KEYS_ON, KEYS_OFF = "on", "off"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation, registered by the app that serves it.

    G and then `key` leads there.
    """

    order: int
    label: str | Promise
    url_name: str
    icon: str
    right: Right
    count: Callable[[HttpRequest], int] | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place as the template draws it."""

    label: str | Promise
    url: str
    icon: str
    is_current: bool
    count: int
    key: str


_places: list[Place] = []


def register_place(place: Place) -> None:
    """Add `place` to the navigation; called from `AppConfig.ready()`."""
    _places[:] = sorted({*_places, place}, key=lambda known: known.order)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the device keeps in cookies, and the navigation of who is signed in."""
    wanted = request.COOKIES.get("theme", "auto")
    return {
        "theme": wanted if wanted in THEMES else "auto",
        "is_private_screen": is_private(request),
        "are_keys_off": request.COOKIES.get(KEYS_COOKIE) == KEYS_OFF,
        "nav_items": SimpleLazyObject(lambda: _nav_items(request)),
    }


def _nav_items(request: HttpRequest) -> list[NavItem]:
    if not request.user.is_authenticated:
        return []
    open_to_them = places(request.user)
    keys = {place.key: place for place in reversed(open_to_them)}
    return [
        NavItem(
            label=place.label,
            url=(url := reverse(place.url_name)),
            icon=place.icon,
            is_current=request.path.startswith(url),
            count=place.count(request) if place.count else 0,
            key=place.key if keys[place.key] is place else "",
        )
        for place in open_to_them
    ]


def places(user: User) -> list[Place]:
    """Return the places that `user` may go to, in order."""
    return [place for place in _places if user.has_right(place.right)]


def first_place(user: User) -> str:
    """Return the URL name of the page that `user` lands on: the first one they may see."""
    return next(place.url_name for place in _places if user.has_right(place.right))
