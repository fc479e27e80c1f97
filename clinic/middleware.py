"""Every page shows the wall clock of the site the person works at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clinic.selectors import NoSite, current_site


def current_site_time(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the current site's time zone for the request of a person who is signed in.

    A clinic without a site is a new one: every page leads to its first page then.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        try:
            zone = current_site(request).zone
        except NoSite:
            return _answer_new_clinic(request)
        with timezone.override(zone):
            return get_response(request)

    def _answer_new_clinic(request: HttpRequest) -> HttpResponse:
        set_up = reverse("clinic:set-up")
        if request.path in (set_up, reverse("account_logout")):
            return get_response(request)
        return redirect(set_up)

    return answer
