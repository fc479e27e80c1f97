"""Writes of the core: people, and the invitation that makes the first admin."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from meso_clinic.core import audit
from meso_clinic.core.models import Invitation, User

INVITATION_LIFE = timedelta(days=2)


class NoSuchInvitation(Exception):
    """The link was used already, is too old, or never was one."""


@transaction.atomic
def invite_first_admin(*, at: datetime) -> str:
    """Make a one-time invitation, valid two days from `at` (aware); return its secret token.

    Earlier invitations end: only the link printed last works. Only a hash of it is kept.
    """
    Invitation.objects.all().delete()
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(token_hash=_hash(token), expires_at=at + INVITATION_LIFE)
    return token


@transaction.atomic
def accept_first_admin_invitation(
    *, token: str, username: str, first_name: str, last_name: str, password: str, at: datetime
) -> User:
    """Turn the invitation into the first admin's account. Raises NoSuchInvitation."""
    used, _counts = Invitation.objects.filter(
        token_hash=_hash(token), expires_at__gt=at
    ).delete()
    if not used:
        raise NoSuchInvitation
    user = User.objects.create_user(
        username, password=password, first_name=first_name, last_name=last_name, is_admin=True
    )
    audit.record(kind=audit.Kind.USER_CREATED, by=user, at=at, target=user)
    return user


@transaction.atomic
def create_user(*, by: User | None, at: datetime, password: str, **fields: Any) -> User:
    """Add a person with the given fields. `by` is None for the demo clinic's first people."""
    user = User(**fields)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save(force_insert=True)
    audit.record(kind=audit.Kind.USER_CREATED, by=by or user, at=at, target=user)
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
