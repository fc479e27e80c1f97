"""What must not be forgotten: the reasons on the follow-ups list, each from the app that knows it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.functional import Promise

from clinic.models import Site
from meso_clinic.core.models import User
from meso_clinic.core.ordering import put_in_order
from meso_clinic.core.roles import Right
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One thing to do, sorted by `since`. People with `right` see its button.

    `private` is said to them in place of `what`, "" if that says all. `patient` is None if it is
    for nobody in particular, such as an empty shelf.
    """

    patient: Patient | None
    what: str
    since: date
    url: str
    action: str
    right: Right = Right.BOOK
    private: str = ""

    def told(self, reader: User | None) -> "FollowUp":
        """Return it in the words for `reader`; None reads everything."""
        is_told = bool(self.private) and (reader is None or reader.has_right(self.right))
        return replace(self, what=self.private if is_told else self.what, private="")


Find = Callable[[Site, datetime], list[FollowUp]]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why things are on the list. `find` returns them for a site, as of an aware moment.

    People without `right` do not see that there is such a reason.
    """

    order: int
    heading: str | Promise
    icon: str
    find: Find
    right: Right = Right.SEE_COURSES


_reasons: list[Reason] = []


def register_reason(reason: Reason) -> None:
    """Add a reason; called from `AppConfig.ready()`."""
    put_in_order(_reasons, reason)


def follow_ups(
    site: Site, now: datetime, *, reader: User | None = None
) -> list[tuple[Reason, list[FollowUp]]]:
    """Return what is to do at `site` at `now` (aware), by reason, the oldest first.

    With `reader`, only what that person may see.
    """
    found = [
        (
            reason,
            [
                one.told(reader)
                for one in sorted(reason.find(site, now), key=lambda one: (one.since, one.url))
            ],
        )
        for reason in _reasons
        if reader is None or reader.has_right(reason.right)
    ]
    return [(reason, items) for reason, items in found if items]


def total(found: list[tuple[Reason, list[FollowUp]]]) -> int:
    """Return how many things to do were `found`, whatever the reason."""
    return sum(len(items) for _reason, items in found)
