"""Forms of the people who work in the clinic."""

from typing import Any

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.forms import ClinicModelForm
from meso_clinic.core.models import User

ROLES = ("is_clinician", "is_reception", "is_admin", "is_prescriber")


class PersonForm(ClinicModelForm):
    """A person: how they are called, how they sign in, what they do."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "job_title", "username", "email", *ROLES]
        labels = {
            "first_name": _("Given names"),
            "last_name": _("Family names"),
            "username": _("User name"),
            "email": _("E-mail"),
            "is_clinician": _("Clinician: plans courses, gives sessions, signs records"),
            "is_reception": _("Reception: registers patients, books, checks in"),
            "is_admin": _("Admin: manages the clinic, its people and what is offered"),
            "is_prescriber": _("Prescriber: a clinician who may also prescribe"),
        }
        help_texts = {
            "first_name": _("With the title, if it is used: Dr Ines."),
            "job_title": _("Shown under the name, like Nurse."),
            "username": _("Letters, digits and @ . + - _ only. The person signs in with it."),
            "email": _("Instead of the user name it can be used to sign in."),
        }

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True
        if own:
            # Nobody changes their own roles: what is sent for them is not even read.
            for name in ROLES:
                self.fields[name].disabled = True

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if self._others().filter(username__iexact=name).exists():
            raise forms.ValidationError(_("This user name is taken. Choose another."))
        return name

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and self._others().filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Another person has this e-mail. Enter another."))
        return email

    def _others(self) -> QuerySet[User]:
        others: QuerySet[User] = User.objects.exclude(pk=self.instance.pk)
        return others

    def build_layout(self) -> Layout:
        return Layout(
            Row(Column("first_name"), Column("last_name")),
            "job_title",
            Row(Column("username"), Column("email")),
            Fieldset(_("Roles"), *ROLES, css_class="sect"),
        )
