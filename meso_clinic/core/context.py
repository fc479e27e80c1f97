"""What the shell of every page needs: the theme and the places one may go."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language

from meso_clinic.core.models import User
from meso_clinic.core.ordering import put_in_order
from meso_clinic.core.privacy import is_private
from meso_clinic.core.roles import Right
from meso_clinic.core.versions import digest

# The most places that the bar of a phone has room for.
ON_A_PHONE = 5

THEMES = ("light", "dark", "auto")
KEYS_COOKIE = "shortcuts"
KEYS_ON, KEYS_OFF = "on", "off"


@dataclass(frozen=True, slots=True)
class Count:
    """How many things wait at a place, as known now. A newer number is at `newer_url`, if any."""

    number: int = 0
    newer_url: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation, registered by the app that serves it.

    G and then `key` leads there. The bar of a phone has room for those of the least `phone_order`,
    which is `order` if nothing else is said; the others are in the menu of the person.
    """

    order: int
    label: str | Promise
    url_name: str
    icon: str
    right: Right
    count: Callable[[HttpRequest], Count] | None = None
    key: str = ""
    phone_order: int | None = None

    @property
    def rank(self) -> int:
        """What decides whether it stands on the bar of a phone."""
        return self.order if self.phone_order is None else self.phone_order


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place as the template draws it."""

    label: str | Promise
    url: str
    icon: str
    is_current: bool
    count: Count
    key: str
    is_on_phone_bar: bool


_places: list[Place] = []


def register_place(place: Place) -> None:
    """Add `place` to the navigation; called from `AppConfig.ready()`."""
    put_in_order(_places, place)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the device keeps in cookies, and the navigation of who is signed in."""
    wanted = request.COOKIES.get("theme", "auto")
    return {
        "dialogs_version": SimpleLazyObject(lambda: _dialogs_version(request)),
        "theme": wanted if wanted in THEMES else "auto",
        "is_private_screen": is_private(request),
        "are_keys_off": request.COOKIES.get(KEYS_COOKIE) == KEYS_OFF,
        "nav_items": SimpleLazyObject(lambda: _nav_items(request)),
    }


def dialogs_of(user: User) -> tuple[str, str]:
    """Return the dialogs that every page can open, and their version.

    They are the same for everybody of the same roles, so each is drawn once in a process.
    """
    key = (*user.roles, user.is_prescriber, get_language())
    if key not in _dialogs:
        drawn = render_to_string("core/_dialogs.html", {"user": user, "places": _keyed(user)})
        _dialogs[key] = drawn, digest(drawn)
    return _dialogs[key]


def _dialogs_version(request: HttpRequest) -> str:
    return dialogs_of(request.user)[1] if request.user.is_authenticated else ""


_dialogs: dict[tuple[object, ...], tuple[str, str]] = {}


def _keyed(user: User) -> list[Place]:
    """Return the places that `user` may go to; one key leads to one place, the first."""
    open_to_them = places(user)
    first = {place.key: place for place in reversed(open_to_them)}
    return [
        place if first[place.key] is place else replace(place, key="") for place in open_to_them
    ]


def _nav_items(request: HttpRequest) -> list[NavItem]:
    if not request.user.is_authenticated:
        return []
    open_to_them = _keyed(request.user)
    on_bar = sorted(place.rank for place in open_to_them)[:ON_A_PHONE]
    return [
        NavItem(
            label=place.label,
            url=(url := reverse(place.url_name)),
            icon=place.icon,
            is_current=request.path.startswith(url),
            count=place.count(request) if place.count else Count(),
            key=place.key,
            is_on_phone_bar=place.rank in on_bar,
        )
        for place in open_to_them
    ]


def places(user: User) -> list[Place]:
    """Return the places that `user` may go to, in order."""
    return [place for place in _places if user.has_right(place.right)]


def first_place(user: User) -> str:
    """Return the URL name of the page that `user` lands on: the first one they may see."""
    return next(place.url_name for place in _places if user.has_right(place.right))
