"""Writing past all Python, to see what the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from meso_clinic.core.constraints import violates
from sessions.models import Appointment


def broken(name, write):
    """Whether the database refuses `write` because of the constraint `name`."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    return violates(refusal.value, name) or str(refusal.value)


def unsaved(other, **changes):
    """Return a copy of appointment `other` that holds no session, so that only time matters.

    It has no buffers, unless `changes` name them.
    """
    copy = Appointment.objects.get(pk=other.pk)
    copy.pk, copy.kind, copy.session = None, Appointment.Kind.REVIEW, None
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.held_from = changes.get("held_from", copy.starts_at)
    copy.held_until = changes.get("held_until", copy.ends_at)
    return copy
