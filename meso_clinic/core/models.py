"""People, the links that let them in, and the audit trail."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from meso_clinic.core.roles import RIGHTS, Right, Role


class UserQuerySet(models.QuerySet["User"]):
    """People, by what they do."""

    def active(self) -> Self:
        """Only people who may sign in."""
        return self.filter(is_active=True)

    def practitioners(self, *, and_also: Collection[int] = ()) -> Self:
        """Active clinicians, by name: the people who give sessions.

        With those of the primary keys `and_also`, who may have left meanwhile.
        """
        give = Q(is_active=True, is_clinician=True)
        if and_also:
            give |= Q(pk__in=and_also)
        return self.filter(give).order_by("last_name", "first_name", "pk")


class ClinicUserManager(UserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's user manager with our filters."""


class User(AbstractUser):
    """A person who signs in. Holds one or more roles; a clinician is also a practitioner."""

    job_title = models.CharField(_("job title"), max_length=60, blank=True)
    is_clinician = models.BooleanField(_("clinician"), default=False)
    is_reception = models.BooleanField(_("reception"), default=False)
    is_admin = models.BooleanField(_("admin"), default=False)
    is_prescriber = models.BooleanField(_("prescriber"), default=False)

    # Hashed like a password; "" while the person signs with the password alone.
    signing_pin = models.CharField(max_length=128, blank=True, editable=False)

    objects: ClassVar[ClinicUserManager] = ClinicUserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_clinician=True) | Q(is_reception=True) | Q(is_admin=True),
                name="user_has_a_role",
                violation_error_message=_("Choose at least one role."),
            ),
            models.CheckConstraint(
                condition=Q(is_prescriber=False) | Q(is_clinician=True),
                name="prescriber_is_a_clinician",
                violation_error_message=_("A prescriber must also be a clinician."),
            ),
            # One signs in with either of them, in any mixture of capitals.
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_is_unique_in_any_case",
                violation_error_message=_("This user name is taken. Choose another."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="email_belongs_to_one_person",
                violation_error_message=_("Another person has this e-mail. Enter another."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name as it stands on the board, with its title: "Dr Ines Halloran"."""
        return self.get_full_name() or self.username

    @property
    def surname(self) -> str:
        """The shortest name that still says who: "Dr Halloran"."""
        title = "Dr " if self.first_name.startswith("Dr ") else ""
        return f"{title}{self.last_name}" if self.last_name else self.display_name

    @property
    def initials(self) -> str:
        """Two letters for the badge in the rail."""
        words = self.display_name.removeprefix("Dr ").split()
        return "".join(
            word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
        ).upper()

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles this person holds."""
        held = {
            Role.CLINICIAN: self.is_clinician,
            Role.RECEPTION: self.is_reception,
            Role.ADMIN: self.is_admin,
        }
        return tuple(role for role, is_held in held.items() if is_held)

    @property
    def role_words(self) -> str:
        """The roles in words, for lists of people: "Clinician, Admin"."""
        words = {
            Role.CLINICIAN: _("Clinician"),
            Role.RECEPTION: _("Reception"),
            Role.ADMIN: _("Admin"),
        }
        held = [str(words[role]) for role in self.roles]
        return ", ".join([*held, str(_("Prescriber"))] if self.is_prescriber else held)

    def signs_with(self, secret: str) -> bool:
        """Whether `secret` is this person's password or signing PIN."""
        is_pin = self.has_signing_pin and check_password(secret, self.signing_pin)
        return is_pin or self.check_password(secret)

    @property
    def has_signing_pin(self) -> bool:
        """Whether this person may sign with a PIN."""
        return bool(self.signing_pin)

    @property
    def is_practitioner(self) -> bool:
        """Whether this person gives sessions, and so has working hours."""
        return self.is_active and self.is_clinician

    @property
    def role(self) -> Role:
        """The main role: the one that decides where this person lands after signing in."""
        return self.roles[0]

    def has_right(self, right: Right) -> bool:
        """Whether one of this person's roles carries `right`."""
        return self.is_active and not RIGHTS[right].isdisjoint(self.roles)


class AuditEvent(models.Model):
    """One line of the audit trail: who did what to which row, when. Never changed, never removed.

    `target` names the row ("treatment_sessions.appointment:17"), never its content.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    patient_id = models.BigIntegerField(null=True, blank=True)
    target = models.CharField(max_length=120)

    class Meta:
        indexes = [
            models.Index(fields=["target", "at"], name="audit_by_target"),
            models.Index(fields=["patient_id", "at"], name="audit_by_patient"),
        ]
        constraints = [
            FrozenRows(name="audit_event_is_append_only"),
            models.CheckConstraint(condition=~Q(kind=""), name="audit_event_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


def hash_token(token: str) -> str:
    """Return what is kept of the secret token of a one-time link."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """One-time links."""

    def usable(self, token: str, at: datetime) -> Self:
        """The link with `token` if it still works at `at` (aware)."""
        return self.filter(token_hash=hash_token(token), expires_at__gt=at)


class Invitation(models.Model):
    """A one-time link. Only the hash of its token is kept.

    With a `user` it lets that person choose a password; without one it makes the first admin.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="invitation", null=True, blank=True
    )

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"invitation {self.pk}"
