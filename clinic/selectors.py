"""Reads that more than one app needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Subquery
from django.http import HttpRequest

from clinic.models import ClinicProfile, Closure, Shift, Site, Weekday
from meso_clinic.core.models import User

SITE_KEY = "site_id"


class NoSite(ImproperlyConfigured):
    """The clinic is new: it has no site yet."""


def clinic_profile() -> ClinicProfile:
    """Return the clinic's profile. Raises ImproperlyConfigured before the clinic is set up."""
    profile = ClinicProfile.objects.first()
    if profile is None:
        raise ImproperlyConfigured("The clinic has no profile yet: run `make run`.")
    return profile


def profile_value(field: str) -> Subquery:
    """Return `field` of the clinic's profile as a column, for rows that are read anyway."""
    return Subquery(ClinicProfile.objects.values(field)[:1])


def current_site(request: HttpRequest) -> Site:
    """Return the site this person works at now: the one chosen last, else the first.

    Raises NoSite in a new clinic.
    """
    sites = {site.pk: site for site in open_sites(request)}
    if not sites:
        raise NoSite("The clinic has no site yet.")
    return sites.get(request.session.get(SITE_KEY) or 0) or next(iter(sites.values()))


def open_sites(request: HttpRequest) -> list[Site]:
    """Return the sites that are in use, read once for a request."""
    kept: list[Site] | None = getattr(request, "_open_sites", None)
    if not kept:
        kept = list(Site.objects.open())
        request._open_sites = kept  # type: ignore[attr-defined]
    return kept


@dataclass(frozen=True, slots=True)
class WeekdayHours:
    """One weekday of a person's week, with its hours in order."""

    label: str
    shifts: list[Shift]


def working_week(practitioner: User) -> list[WeekdayHours]:
    """Return Monday to Sunday with the weekly hours of `practitioner`, by time."""
    shifts = practitioner.shifts.select_related("site").order_by("weekday", "starts", "pk")
    by_day: dict[int, list[Shift]] = {}
    for shift in shifts:
        by_day.setdefault(shift.weekday, []).append(shift)
    return [WeekdayHours(str(day.label), by_day.get(day, [])) for day in Weekday]


def days_entered(sites: Iterable[Site], days: Iterable[date]) -> set[date]:
    """Return those of `days` that every one of `sites` has as a public holiday already."""
    wanted, site_ids = list(days), [site.pk for site in sites]
    found = Closure.objects.filter(
        site__in=site_ids, starts_on__in=wanted, is_public_holiday=True
    ).values_list("site_id", "starts_on")
    held: dict[date, set[int]] = {}
    for site_id, day in found:
        held.setdefault(day, set()).add(site_id)
    return {day for day, holders in held.items() if holders == set(site_ids)}


def spans_at_sites(
    sites: Iterable[Site], days: Iterable[date], starts: time | None, ends: time | None
) -> list[tuple[Site, datetime, datetime]]:
    """Return each day at each site as a span (aware): from `starts` to `ends`, or all of it."""
    return [
        (
            site,
            datetime.combine(day, starts or time.min, site.zone),
            datetime.combine(day, ends, site.zone)
            if ends
            else datetime.combine(day + timedelta(days=1), time.min, site.zone),
        )
        for site in sites
        for day in days
    ]
