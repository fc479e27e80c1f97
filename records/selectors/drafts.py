"""Reads of a session record: a draft as the rules see it, and the shapes its pages need."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from meso_clinic.core.models import User
from patients.models import Patient
from records.domain import record as rules
from records.domain.record import Dose, RecordFacts, ZoneFacts
from records.models import (
    Administration,
    Amendment,
    Anaesthesia,
    Answer,
    SessionRecord,
    ZoneTreatment,
)
from sessions.models import Appointment, TreatmentSession
from treatments.models import Indication, Lot, Zone


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone of the indication, with what is recorded for it (None: nothing yet)."""

    zone: Zone
    facts: ZoneFacts | None


def record_facts(record: SessionRecord) -> RecordFacts:
    """Return what `record` says, read anew."""
    indication = record.session.course.indication
    anaesthesia = Anaesthesia.objects.filter(record=record).first()
    is_old = checks_are_old(record)
    return RecordFacts(
        answers={check: "" if is_old else getattr(record, check) for check in rules.CHECKS},
        checks_words=record.checks_words,
        anaesthesia=anaesthesia.kind if anaesthesia else "",
        agent=anaesthesia.agent if anaesthesia else "",
        agent_dose=anaesthesia.dose if anaesthesia else "",
        zones=tuple(_zone_facts(zone, indication) for zone in treated_zones(record)),
        reaction=record.reaction,
        aftercare_given=record.aftercare_given,
    )


def checks_are_old(record: SessionRecord) -> bool:
    """Whether a draft was last saved before the patient arrived: its checks are of another visit."""
    if record.is_signed:
        return False
    held = record.session.appointments.live().first()
    return bool(held and held.arrived_at and record.saved_at < held.arrived_at)


def treated_zones(record: SessionRecord) -> QuerySet[ZoneTreatment]:
    """Return what was done, zone by zone in the indication's order, with lots and products."""
    return (
        record.zones.select_related("zone")
        .prefetch_related("administrations__lot__product__indications")
        .order_by("zone__position", "zone__pk")
    )


def dose_facts(lot: Lot, volume_ml: Decimal, indication: Indication) -> Dose:
    """Return a volume of `lot` as the rules see it."""
    product = lot.product
    return Dose(
        product=str(product),
        lot=lot.number,
        expires_on=lot.expires_on,
        volume_ml=volume_ml,
        is_available=lot.status == Lot.Status.AVAILABLE and product.is_enabled,
        is_for_indication=indication in product.indications.all(),
    )


def zone_rows(record: SessionRecord | None, indication: Indication) -> list[ZoneRow]:
    """Return every zone of the indication, in its order, with what `record` says of it."""
    treated = {zone.zone_id: zone for zone in treated_zones(record)} if record else {}
    return [
        ZoneRow(
            zone=zone,
            facts=_zone_facts(treated[zone.pk], indication) if zone.pk in treated else None,
        )
        for zone in Zone.objects.filter(indication=indication).order_by("position", "pk")
    ]


def usable_lots(indication: Indication, on: date, also: Iterable[int] = ()) -> QuerySet[Lot]:
    """Return the lots that may be used for `indication` on that day, first to expire first.

    Lots whose keys are in `also` are included whatever their state: they are recorded already.
    """
    usable = Lot.objects.usable_on(on).filter(product__indications=indication)
    keys = {*usable.values_list("pk", flat=True), *also}
    return (
        Lot.objects.filter(pk__in=keys)
        .select_related("product")
        .order_by("product__name", "expires_on", "pk")
    )


def last_signed_before(session: TreatmentSession) -> SessionRecord | None:
    """Return the last signed record of an earlier session of the same course, or None."""
    return (
        SessionRecord.objects.filter(
            session__course=session.course_id,
            session__number__lt=session.number,
            signed_at__isnull=False,
        )
        .select_related("session")
        .order_by("-session__number", "-pk")
        .first()
    )


def session_for_record(pk: int) -> QuerySet[TreatmentSession]:
    """Return the session with that key and all that the record's banner shows, in one query."""
    return TreatmentSession.objects.filter(pk=pk).select_related(
        "course__patient",
        "course__indication__protocol",
        "course__site",
        "course__practitioner",
        "course__revision",
    )


def live_appointment(session: TreatmentSession) -> Appointment | None:
    """Return the session's place in the calendar, or None while it has none."""
    return session.appointments.live().select_related("practitioner", "room__site").first()


def booked_day(session: TreatmentSession) -> date | None:
    """Return the day the session is booked for, in its site's own time zone."""
    appointment = live_appointment(session)
    if appointment is None:
        return None
    return appointment.starts_at.astimezone(appointment.room.site.zone).date()


def treatment_day(session: TreatmentSession, today: date) -> date:
    """Return the day the session happens: the booked day, or `today` if that is earlier."""
    return min(booked_day(session) or today, today)


def allergies(patient: Patient) -> list[str]:
    """Return what the patient must not get, as noted and not withdrawn."""
    return list(
        patient.allergies.filter(withdrawn_at__isnull=True)
        .order_by("noted_at", "pk")
        .values_list("substance", flat=True)
    )


def unsigned_records(by: User | None = None) -> QuerySet[SessionRecord]:
    """Return the records that wait for a signature, oldest first; those `by` opened if given."""
    drafts = SessionRecord.objects.filter(signed_at__isnull=True)
    if by is not None:
        drafts = drafts.filter(opened_by=by)
    return drafts.select_related(
        "session__course__patient", "session__course__indication", "opened_by"
    ).order_by("opened_at", "pk")


def _zone_facts(treated: ZoneTreatment, indication: Indication) -> ZoneFacts:
    given: list[Administration] = sorted(treated.administrations.all(), key=lambda dose: dose.pk)
    return ZoneFacts(
        name=treated.zone.name,
        technique=treated.technique,
        needle=treated.needle,
        depth_mm=treated.depth_mm,
        points=treated.points,
        doses=tuple(dose_facts(dose.lot, dose.volume_ml, indication) for dose in given),
    )


def answered_checks(record: SessionRecord) -> list[tuple[str, str, bool]]:
    """Return each check as (question, answer in words, whether it is a concern)."""
    return [
        (
            str(SessionRecord._meta.get_field(check).verbose_name),  # type: ignore[union-attr]
            str(Answer(getattr(record, check)).label),
            getattr(record, check) == Answer.CONCERN,
        )
        for check in rules.CHECKS
    ]


def anaesthesia_of(record: SessionRecord) -> Anaesthesia | None:
    """Return how the area was numbed, or None while nothing is said about it."""
    return Anaesthesia.objects.filter(record=record).first()


def amendments(record: SessionRecord) -> QuerySet[Amendment]:
    """Return what was added to a signed record, oldest first, with who added it."""
    return record.amendments.select_related("by").order_by("at", "pk")
