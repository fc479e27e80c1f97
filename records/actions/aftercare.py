"""The step after the injections: how it was straight after, and what was explained."""

from datetime import datetime

from django.db import transaction

from meso_clinic.core.models import User
from records.actions.drafts import saved_draft, started_draft
from records.models import SessionRecord


@transaction.atomic
def save_aftercare(
    *,
    record: SessionRecord,
    reaction: str,
    notes: str,
    given: bool,
    end_points: str = "",
    pain: int | None = None,
    observed_minutes: int | None = None,
    version: int,
    by: User,
    at: datetime,
) -> SessionRecord:
    """Keep how it was straight after, the notes, and whether the after-care was explained.

    `pain` is 0 to 10. Raises ValidationError, RecordIsSigned, RecordChangedMeanwhile.
    """
    record = started_draft(record, version, by=by, at=at)
    record.reaction, record.notes = reaction.strip(), notes.strip()
    record.aftercare_given, record.end_points = given, end_points
    record.pain, record.observed_minutes = pain, observed_minutes
    record.full_clean(validate_unique=False)
    changed = ["reaction", "notes", "aftercare_given", "end_points", "pain", "observed_minutes"]
    return saved_draft(record, changed, by=by, at=at)
