"""What lots were like when a session took from them: signed a day later, a record is still true."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from records.models import LotDeviation, SessionRecord
from records.selectors.lots import used_lots, vials_spent
from sessions.models import Appointment
from treatments.domain.stock import LotFacts
from treatments.models import Lot, LotEvent
from treatments.selectors.stock import NO_PAST, LotPast, lot_facts

_TOLD = (LotEvent.Kind.OPENED, LotEvent.Kind.USED_UP, LotEvent.Kind.QUARANTINED)


@dataclass(frozen=True, slots=True)
class PutAside:
    """A lot of a record that is in quarantine.

    `event` is the line of its history, None if it has none. `was_before`: before the session began.
    `deviation` is a prescriber's reason why the record may be signed, None while there is none.
    """

    lot: Lot
    event: LotEvent | None
    was_before: bool
    deviation: LotDeviation | None


def lots_then(
    lots: Iterable[Lot], record: SessionRecord, *, given: Collection[int] = ()
) -> dict[int, LotFacts]:
    """Return each of `lots` (with their products) as it stood in the session of `record`, by lot.

    Of the lots `given`, by primary key, somebody says that they were used before they were put in
    quarantine. 4 queries at most, whatever the number of lots.
    """
    asked = list(lots)
    spent, past = _spent(asked, record), _past(asked, record, given)
    return {
        lot.pk: lot_facts(lot, spent=spent[lot.pk], past=past.get(lot.pk, NO_PAST)) for lot in asked
    }


def put_aside_since(lots: Iterable[Lot], record: SessionRecord) -> frozenset[int]:
    """Return which of `lots`, by primary key, were put in quarantine since the session began.

    What such a lot gave before is still to be typed. Takes 1 query, none if no lot is in quarantine.
    """
    asked = [lot.pk for lot in lots if _is_put_aside(lot)]
    if not asked:
        return frozenset()
    found = Lot.objects.filter(since_the_beginning(record), pk__in=asked)
    return frozenset(found.values_list("pk", flat=True))


def since_the_beginning(record: SessionRecord) -> Q:
    """Return what picks the lots that were put in quarantine since the session of `record` began."""
    held = Appointment.objects.live().filter(
        session=record.session_id, status=Appointment.Status.IN_TREATMENT
    )
    began_at = Coalesce(
        Subquery(held.values("status_since")[:1]),
        Value(record.opened_at, output_field=DateTimeField()),
    )
    put_aside = LotEvent.objects.filter(
        lot=OuterRef("pk"), kind=LotEvent.Kind.QUARANTINED, at__gte=began_at
    )
    return Q(Exists(put_aside), status=Lot.Status.QUARANTINED)


def put_aside_lots(record: SessionRecord) -> list[PutAside]:
    """Return the lots of `record` that are in quarantine now, by product and number."""
    lots = list(
        Lot.objects.filter(pk__in=used_lots(record), status=Lot.Status.QUARANTINED)
        .select_related("product")
        .order_by("product__name", "number", "pk")
    )
    if not lots:
        return []
    events, excused, began_at = _events(lots), _deviations(record), _began_at(record)
    found = []
    for lot in lots:
        event = _newest(events[lot.pk], LotEvent.Kind.QUARANTINED)
        deviation = excused.get((lot.pk, event.pk if event else None))
        found.append(PutAside(lot, event, event is None or event.at < began_at, deviation))
    return found


def deviations_of(record: SessionRecord) -> list[LotDeviation]:
    """Return the reasons why `record` could name lots in quarantine, the oldest first.

    What was decided of a lot that is no longer in the record is left out.
    """
    rows = LotDeviation.objects.filter(record=record, lot__in=used_lots(record))
    return list(rows.select_related("lot__product", "quarantine", "by").order_by("at", "pk"))


def _spent(lots: Iterable[Lot], record: SessionRecord) -> dict[int, int]:
    """Return how many vials of each of `lots` went into other sessions than that of `record`."""
    if record.is_signed:
        # A signed record is what it is: what others took since is no matter of its own.
        return dict.fromkeys((lot.pk for lot in lots), 0)
    return vials_spent(lots, beside=record)


def _past(lots: Iterable[Lot], record: SessionRecord, given: Collection[int]) -> dict[int, LotPast]:
    """Return what is to know of the past of `lots` for a draft, by lot.

    What was used up since the record was begun was there. What is in quarantine counts as
    available if a prescriber gave the reason why this record may name it, or if it is one of
    `given` and was put aside since the session began. (3 queries at most)
    """
    asked = [lot for lot in lots if lot.product.is_multi_dose or lot.status != Lot.Status.AVAILABLE]
    if record.is_signed or not asked:
        return {}
    events = _events(asked)
    excused = _deviations(record) if any(_is_put_aside(lot) for lot in asked) else {}
    since = put_aside_since((lot for lot in asked if lot.pk in given), record)
    return {
        lot.pk: LotPast(
            openings=tuple(one.on for one in events[lot.pk] if one.kind == LotEvent.Kind.OPENED),
            state=Lot.Status.AVAILABLE
            if lot.pk in since
            else _state(lot, events[lot.pk], record, excused),
        )
        for lot in asked
    }


def _state(
    lot: Lot,
    events: list[LotEvent],
    record: SessionRecord,
    excused: dict[tuple[int, int | None], LotDeviation],
) -> str:
    """Return the state that counts for the record, "" if it is the lot's own."""
    if _is_put_aside(lot):
        event = _newest(events, LotEvent.Kind.QUARANTINED)
        is_past = (lot.pk, event.pk if event else None) in excused
    else:
        event = _newest(events, LotEvent.Kind.USED_UP)
        is_past = event is not None and event.at >= record.opened_at
    return Lot.Status.AVAILABLE if is_past else ""


def _is_put_aside(lot: Lot) -> bool:
    return lot.status == Lot.Status.QUARANTINED


def _newest(events: list[LotEvent], kind: str) -> LotEvent | None:
    return next((one for one in reversed(events) if one.kind == kind), None)


def _events(lots: Iterable[Lot]) -> dict[int, list[LotEvent]]:
    """Return what happened to each of `lots`, the oldest first (1 query)."""
    found: dict[int, list[LotEvent]] = defaultdict(list)
    for event in LotEvent.objects.filter(lot__in=list(lots), kind__in=_TOLD).order_by("at", "pk"):
        found[event.lot_id].append(event)
    return found


def _deviations(record: SessionRecord) -> dict[tuple[int, int | None], LotDeviation]:
    rows = LotDeviation.objects.filter(record=record).select_related("by")
    return {(row.lot_id, row.quarantine_id): row for row in rows}


def _began_at(record: SessionRecord) -> datetime:
    """Return when the session began: as the day board says, else when its record was opened."""
    held = record.session.appointments.live().first()
    if held is not None and held.status == Appointment.Status.IN_TREATMENT:
        return held.status_since
    return record.opened_at
