"""Whether signed records are still what was signed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from records.domain.seal import seal
from records.models import (
    Administration,
    Anaesthesia,
    LotDeviation,
    SessionRecord,
    ZoneTreatment,
)

# What the seal itself fills, and what opening a signed record never changes.
UNSEALED = frozenset({"content_hash"})


def content_hash(record: SessionRecord) -> str:
    """Return the hash over `record` and its parts, as they are in the database or in memory."""
    return seal(_rows(record))


def broken_seals() -> Iterator[SessionRecord]:
    """Yield the signed records that are not what was signed, oldest first.

    One without a hash was signed before records were sealed, and is not judged.
    """
    signed = SessionRecord.objects.filter(signed_at__isnull=False).exclude(content_hash="")
    for record in signed.order_by("signed_at", "pk").iterator():
        if record.content_hash != content_hash(record):
            yield record


def _rows(record: SessionRecord) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "record", _columns(record)
    for name, model in (
        ("anaesthesia", Anaesthesia),
        ("zone", ZoneTreatment),
        ("administration", Administration),
        ("lot deviation", LotDeviation),
    ):
        parts: Any = model._default_manager.filter(record=record).order_by("pk")
        for part in parts:
            yield name, _columns(part)
    numbed = Anaesthesia.objects.filter(record=record, lot__isnull=False).select_related("lot")
    used = [dose.lot for dose in record.administrations.select_related("lot").order_by("pk")]
    for lot in [*used, *(one.lot for one in numbed if one.lot)]:
        yield "lot", {"number": lot.number, "expires_on": lot.expires_on}


def _columns(row: Model) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in UNSEALED
    }
