"""How people get in: nobody signs up; an admin adds people, and a link makes the first admin."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.models import User

# One text for both fields, so that nobody learns which of them was right.
WRONG = _("Email or password is wrong. Check both, then try again.")


class ClosedSignup(DefaultAccountAdapter):
    """A clinic's people are added by its admin."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "too_many_login_attempts": _("Too many tries. Wait 5 minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return who signs in; somebody who is shut out gets the same answer as a stranger."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None
