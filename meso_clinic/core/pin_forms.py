"""The form in which somebody chooses a PIN to sign with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.domain.pins import is_pin, is_plain
from meso_clinic.core.forms import ClinicForm
from meso_clinic.core.models import User


class SigningPinForm(ClinicForm):
    """Six digits, allowed by the present password; empty ones take the PIN away."""

    pin_password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
    pin = forms.CharField(
        label=_("Signing PIN"),
        required=False,
        max_length=20,
        help_text=_("Six digits. Leave it empty to sign with the password only."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    pin_again = forms.CharField(
        label=_("Signing PIN again"),
        required=False,
        max_length=20,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_pin_password(self) -> str:
        password: str = self.cleaned_data["pin_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password. Enter it again."))
        return password

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        if pin and not is_pin(pin):
            raise forms.ValidationError(_("A PIN is six digits, 0 to 9."))
        if pin and is_plain(pin):
            raise forms.ValidationError(_("Everybody tries this one first. Choose another PIN."))
        return pin

    def clean(self) -> None:
        super().clean()
        pin, again = self.cleaned_data.get("pin"), self.cleaned_data.get("pin_again")
        if "pin" in self.cleaned_data and pin != again:
            self.add_error("pin_again", _("The two PINs differ. Enter the same twice."))
