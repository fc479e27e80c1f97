"""The list of what must not be forgotten."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.selectors import current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from sessions.follow_ups import follow_ups


@require_GET
@requires(Right.SEE_COURSES)
def follow_up_list(request: ClinicRequest) -> HttpResponse:
    found = follow_ups(current_site(request), timezone.now(), reader=request.user)
    return render(request, "sessions/follow_ups.html", {"groups": found})
