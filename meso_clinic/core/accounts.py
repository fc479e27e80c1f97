"""How people get in: nobody signs up; an admin adds people, and a link makes the first admin."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

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
