"""The decorators that state a view's right. A view without one fails `tests/test_access.py`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.roles import RIGHTS, Right, Role

View = Callable[..., HttpResponseBase]

__all__ = ["RIGHTS", "Right", "Role", "declared_right", "public", "requires"]

_REASONS = {
    Role.CLINICIAN: gettext_lazy("a clinician"),
    Role.RECEPTION: gettext_lazy("reception"),
    Role.ADMIN: gettext_lazy("an admin"),
}


def requires(right: Right, *, is_hidden: bool = False) -> Callable[[View], View]:
    """Let only people with `right` call the view; others get 403 with a plain reason.

    With `is_hidden` they get the 404 of an address that leads nowhere: a link to a photo that was
    passed on does not even say that there is one.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or not request.user.has_right(right):
                raise Http404 if is_hidden else PermissionDenied(refusal(right))
            return view(request, *args, **kwargs)

        cast(Any, guarded).declared_right = right
        cast(Any, guarded).is_hidden = is_hidden
        return guarded

    return decorate


def public(view: View) -> View:
    """Let everybody call the view, signed in or not."""
    opened = login_not_required(view)
    cast(Any, opened).declared_right = "public"
    return opened


def signed_in(view: View) -> View:
    """Let everybody who is signed in call the view, whatever the role."""
    cast(Any, view).declared_right = "signed_in"
    return view


def declared_right(view: Callable[..., Any]) -> str | None:
    """Return the right that `view` states, `public`, `signed_in`, or None if it states none."""
    return getattr(view, "declared_right", None)


def refusal(right: Right) -> str:
    """Return the sentence that tells who may do what `right` allows."""
    roles = [str(_REASONS[role]) for role in Role if role in RIGHTS[right]]
    return _("This page is for %(roles)s.") % {"roles": _(" or ").join(roles)}
