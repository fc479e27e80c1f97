"""Anaesthetics and the diluent, for every indication.

Volumes are ml a session; `docs/clinical-sources.md` says where each number comes from.
"""

from decimal import Decimal
from typing import Final

from treatments.domain.catalogue.shapes import ProductFacts
from treatments.domain.catalogue.vocabulary import INDICATION_SLUGS

SUPPORT_PRODUCTS: Final = (
    ProductFacts(
        code="lidocaine_1",
        name="Lidocaine, plain",
        strength="1 %",
        product_class="anaesthetic",
        usual_volume_ml=Decimal("5"),
        max_volume_ml=None,
        route="any",
        min_interval_days=0,
        indications=INDICATION_SLUGS,
        allergens=("amide_anaesthetic", "preservative"),
        caution="The largest dose depends on body weight. Some packs hold a preservative.",
        is_enabled=True,
        sources={},
        lidocaine_percent=Decimal("1"),
    ),
    ProductFacts(
        code="lidocaine_2",
        name="Lidocaine, plain",
        strength="2 %",
        product_class="anaesthetic",
        usual_volume_ml=Decimal("5"),
        max_volume_ml=None,
        route="any",
        min_interval_days=0,
        indications=INDICATION_SLUGS,
        allergens=("amide_anaesthetic", "preservative"),
        caution="The largest dose depends on body weight. Some packs hold a preservative.",
        is_enabled=True,
        sources={},
        lidocaine_percent=Decimal("2"),
    ),
    ProductFacts(
        code="lido_prilo_cream",
        name="Lidocaine and prilocaine cream",
        strength="2.5 % with 2.5 %",
        product_class="topical_anaesthetic",
        usual_volume_ml=None,
        max_volume_ml=None,
        route="topical",
        min_interval_days=0,
        indications=INDICATION_SLUGS,
        allergens=("amide_anaesthetic", "castor_oil"),
        caution=(
            "Measured in grams by area, on intact skin only. "
            "Not with G6PD deficiency or methaemoglobinaemia."
        ),
        is_enabled=True,
        sources={},
    ),
    ProductFacts(
        code="saline_09",
        name="Sodium chloride solution",
        strength="0.9 %",
        product_class="diluent",
        usual_volume_ml=Decimal("2"),
        max_volume_ml=Decimal("10"),
        route="any",
        min_interval_days=0,
        indications=INDICATION_SLUGS,
        allergens=(),
        caution="No known allergens. Use a sterile single-dose pack.",
        is_enabled=True,
        sources={},
    ),
)
