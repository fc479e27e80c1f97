"""One-time links to the health questions: making, opening, answering, withdrawing.

Nobody is signed in behind a link, so the trail names who made it.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import transaction

from meso_clinic.core import audit
from meso_clinic.core.models import User, hash_token
from patients.actions import lock_patient, record_screening
from patients.domain.screening import Given
from patients.models import Patient, Screening, ScreeningLink

# Clinic settings: long enough to find an evening, few enough to guess nothing.
LINK_LIFE: Final = timedelta(days=7)
TRIES: Final = 5


class LinkEnded(Exception):
    """The link was used, withdrawn, locked, is too old, or never was."""


@transaction.atomic
def make_link(*, patient: Patient, part: str, by: User, at: datetime) -> str:
    """Make a link by which `patient` answers `part` of the questions; return its secret token.

    It works for `LINK_LIFE` from `at` (aware). An earlier link of the patient ends.
    """
    lock_patient(patient.pk)
    for earlier in ScreeningLink.objects.filter(patient=patient, ended_at=None):
        _end(earlier, ScreeningLink.End.WITHDRAWN, by=by, at=at)
    token = secrets.token_urlsafe(32)
    link = ScreeningLink.objects.create(
        token_hash=hash_token(token),
        patient=patient,
        part=part,
        key=uuid4(),
        made_at=at,
        made_by=by,
        expires_at=at + LINK_LIFE,
        tries_left=TRIES,
    )
    _record(audit.Kind.SCREENING_LINK_MADE, link, by=by, at=at)
    return token


@transaction.atomic
def open_link(*, link: ScreeningLink, born_on: date, at: datetime) -> ScreeningLink:
    """Return the link as it is after somebody gave `born_on` as the patient's date of birth.

    It was right if `opened_at` is `at`. Each wrong one takes a try away, and with the last the link
    ends. Raises LinkEnded.
    """
    link = _lock(link, at)
    if link.patient.born_on == born_on:
        link.opened_at = at
        link.save(update_fields=["opened_at"])
        _record(audit.Kind.SCREENING_LINK_OPENED, link, by=link.made_by, at=at)
        return link
    link.tries_left -= 1
    if link.tries_left == 0:
        return _end(link, ScreeningLink.End.LOCKED, by=link.made_by, at=at)
    link.save(update_fields=["tries_left"])
    _record(audit.Kind.SCREENING_LINK_REFUSED, link, by=link.made_by, at=at)
    return link


@transaction.atomic
def answer_link(*, link: ScreeningLink, answers: Mapping[str, Given], at: datetime) -> Screening:
    """Keep what the patient answered, and end the link.

    Raises LinkEnded, and what `record_screening` raises.
    """
    link = _lock(link, at)
    screening = record_screening(
        patient=link.patient,
        part=link.part,
        answers=answers,
        key=link.key,
        is_by_patient=True,
        is_by_link=True,
        by=link.made_by,
        at=at,
    )
    _end(link, ScreeningLink.End.USED, by=link.made_by, at=at)
    return screening


@transaction.atomic
def withdraw_link(*, link: ScreeningLink, by: User, at: datetime) -> ScreeningLink:
    """End a link before it was used. Raises LinkEnded if it is over already."""
    row = ScreeningLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if row.ended_at is not None:
        raise LinkEnded(row.pk)
    return _end(row, ScreeningLink.End.WITHDRAWN, by=by, at=at)


def _lock(link: ScreeningLink, at: datetime) -> ScreeningLink:
    """Return the link as it is now; of two people with the same one the second waits."""
    # The patient first, as everybody does who keeps answers.
    lock_patient(link.patient_id)
    rows = ScreeningLink.objects.select_for_update(of=("self",)).usable(at)
    row = rows.select_related("patient", "made_by").filter(pk=link.pk).first()
    if row is None:
        raise LinkEnded(link.pk)
    return row


_KINDS: Final = {
    ScreeningLink.End.USED: audit.Kind.SCREENING_LINK_USED,
    ScreeningLink.End.WITHDRAWN: audit.Kind.SCREENING_LINK_WITHDRAWN,
    ScreeningLink.End.LOCKED: audit.Kind.SCREENING_LINK_LOCKED,
}


def _end(link: ScreeningLink, end: ScreeningLink.End, *, by: User, at: datetime) -> ScreeningLink:
    link.ended_at, link.end = at, end
    link.save(update_fields=["tries_left", "ended_at", "end"])
    _record(_KINDS[end], link, by=by, at=at)
    return link


def _record(kind: audit.Kind, link: ScreeningLink, *, by: User, at: datetime) -> None:
    audit.record(kind=kind, by=by, at=at, target=link, patient_id=link.patient_id)
