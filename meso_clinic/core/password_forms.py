"""Forms in which somebody chooses a password: by a one-time link, or on the account page."""

from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.forms import ClinicForm
from meso_clinic.core.models import User


class NewPasswordField(forms.CharField):
    """A password that is being chosen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Password"))
        kwargs.setdefault("help_text", _("At least 12 characters. A sentence is good."))
        super().__init__(
            strip=False,
            max_length=128,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            **kwargs,
        )


class FirstAdminForm(ClinicForm):
    """Name, user name and a password of the person's own."""

    first_name = forms.CharField(label=_("Given names"), max_length=150)
    last_name = forms.CharField(label=_("Family names"), max_length=150, required=False)
    username = User._meta.get_field("username").formfield(
        label=_("User name"),
        help_text=_("You sign in with it. Letters, digits and @ . + - _ only."),
    )
    password = NewPasswordField()

    def build_layout(self) -> Layout:
        return Layout(Row(Column("first_name"), Column("last_name")), "username", "password")

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("This user name is taken. Choose another."))
        return name

    def clean(self) -> None:
        super().clean()
        named = {
            field: self.cleaned_data.get(field, "")
            for field in ("username", "first_name", "last_name")
        }
        _check_password(self, "password", User(**named))


class ChoosePasswordForm(ClinicForm):
    """The password of a person who came by a one-time link."""

    password = NewPasswordField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> None:
        super().clean()
        _check_password(self, "password", self.user)


class ChangePasswordForm(ClinicForm):
    """A new password of one's own, allowed by the present one."""

    old_password = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = NewPasswordField(label=_("New password"))
    repeated = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("This is not your present password. Enter it again."))
        return old

    def clean(self) -> None:
        super().clean()
        _check_password(self, "password", self.user)
        new, again = self.cleaned_data.get("password"), self.cleaned_data.get("repeated")
        if new and again and new != again:
            self.add_error("repeated", _("The two new passwords differ. Enter the same twice."))


def _check_password(form: forms.Form, field: str, user: User) -> None:
    """Put what speaks against the password in `field`, as one of `user`, beside that field."""
    if password := form.cleaned_data.get(field):
        try:
            validate_password(password, user)
        except forms.ValidationError as problems:
            form.add_error(field, problems)
