"""Scales of the body: cellulite, circumference, skin fold, weight."""

from decimal import Decimal
from typing import Final

from records.domain.scale_shapes import Direction, Grade, Kind, Rater, Scale, Side, grades
from records.domain.scale_sources import CELLULITE_GRADES, CELLULITE_PHOTOS, CELLULITE_SEVERITY
from treatments.domain.catalogue.sources import CLINIC_SETTING

BODY: Final = (
    Scale(
        code="nm",
        name="Cellulite grade",
        least=Decimal(0),
        most=Decimal(3),
        step=Decimal(1),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.CLINICIAN,),
        source=CELLULITE_GRADES,
        how="Look at the skin while the patient stands, lies, and when it is pinched.",
        grades=grades(
            "Smooth standing and lying",
            "Smooth, dimples when pinched",
            "Dimples standing, not lying",
            "Dimples standing and lying",
            first=0,
        ),
    ),
    Scale(
        code="css",
        name="Cellulite severity, five signs",
        least=Decimal(0),
        most=Decimal(15),
        step=Decimal(1),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.CLINICIAN,),
        source=CELLULITE_SEVERITY,
        how="Score 0 to 3 each and add up: number of dents, their depth, raised areas, slack skin, "
        "cellulite grade.",
        # The bands are a clinic setting.
        bands=(
            Grade(Decimal(0), "None"),
            Grade(Decimal(5), "Mild"),
            Grade(Decimal(10), "Moderate"),
            Grade(Decimal(15), "Severe"),
        ),
    ),
    Scale(
        code="crpcss",
        name="Cellulite beside photos, by the clinician",
        least=Decimal(0),
        most=Decimal(4),
        step=Decimal(1),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.CLINICIAN,),
        source=CELLULITE_PHOTOS,
        grades=grades("None", "Almost none", "Mild", "Moderate", "Severe", first=0),
    ),
    Scale(
        code="prpcss",
        name="Cellulite beside photos, by the patient",
        least=Decimal(0),
        most=Decimal(4),
        step=Decimal(1),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.PATIENT,),
        source=CELLULITE_PHOTOS,
        grades=grades("None", "Almost none", "Mild", "Moderate", "Severe", first=0),
    ),
    Scale(
        code="circumference_cm",
        name="Circumference",
        least=Decimal(10),
        most=Decimal(250),
        step=Decimal("0.1"),
        better=Direction.LOWER,
        kind=Kind.RATIO,
        raters=(Rater.CLINICIAN,),
        source=CLINIC_SETTING,
        unit="cm",
        how="Measure at the same height from the floor, in the same posture, at the same time of "
        "day. Note height and posture. A difference of up to 1 cm means nothing.",
        sides=(Side.WHOLE, Side.LEFT, Side.RIGHT),
        noise=Decimal(1),
    ),
    Scale(
        code="caliper_mm",
        name="Skin fold",
        least=Decimal(1),
        most=Decimal(150),
        step=Decimal("0.1"),
        better=Direction.LOWER,
        kind=Kind.RATIO,
        raters=(Rater.CLINICIAN,),
        source=CLINIC_SETTING,
        unit="mm",
        how="The mean of 3 measurements, on the same side, with the same device.",
        sides=(Side.WHOLE, Side.LEFT, Side.RIGHT),
    ),
    Scale(
        code="weight_bmi",
        name="Weight",
        least=Decimal(20),
        most=Decimal(400),
        step=Decimal("0.1"),
        better=Direction.CONTEXT,
        kind=Kind.RATIO,
        raters=(Rater.CLINICIAN,),
        source=CLINIC_SETTING,
        unit="kg",
        how="More than 2 % of change can explain a change of the other values.",
        noise_percent=Decimal(2),
        shows_change=False,
    ),
)
