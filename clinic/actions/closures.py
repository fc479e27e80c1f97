"""Writes of the days on which a site is closed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from clinic.models import Closure, Site
from meso_clinic.core import audit
from meso_clinic.core.models import User


class NoClosureNeeded(Exception):
    """This closure is entered already for each of the sites."""


@transaction.atomic
def close_days(
    *,
    sites: Iterable[Site],
    starts_on: date,
    ends_on: date,
    reason: str,
    by: User,
    at: datetime,
) -> list[Closure]:
    """Close `sites` from `starts_on` to `ends_on`, both included.

    A closure of the same first day and reason that ends earlier is made longer; one that is as long
    stays. Raises NoClosureNeeded if nothing changed, ValidationError if the days are not in order.
    """
    made = []
    for site in _locked(sites):
        closure = site.closures.filter(starts_on=starts_on, reason=reason).first() or Closure(
            site=site, starts_on=starts_on, ends_on=starts_on, reason=reason
        )
        if closure.pk and closure.ends_on >= ends_on:
            continue
        closure.ends_on = ends_on
        closure.full_clean()
        closure.save()
        audit.record(kind=audit.Kind.CLOSURE_CREATED, by=by, at=at, target=closure)
        made.append(closure)
    if not made:
        raise NoClosureNeeded
    return made


@transaction.atomic
def close_public_holidays(
    *, sites: Iterable[Site], holidays: Mapping[date, str], by: User, at: datetime
) -> list[Closure]:
    """Close `sites` on the days of `holidays`, each with its name as the reason.

    Doing it twice changes nothing: a day that a site has as a public holiday stays as it is.
    """
    made = []
    for site in _locked(sites):
        for day, name in sorted(holidays.items()):
            same_day = site.closures.filter(starts_on=day)
            if same_day.filter(Q(is_public_holiday=True) | Q(reason=name)).exists():
                continue
            closure = Closure.objects.create(
                site=site, starts_on=day, ends_on=day, reason=name, is_public_holiday=True
            )
            audit.record(kind=audit.Kind.CLOSURE_CREATED, by=by, at=at, target=closure)
            made.append(closure)
    return made


@transaction.atomic
def remove_closure(*, closure: Closure, by: User, at: datetime) -> None:
    """Open the site again on the days of `closure`."""
    audit.record(kind=audit.Kind.CLOSURE_REMOVED, by=by, at=at, target=closure)
    closure.delete()


def _locked(sites: Iterable[Site]) -> list[Site]:
    wanted = [site.pk for site in sites]
    return list(Site.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
