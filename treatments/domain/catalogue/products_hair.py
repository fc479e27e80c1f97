"""Products for the scalp.

Volumes are ml a session; `docs/clinical-sources.md` says where each number comes from.
"""

from decimal import Decimal
from typing import Final

from treatments.domain.catalogue.shapes import ProductFacts
from treatments.domain.catalogue.sources import (
    DUTASTERIDE_REVIEW,
    MINOXIDIL_REVIEW,
    PRP_SUMMARY,
)

HAIR_PRODUCTS: Final = (
    ProductFacts(
        code="biotin_5",
        name="Biotin",
        strength="5 mg/ml",
        product_class="vitamin",
        usual_volume_ml=Decimal("1"),
        max_volume_ml=Decimal("2"),
        route="intradermal",
        min_interval_days=7,
        indications=("hair_loss",),
        allergens=(),
        caution="Can distort some blood tests. Ask whether any are planned.",
        is_enabled=True,
        sources={},
    ),
    ProductFacts(
        code="dexpanthenol_250",
        name="Dexpanthenol",
        strength="250 mg/ml",
        product_class="vitamin",
        usual_volume_ml=Decimal("2"),
        max_volume_ml=Decimal("4"),
        route="intradermal",
        min_interval_days=7,
        indications=("hair_loss", "skin_radiance"),
        allergens=(),
        caution="With haemophilia, a prescriber signs off first.",
        is_enabled=True,
        sources={},
    ),
    ProductFacts(
        code="minoxidil_05",
        name="Minoxidil, sterile and water-based",
        strength="0.5 %",
        product_class="vasodilator",
        usual_volume_ml=Decimal("2"),
        max_volume_ml=Decimal("3"),
        route="intradermal",
        min_interval_days=7,
        indications=("hair_loss",),
        allergens=(),
        caution=(
            "Off by default. Not with heart disease or low blood pressure. "
            "Never inject a solution made for use on the skin."
        ),
        is_enabled=False,
        sources={
            "strength": MINOXIDIL_REVIEW,
        },
    ),
    ProductFacts(
        code="dutasteride_01",
        name="Dutasteride",
        strength="0.01 %",
        product_class="five_ari",
        usual_volume_ml=Decimal("1"),
        max_volume_ml=Decimal("2"),
        route="intradermal",
        min_interval_days=28,
        indications=("hair_loss",),
        allergens=(),
        caution=(
            "Off by default. Prescription only. "
            "Not if pregnant, able to become pregnant or planning a child."
        ),
        is_enabled=False,
        sources={
            "strength": DUTASTERIDE_REVIEW,
        },
    ),
    ProductFacts(
        code="prp",
        name="Platelet-rich plasma from the patient's own blood",
        strength="from the patient's own blood",
        product_class="autologous",
        usual_volume_ml=Decimal("5"),
        max_volume_ml=Decimal("7"),
        route="intradermal",
        min_interval_days=28,
        indications=("hair_loss", "ageing_pigmentation"),
        allergens=("citrate",),
        caution="For the donor alone. Record the lot of the kit, which may hold citrate.",
        is_enabled=True,
        sources={
            "usual_volume_ml": PRP_SUMMARY,
            "max_volume_ml": PRP_SUMMARY,
            "min_interval_days": PRP_SUMMARY,
        },
    ),
)
