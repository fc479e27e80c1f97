"""Writes of recalls: opened at once, worked through call by call, closed for good."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from records.actions.recall_uses import list_uses
from records.actions.signing import confirm_signer
from records.domain.recalls import after_attempt
from records.models import Recall, RecallAttempt, RecallContact, RecallLot
from records.selectors.recalls import find_uses, open_recall_of
from treatments.actions.stock import LotUnchanged, lock_lots, quarantine_lot
from treatments.models import Lot


class RecallRefused(ActionRefused):
    """The recall cannot be changed like that; `problem` says why, as one plain sentence."""


class ContactChangedMeanwhile(Exception):
    """Somebody else noted a call to this patient since the page was read."""


@transaction.atomic
def open_recall(
    *, lots: Sequence[Lot], reason: str, source: str, script: str = "", by: User, at: datetime
) -> Recall:
    """Take `lots` back: nobody can use them from now on, and everybody they touched is listed.

    Signed records and drafts count. Raises RecallRefused if there is no lot or one is recalled
    already, ValidationError without a reason and a notice.
    """
    # Whoever uses one of them now is done before, and found, or comes after, and is refused.
    locked = lock_lots(lot.pk for lot in lots)
    _refuse_lots(locked)
    recall = Recall(
        reason=reason.strip(), source=source.strip(), script=script.strip(), opened_at=at,
        opened_by=by,
    )  # fmt: skip
    recall.full_clean()
    recall.save(force_insert=True)
    RecallLot.objects.bulk_create(RecallLot(recall=recall, lot=lot) for lot in locked.values())
    for lot in locked.values():
        _quarantine(lot, recall, by=by, at=at)
    list_uses(recall, find_uses(locked))
    audit.record(kind=audit.Kind.RECALL_OPENED, by=by, at=at, target=recall)
    return recall


@transaction.atomic
def note_attempt(
    *, contact: RecallContact, status: str, words: str, seen: int, by: User, at: datetime
) -> RecallAttempt:
    """Add a call to `contact`, and what came of it. `seen` is how many calls the caller knew of.

    Raises RecallRefused once the recall is closed, ContactChangedMeanwhile, ValidationError.
    """
    recall = Recall.objects.select_for_update(no_key=True).get(pk=contact.recall_id)
    if not recall.is_open:
        raise RecallRefused(_("This recall is closed. Nothing of it is changed any more."))
    contact = RecallContact.objects.get(pk=contact.pk)
    if contact.attempt_count != seen:
        raise ContactChangedMeanwhile(contact.pk)
    attempt = RecallAttempt(contact=contact, status=status, words=words.strip(), at=at, by=by)
    attempt.full_clean()
    attempt.save(force_insert=True)
    contact.status = after_attempt(contact.status, status)
    contact.attempt_count += 1
    contact.save(update_fields=["status", "attempt_count"])
    audit.record(
        kind=audit.Kind.RECALL_CONTACTED,
        by=by,
        at=at,
        target=contact,
        patient_id=contact.patient_id,
    )
    return attempt


def close_recall(*, recall: Recall, summary: str, password: str, by: User, at: datetime) -> Recall:
    """Close `recall` for good, signed by `by` with their own password or signing PIN.

    Raises TooManyTries, WrongPassword, RecallRefused while somebody was never called,
    ValidationError without a summary.
    """
    confirm_signer(by=by, password=password, at=at)
    return close_confirmed(recall=recall, summary=summary, by=by, at=at)


@transaction.atomic
def close_confirmed(*, recall: Recall, summary: str, by: User, at: datetime) -> Recall:
    """Close for somebody whose password was checked by the caller; else as `close_recall`."""
    recall = Recall.objects.select_for_update(no_key=True).get(pk=recall.pk)
    if not recall.is_open:
        raise RecallRefused(_("This recall is closed already."))
    if recall.contacts.filter(attempt_count=0).exists():
        raise RecallRefused(_("Some patients were never called. Note a call to each, then close."))
    recall.closed_at, recall.closed_by, recall.summary = at, by, summary.strip()
    recall.full_clean()
    recall.contacts.update(is_locked=True)
    recall.save(update_fields=["closed_at", "closed_by", "summary"])
    audit.record(kind=audit.Kind.RECALL_CLOSED, by=by, at=at, target=recall)
    return recall


def _refuse_lots(lots: dict[int, Lot]) -> None:
    if not lots:
        raise RecallRefused(_("Choose at least one lot."))
    for lot in lots.values():
        if open_recall_of(lot.pk):
            raise RecallRefused(
                _("Lot %(number)s is in an open recall already.") % {"number": lot.number}
            )


def _quarantine(lot: Lot, recall: Recall, *, by: User, at: datetime) -> None:
    reason = _("Recall %(number)s") % {"number": recall.pk}
    # It may have been put aside before the notice came.
    with suppress(LotUnchanged):
        quarantine_lot(lot=lot, reason=reason, by=by, at=at)
