"""What the shell of every page needs: the theme and the places one may go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject

from meso_clinic.core.models import User
from meso_clinic.core.roles import Right

THEMES = ("light", "dark", "auto")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation, registered by the app that serves it."""

    order: int
    label: str | Promise
    url_name: str
    icon: str
    right: Right
    count: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place as the template draws it."""

    label: str | Promise
    url: str
    icon: str
    is_current: bool
    count: int


_places: list[Place] = []


def register_place(place: Place) -> None:
    """Add `place` to the navigation; called from `AppConfig.ready()`."""
    _places[:] = sorted({*_places, place}, key=lambda known: known.order)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the theme from its cookie, and the navigation of the person who is signed in."""
    wanted = request.COOKIES.get("theme", "auto")
    return {
        "theme": wanted if wanted in THEMES else "auto",
        "nav_items": SimpleLazyObject(lambda: _nav_items(request)),
    }


def _nav_items(request: HttpRequest) -> list[NavItem]:
    if not request.user.is_authenticated:
        return []
    return [
        NavItem(
            label=place.label,
            url=(url := reverse(place.url_name)),
            icon=place.icon,
            is_current=request.path.startswith(url),
            count=place.count(request) if place.count else 0,
        )
        for place in _places
        if request.user.has_right(place.right)
    ]


def first_place(user: User) -> str:
    """Return the URL name of the page that `user` lands on: the first one they may see."""
    return next(place.url_name for place in _places if user.has_right(place.right))
