"""Every page shows the wall clock of the site the person works at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinic.selectors import current_site


def current_site_time(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the current site's time zone for the request of a person who is signed in."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        with timezone.override(current_site(request).zone):
            return get_response(request)

    return answer
