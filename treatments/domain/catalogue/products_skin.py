"""Products for the face and the skin's surface.

Volumes are ml a session; `docs/clinical-sources.md` says where each number comes from.
"""

from decimal import Decimal
from typing import Final

from treatments.domain.catalogue.shapes import ProductFacts
from treatments.domain.catalogue.sources import (
    RADIANCE_COURSE,
    TXA_4_TRIAL,
    TXA_100_TRIAL,
    TXA_SPLIT_FACE,
)

SKIN_PRODUCTS: Final = (
    ProductFacts(
        code="ha_ncl_10",
        name="Hyaluronic acid, not cross-linked",
        strength="10 mg/ml",
        product_class="ha",
        usual_volume_ml=Decimal("2"),
        max_volume_ml=Decimal("5"),
        route="intradermal",
        min_interval_days=7,
        indications=("skin_radiance", "ageing_pigmentation", "hair_loss"),
        allergens=("hyaluronic_acid", "streptococcal_protein"),
        caution=(
            "May hold traces of bacterial protein. "
            "With an autoimmune disease, a prescriber signs off first."
        ),
        is_enabled=True,
        sources={},
    ),
    ProductFacts(
        code="ha_ncl_16",
        name="Hyaluronic acid, not cross-linked",
        strength="16 mg/ml",
        product_class="ha",
        usual_volume_ml=Decimal("1.6"),
        max_volume_ml=Decimal("4"),
        route="intradermal",
        min_interval_days=14,
        indications=("skin_radiance", "ageing_pigmentation"),
        allergens=("hyaluronic_acid", "streptococcal_protein"),
        caution=(
            "May hold traces of bacterial protein. "
            "With an autoimmune disease, a prescriber signs off first."
        ),
        is_enabled=True,
        sources={},
    ),
    ProductFacts(
        code="ha_multi",
        name="Hyaluronic acid with vitamins, amino acids and minerals",
        strength="5 mg/ml hyaluronic acid",
        product_class="ha_complex",
        usual_volume_ml=Decimal("3"),
        max_volume_ml=Decimal("5"),
        route="intradermal",
        min_interval_days=7,
        indications=("skin_radiance", "ageing_pigmentation"),
        allergens=("hyaluronic_acid", "streptococcal_protein", "thiamine", "cobalt", "sulfite"),
        caution="Holds B vitamins and may hold sulfites. Check the pack before use.",
        is_enabled=True,
        sources={
            "usual_volume_ml": RADIANCE_COURSE,
        },
    ),
    ProductFacts(
        code="polynucleotide_20",
        name="Polynucleotides",
        strength="20 mg/ml",
        product_class="biostimulator",
        usual_volume_ml=Decimal("2"),
        max_volume_ml=Decimal("4"),
        route="intradermal",
        min_interval_days=14,
        indications=("ageing_pigmentation", "skin_radiance", "hair_loss"),
        allergens=("fish",),
        caution="Made from fish. Not for anyone with a fish allergy.",
        is_enabled=True,
        sources={},
    ),
    ProductFacts(
        code="vit_c_100",
        name="Ascorbic acid (vitamin C), free of preservatives",
        strength="100 mg/ml",
        product_class="vitamin",
        usual_volume_ml=Decimal("1"),
        max_volume_ml=Decimal("3"),
        route="intradermal",
        min_interval_days=7,
        indications=("skin_radiance", "ageing_pigmentation"),
        allergens=(),
        caution="Not with G6PD deficiency. Acidic, so it may sting.",
        is_enabled=True,
        sources={},
    ),
    ProductFacts(
        code="vit_b_complex",
        name="Vitamin B complex (B1, B2, B6, B12)",
        strength="mixed",
        product_class="vitamin",
        usual_volume_ml=Decimal("2"),
        max_volume_ml=Decimal("4"),
        route="intradermal",
        min_interval_days=7,
        indications=("skin_radiance", "hair_loss"),
        allergens=("thiamine", "cobalt", "benzyl_alcohol"),
        caution=(
            "Thiamine can cause a severe allergic reaction. B12 holds cobalt. "
            "May hold benzyl alcohol."
        ),
        is_enabled=True,
        sources={},
    ),
    ProductFacts(
        code="glutathione_100",
        name="Glutathione",
        strength="100 mg/ml",
        product_class="antioxidant",
        usual_volume_ml=Decimal("1"),
        max_volume_ml=Decimal("2"),
        route="intradermal",
        min_interval_days=7,
        indications=("skin_radiance",),
        allergens=("sulfur",),
        caution=(
            "Off by default. A regulator warns against injecting it to lighten skin. "
            "Caution with asthma."
        ),
        is_enabled=False,
        sources={},
    ),
    ProductFacts(
        code="txa_4",
        name="Tranexamic acid, diluted",
        strength="4 mg/ml",
        product_class="antifibrinolytic",
        usual_volume_ml=Decimal("2"),
        max_volume_ml=Decimal("4"),
        route="intradermal",
        min_interval_days=7,
        indications=("ageing_pigmentation",),
        allergens=("sulfite",),
        caution=(
            "Not after a blood clot or a fit, or with severe kidney disease. "
            "Some brands hold sulfites."
        ),
        is_enabled=True,
        sources={
            "strength": TXA_4_TRIAL,
        },
    ),
    ProductFacts(
        code="txa_100",
        name="Tranexamic acid",
        strength="100 mg/ml",
        product_class="antifibrinolytic",
        usual_volume_ml=Decimal("1"),
        max_volume_ml=Decimal("2"),
        route="intradermal",
        min_interval_days=28,
        indications=("ageing_pigmentation",),
        allergens=("sulfite",),
        caution=(
            "Not after a blood clot or a fit, or with severe kidney disease. "
            "Some brands hold sulfites."
        ),
        is_enabled=True,
        sources={
            "strength": TXA_100_TRIAL,
            "min_interval_days": TXA_SPLIT_FACE,
        },
    ),
)
