"""Saves that a page makes by itself while somebody types."""

from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from records.forms.base import VersionedForm
from records.views.record_page import RecordPage, load_page

HEADER = "X-Autosave"
# Returns the parts of the page that a save changes, by the id of the element they replace.
Parts: TypeAlias = Callable[[RecordPage], dict[str, str]]


def is_autosave(request: HttpRequest) -> bool:
    """Whether the page saves by itself: nobody pressed anything, so nothing is turned."""
    return HEADER in request.headers


def autosaved(
    request: HttpRequest,
    page: RecordPage,
    form: VersionedForm,
    status: int,
    *,
    parts: Parts | None = None,
) -> HttpResponse:
    """Answer with what is new for the page.

    200 has the version and the parts to replace. 422 has the sentences of rules that were broken;
    what is merely not typed yet is no news to the person who types. 409 has both texts.
    """
    if status == 409:
        conflict = render_to_string(
            "records/_conflict.html",
            {"record": page.record, "differences": form.differences(), "request": request},
            request,
        )
        return JsonResponse({"conflict": conflict, "version": page.version}, status=status)
    if status != 200:
        return JsonResponse({"refused": form.non_field_errors()}, status=status)
    fresh = load_page(page.session.pk)
    said: dict[str, str] = {
        "save-state": render_to_string("records/_saved.html", {"record": fresh.record}, request)
    }
    said |= parts(fresh) if parts else {}
    return JsonResponse({"version": fresh.version, "parts": said})
