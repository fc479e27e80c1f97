"""What may be given in one zone, and in all zones of a session together."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from records.domain.amounts import Excess, Given, excesses, points_mismatch
from records.domain.facts import ANY_ROUTE, AUTOLOGOUS, INTRADERMAL, Dose, RecordFacts, ZoneFacts
from records.domain.problems import Caution, Lack, Problem, Step
from treatments.domain.limits import DEPTH_MM, POINTS
from treatments.domain.stock import Why, lot_refusal

MAX_VOLUME_ML: Final = Decimal(100)
DETERGENT: Final = "detergent"


def injection_problems(zones: Sequence[ZoneFacts], on: date) -> list[Problem]:
    if not zones:
        return [Problem(Step.INJECTIONS, Lack.NO_ZONE, field="zone")]
    return [problem for zone in zones for problem in zone_problems(zone, on=on)]


def zone_problems(zone: ZoneFacts, *, on: date) -> list[Problem]:
    """Return what is wrong with one zone that was treated on that day."""
    lacks = [
        (not zone.technique, Lack.TECHNIQUE_MISSING, "technique"),
        (not zone.needle.strip(), Lack.NEEDLE_MISSING, "needle"),
        (not DEPTH_MM[0] <= zone.depth_mm <= DEPTH_MM[1], Lack.DEPTH_OUTSIDE, "depth_mm"),
        (not POINTS[0] <= zone.points <= POINTS[1], Lack.POINTS_OUTSIDE, "points"),
        (not zone.doses, Lack.NO_VOLUME, "volume_ml"),
    ]
    problems = [
        Problem(Step.INJECTIONS, lack, field=name, zone=zone.name)
        for is_lacking, lack, name in lacks
        if is_lacking
    ]
    for dose in zone.doses:
        problems += dose_problems(dose, zone=zone.name, on=on)
        problems += route_problems(dose, zone)
    return problems


def route_problems(dose: Dose, zone: ZoneFacts) -> list[Problem]:
    """Return why `dose` may not go where it went in `zone`, or into this patient. [R04, R13]"""
    is_blood = dose.product_class == AUTOLOGOUS
    in_skin = dose.product_class == DETERGENT and zone.route == INTRADERMAL
    is_other = dose.route not in {ANY_ROUTE, zone.route}
    lacks = [
        (in_skin, Lack.DETERGENT_IN_SKIN, "route"),
        (is_other and not in_skin, Lack.ROUTE_OTHER, "route"),
        (is_blood and dose.is_donor_patient is None, Lack.DONOR_MISSING, "donor_number"),
        (is_blood and dose.is_donor_patient is False, Lack.DONOR_OTHER, "donor_number"),
    ]
    return [
        Problem(Step.INJECTIONS, lack, field=name, zone=zone.name, product=dose.product)
        for is_lacking, lack, name in lacks
        if is_lacking
    ]


def dose_problems(dose: Dose, *, zone: str, on: date) -> list[Problem]:
    """Return why `dose` may not be given on that day. A lot may be used on its last day."""
    refusal = lot_refusal(dose.stock, on=on)
    is_expired = refusal is not None and refusal.why is Why.EXPIRED
    lacks = [
        (not 0 < dose.volume_ml <= MAX_VOLUME_ML, Lack.VOLUME_OUTSIDE, "volume_ml"),
        (is_expired, Lack.LOT_EXPIRED, "lot"),
        (refusal is not None and not is_expired, Lack.LOT_NOT_AVAILABLE, "lot"),
        (not dose.is_for_indication, Lack.LOT_OTHER_INDICATION, "lot"),
    ]
    return [
        Problem(
            Step.INJECTIONS,
            lack,
            field=name,
            zone=zone,
            product=dose.product,
            lot=dose.lot,
            refusal=refusal if name == "lot" else None,
        )
        for is_lacking, lack, name in lacks
        if is_lacking
    ]


def product_problems(zones: Sequence[ZoneFacts]) -> list[Problem]:
    """Return the limits of products that the session as a whole breaks. [R05]"""
    given: list[Given] = []
    for zone in zones:
        # Two lots of one product went into the same points.
        by_product: dict[str, Given] = {}
        for dose in zone.doses:
            known = by_product.get(dose.product)
            volume = dose.volume_ml + (known.volume_ml if known else Decimal(0))
            by_product[dose.product] = Given(dose.product, volume, zone.points, dose.limits)
        given += by_product.values()
    return [_excess(excess) for excess in excesses(given)]


def _excess(excess: Excess) -> Problem:
    return Problem(
        Step.INJECTIONS,
        Lack(f"over_{excess.limit}"),
        field="volume_ml",
        product=excess.product,
        given=excess.given,
        most=excess.most,
    )


def zone_cautions(facts: RecordFacts) -> list[Problem]:
    low, high = facts.protocol.depth_mm
    found = []
    for zone in facts.zones:
        if points_mismatch(zone.volume_ml, zone.points, zone.point_ml):
            found.append(
                Problem(
                    Step.INJECTIONS,
                    Caution.POINTS_MISMATCH,
                    field="points",
                    zone=zone.name,
                    given=zone.volume_ml,
                    most=zone.points * (zone.point_ml or Decimal(0)),
                )
            )
        if not low <= zone.depth_mm <= high:
            found.append(
                Problem(
                    Step.INJECTIONS,
                    Caution.DEPTH_OUTSIDE_PROTOCOL,
                    field="depth_mm",
                    zone=zone.name,
                    given=low,
                    most=high,
                )
            )
    return found


def volume_cautions(facts: RecordFacts) -> list[Problem]:
    limits = [
        (Caution.OVER_PROTOCOL, facts.protocol.max_volume_ml),
        (Caution.OVER_DRAWN_UP, facts.drawn_up_ml),
    ]
    return [
        Problem(Step.INJECTIONS, lack, field="volume_ml", given=facts.volume_ml, most=most)
        for lack, most in limits
        if most is not None and facts.volume_ml > most
    ]
