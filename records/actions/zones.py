"""The injections of a draft: what was done in one zone, from which lots."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from meso_clinic.core.models import User
from records.actions.drafts import Refused, saved_draft, started_draft
from records.domain.anaesthesia import lidocaine_problems
from records.domain.blood import Blood
from records.domain.facts import INTRADERMAL, Dose, ZoneFacts
from records.domain.problems import Lack
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
from records.selectors.lot_past import lots_then
from treatments.actions.stock import lock_lots
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
    blood: Blood | None = None,
    version: int,
    by: User,
    at: datetime,
) -> SessionRecord:
    """Keep what was done in one zone, in place of what was kept for it before.

    `drawn_up_ml` is what was drawn up for the whole session, and `blood` how the patient's own was
    drawn and prepared for it; None leaves either as it is. Raises
    ZoneRefused, ValidationError, RecordIsSigned, RecordChangedMeanwhile.
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
    _check_zone(record, zone, facts, session_day(record, at))
    _check_spared(record, zone, doses, at)
    _keep_doses(record, _keep_zone(record, zone, facts, seen), doses)
    _note_drawn(record, drawn_up_ml, blood)
    return saved_draft(record, ["drawn_up_ml", *BLOOD], by=by, at=at)


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
    stock = lots_then([dose.lot for dose in doses], record)
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


def _check_zone(record: SessionRecord, zone: Zone, facts: ZoneFacts, on: date) -> None:
    """Refuse a zone that breaks a rule by itself, or with the other zones of the session."""
    session = record_facts(record, on)
    others = tuple(one for one in session.zones if one.name != facts.name)
    whole = replace(session, zones=(*others, facts))
    problems = [
        *stopping(session.vitals),
        *skin_problems(replace(session, zones=(facts,))),
        *zone_problems(facts, on=on),
        *product_problems(whole.zones),
        *(one for one in lidocaine_problems(whole, on=on) if one.lack not in MAY_FOLLOW),
    ]
    if problems or zone.indication_id != record.session.course.indication_id:
        raise ZoneRefused(problems)


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
        )
        administration.full_clean()
        administration.save(force_insert=True)


def _note_drawn(record: SessionRecord, drawn_up_ml: Decimal | None, blood: Blood | None) -> None:
    """Put what was drawn up, and how blood was drawn, on `record`; None leaves either as it is."""
    if drawn_up_ml is not None:
        record.drawn_up_ml = drawn_up_ml
    for name, value in asdict(blood).items() if blood else ():
        setattr(record, f"blood_{name}", value)
    record.full_clean(validate_unique=False)
