"""Middleware that every page passes."""

from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: GetResponse) -> GetResponse:
    """Keep pages of people who are signed in out of every cache, the Back button's too."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return answer


def bad_bytes(get_response: GetResponse) -> GetResponse:
    """Refuse text with a NUL or half a surrogate: no database keeps it, no keyboard types it."""

    def answer(request: HttpRequest) -> HttpResponse:
        typed = [request.path, *_values(request.GET.lists())]
        if request.method == "POST":
            typed += _values(request.POST.lists())
        if any(_is_bad(text) for text in typed):
            return HttpResponseBadRequest(render_to_string("400.html"))
        return get_response(request)

    return answer


def _values(lists: object) -> list[str]:
    return [text for key, values in lists for text in (key, *values)]  # type: ignore[attr-defined]


def _is_bad(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
