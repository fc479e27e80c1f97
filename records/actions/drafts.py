"""Writes to a record that is not signed yet. Each names the version it was read at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction

from meso_clinic.core import audit
from meso_clinic.core.models import User
from patients.actions import weigh_patient
from records.actions.outcomes import note_missing_baseline
from records.actions.recall_uses import add_late_uses
from records.domain.anaesthesia import (
    WITHOUT_AGENT,
    agent_lot_problems,
    agent_problems,
    lidocaine_problems,
    numbing_problems,
)
from records.domain.blood import Blood
from records.domain.checks import CHECKS
from records.domain.facts import CREAM, INJECTED, INTRADERMAL, Dose, ZoneFacts
from records.domain.numbing import weight_counts
from records.domain.problems import Lack, Problem, Step
from records.domain.readiness import skin_problems
from records.domain.skin import UNPREPARED, SkinPreparation
from records.domain.vitals import NO_VITALS, Vitals, stopping
from records.domain.zones import product_problems, zone_problems
from records.models import (
    Administration,
    Anaesthesia,
    Answer,
    SessionRecord,
    ZoneTreatment,
)
from records.selectors.drafts import (
    checks_are_old,
    dose_facts,
    live_appointment,
    lot_used,
    record_facts,
    treatment_day,
)
from records.selectors.forbidden import (
    consent_problems,
    forbidden_in,
    forbidden_problems,
    forbidden_zone_problems,
    numbed_with,
    part_problems,
)
from records.selectors.lot_past import lot_past, put_aside_since
from records.selectors.lots import vials_spent
from sessions.actions.status import lock_appointment, start_appointment
from sessions.models import Appointment, TreatmentSession
from treatments.domain.stock import Why
from treatments.models import Lot, Zone
from treatments.selectors.stock import NO_PAST

RECORDABLE = frozenset({TreatmentSession.Status.ARRIVED, TreatmentSession.Status.IN_TREATMENT})


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


class ZoneRefused(Refused):
    """What was typed for a zone breaks a rule."""


class AgentRefused(Refused):
    """The lot that was chosen to numb with may not be used."""


class NumbingRefused(Refused):
    """So much anaesthetic must not be given."""


class SkinRefused(Refused):
    """The antiseptic must not be used on this patient, or in what was treated."""


class StoppedToday(Refused):
    """What was measured stops the session of today: nothing is injected."""


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A volume of one lot, as typed."""

    lot: Lot
    volume_ml: Decimal
    # Whose blood it was made from: a record number, typed or scanned.
    donor_number: str = ""
    # It was given before anybody knew that the lot is in quarantine.
    is_said_given: bool = False


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


NOTHING = Numbed()
VITALS = tuple(field.name for field in fields(Vitals))
BLOOD = tuple(f"blood_{field.name}" for field in fields(Blood))
# Columns of the record, and what they are called in its preparation of the skin.
SKIN = {
    "antiseptic": "antiseptic",
    "contact_seconds": "contact_seconds",
    "is_dried": "is_dried",
    "is_sterile": "is_sterile",
    "is_preparation_copied": "is_copied",
}
# What is kept of each kind; everything else is emptied when the kind changes.
KEPT = {
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
    _audit(audit.Kind.RECORD_OPENED, record, by, at)
    note_missing_baseline(session=session, by=by, at=at)
    return record


def start_if_waiting(*, session: TreatmentSession, by: User, at: datetime) -> None:
    """Start the session's appointment if the patient still waits. Raises CannotRecord."""
    appointment = session.appointments.live().first()
    if appointment is None or session.status not in RECORDABLE:
        raise CannotRecord(session.pk)
    if appointment.status == Appointment.Status.ARRIVED:
        start_appointment(appointment=appointment, by=by, at=at)


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
    record = _started_draft(record, version, by=by, at=at)
    for check in CHECKS:
        setattr(record, check, answers.get(check, ""))
    record.checks_words = words.strip()
    for name, value in asdict(vitals).items():
        setattr(record, name, value)
    record.full_clean(validate_unique=False)
    return _saved(record, by, at, [*CHECKS, "checks_words", *VITALS])


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
    lot = lock_lots([lot.pk])[lot.pk] if lot else None
    record = _started_draft(record, version, by=by, at=at)
    on = _day(record, at)
    _prepare_skin(record, skin)
    if kind:
        anaesthesia = _numbing(record, kind, agent, dose, applied_at, numbed, lot)
        _check_agent(record, anaesthesia.lot, on, at)
        anaesthesia.full_clean()
        anaesthesia.save()
    if kind and numbed.weight_kg is not None:
        _weigh(record, numbed.weight_kg, on, by=by, at=at)
    _check_numbing(record, kind, on)
    return _saved(record, by, at, list(SKIN))


@transaction.atomic
def save_zone(
    *,
    record: SessionRecord,
    zone: Zone,
    technique: str,
    needle: str,
    depth_mm: Decimal,
    points: int,
    seen: Iterable[str],
    doses: Sequence[DoseGiven],
    point_ml: Decimal | None = None,
    route: str = INTRADERMAL,
    drawn_up_ml: Decimal | None = None,
    needle_changes: int | None = None,
    blood: Blood | None = None,
    version: int,
    by: User,
    at: datetime,
) -> SessionRecord:
    """Keep what was done in one zone, in place of what was kept for it before.

    `drawn_up_ml` is what was drawn up for the whole session, `needle_changes` how often the needle
    was changed in it, and `blood` how the patient's own was drawn and prepared for it; None leaves
    each as it is. Raises ZoneRefused, ValidationError, RecordIsSigned, RecordChangedMeanwhile.
    """
    doses = _locked_doses(doses)
    record = _started_draft(record, version, by=by, at=at)
    facts = ZoneFacts(
        name=zone.name,
        code=zone.code,
        technique=technique,
        needle=needle,
        depth_mm=depth_mm,
        points=points,
        point_ml=point_ml,
        route=route,
        doses=_given(doses, record),
    )
    _check_zone(record, zone, facts, doses, _day(record, at))
    _check_spared(record, zone, doses, at)
    _keep_doses(record, _keep_zone(record, zone, facts, seen), doses)
    if any(dose.lot.status == Lot.Status.QUARANTINED for dose in doses):
        add_late_uses(record)
    if drawn_up_ml is not None:
        record.drawn_up_ml = drawn_up_ml
    if needle_changes is not None:
        record.needle_changes = needle_changes
    for name, value in asdict(blood).items() if blood else ():
        setattr(record, f"blood_{name}", value)
    record.full_clean(validate_unique=False)
    return _saved(record, by, at, ["drawn_up_ml", "needle_changes", *BLOOD])


@transaction.atomic
def remove_zone(
    *, record: SessionRecord, zone: Zone, version: int, by: User, at: datetime
) -> SessionRecord:
    """Take a zone out of a draft. Raises RecordIsSigned, RecordChangedMeanwhile."""
    record = _started_draft(record, version, by=by, at=at)
    record.administrations.filter(zone_treatment__zone=zone).delete()
    record.zones.filter(zone=zone).delete()
    return _saved(record, by, at, [])


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
    record = _started_draft(record, version, by=by, at=at)
    record.reaction, record.notes = reaction.strip(), notes.strip()
    record.aftercare_given, record.end_points = given, end_points
    record.pain, record.observed_minutes = pain, observed_minutes
    record.full_clean(validate_unique=False)
    fields = ["reaction", "notes", "aftercare_given", "end_points", "pain", "observed_minutes"]
    return _saved(record, by, at, fields)


def _started_draft(record: SessionRecord, version: int, *, by: User, at: datetime) -> SessionRecord:
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
    locked = (
        SessionRecord.objects.select_for_update(of=("self",))
        .select_related(
            "session__course__site",
            "session__course__indication__protocol",
            "session__course__patient",
        )
        .get(pk=record.pk)
    )
    if locked.is_signed:
        raise RecordIsSigned(locked.pk)
    if locked.session.status not in RECORDABLE:
        raise CannotRecord(locked.session_id)
    if locked.version != version:
        raise RecordChangedMeanwhile(locked.pk)
    if checks_are_old(locked):
        for check in CHECKS:
            setattr(locked, check, Answer.UNANSWERED)
        for name in VITALS:
            setattr(locked, name, None)
        locked.save(update_fields=[*CHECKS, *VITALS])
    return locked


def lock_lots(keys: Iterable[int]) -> dict[int, Lot]:
    """Lock lots until the transaction ends, before any other row, and return them read anew.

    So nobody uses a lot that is put in quarantine at the same moment, or the last vial twice.
    """
    lots = Lot.objects.select_for_update(no_key=True, of=("self",)).select_related("product")
    return {lot.pk: lot for lot in lots.filter(pk__in=set(keys)).order_by("pk")}


def _locked_doses(doses: Sequence[DoseGiven]) -> list[DoseGiven]:
    lots = lock_lots(dose.lot.pk for dose in doses)
    return [replace(dose, lot=lots[dose.lot.pk]) for dose in doses]


def _prepare_skin(record: SessionRecord, skin: SkinPreparation) -> None:
    """Put the preparation of the skin on `record`. Raises SkinRefused, ValidationError."""
    for name, field in SKIN.items():
        setattr(record, name, getattr(skin, field))
    record.full_clean(validate_unique=False)
    if problems := skin_problems(replace(record_facts(record), skin=skin)):
        raise SkinRefused(problems)


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


def _check_agent(record: SessionRecord, lot: Lot | None, on: date, at: datetime) -> None:
    used = lot_used(lot, record) if lot else None
    problems = [
        *agent_lot_problems(used, on=on),
        *forbidden_problems(forbidden_in(record, at=at), numbed_with(lot), step=Step.ANAESTHESIA),
    ]
    if problems:
        raise AgentRefused(problems)


def _check_zone(
    record: SessionRecord, zone: Zone, facts: ZoneFacts, doses: Sequence[DoseGiven], on: date
) -> None:
    """Refuse a zone that breaks a rule by itself, or with the other zones of the session."""
    session = record_facts(record, on)
    others = tuple(one for one in session.zones if one.name != facts.name)
    whole = replace(session, zones=(*others, facts))
    problems = [
        *stopping(session.vitals),
        *skin_problems(replace(session, zones=(facts,))),
        *_asks_if_given(zone_problems(facts, on=on), record, doses),
        *product_problems(whole.zones),
        # Without weight or height the zone is kept, and the signature waits for it.
        *(
            one
            for one in lidocaine_problems(whole, on=on)
            if one.lack not in {Lack.NO_RECENT_WEIGHT, Lack.HEIGHT_MISSING}
        ),
    ]
    if problems or zone.indication_id != record.session.course.indication_id:
        raise ZoneRefused(problems)


def _asks_if_given(
    problems: list[Problem], record: SessionRecord, doses: Sequence[DoseGiven]
) -> list[Problem]:
    """Ask of a lot that was put in quarantine since the session began whether it was given already."""
    if not any(_is_put_aside(one) for one in problems):
        return problems
    since = put_aside_since((dose.lot for dose in doses), record)
    numbers = {dose.lot.number for dose in doses if dose.lot.pk in since}
    return [
        replace(one, lack=Lack.LOT_GIVEN_UNSAID)
        if _is_put_aside(one) and one.lot in numbers
        else one
        for one in problems
    ]


def _is_put_aside(problem: Problem) -> bool:
    return problem.refusal is not None and problem.refusal.why is Why.QUARANTINED


def _day(record: SessionRecord, at: datetime) -> date:
    """Return the day the session happens, at its site."""
    site = record.session.course.site
    place = live_appointment(record.session)
    return treatment_day(place, at.astimezone(site.zone).date())


def _weigh(record: SessionRecord, weight_kg: Decimal, on: date, *, by: User, at: datetime) -> None:
    """Keep a weight that was typed; the one that is known and recent needs no new day."""
    patient = record.session.course.patient
    if patient.weight_kg == weight_kg and weight_counts(patient.weighed_on, on=on):
        return
    record.session.course.patient = weigh_patient(
        patient=patient, weight_kg=weight_kg, on=on, by=by, at=at
    )


def _given(doses: Sequence[DoseGiven], record: SessionRecord) -> tuple[Dose, ...]:
    """Return `doses` as the rules see them, each lot as it was in the session of `record`."""
    lots = [dose.lot for dose in doses]
    said = {dose.lot.pk for dose in doses if dose.is_said_given}
    spent, past = vials_spent(lots, beside=record), lot_past(lots, record, given=said)
    return tuple(
        dose_facts(
            dose.lot,
            dose.volume_ml,
            record,
            donor=dose.donor_number,
            spent=spent[dose.lot.pk],
            past=past.get(dose.lot.pk, NO_PAST),
        )
        for dose in doses
    )


def _check_spared(
    record: SessionRecord, zone: Zone, doses: Sequence[DoseGiven], at: datetime
) -> None:
    """Refuse a zone or a product that the patient must be spared, or has not agreed to."""
    forbidden = forbidden_in(record, at=at)
    given = [(zone.name, dose.lot) for dose in doses]
    if problems := [
        *forbidden_zone_problems(forbidden, [zone]),
        *forbidden_problems(forbidden, given),
        *consent_problems(record, given, at=at),
        *part_problems(record, zone, at=at),
    ]:
        raise ZoneRefused(problems)


def _keep_zone(
    record: SessionRecord, zone: Zone, facts: ZoneFacts, seen: Iterable[str]
) -> ZoneTreatment:
    known = ZoneTreatment.objects.filter(record=record, zone=zone).first()
    treatment = known or ZoneTreatment(record=record, zone=zone)
    treatment.technique, treatment.needle = facts.technique, facts.needle.strip()
    treatment.depth_mm, treatment.points = facts.depth_mm, facts.points
    treatment.point_ml, treatment.route = facts.point_ml, facts.route
    treatment.seen = ",".join(seen)
    treatment.full_clean()
    treatment.save()
    return treatment


def _keep_doses(
    record: SessionRecord, treatment: ZoneTreatment, doses: Sequence[DoseGiven]
) -> None:
    treatment.administrations.all().delete()
    for dose in doses:
        administration = Administration(
            record=record,
            zone_treatment=treatment,
            lot=dose.lot,
            volume_ml=dose.volume_ml,
            donor_number=dose.donor_number.strip(),
            # Of any other lot there is nothing to say.
            is_said_given=dose.is_said_given and dose.lot.status == Lot.Status.QUARANTINED,
        )
        administration.full_clean()
        administration.save(force_insert=True)


def _saved(record: SessionRecord, by: User, at: datetime, fields: list[str]) -> SessionRecord:
    record.version += 1
    record.saved_at = at
    record.save(update_fields=["version", "saved_at", *fields])
    _audit(audit.Kind.RECORD_SAVED, record, by, at)
    return record


def _audit(kind: audit.Kind, record: SessionRecord, by: User, at: datetime) -> None:
    patient_id = record.session.course.patient_id
    audit.record(kind=kind, by=by, at=at, target=record, patient_id=patient_id)
