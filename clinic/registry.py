"""What higher apps add to the clinic's screens; they fill it in `AppConfig.ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise

from clinic.models import Site
from meso_clinic.core.models import User
from meso_clinic.core.roles import Right


@dataclass(frozen=True, slots=True)
class ManageEntry:
    """A card on the manage page, shown to people who have `right`."""

    order: int
    label: str | Promise
    description: str | Promise
    url_name: str
    icon: str
    right: Right


@dataclass(frozen=True, slots=True)
class TouchedAppointment:
    """A live appointment that a closure or an absence would leave without its time.

    `when` is aware; `what` says the visit in words ("Cellulite, session 3 of 8").
    """

    when: datetime
    patient_name: str
    what: str
    practitioner_name: str
    url: str


TouchedByClosure: TypeAlias = Callable[[Site, date, date], list[TouchedAppointment]]
"""Live appointments at a site from the first to the last day, both included, in the site's time."""

TouchedByAbsence: TypeAlias = Callable[[User, Site, datetime, datetime], list[TouchedAppointment]]
"""Live appointments of a practitioner at a site that share a moment with a span (aware)."""


class SetUpStep(Protocol):
    """Something a new clinic begins with, made by its first admin in the same transaction."""

    def __call__(self, *, by: User, at: datetime) -> object:
        """Make it; `at` is aware."""


UsesSite: TypeAlias = Callable[[Site], bool]

_entries: list[ManageEntry] = []
_in_use: list[UsesSite] = []
_set_up_steps: list[SetUpStep] = []
_by_closure: list[TouchedByClosure] = []
_by_absence: list[TouchedByAbsence] = []
_moves_pages: list[tuple[str, Right]] = []


def register_manage(entry: ManageEntry) -> None:
    """Add a card to the manage page."""
    _entries[:] = sorted({*_entries, entry}, key=lambda known: (known.order, known.url_name))


def manage_entries(user: User) -> list[ManageEntry]:
    """Return the cards that `user` may open, in order."""
    return [entry for entry in _entries if user.has_right(entry.right)]


def register_set_up(step: SetUpStep) -> None:
    """Let `step` make what a new clinic begins with."""
    if step not in _set_up_steps:
        _set_up_steps.append(step)


def run_set_up(*, by: User, at: datetime) -> None:
    """Make what the apps registered for a new clinic; `at` is aware."""
    for step in _set_up_steps:
        step(by=by, at=at)


def register_in_use(is_used: UsesSite) -> None:
    """Let `is_used` say that a site's wall clock is written into something."""
    if is_used not in _in_use:
        _in_use.append(is_used)


def site_is_used(site: Site) -> bool:
    """Whether appointments hold times of `site`'s wall clock, so that its time zone must stay."""
    return any(is_used(site) for is_used in _in_use)


def register_touched(find: TouchedByClosure) -> None:
    """Let `find` name the appointments that closing a site would touch."""
    if find not in _by_closure:
        _by_closure.append(find)


def register_touched_by_absence(find: TouchedByAbsence) -> None:
    """Let `find` name the appointments that a practitioner's absence would touch."""
    if find not in _by_absence:
        _by_absence.append(find)


def touched_by_closure(
    sites: Iterable[Site], days: Iterable[tuple[date, date]]
) -> list[TouchedAppointment]:
    """Return what closing `sites` on `days` (first and last, both included) touches, by time."""
    spans = list(days)
    found = {
        touched
        for site in sites
        for first, last in spans
        for find in _by_closure
        for touched in find(site, first, last)
    }
    return sorted(found, key=lambda touched: (touched.when, touched.url))


def touched_by_absence(
    practitioner: User, spans: Iterable[tuple[Site, datetime, datetime]]
) -> list[TouchedAppointment]:
    """Return what `practitioner` being away in `spans` (aware) touches, by time."""
    found = {
        touched
        for site, begins, ends in spans
        for find in _by_absence
        for touched in find(practitioner, site, begins, ends)
    }
    return sorted(found, key=lambda touched: (touched.when, touched.url))


def set_moves_page(url_name: str, right: Right) -> None:
    """Let `url_name` be the page on which people with `right` move what is touched."""
    _moves_pages[:] = [(url_name, right)]


def moves_url(
    user: User, *, first: date, last: date, site: Site | None, practitioner: User | None = None
) -> str:
    """Return where `user` moves what is touched from `first` to `last`; "" if they may not."""
    asked = {
        "first": first,
        "last": last,
        "site": site and site.pk,
        "practitioner": practitioner and practitioner.pk,
    }
    given = urlencode({name: value for name, value in asked.items() if value})
    return next(
        (f"{reverse(name)}?{given}" for name, right in _moves_pages if user.has_right(right)), ""
    )


def is_confirmed(touched: list[TouchedAppointment], seen: int) -> bool:
    """Whether nothing is touched, or as much as the person had seen listed when they went on."""
    return not touched or len(touched) == seen
