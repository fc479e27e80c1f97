"""The first step of a draft: the checks before treatment, and what was measured."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from meso_clinic.core.models import User
from records.actions.drafts import saved_draft, started_draft
from records.domain.checks import CHECKS
from records.domain.vitals import NO_VITALS, VITALS, Vitals
from records.models import SessionRecord


@transaction.atomic
def save_checks(
    *,
    record: SessionRecord,
    answers: Mapping[str, str],
    words: str,
    vitals: Vitals = NO_VITALS,
    version: int,
    by: User,
    at: datetime,
) -> SessionRecord:
    """Keep the answers to the checks, "" is unanswered, and what was measured.

    Raises ValidationError, RecordIsSigned, RecordChangedMeanwhile.
    """
    record = started_draft(record, version, by=by, at=at)
    for check in CHECKS:
        setattr(record, check, answers.get(check, ""))
    record.checks_words = words.strip()
    for name, value in asdict(vitals).items():
        setattr(record, name, value)
    record.full_clean(validate_unique=False)
    return saved_draft(record, [*CHECKS, "checks_words", *VITALS], by=by, at=at)
