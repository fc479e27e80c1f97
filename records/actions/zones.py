"""The injections of a draft: what was done in one zone, from which lots."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from meso_clinic.core.models import User
from records.actions.drafts import Refused, saved_draft, started_draft
from records.actions.recall_uses import add_late_uses
from records.domain.anaesthesia import lidocaine_problems
from records.domain.blood import Blood
from records.domain.facts import INTRADERMAL, Dose, ZoneFacts
from records.domain.problems import Lack, Problem
from records.domain.readiness import skin_problems
from records.domain.vitals import stopping
from records.domain.zones import product_problems, zone_problems
from records.models import Administration, SessionRecord, ZoneTreatment
from records.selectors.drafts import dose_facts, record_facts, session_day
from records.selectors.forbidden import (
    consent_problems,
    forbidden_in,
    forbidden_problems,
    forbidden_zone_problems,
    part_problems,
)
from records.selectors.lot_past import lots_then, put_aside_since
from treatments.actions.stock import lock_lots
from treatments.domain.stock import Why
from treatments.models import Lot, Zone

BLOOD: Final = tuple(f"blood_{field.name}" for field in fields(Blood))
# Without weight or height the zone is kept, and the signature waits for it.
MAY_FOLLOW: Final = frozenset({Lack.NO_RECENT_WEIGHT, Lack.HEIGHT_MISSING})


class ZoneRefused(Refused):
    """What was typed for a zone breaks a rule."""


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A volume of one lot, as typed."""

    lot: Lot
    volume_ml: Decimal
    # Whose blood it was made from: a record number, typed or scanned.
    donor_number: str = ""
    # It was given before anybody knew that the lot is in quarantine.
    is_said_given: bool = False


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
    record = started_draft(record, version, by=by, at=at)
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
    _check_zone(record, zone, facts, doses, session_day(record, at))
    _check_spared(record, zone, doses, at)
    _keep_doses(record, _keep_zone(record, zone, facts, seen), doses)
    if any(_is_put_aside(dose.lot) for dose in doses):
        add_late_uses(record)
    _note_session(record, drawn_up_ml, needle_changes, blood)
    return saved_draft(record, ["drawn_up_ml", "needle_changes", *BLOOD], by=by, at=at)


@transaction.atomic
def remove_zone(
    *, record: SessionRecord, zone: Zone, version: int, by: User, at: datetime
) -> SessionRecord:
    """Take a zone out of a draft. Raises RecordIsSigned, RecordChangedMeanwhile."""
    record = started_draft(record, version, by=by, at=at)
    record.administrations.filter(zone_treatment__zone=zone).delete()
    record.zones.filter(zone=zone).delete()
    return saved_draft(record, [], by=by, at=at)


def _locked_doses(doses: Sequence[DoseGiven]) -> list[DoseGiven]:
    lots = lock_lots(dose.lot.pk for dose in doses)
    return [replace(dose, lot=lots[dose.lot.pk]) for dose in doses]


def _given(doses: Sequence[DoseGiven], record: SessionRecord) -> tuple[Dose, ...]:
    """Return `doses` as the rules see them, each lot as it was in the session of `record`."""
    said = {dose.lot.pk for dose in doses if dose.is_said_given}
    stock = lots_then([dose.lot for dose in doses], record, given=said)
    return tuple(
        dose_facts(
            dose.lot,
            dose.volume_ml,
            record,
            donor=dose.donor_number,
            stock=stock[dose.lot.pk],
        )
        for dose in doses
    )


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
        *(one for one in lidocaine_problems(whole, on=on) if one.lack not in MAY_FOLLOW),
    ]
    if problems or zone.indication_id != record.session.course.indication_id:
        raise ZoneRefused(problems)


def _asks_if_given(
    problems: list[Problem], record: SessionRecord, doses: Sequence[DoseGiven]
) -> list[Problem]:
    """Ask of a lot that was put in quarantine since the session began whether it was given already."""
    since = put_aside_since((dose.lot for dose in doses), record)
    numbers = {dose.lot.number for dose in doses if dose.lot.pk in since}
    return [
        replace(one, lack=Lack.LOT_GIVEN_UNSAID)
        if one.lot in numbers and one.refusal and one.refusal.why is Why.QUARANTINED
        else one
        for one in problems
    ]


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
            is_said_given=dose.is_said_given and _is_put_aside(dose.lot),
        )
        administration.full_clean()
        administration.save(force_insert=True)


def _is_put_aside(lot: Lot) -> bool:
    return lot.status == Lot.Status.QUARANTINED


def _note_session(
    record: SessionRecord,
    drawn_up_ml: Decimal | None,
    needle_changes: int | None,
    blood: Blood | None,
) -> None:
    """Put on `record` what was drawn up, how often the needle changed, and how blood was drawn.

    None leaves each as it is.
    """
    if drawn_up_ml is not None:
        record.drawn_up_ml = drawn_up_ml
    if needle_changes is not None:
        record.needle_changes = needle_changes
    for name, value in asdict(blood).items() if blood else ():
        setattr(record, f"blood_{name}", value)
    record.full_clean(validate_unique=False)
