"""The clinic's name on every page, also before signing in."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from clinic.models import ClinicProfile
from clinic.selectors import current_site, open_sites


def clinic(request: HttpRequest) -> dict[str, Any]:
    """Return `clinic` (its profile) and, for people who are signed in, `site` and `sites`."""
    context: dict[str, Any] = {"clinic": SimpleLazyObject(ClinicProfile.objects.first)}
    if request.user.is_authenticated:
        context["site"] = SimpleLazyObject(lambda: current_site(request))
        context["sites"] = SimpleLazyObject(lambda: open_sites(request))
    return context
