"""Reads of a session record: a draft as the rules see it, and the shapes its pages need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from clinic.models import Site
from meso_clinic.core.models import User
from patients.domain.ages import age_on
from patients.models import Patient
from records.domain.afterwards import Afterwards
from records.domain.amounts import ProductLimits
from records.domain.anaesthesia import AGENT_CLASSES, TOPICAL
from records.domain.checks import CHECKS
from records.domain.facts import (
    NO_NUMBING,
    Dose,
    LotUsed,
    Numbing,
    ProtocolLimits,
    RecordFacts,
    ZoneFacts,
)
from records.domain.readiness import SIGN_WITHIN
from records.domain.vitals import NO_VITALS
from records.models import (
    Administration,
    Amendment,
    Anaesthesia,
    Answer,
    SessionRecord,
    ZoneTreatment,
)
from records.selectors.around import (
    blood_of,
    known_height_cm,
    patient_facts,
    preparation_of,
    vitals_of,
)
from records.selectors.lot_past import lots_then, since_the_beginning
from records.selectors.lots import vials_spent
from sessions.models import Appointment, TreatmentSession
from treatments.domain.stock import LotFacts, lot_refusal
from treatments.models import Indication, Lot, Product, Zone
from treatments.selectors.stock import lot_facts


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone of the indication, with what is recorded for it (None: nothing yet)."""

    zone: Zone
    facts: ZoneFacts | None


def record_facts(record: SessionRecord, on: date | None = None) -> RecordFacts:
    """Return what `record` says, read anew, as of the day `on` that the session happens.

    Without `on` it is the day of the last save.
    """
    course = record.session.course
    on = on or record.saved_at.astimezone(course.site.zone).date()
    patient, protocol = course.patient, course.indication.protocol
    anaesthesia = anaesthesia_of(record)
    is_old = checks_are_old(record)
    zones = list(treated_zones(record))
    return RecordFacts(
        answers={check: "" if is_old else getattr(record, check) for check in CHECKS},
        checks_words=record.checks_words,
        anaesthesia=anaesthesia.kind if anaesthesia else "",
        agent=anaesthesia.agent if anaesthesia else "",
        agent_dose=anaesthesia.dose if anaesthesia else "",
        agent_lot=_agent_lot(anaesthesia, record),
        numbing=numbing_facts(anaesthesia) if anaesthesia else NO_NUMBING,
        **_weight(record, anaesthesia),
        height_cm=known_height_cm(record.session, anaesthesia),
        age=age_on(patient.born_on, on),
        protocol=ProtocolLimits(
            max_volume_ml=protocol.max_volume_ml,
            depth_mm=(protocol.depth_min_mm, protocol.depth_max_mm),
        ),
        drawn_up_ml=record.drawn_up_ml,
        zones=_zones(record, zones),
        vitals=NO_VITALS if is_old else vitals_of(record),
        skin=preparation_of(record),
        blood=blood_of(record),
        after=Afterwards(
            end_points=record.end_points,
            pain=record.pain,
            reaction=record.reaction,
            observed_minutes=record.observed_minutes,
            is_care_given=record.aftercare_given,
        ),
        patient=patient_facts(record.session, record, zones),
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


def numbing_facts(anaesthesia: Anaesthesia) -> Numbing:
    """Return how much numbed the area. A cream still under film counts as covered as planned."""
    return Numbing(
        strength_percent=anaesthesia.strength_percent,
        volume_ml=anaesthesia.volume_ml,
        has_adrenaline=anaesthesia.has_adrenaline,
        grams=anaesthesia.grams,
        area_cm2=anaesthesia.area_cm2,
        covered_minutes=_covered_minutes(anaesthesia) if anaesthesia.is_covered else 0,
    )


def dose_facts(
    lot: Lot, volume_ml: Decimal, record: SessionRecord, *, donor: str, stock: LotFacts
) -> Dose:
    """Return a volume of `lot`, with its `stock`, as the rules see it.

    `donor` is a record number as typed.
    """
    product, course = lot.product, record.session.course
    own_number = course.patient.record_number.casefold()
    return Dose(
        product=str(product),
        lot=lot.number,
        volume_ml=volume_ml,
        stock=stock,
        is_for_indication=course.indication in product.indications.all(),
        product_class=product.product_class,
        route=product.route,
        limits=ProductLimits(
            max_volume_ml=product.max_volume_ml,
            max_points=product.max_points,
            max_point_ml=product.max_point_ml,
            max_treatments=product.max_treatments,
            given_before=_given_before(product, record) if product.max_treatments else 0,
        ),
        lidocaine_percent=product.lidocaine_percent,
        is_donor_patient=donor.strip().casefold() == own_number if donor.strip() else None,
    )


def zones_of(indication: Indication) -> list[Zone]:
    """Return the zones of an indication, in their order."""
    return list(Zone.objects.filter(indication=indication).order_by("position", "pk"))


def zone_rows(record: SessionRecord, zones: Iterable[Zone], facts: RecordFacts) -> list[ZoneRow]:
    """Return each of `zones`, in their order, with what `record` says of it."""
    # Facts of zones come in the order of `treated_zones`.
    order = record.zones.order_by("zone__position", "zone__pk").values_list("zone_id", flat=True)
    treated = dict(zip(order, facts.zones, strict=True))
    return [ZoneRow(zone=zone, facts=treated.get(zone.pk)) for zone in zones]


def usable_lots(
    indication: Indication, on: date, also: Iterable[int] = (), *, record: SessionRecord | None
) -> QuerySet[Lot]:
    """Return the lots that may be used for `indication` on that day, first to expire first.

    Lots whose keys are in `also` are included whatever their state: they are recorded already.
    So are those that were put in quarantine since the session of `record` began: what they gave
    before is still to be typed. What `record` took itself stands in nobody's way.
    """
    stocked = Lot.objects.usable_on(on).filter(product__indications=indication)
    # A cream is never injected.
    stocked = stocked.exclude(product__route=Product.Route.TOPICAL)
    since = Q(product__in=indication.products.exclude(route=Product.Route.TOPICAL))
    return _pickable(stocked, on, also, record, since)


def usable_agents(
    on: date, also: Iterable[int] = (), *, record: SessionRecord | None
) -> QuerySet[Lot]:
    """Return the lots that may be used to numb on that day, as `usable_lots` does."""
    stocked = Lot.objects.usable_on(on).filter(product__product_class__in=AGENT_CLASSES)
    return _pickable(stocked, on, also, record)


def _pickable(
    stocked: QuerySet[Lot],
    on: date,
    also: Iterable[int],
    record: SessionRecord | None,
    since: Q | None = None,
) -> QuerySet[Lot]:
    lots = list(stocked.select_related("product"))
    spent = vials_spent(lots, beside=record)
    keys = {
        lot.pk for lot in lots if lot_refusal(lot_facts(lot, spent=spent[lot.pk]), on=on) is None
    }
    wanted = Q(pk__in={*keys, *also})
    if record is not None and since is not None:
        wanted |= since & since_the_beginning(record)
    return (
        Lot.objects.filter(wanted)
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
    return _day_of(live_appointment(session))


def treatment_day(appointment: Appointment | None, today: date) -> date:
    """Return the day a session with that place happens: its day, or `today` if that is earlier."""
    return min(_day_of(appointment) or today, today)


def session_day(record: SessionRecord, at: datetime) -> date:
    """Return the day the session of `record` happens, asked `at` a moment, at its site."""
    today = at.astimezone(record.session.course.site.zone).date()
    return treatment_day(live_appointment(record.session), today)


def _day_of(appointment: Appointment | None) -> date | None:
    if appointment is None:
        return None
    return appointment.starts_at.astimezone(appointment.room.site.zone).date()


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


def late_to_sign(site: Site, now: datetime) -> QuerySet[SessionRecord]:
    """Return the drafts at `site` whose session ended 24 hours before `now` (aware) or earlier.

    `ended_at` is the end of its appointment, or when it was begun if that was later still.
    """
    ends = Appointment.objects.live().filter(session=OuterRef("session")).values("ends_at")[:1]
    drafts = unsigned_records().filter(session__course__site=site)
    return drafts.annotate(
        ended_at=Greatest(Coalesce(Subquery(ends), "opened_at"), "opened_at")
    ).filter(ended_at__lte=now - SIGN_WITHIN)


def _agent_lot(anaesthesia: Anaesthesia | None, record: SessionRecord) -> LotUsed | None:
    if anaesthesia is None or anaesthesia.lot is None:
        return None
    return lot_used(anaesthesia.lot, record)


def lot_used(lot: Lot, record: SessionRecord) -> LotUsed:
    """Return a lot as the rules see it that `record` uses to numb."""
    return LotUsed(
        str(lot.product),
        lot.number,
        lots_then([lot], record)[lot.pk],
        lidocaine_percent=lot.product.lidocaine_percent,
        is_topical=lot.product.product_class == TOPICAL,
    )


def _zones(record: SessionRecord, zones: Iterable[ZoneTreatment]) -> tuple[ZoneFacts, ...]:
    """Return what was done in each treated zone, in the order of `treated_zones`."""
    used = {dose.lot_id: dose.lot for zone in zones for dose in zone.administrations.all()}
    stock = lots_then(used.values(), record)
    return tuple(_zone_facts(record, zone, stock) for zone in zones)


def _zone_facts(
    record: SessionRecord, treated: ZoneTreatment, stock: Mapping[int, LotFacts]
) -> ZoneFacts:
    given: list[Administration] = sorted(treated.administrations.all(), key=lambda dose: dose.pk)
    return ZoneFacts(
        name=treated.zone.name,
        code=treated.zone.code,
        technique=treated.technique,
        needle=treated.needle,
        depth_mm=treated.depth_mm,
        points=treated.points,
        point_ml=treated.point_ml,
        route=treated.route,
        doses=tuple(
            dose_facts(
                dose.lot,
                dose.volume_ml,
                record,
                donor=dose.donor_number,
                stock=stock[dose.lot_id],
            )
            for dose in given
        ),
    )


def _weight(record: SessionRecord, anaesthesia: Anaesthesia | None) -> dict[str, Any]:
    """Return the patient's weight, or for a signed record the one it was signed with."""
    known = anaesthesia if record.is_signed and anaesthesia else record.session.course.patient
    return {"weight_kg": known.weight_kg, "weighed_on": known.weighed_on}


def _covered_minutes(anaesthesia: Anaesthesia) -> int:
    begun, ended = anaesthesia.applied_at, anaesthesia.removed_at
    if begun is None or ended is None:
        return anaesthesia.wait_minutes or 0
    minutes = (ended.hour - begun.hour) * 60 + ended.minute - begun.minute
    # Past midnight is the next day.
    return minutes % (24 * 60)


def _given_before(product: Product, record: SessionRecord) -> int:
    """Return in how many other signed sessions the patient got `product`, in any course."""
    given = Administration.objects.filter(
        lot__product=product,
        record__signed_at__isnull=False,
        record__session__course__patient=record.session.course.patient_id,
    )
    return given.exclude(record=record).values("record").distinct().count()


def answered_checks(record: SessionRecord) -> list[tuple[str, str, bool]]:
    """Return each check as (question, answer in words, whether it is a concern)."""
    return [
        (
            str(SessionRecord._meta.get_field(check).verbose_name),  # type: ignore[union-attr]
            str(Answer(getattr(record, check)).label),
            getattr(record, check) == Answer.CONCERN,
        )
        for check in CHECKS
    ]


def anaesthesia_of(record: SessionRecord) -> Anaesthesia | None:
    """Return how the area was numbed, or None while nothing is said about it."""
    return Anaesthesia.objects.filter(record=record).select_related("lot__product").first()


def amendments(record: SessionRecord) -> QuerySet[Amendment]:
    """Return what was added to a signed record, oldest first, with who added it."""
    return record.amendments.select_related("by").order_by("at", "pk")
