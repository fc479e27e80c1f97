"""The scales by which a result is judged: range, direction, who scores, and own words for grades.

No item of a licensed questionnaire is here: of those the score alone is kept. Sources are named in
the words of `docs/clinical-sources.md`.
"""

from decimal import Decimal
from typing import Final

from records.domain.scale_shapes import Direction, Kind, Rater, Scale, grades
from records.domain.scale_sources import GAIS_PAGE
from records.domain.scales_body import BODY
from records.domain.scales_hair import HAIR
from records.domain.scales_skin import SKIN
from treatments.domain.catalogue.sources import CLINIC_SETTING

FOR_ALL: Final = (
    Scale(
        code="gais",
        name="Improvement since before the course",
        least=Decimal(1),
        most=Decimal(5),
        step=Decimal(1),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.CLINICIAN, Rater.PATIENT),
        source=GAIS_PAGE,
        how="Compare with the photos from before the course. Other versions count the other way.",
        grades=grades("Very much better", "Much better", "Better", "No change", "Worse"),
        unchanged=Decimal(4),
        at_baseline=False,
    ),
    Scale(
        code="satisfaction",
        name="Satisfaction",
        least=Decimal(1),
        most=Decimal(5),
        step=Decimal(1),
        better=Direction.HIGHER,
        kind=Kind.ORDINAL,
        raters=(Rater.PATIENT,),
        source=CLINIC_SETTING,
        grades=grades(
            "Not satisfied at all",
            "Not quite satisfied",
            "Neither",
            "Satisfied",
            "Very satisfied",
        ),
        at_baseline=False,
        shows_change=False,
    ),
    Scale(
        code="pain_nrs",
        name="Pain of the treatment",
        least=Decimal(0),
        most=Decimal(10),
        step=Decimal(1),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.PATIENT,),
        source=CLINIC_SETTING,
        how="0 is no pain, 10 the worst that can be thought of. Ask about the last session.",
        at_baseline=False,
        shows_change=False,
    ),
)

SCALES: Final[dict[str, Scale]] = {scale.code: scale for scale in (*FOR_ALL, *BODY, *SKIN, *HAIR)}

# Scales that a protocol may add to its own list: the "use" of each, by indication.
MORE_SCALES: Final[dict[str, tuple[str, ...]]] = {
    "cellulite_tightening": ("crpcss", "prpcss", "weight_bmi", "pain_nrs"),
    "skin_radiance": ("glogau", "pain_nrs"),
    "body_sculpting": ("satisfaction", "pain_nrs"),
    "ageing_pigmentation": ("satisfaction", "pain_nrs"),
    "hair_loss": (
        "hair_diameter",
        "vellus_percent",
        "shedding_60s",
        "satisfaction",
        "pain_nrs",
    ),
}
