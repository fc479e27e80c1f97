"""The protocol each indication starts from. The clinic may change it within the chain rules."""

from decimal import Decimal
from typing import Final

from treatments.domain.catalogue.shapes import ProtocolNumbers
from treatments.domain.catalogue.sources import (
    CELLULITE_COURSE,
    CLINIC_SETTING,
    FOUNDING_RULE,
    HAIR_COURSE,
    NAPPAGE_DEPTH,
    RADIANCE_COURSE,
)
from treatments.domain.catalogue.vocabulary import PROTOCOL_NUMBER_FIELDS

_FOUNDING_FIELDS: Final = (
    "initial_min_days",
    "initial_max_days",
    "monthly_min_days",
    "monthly_max_days",
)


def _sources(**sourced: str) -> dict[str, str]:
    """Name a source for every number: those given, the founding rule, else a clinic setting."""
    founding = dict.fromkeys(_FOUNDING_FIELDS, FOUNDING_RULE)
    return dict.fromkeys(PROTOCOL_NUMBER_FIELDS, CLINIC_SETTING) | founding | sourced


PROTOCOLS: Final = (
    ProtocolNumbers(
        indication="cellulite_tightening",
        total_sessions=10,
        initial_sessions=6,
        procedure_minutes=40,
        session_minutes=60,
        depth_min_mm=Decimal("2.0"),
        depth_max_mm=Decimal("4.0"),
        downtime_min_days=0,
        downtime_max_days=3,
        techniques=("point_by_point",),
        max_volume_ml=Decimal("20"),
        outcome_scales=("nm", "css", "circumference_cm", "gais", "satisfaction"),
        baseline_scales=(("nm",), ("circumference_cm",)),
        needs_specialist=False,
        sources=_sources(total_sessions=CELLULITE_COURSE),
    ),
    ProtocolNumbers(
        indication="skin_radiance",
        total_sessions=5,
        initial_sessions=3,
        procedure_minutes=30,
        session_minutes=60,
        depth_min_mm=Decimal("1.0"),
        depth_max_mm=Decimal("2.0"),
        downtime_min_days=0,
        downtime_max_days=2,
        techniques=("nappage",),
        max_volume_ml=Decimal("5"),
        outcome_scales=("gais", "radiance_vas", "faceq_skin", "satisfaction"),
        baseline_scales=(("radiance_vas",),),
        needs_specialist=False,
        sources=_sources(total_sessions=RADIANCE_COURSE, initial_sessions=RADIANCE_COURSE),
    ),
    ProtocolNumbers(
        indication="body_sculpting",
        total_sessions=8,
        initial_sessions=6,
        procedure_minutes=45,
        session_minutes=60,
        depth_min_mm=Decimal("3.0"),
        depth_max_mm=Decimal("4.0"),
        downtime_min_days=1,
        downtime_max_days=5,
        techniques=("point_by_point",),
        max_volume_ml=Decimal("20"),
        outcome_scales=("circumference_cm", "caliper_mm", "weight_bmi", "gais"),
        baseline_scales=(("circumference_cm",), ("weight_bmi",)),
        needs_specialist=False,
        sources=_sources(),
    ),
    ProtocolNumbers(
        indication="ageing_pigmentation",
        total_sessions=8,
        initial_sessions=5,
        procedure_minutes=40,
        session_minutes=60,
        depth_min_mm=Decimal("1.0"),
        depth_max_mm=Decimal("3.0"),
        downtime_min_days=0,
        downtime_max_days=3,
        techniques=("papular", "linear_retrograde"),
        max_volume_ml=Decimal("5"),
        outcome_scales=("wsrs", "glogau", "mmasi", "gais", "faceq_skin"),
        baseline_scales=(("wsrs", "glogau"),),
        needs_specialist=False,
        sources=_sources(),
    ),
    ProtocolNumbers(
        indication="hair_loss",
        total_sessions=10,
        initial_sessions=6,
        procedure_minutes=30,
        session_minutes=45,
        depth_min_mm=Decimal("2.0"),
        depth_max_mm=Decimal("4.0"),
        downtime_min_days=0,
        downtime_max_days=1,
        techniques=("nappage", "point_by_point"),
        max_volume_ml=Decimal("8"),
        outcome_scales=("norwood", "ludwig", "sinclair", "hair_density", "hair_pull", "gais"),
        baseline_scales=(("norwood", "ludwig", "sinclair"), ("hair_density",)),
        needs_specialist=True,
        sources=_sources(
            total_sessions=HAIR_COURSE,
            depth_min_mm=NAPPAGE_DEPTH,
            depth_max_mm=NAPPAGE_DEPTH,
        ),
    ),
)
