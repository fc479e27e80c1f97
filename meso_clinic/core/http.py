"""How a view answers: a page or its fragment, a redirect, a toast with Undo."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from meso_clinic.core.models import User


class ClinicRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page (and not for a boosted page or a history restore)."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page_or_fragment(
    request: HttpRequest, page: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render `fragment` for htmx and `page`, which includes it, for everybody else."""
    response = render(
        request, fragment if wants_fragment(request) else page, context, status=status
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect_page(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Send the browser to another page, also when htmx asked: it would swap a plain redirect in."""
    url = resolve_url(to, *args, **kwargs)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def toast(request: HttpRequest, message: str, *, undo_url: str = "", undo_seconds: int = 0) -> None:
    """Tell the person what was done, with an Undo button if `undo_url` takes it back by POST.

    The message goes after some seconds, or after `undo_seconds` if that is not 0.
    """
    stays = f" {undo_seconds}" if undo_seconds else ""
    messages.success(request, message, extra_tags=f"{undo_url}{stays}")


def toast_problem(request: HttpRequest, sentence: str) -> None:
    """Tell the person what could not be done."""
    messages.error(request, sentence)


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Return the page that a form's `next` field asks for if it is one of ours, else `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and not urlsplit(wanted).netloc:
        return wanted
    return fallback


def going_back(request: HttpRequest, url: str, fallback: str) -> str:
    """Return `url`, an Undo, so that it leads to the page that was clicked on, else `fallback`.

    htmx says which page that is: the answer itself may be a part of it, such as a panel.
    """
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    here = (htmx.current_url_abs_path if htmx else None) or fallback
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode({'next': here})}"


class CompactJSON(DjangoJSONEncoder):
    """JSON without spaces: the calendar of a large clinic has a thousand commas a day."""

    item_separator, key_separator = ",", ":"


def kept_for_good(answer: HttpResponse, *, is_newest: bool) -> HttpResponse:
    """Let the browser keep `answer`, whose address holds its version; an old address is not kept."""
    keeping = "private, max-age=31536000, immutable" if is_newest else "no-store"
    answer.headers["Cache-Control"] = keeping
    return answer
