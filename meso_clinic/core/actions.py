"""Writes of the core: people, their passwords, and the one-time links that let them in."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction

from meso_clinic.core import audit
from meso_clinic.core.domain.pins import is_pin, is_plain
from meso_clinic.core.models import Invitation, User, hash_token

INVITATION_LIFE = timedelta(days=2)
ROLE_FIELDS = ("is_clinician", "is_reception", "is_admin", "is_prescriber")


class NoSuchInvitation(Exception):
    """The link was used already, is too old, or never was one."""


class OwnRights(Exception):
    """Nobody changes their own roles, or shuts themselves out."""


class NotAnAdmin(Exception):
    """The person who acts lost the admin role a moment ago."""


@transaction.atomic
def invite_first_admin(*, at: datetime) -> str:
    """Make a one-time link that makes the first admin, valid two days from `at` (aware).

    Returns its secret token. Earlier such links end: only the one printed last works.
    """
    Invitation.objects.filter(user=None).delete()
    return _new_invitation(user=None, at=at)


@transaction.atomic
def invite(*, user: User, by: User, at: datetime) -> str:
    """Make a one-time link by which `user` chooses a password, valid two days from `at` (aware).

    Returns its secret token. An earlier link of the same person ends.
    """
    Invitation.objects.filter(user=user).delete()
    token = _new_invitation(user=user, at=at)
    audit.record(kind=audit.Kind.USER_INVITED, by=by, at=at, target=user)
    return token


def _new_invitation(*, user: User | None, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        token_hash=hash_token(token), expires_at=at + INVITATION_LIFE, user=user
    )
    return token


@transaction.atomic
def set_signing_pin(*, user: User, pin: str, at: datetime) -> None:
    """Let `user` sign with `pin` from now on; "" lets only the password sign.

    Raises ValueError for what is no PIN.
    """
    if pin and (not is_pin(pin) or is_plain(pin)):
        raise ValueError("no PIN to sign with")
    user.signing_pin = make_password(pin) if pin else ""
    user.save(update_fields=["signing_pin"])
    audit.record(kind=audit.Kind.SIGNING_PIN_CHANGED, by=user, at=at, target=user)


@transaction.atomic
def accept_first_admin_invitation(
    *, token: str, username: str, first_name: str, last_name: str, password: str, at: datetime
) -> User:
    """Turn the link into the first admin's account. Raises NoSuchInvitation."""
    # Of two people with the same link, one deletes the row; the other finds none.
    used, _counts = Invitation.objects.usable(token, at).filter(user=None).delete()
    if not used:
        raise NoSuchInvitation
    user: User = User.objects.create_user(
        username, password=password, first_name=first_name, last_name=last_name, is_admin=True
    )
    audit.record(kind=audit.Kind.USER_CREATED, by=user, at=at, target=user)
    return user


@transaction.atomic
def accept_invitation(*, token: str, password: str, at: datetime) -> User:
    """Set the password of the person the link is for; the link ends. Raises NoSuchInvitation."""
    # Locked: of two people with the same link, the second finds the row gone.
    usable = Invitation.objects.select_for_update(of=("self",)).usable(token, at)
    invitation = usable.filter(user__is_active=True).first()
    if invitation is None or invitation.user is None:
        raise NoSuchInvitation
    user = invitation.user
    invitation.delete()
    _set_password(user=user, password=password, by=user, at=at)
    return user


@transaction.atomic
def create_user(
    *, by: User | None, at: datetime, password: str | None = None, **fields: Any
) -> User:
    """Add a person with the given fields; without a password they come in by a link only.

    `by` is None for the demo clinic's first people. Raises ValidationError.
    """
    user = User(**fields)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save(force_insert=True)
    audit.record(kind=audit.Kind.USER_CREATED, by=by or user, at=at, target=user)
    return user


@transaction.atomic
def change_user(*, user: User, by: User, at: datetime, **fields: Any) -> User:
    """Set the given fields of `user`.

    Raises OwnRights if `by` would change their own roles, NotAnAdmin if `by` is none any more,
    and ValidationError for values that a person cannot have.
    """
    user = _locked(user, by)
    before = {name: getattr(user, name) for name in ROLE_FIELDS}
    for name, value in fields.items():
        setattr(user, name, value)
    if user.pk == by.pk and before != {name: getattr(user, name) for name in ROLE_FIELDS}:
        raise OwnRights
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(fields))
    audit.record(kind=audit.Kind.USER_CHANGED, by=by, at=at, target=user)
    return user


@transaction.atomic
def deactivate_user(*, user: User, by: User, at: datetime) -> None:
    """Shut `user` out: they cannot sign in, their sessions and their link end.

    Their name stays on everything they did. Raises OwnRights and NotAnAdmin.
    """
    if user.pk == by.pk:
        raise OwnRights
    user = _locked(user, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    Invitation.objects.filter(user=user).delete()
    _end_sessions(user, at)
    audit.record(kind=audit.Kind.USER_DEACTIVATED, by=by, at=at, target=user)


@transaction.atomic
def reactivate_user(*, user: User, by: User, at: datetime) -> None:
    """Let `user` sign in again, with the password they had. Raises NotAnAdmin."""
    user = _locked(user, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(kind=audit.Kind.USER_REACTIVATED, by=by, at=at, target=user)


@transaction.atomic
def change_own_password(*, user: User, password: str, at: datetime) -> None:
    """Give `user` a new password; their sessions elsewhere end, because they name the old one."""
    _set_password(user=user, password=password, by=user, at=at)


@transaction.atomic
def note_handed_over(*, patient_id: int, by: User, at: datetime) -> None:
    """Put on record that `by` gave the device they are signed in on to a patient."""
    audit.record(kind=audit.Kind.DEVICE_HANDED_OVER, by=by, at=at, target=by, patient_id=patient_id)


@transaction.atomic
def note_taken_back(*, patient_id: int, by: User, at: datetime) -> None:
    """Put on record that `by` took a device back from a patient, with their own password."""
    audit.record(kind=audit.Kind.DEVICE_TAKEN_BACK, by=by, at=at, target=by, patient_id=patient_id)


def _set_password(*, user: User, password: str, by: User, at: datetime) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(kind=audit.Kind.PASSWORD_CHANGED, by=by, at=at, target=user)


def _locked(user: User, by: User) -> User:
    """Return `user`, locked together with all admins; raise NotAnAdmin if `by` is none.

    Two admins taking the role from each other follow one another: the clinic keeps an admin.
    """
    admins = User.objects.select_for_update(no_key=True).filter(is_admin=True, is_active=True)
    if by.pk not in set(admins.order_by("pk").values_list("pk", flat=True)):
        raise NotAnAdmin
    locked: User = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return locked


def _end_sessions(user: User, at: datetime) -> None:
    # A session does not say in a column whose it is; a clinic has few that are alive.
    for session in list(Session.objects.filter(expire_date__gt=at)):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
