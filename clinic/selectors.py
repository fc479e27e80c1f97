"""Reads that more than one app needs."""

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from clinic.models import ClinicProfile, Site

SITE_KEY = "site_id"


def clinic_profile() -> ClinicProfile:
    """Return the clinic's profile. Raises ImproperlyConfigured before the clinic is set up."""
    profile = ClinicProfile.objects.first()
    if profile is None:
        raise ImproperlyConfigured("The clinic has no profile yet: run `make run`.")
    return profile


def current_site(request: HttpRequest) -> Site:
    """Return the site this person works at now: the one chosen last, else the first."""
    kept: Site | None = getattr(request, "_current_site", None)
    if kept is None:
        sites = {site.pk: site for site in Site.objects.open()}
        if not sites:
            raise ImproperlyConfigured("The clinic has no site yet: run `make run`.")
        chosen = request.session.get(SITE_KEY)
        kept = sites.get(chosen) or next(iter(sites.values()))
        request._current_site = kept  # type: ignore[attr-defined]
    return kept
