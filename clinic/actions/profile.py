"""Writes of the clinic's profile."""

from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.actions.sites import add_site
from clinic.models import ClinicProfile, Site
from clinic.registry import run_set_up
from meso_clinic.core import audit
from meso_clinic.core.models import User


@transaction.atomic
def change_profile(*, by: User, at: datetime, **fields: Any) -> ClinicProfile:
    """Set the given fields of the clinic's one profile, made if there is none yet.

    Raises ValidationError for values that the profile cannot hold.
    """
    profile = ClinicProfile.objects.select_for_update().first()
    is_new = profile is None
    profile = profile or ClinicProfile(pk=1)
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.full_clean(validate_unique=False)
    if is_new:
        profile.save(force_insert=True)
    else:
        profile.save(update_fields=list(fields))
    audit.record(kind=audit.Kind.CLINIC_CHANGED, by=by, at=at, target=profile)
    return profile


@transaction.atomic
def set_up_clinic(
    *, name: str, phone: str, country: str, site_name: str, timezone: str, by: User, at: datetime
) -> Site:
    """Make the profile, the first site and what the apps add to a new clinic; return the site.

    Raises ValidationError for values that they cannot hold.
    """
    change_profile(name=name, phone=phone, country=country, by=by, at=at)
    site = add_site(name=site_name, timezone=timezone, by=by, at=at)
    run_set_up(by=by, at=at)
    return site
