"""A draft from its opening on: who may change it, and what every save of it does.

Each step of the record has a module of its own for what it keeps. A save names the version it was
read at.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from meso_clinic.core import audit
from meso_clinic.core.models import User
from records.actions.outcomes import note_missing_baseline
from records.domain.checks import CHECKS
from records.domain.problems import Problem
from records.domain.vitals import VITALS
from records.models import Answer, SessionRecord
from records.selectors.drafts import checks_are_old
from sessions.actions.status import lock_appointment, start_appointment
from sessions.models import Appointment, TreatmentSession

RECORDABLE: Final = frozenset(
    {TreatmentSession.Status.ARRIVED, TreatmentSession.Status.IN_TREATMENT}
)


class CannotRecord(Exception):
    """The patient is not here: the session is neither waiting nor in treatment."""


class RecordIsSigned(Exception):
    """The record is signed; only notes can be added."""


class RecordChangedMeanwhile(Exception):
    """Somebody else saved the record since it was read."""


class Refused(Exception):
    """What was typed breaks a rule; `problems` say which."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = list(problems)


@transaction.atomic
def open_record(*, session: TreatmentSession, by: User, at: datetime) -> SessionRecord:
    """Return the one record of `session`; make it, and start the session, if there is none.

    Raises CannotRecord unless the session waits or is in treatment, and StatusRefused from the
    status rules when it may not start.
    """
    held = session.appointments.live().first()
    if held is None:
        raise CannotRecord(session.pk)
    # The same rows in the same order as booking, so that the two never wait for each other.
    lock_appointment(held)
    session = TreatmentSession.objects.get(pk=session.pk)
    known = SessionRecord.objects.filter(session=session).first()
    if known:
        return known
    start_if_waiting(session=session, by=by, at=at)
    record = SessionRecord.objects.create(session=session, opened_at=at, opened_by=by, saved_at=at)
    audit_record(audit.Kind.RECORD_OPENED, record, by=by, at=at)
    note_missing_baseline(session=session, by=by, at=at)
    return record


def start_if_waiting(*, session: TreatmentSession, by: User, at: datetime) -> None:
    """Start the session's appointment if the patient still waits. Raises CannotRecord."""
    appointment = session.appointments.live().first()
    if appointment is None or session.status not in RECORDABLE:
        raise CannotRecord(session.pk)
    if appointment.status == Appointment.Status.ARRIVED:
        start_appointment(appointment=appointment, by=by, at=at)


def started_draft(record: SessionRecord, version: int, *, by: User, at: datetime) -> SessionRecord:
    """Return `locked_draft`, of a session that has begun.

    A start that was undone is made again, and asks again what a start asks. Raises StatusRefused.
    """
    locked = locked_draft(record, version)
    start_if_waiting(session=locked.session, by=by, at=at)
    return locked


def locked_draft(record: SessionRecord, version: int) -> SessionRecord:
    """Re-read `record` under a lock, to be changed in this transaction.

    Raises RecordIsSigned, RecordChangedMeanwhile if it is no longer at `version`, or CannotRecord
    if the patient is not here. Checks answered and vitals measured at an earlier visit are taken
    back: they have to be asked and measured anew.
    """
    drafts = SessionRecord.objects.select_for_update(of=("self",)).select_related(
        "session__course__site",
        "session__course__indication__protocol",
        "session__course__patient",
    )
    locked = drafts.get(pk=record.pk)
    if locked.is_signed:
        raise RecordIsSigned(locked.pk)
    if locked.session.status not in RECORDABLE:
        raise CannotRecord(locked.session_id)
    if locked.version != version:
        raise RecordChangedMeanwhile(locked.pk)
    if checks_are_old(locked):
        _take_back_checks(locked)
    return locked


def saved_draft(
    record: SessionRecord, changed: Iterable[str], *, by: User, at: datetime
) -> SessionRecord:
    """Save the columns `changed` of a draft that is locked, as its next version, and audit it."""
    record.version += 1
    record.saved_at = at
    record.save(update_fields=["version", "saved_at", *changed])
    audit_record(audit.Kind.RECORD_SAVED, record, by=by, at=at)
    return record


def audit_record(kind: audit.Kind, record: SessionRecord, *, by: User, at: datetime) -> None:
    """Note in the audit trail what `by` did with `record`."""
    patient_id = record.session.course.patient_id
    audit.record(kind=kind, by=by, at=at, target=record, patient_id=patient_id)


def _take_back_checks(record: SessionRecord) -> None:
    for check in CHECKS:
        setattr(record, check, Answer.UNANSWERED)
    for name in VITALS:
        setattr(record, name, None)
    record.save(update_fields=[*CHECKS, *VITALS])
