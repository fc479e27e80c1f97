"""The list of what must not be forgotten."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.selectors import current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.context import Count
from meso_clinic.core.http import ClinicRequest
from sessions.follow_up_count import count_again, keep_count
from sessions.follow_ups import follow_ups, total


@require_GET
@requires(Right.SEE_COURSES)
def follow_up_list(request: ClinicRequest) -> HttpResponse:
    site, now = current_site(request), timezone.now()
    found = follow_ups(site, now, reader=request.user)
    keep_count(site, request.user, total(found), now=now)
    return render(request, "sessions/follow_ups.html", {"groups": found})


@require_GET
@requires(Right.SEE_COURSES)
def follow_up_count(request: ClinicRequest) -> HttpResponse:
    """Answer with the number in the navigation, counted now if it is old."""
    number = count_again(current_site(request), request.user, now=timezone.now())
    return render(request, "components/_count.html", {"count": Count(number)})
