"""Letting a record be signed that names a lot in quarantine: what was given was given."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from records.actions.drafts import audit_record, locked_draft
from records.models import LotDeviation, SessionRecord
from records.selectors.lot_past import put_aside_lots
from records.selectors.lots import used_lots
from treatments.actions.stock import lock_lots


class DeviationRefused(ActionRefused):
    """No reason is kept; `problem` says why, as one plain sentence."""


@transaction.atomic
def keep_deviation(
    *, record: SessionRecord, reason: str, version: int, by: User, at: datetime
) -> list[LotDeviation]:
    """Keep a prescriber's reason for each lot of the draft that is in quarantine and has none yet.

    It says whether the lot was put aside before or after the session began. Raises
    DeviationRefused, RecordIsSigned, RecordChangedMeanwhile, CannotRecord, ValidationError.
    """
    if not by.is_prescriber:
        raise DeviationRefused(_("Only a prescriber may let this record be signed."))
    if not reason.strip():
        raise DeviationRefused(_("Say why the record may be signed."))
    lock_lots(used_lots(record))
    record = locked_draft(record, version)
    waiting = [one for one in put_aside_lots(record) if one.deviation is None]
    if not waiting:
        raise DeviationRefused(_("No lot of this record waits for a prescriber."))
    kept = []
    for one in waiting:
        deviation = LotDeviation(
            record=record,
            lot=one.lot,
            quarantine=one.event,
            was_before=one.was_before,
            reason=reason.strip(),
            at=at,
            by=by,
        )
        deviation.full_clean()
        deviation.save(force_insert=True)
        kept.append(deviation)
    audit_record(audit.Kind.RECORD_DEVIATION, record, by=by, at=at)
    return kept
