"""Writes of what indications say, how they are called, and the numbers of their protocols."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import Room
from meso_clinic.core import audit
from meso_clinic.core.models import User
from treatments.domain.text import FIELDS, PatientText
from treatments.models import Indication, IndicationRevision, Protocol


class TextChangedMeanwhile(Exception):
    """Somebody else published meanwhile. `newest` is their revision."""

    def __init__(self, newest: IndicationRevision) -> None:
        super().__init__(f"version {newest.number} is newer")
        self.newest = newest


class NothingChanged(Exception):
    """The text is the one that is live already. `newest` is its revision."""

    def __init__(self, newest: IndicationRevision) -> None:
        super().__init__(f"version {newest.number} says the same")
        self.newest = newest


class TextIncomplete(Exception):
    """The text lacks something a patient must read. `fields` names it."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@transaction.atomic
def publish_indication(
    *,
    indication: Indication,
    base_number: int,
    text: PatientText,
    reason: str,
    by: User,
    at: datetime,
) -> IndicationRevision:
    """Make `text` the newest revision. `base_number` is the version that it was written from.

    Courses keep the revision that they were planned with. Raises TextIncomplete,
    TextChangedMeanwhile, NothingChanged, or ValidationError for a missing reason.
    """
    if missing := text.missing():
        raise TextIncomplete(missing)
    locked = Indication.objects.select_for_update(no_key=True).get(pk=indication.pk)
    newest = locked.revisions.newest_first()[0]
    if newest.number != base_number:
        raise TextChangedMeanwhile(newest)
    if not text.differences(newest.text):
        raise NothingChanged(newest)
    revision = IndicationRevision(
        indication=locked,
        number=newest.number + 1,
        reason=reason,
        published_at=at,
        published_by=by,
        **{name: getattr(text, name) for name in FIELDS},
    )
    revision.full_clean()
    revision.save(force_insert=True)
    audit.record(kind=audit.Kind.INDICATION_PUBLISHED, by=by, at=at, target=revision)
    return revision


@transaction.atomic
def change_indication(
    *,
    indication: Indication,
    name: str,
    short_name: str,
    is_active: bool,
    rooms: list[Room],
    by: User,
    at: datetime,
) -> Indication:
    """Set how `indication` is called, whether it is offered, and in which rooms (none: in all).

    Courses that run go on. Raises ValidationError.
    """
    indication = Indication.objects.select_for_update(no_key=True).get(pk=indication.pk)
    indication.name, indication.short_name = name, short_name
    indication.is_active = is_active
    indication.full_clean()
    indication.save(update_fields=["name", "short_name", "is_active"])
    indication.rooms.set(rooms)
    audit.record(kind=audit.Kind.INDICATION_CHANGED, by=by, at=at, target=indication)
    return indication


@transaction.atomic
def change_protocol(*, protocol: Protocol, by: User, at: datetime, **numbers: Any) -> Protocol:
    """Set the given numbers of `protocol`. Courses keep the numbers they were planned with.

    Raises ValidationError if a number leaves its limits.
    """
    protocol = Protocol.objects.select_for_update(no_key=True).get(pk=protocol.pk)
    if strange := numbers.keys() - set(PROTOCOL_NUMBERS):
        raise ValidationError(f"not a number of a protocol: {sorted(strange)}")
    for name, value in numbers.items():
        setattr(protocol, name, value)
    # The lists beside the numbers are not touched here, and an empty one is none of our business.
    protocol.full_clean(exclude=["techniques", "outcome_scales"])
    protocol.save(update_fields=list(numbers))
    audit.record(kind=audit.Kind.PROTOCOL_CHANGED, by=by, at=at, target=protocol)
    return protocol


PROTOCOL_NUMBERS = (
    "total_sessions",
    "initial_sessions",
    "initial_min_days",
    "initial_max_days",
    "monthly_min_days",
    "monthly_max_days",
    "session_minutes",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "depth_min_mm",
    "depth_max_mm",
    "max_volume_ml",
    "downtime_min_days",
    "downtime_max_days",
)
