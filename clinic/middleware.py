"""Every page shows the wall clock of the site the person works at."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clinic.selectors import NoSite, current_site

View = Callable[..., HttpResponse]


def tells_no_time(view: View) -> View:
    """Spare `view`, which shows no time, the query for the site."""
    cast(Any, view).tells_no_time = True
    return view


def current_site_time(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the current site's time zone for the request of a person who is signed in.

    A clinic without a site is a new one: every page leads to its first page then.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return get_response(request)

    def process_view(
        request: HttpRequest, view: View, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or getattr(view, "tells_no_time", False):
            return None
        try:
            timezone.activate(current_site(request).zone)
        except NoSite:
            set_up = reverse("clinic:set-up")
            if request.path not in (set_up, reverse("account_logout")):
                return redirect(set_up)
        return None

    cast(Any, answer).process_view = process_view
    return answer
