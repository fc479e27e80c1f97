"""Signing a record, which locks it for good, and what may be added to it afterwards."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import transaction

from meso_clinic.core import audit
from meso_clinic.core.models import User
from records.actions.bars import bar_after_signing
from records.actions.drafts import audit_record, locked_draft, start_if_waiting
from records.domain.problems import Lack, Problem, Step
from records.domain.readiness import delivery_days, missing_to_sign
from records.models import EDITION, Amendment, Anaesthesia, SessionRecord
from records.selectors.drafts import booked_day, record_facts
from records.selectors.forbidden import (
    forbidden_in,
    forbidden_problems,
    forbidden_zone_problems,
    given_in,
    numbed_with,
    zones_of,
)
from records.selectors.lots import used_lots
from records.selectors.seal import content_hash
from sessions.actions.booking import LateReason
from sessions.actions.delivery import deliver_session
from treatments.actions.stock import lock_lots

# A clinic setting: enough for a slip of the finger, too few to guess.
TRIES = 5
TRIES_WINDOW = timedelta(minutes=5)


class WrongPassword(Exception):
    """It is neither the signer's own password nor their PIN."""


class TooManyTries(Exception):
    """Five wrong ones within five minutes: nobody signs for this person until they passed."""


class NotReadyToSign(Exception):
    """The record lacks something; `problems` say what."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = list(problems)


class NotSigned(Exception):
    """A draft is changed, not amended."""


def sign_record(
    *,
    record: SessionRecord,
    password: str,
    version: int,
    delivered_on: date,
    late_reason: LateReason | None = None,
    by: User,
    at: datetime,
) -> SessionRecord:
    """Sign the record as `by`, lock it and its parts for good, and deliver its session.

    `password` is the signer's own password or signing PIN.
    `delivered_on` is a day of the site's own time zone; after the window it needs `late_reason`.
    Raises TooManyTries, WrongPassword,
    NotReadyToSign, RecordIsSigned, RecordChangedMeanwhile, CannotRecord, and DeliveryRefused or
    StatusRefused from the sessions app; then nothing is changed but the count of wrong tries.
    """
    confirm_signer(by=by, password=password, at=at)
    return sign_confirmed(
        record=record,
        version=version,
        delivered_on=delivered_on,
        late_reason=late_reason,
        by=by,
        at=at,
    )


def confirm_signer(*, by: User, password: str, at: datetime) -> None:
    """Make sure that it is `by` who signs, with their password or signing PIN.

    Raises TooManyTries, WrongPassword.
    """
    # Counted and committed before the secret is compared: a refusal must not undo the count,
    # and many guesses at once must not share one.
    _count_try(by, at)
    if not by.signs_with(password):
        raise WrongPassword
    cache.delete(_tries_key(by))


@transaction.atomic
def amend_record(
    *, record: SessionRecord, kind: str, words: str, reason: str, by: User, at: datetime
) -> Amendment:
    """Add a note to a signed record, with the reason for it. Raises NotSigned, ValidationError."""
    record = SessionRecord.objects.select_for_update().get(pk=record.pk)
    if not record.is_signed:
        raise NotSigned(record.pk)
    amendment = Amendment(
        record=record, kind=kind, words=words.strip(), reason=reason.strip(), at=at, by=by
    )
    amendment.full_clean()
    amendment.save(force_insert=True)
    audit_record(audit.Kind.RECORD_AMENDED, record, by=by, at=at)
    return amendment


@transaction.atomic
def sign_confirmed(
    *,
    record: SessionRecord,
    version: int,
    delivered_on: date,
    late_reason: LateReason | None = None,
    by: User,
    at: datetime,
) -> SessionRecord:
    """Sign for somebody whose password was checked by the caller; else as `sign_record`.

    Pages call `sign_record`. This is for the demo clinic, which signs hundreds of records.
    """
    lock_lots(used_lots(record))
    record = locked_draft(record, version)
    session = record.session
    problems = missing_to_sign(record_facts(record, delivered_on), delivered_on=delivered_on)
    today = at.astimezone(session.course.site.zone).date()
    if delivered_on not in delivery_days(today=today, booked_on=booked_day(session) or today):
        problems.append(Problem(Step.SIGN, Lack.DAY_NOT_ALLOWED, field="delivered_on"))
    # What was given before the reaction that told of the allergy was given: it is signed.
    if not session.adverse_events.exists():
        problems += _forbidden(record, at)
    if problems:
        raise NotReadyToSign(problems)
    start_if_waiting(session=session, by=by, at=at)
    # Parts first: once the record is signed the database lets nothing of it change.
    record.zones.update(is_locked=True)
    record.administrations.update(is_locked=True)
    _lock_anaesthesia(record)
    record.signed_at, record.signed_by, record.saved_at = at, by, at
    record.edition = EDITION
    record.content_hash = content_hash(record)
    record.save(update_fields=["signed_at", "signed_by", "saved_at", "edition", "content_hash"])
    session.refresh_from_db()
    deliver_session(session=session, on=delivered_on, late_reason=late_reason, by=by, at=at)
    bar_after_signing(session, by=by, at=at)
    audit_record(audit.Kind.RECORD_SIGNED, record, by=by, at=at)
    return record


def _forbidden(record: SessionRecord, at: datetime) -> list[Problem]:
    """Return what the patient must be spared: it may have been noted after it was chosen."""
    numbed = Anaesthesia.objects.filter(record=record).select_related("lot__product").first()
    agent = numbed_with(numbed.lot if numbed else None)
    forbidden = forbidden_in(record, at=at)
    return [
        *forbidden_zone_problems(forbidden, zones_of(record)),
        *forbidden_problems(forbidden, given_in(record)),
        *forbidden_problems(forbidden, agent, step=Step.ANAESTHESIA),
    ]


def _lock_anaesthesia(record: SessionRecord) -> None:
    """Lock how the area was numbed, with the weight that the limit was reckoned from."""
    patient = record.session.course.patient
    weight = {}
    if record_facts(record).lidocaine_sources:
        weight = {"weight_kg": patient.weight_kg, "weighed_on": patient.weighed_on}
    Anaesthesia.objects.filter(record=record).update(is_locked=True, **weight)


@transaction.atomic
def _count_try(by: User, at: datetime) -> None:
    """Note one try at `at`; raises TooManyTries if that is one too many."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    key = _tries_key(by)
    recent = [tried for tried in cache.get(key, []) if at - tried < TRIES_WINDOW]
    if len(recent) >= TRIES:
        raise TooManyTries
    cache.set(key, [*recent, at], timeout=TRIES_WINDOW.total_seconds())


def _tries_key(by: User) -> str:
    return f"sign-tries:{by.pk}"
