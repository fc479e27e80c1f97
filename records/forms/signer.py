"""Who signs, proved by their own password or signing PIN."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.forms import ClinicForm
from records.actions.signing import TooManyTries, WrongPassword


class SignerForm(ClinicForm):
    """A form that is signed. `has_pin` says whether a PIN will do as well."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password to sign.")},
    )

    def __init__(self, *args: Any, has_pin: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_pin = has_pin
        if has_pin:
            secret = self.fields["password"]
            secret.label = _("Signing PIN or password")
            secret.error_messages["required"] = _("Enter your PIN or password to sign.")
            secret.widget.attrs |= {"autocomplete": "off"}

    def refuse_signer(self, refused: TooManyTries | WrongPassword) -> None:
        """Say at the field why this is no signature."""
        if isinstance(refused, TooManyTries):
            words = _("Five wrong tries. Wait five minutes, then sign again.")
        elif self.has_pin:
            words = _("Neither your PIN nor your password. Enter one of them again.")
        else:
            words = _("The password is wrong. Enter the one you sign in with.")
        self.add_error("password", words)
