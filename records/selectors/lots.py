"""Which sessions used which lots."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from records.models import Administration, Anaesthesia, SessionRecord
from treatments.models import Lot


def sessions_of_lots(lots: Collection[int]) -> dict[int, int]:
    """Return how many sessions took from each of `lots`, drafts among them (1 query)."""
    return _sessions(lots, beside=None)


def vials_spent(lots: Iterable[Lot], *, beside: SessionRecord | None) -> dict[int, int]:
    """Return how many vials of each of `lots` went into other sessions than that of `beside`.

    Lots (with their products) of which nobody counted the vials need no look (1 query at most).
    A session that took from a lot for two zones, or to numb as well, took one vial.
    """
    all_of_them = list(lots)
    counted = [
        lot.pk for lot in all_of_them if lot.quantity is not None and not lot.product.is_multi_dose
    ]
    return dict.fromkeys((lot.pk for lot in all_of_them), 0) | _sessions(counted, beside=beside)


def _sessions(lots: Collection[int], *, beside: SessionRecord | None) -> dict[int, int]:
    if not lots:
        return {}
    given = Administration.objects.filter(lot__in=lots)
    numbed = Anaesthesia.objects.filter(lot__in=lots)
    if beside is not None:
        given, numbed = given.exclude(record=beside), numbed.exclude(record=beside)
    # A union holds each pair once.
    pairs = given.values_list("lot", "record").union(numbed.values_list("lot", "record"))
    found = Counter(lot for lot, _record in pairs)
    return {lot: found[lot] for lot in lots}


def used_lots(record: SessionRecord) -> set[int]:
    """Return the keys of all lots that `record` names."""
    given = Administration.objects.filter(record=record).values_list("lot", flat=True)
    numbed = Anaesthesia.objects.filter(record=record, lot__isnull=False)
    return {*given, *(lot for lot in numbed.values_list("lot", flat=True) if lot)}


class LotMet(NamedTuple):
    """A lot that a session took from, by primary keys."""

    course: int
    session: int
    lot: int
    product: int


def lots_met(courses: Collection[int]) -> list[LotMet]:
    """Return the lots that went into the sessions of `courses`: to treat, to dilute and to numb.

    A draft counts: it was given whether or not it is signed. (1 query)
    """
    columns = ("record__session__course", "record__session", "lot", "lot__product")
    given = Administration.objects.filter(record__session__course__in=courses)
    numbed = Anaesthesia.objects.filter(record__session__course__in=courses, lot__isnull=False)
    rows = given.values_list(*columns).union(numbed.values_list(*columns))
    return [LotMet(*row) for row in rows]
