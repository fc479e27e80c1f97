"""What is noted that the patient must not get, compared with what the products hold."""

from collections.abc import Sequence

from patients.domain.allergens import ALLERGENS, ELSEWHERE, IN_THE_ROOM
from treatments.domain.screening.facts import Allergy, Product
from treatments.domain.screening.rules import Level
from treatments.domain.screening.verdict import Finding, Reason


def compare(
    allergies: Sequence[Allergy], products: Sequence[Product]
) -> tuple[list[Finding], list[Finding]]:
    """Return what the noted allergies mean for the planned products, and for all others."""
    held = frozenset[str]().union(*(product.allergens for product in products))
    chosen = {product.code for product in products}
    planned: list[Finding] = []
    others: list[Finding] = []
    for allergy in allergies:
        code = allergy.allergen
        if allergy.product:
            barred = planned if allergy.product in chosen else others
            barred.append(_allergic(allergy, Reason.REACTED, Level.BLOCK))
        elif code in held:
            planned.append(_allergic(allergy, Reason.ALLERGEN, Level.BLOCK))
        elif code in IN_THE_ROOM:
            planned.append(_allergic(allergy, Reason.ALLERGEN_IN_THE_ROOM, Level.WARN))
        elif code in ALLERGENS:
            others.append(_allergic(allergy, Reason.ALLERGEN, Level.BLOCK))
        elif code != ELSEWHERE:
            planned.append(_allergic(allergy, Reason.ALLERGY_IN_WORDS, Level.WARN))
    return planned, others


def _allergic(allergy: Allergy, reason: Reason, level: Level) -> Finding:
    return Finding(
        reason=reason,
        level=level,
        words=allergy.substance,
        allergen=allergy.allergen,
        is_about_products=reason in {Reason.ALLERGEN, Reason.REACTED},
    )
