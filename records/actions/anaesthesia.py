"""The second step of a draft: how the area was numbed, and with how much of what."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from django.db import transaction

from meso_clinic.core.models import User
from patients.actions import weigh_patient
from records.actions.drafts import Refused, saved_draft, started_draft
from records.actions.skin import SKIN, prepare_skin
from records.domain.anaesthesia import (
    WITHOUT_AGENT,
    agent_lot_problems,
    agent_problems,
    lidocaine_problems,
    numbing_problems,
)
from records.domain.facts import CREAM, INJECTED
from records.domain.numbing import weight_counts
from records.domain.problems import Lack, Step
from records.domain.skin import UNPREPARED, SkinPreparation
from records.domain.vitals import stopping
from records.models import Anaesthesia, SessionRecord
from records.selectors.drafts import lot_used, record_facts, session_day
from records.selectors.forbidden import forbidden_in, forbidden_problems, numbed_with
from treatments.actions.stock import locked_lot
from treatments.models import Lot

# What is kept of each kind; everything else is emptied when the kind changes.
KEPT: Final = {
    CREAM: (
        "strength_percent",
        "grams",
        "area_cm2",
        "is_covered",
        "wait_minutes",
        "removed_at",
    ),
    INJECTED: ("strength_percent", "volume_ml", "has_adrenaline"),
}


class AgentRefused(Refused):
    """The lot that was chosen to numb with may not be used."""


class NumbingRefused(Refused):
    """So much anaesthetic must not be given."""


class StoppedToday(Refused):
    """What was measured stops the session of today: nothing is injected."""


@dataclass(frozen=True, slots=True)
class Numbed:
    """How much numbed the area, as typed; None where it was left empty."""

    strength_percent: Decimal | None = None
    volume_ml: Decimal | None = None
    has_adrenaline: bool = False
    grams: Decimal | None = None
    area_cm2: int | None = None
    is_covered: bool = False
    wait_minutes: int | None = None
    removed_at: time | None = None
    weight_kg: Decimal | None = None
    height_cm: int | None = None


NOTHING: Final = Numbed()


@transaction.atomic
def save_anaesthesia(
    *,
    record: SessionRecord,
    kind: str,
    agent: str,
    dose: str,
    applied_at: time | None,
    numbed: Numbed = NOTHING,
    lot: Lot | None = None,
    skin: SkinPreparation = UNPREPARED,
    version: int,
    by: User,
    at: datetime,
) -> SessionRecord:
    """Keep how the area was numbed and the skin prepared. `applied_at` is the wall clock of the site.

    While `kind` is "" only the skin is kept. A weight is kept with the patient, of the day of the
    session. Raises AgentRefused, NumbingRefused, SkinRefused, StoppedToday, ValidationError,
    RecordIsSigned, RecordChangedMeanwhile.
    """
    lot = locked_lot(lot) if lot else None
    record = started_draft(record, version, by=by, at=at)
    on = session_day(record, at)
    prepare_skin(record, skin)
    if kind:
        anaesthesia = _numbing(record, kind, agent, dose, applied_at, numbed, lot)
        _check_agent(record, anaesthesia.lot, on, at)
        anaesthesia.full_clean()
        anaesthesia.save()
        if numbed.weight_kg is not None:
            _weigh(record, numbed.weight_kg, on, by=by, at=at)
    _check_numbing(record, kind, on)
    return saved_draft(record, SKIN, by=by, at=at)


def _numbing(
    record: SessionRecord,
    kind: str,
    agent: str,
    dose: str,
    applied_at: time | None,
    numbed: Numbed,
    lot: Lot | None,
) -> Anaesthesia:
    """Return how the area of `record` was numbed, not stored yet; what its kind has not is empty."""
    anaesthesia = Anaesthesia.objects.filter(record=record).first() or Anaesthesia(record=record)
    is_bare = kind in WITHOUT_AGENT
    anaesthesia.kind = kind
    anaesthesia.agent = "" if is_bare else agent.strip()
    anaesthesia.dose = "" if is_bare else dose.strip()
    anaesthesia.applied_at = None if is_bare else applied_at
    anaesthesia.lot = None if is_bare else lot
    for name in {one for names in KEPT.values() for one in names}:
        kept = numbed if name in KEPT.get(kind, ()) else NOTHING
        setattr(anaesthesia, name, getattr(kept, name))
    # Lidocaine in what is injected needs it too, however the area was numbed.
    anaesthesia.height_cm = numbed.height_cm
    return anaesthesia


def _check_agent(record: SessionRecord, lot: Lot | None, on: date, at: datetime) -> None:
    """Refuse a lot that may not be used, or not on this patient."""
    used = lot_used(lot, record) if lot else None
    problems = [
        *agent_lot_problems(used, on=on),
        *forbidden_problems(forbidden_in(record, at=at), numbed_with(lot), step=Step.ANAESTHESIA),
    ]
    if problems:
        raise AgentRefused(problems)


def _weigh(record: SessionRecord, weight_kg: Decimal, on: date, *, by: User, at: datetime) -> None:
    """Keep a weight that was typed; the one that is known and recent needs no new day."""
    patient = record.session.course.patient
    if patient.weight_kg == weight_kg and weight_counts(patient.weighed_on, on=on):
        return
    record.session.course.patient = weigh_patient(
        patient=patient, weight_kg=weight_kg, on=on, by=by, at=at
    )


def _check_numbing(record: SessionRecord, kind: str, on: date) -> None:
    """Refuse an anaesthetic that is too much, or injected on a day that vitals have stopped."""
    facts = record_facts(record, on)
    if kind == INJECTED and (stops := stopping(facts.vitals)):
        raise StoppedToday(stops)
    if kind and (refused := agent_problems(facts)):
        raise AgentRefused(refused)
    problems = [*numbing_problems(facts), *lidocaine_problems(facts, on=on)] if kind else []
    # What is not typed yet may follow; what is too much is never kept.
    if forbidden := [one for one in problems if one.lack is not Lack.NUMBING_AMOUNT_MISSING]:
        raise NumbingRefused(forbidden)
