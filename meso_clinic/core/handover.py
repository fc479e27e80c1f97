"""A device in a patient's hands: its session leads to one page only, until staff take it back.

The flag is in the session, so it holds for every window of the device and for nobody else. It is
kept by middleware and not by the views: a view that is added is closed as well.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from meso_clinic.core.http import redirect_page
from meso_clinic.core.models import User

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]

_KEY = "handed_over"


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the device shows: the page at `path` for one patient; `back` is where staff go on.

    `key` is the one under which the page's form is sent, however often it is loaded.
    """

    path: str
    back: str
    patient_id: int
    key: str
    is_sent: bool = False


def hand_over(request: HttpRequest, what: HandOver) -> None:
    """Lock the session of the device to the page of `what`."""
    request.session[_KEY] = asdict(what)
    # A page that the browser kept for its Back button belongs to the cookie of before.
    request.session.cycle_key()


def handed_over(request: HttpRequest) -> HandOver | None:
    """Return what the device was handed over for, None if it is in the hands of staff."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    return HandOver(**kept) if kept else None


def mark_sent(request: HttpRequest) -> None:
    """Note that the patient is done: the page thanks from now on and takes nothing more."""
    held = handed_over(request)
    assert held is not None
    request.session[_KEY] = asdict(replace(held, is_sent=True))


def take_back(request: HttpRequest, by: User) -> None:
    """Unlock the session; from now on it is one of `by`, whose password was checked."""
    del request.session[_KEY]
    login(request, by)
    # As after signing in: the session ends with the browser.
    request.session.set_expiry(0)


def only_the_page_handed_over(get_response: GetResponse) -> GetResponse:
    """Lead every address of a device that was handed over back to the one page it is for."""

    def answer(request: HttpRequest) -> HttpResponse:
        held = handed_over(request)
        if held is None or request.path in (held.path, reverse("core:take-back")):
            return get_response(request)
        return redirect_page(request, held.path)

    return answer
