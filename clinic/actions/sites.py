"""Writes of sites and their rooms."""

from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.models import Room, Site
from clinic.registry import site_is_used
from meso_clinic.core import audit
from meso_clinic.core.models import User


class SiteInUse(Exception):
    """People have working hours at the site; `args[0]` lists them by name."""


class ClockInUse(Exception):
    """Appointments hold times of the site's wall clock, which another zone would change."""


class LastSite(Exception):
    """The clinic works at one site at least."""


@transaction.atomic
def add_site(*, by: User, at: datetime, **fields: Any) -> Site:
    """Add a site with the given fields. Raises ValidationError."""
    site = Site(**fields)
    site.full_clean()
    site.save(force_insert=True)
    audit.record(kind=audit.Kind.SITE_CHANGED, by=by, at=at, target=site)
    return site


@transaction.atomic
def change_site(*, site: Site, by: User, at: datetime, **fields: Any) -> Site:
    """Set the given fields of `site`.

    Raises SiteInUse or LastSite if it would be switched off and cannot, ClockInUse if its time zone
    would change under its appointments, and ValidationError.
    """
    # All sites, in a fixed order: two admins switching off the last two must not both succeed.
    sites = {known.pk: known for known in Site.objects.select_for_update().order_by("pk")}
    site = sites[site.pk]
    if fields.get("timezone", site.timezone) != site.timezone and site_is_used(site):
        raise ClockInUse(site.pk)
    for name, value in fields.items():
        setattr(site, name, value)
    site.full_clean()
    if not site.is_active:
        _refuse_switching_off(site, sites)
    site.save(update_fields=list(fields))
    audit.record(kind=audit.Kind.SITE_CHANGED, by=by, at=at, target=site)
    return site


def _refuse_switching_off(site: Site, sites: dict[int, Site]) -> None:
    people = User.objects.filter(shifts__site=site).distinct().order_by("last_name", "pk")
    if names := [person.display_name for person in people]:
        raise SiteInUse(names)
    if not any(other.is_active for other in sites.values() if other.pk != site.pk):
        raise LastSite(site.pk)


@transaction.atomic
def add_room(*, site: Site, name: str, by: User, at: datetime) -> Room:
    """Add a room to `site`. Raises ValidationError if the site has one of that name."""
    room = Room(site=site, name=name)
    room.full_clean()
    room.save(force_insert=True)
    audit.record(kind=audit.Kind.ROOM_CHANGED, by=by, at=at, target=room)
    return room


@transaction.atomic
def change_room(*, room: Room, name: str, is_active: bool, by: User, at: datetime) -> Room:
    """Rename `room` or switch it off or on. Raises ValidationError."""
    room = Room.objects.select_for_update().get(pk=room.pk)
    room.name, room.is_active = name, is_active
    room.full_clean()
    room.save(update_fields=["name", "is_active"])
    audit.record(kind=audit.Kind.ROOM_CHANGED, by=by, at=at, target=room)
    return room
