"""The closed lists of the catalogue: codes, bounds, and the fields a source can stand behind."""

from decimal import Decimal
from typing import Final

INDICATION_SLUGS: Final = (
    "cellulite_tightening",
    "skin_radiance",
    "body_sculpting",
    "ageing_pigmentation",
    "hair_loss",
)

# Bounds of the chain rules; `docs/clinical-sources.md` says where each one comes from.
MIN_SESSIONS: Final = 3
MAX_SESSIONS: Final = 15
INITIAL_GAP_DAYS: Final = (7, 10)
MONTHLY_GAP_DAYS: Final = (28, 35)
DEPTH_BOUNDS_MM: Final = (Decimal("1.0"), Decimal("4.0"))

EVIDENCE_GRADES: Final = ("low", "low to moderate", "negative to low", "low, conflicting")
TECHNIQUES: Final = (
    "epidermic",
    "papular",
    "nappage",
    "point_by_point",
    "linear_retrograde",
    "mesogun",
)
OUTCOME_SCALES: Final = (
    "nm",
    "css",
    "circumference_cm",
    "caliper_mm",
    "weight_bmi",
    "gais",
    "satisfaction",
    "radiance_vas",
    "faceq_skin",
    "wsrs",
    "glogau",
    "mmasi",
    "norwood",
    "ludwig",
    "sinclair",
    "hair_density",
    "hair_pull",
)
ROUTES: Final = ("intradermal", "subcutaneous", "topical", "any")
PRODUCT_CLASSES: Final = (
    "ha",
    "ha_complex",
    "biostimulator",
    "vitamin",
    "antioxidant",
    "antifibrinolytic",
    "structural",
    "xanthine",
    "lipolytic_stimulator",
    "plant",
    "venotonic_plant",
    "enzyme",
    "detergent",
    "vasodilator",
    "five_ari",
    "autologous",
    "anaesthetic",
    "topical_anaesthetic",
    "diluent",
)

PROTOCOL_NUMBER_FIELDS: Final = (
    "total_sessions",
    "initial_sessions",
    "initial_min_days",
    "initial_max_days",
    "monthly_min_days",
    "monthly_max_days",
    "procedure_minutes",
    "session_minutes",
    "depth_min_mm",
    "depth_max_mm",
    "downtime_min_days",
    "downtime_max_days",
    "max_volume_ml",
)
PRODUCT_SOURCE_FIELDS: Final = (
    "strength",
    "usual_volume_ml",
    "max_volume_ml",
    "min_interval_days",
    "max_points",
    "max_point_ml",
    "max_treatments",
)
