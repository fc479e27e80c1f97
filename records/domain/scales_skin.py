"""Scales of the skin: folds, ageing, pigment, radiance."""

from decimal import Decimal
from typing import Final

from records.domain.scale_shapes import Direction, Kind, Rater, Scale, Side, grades
from records.domain.scale_sources import (
    FACE_QUESTIONNAIRE,
    FOLD_VALIDATION,
    PHOTOAGEING,
    PIGMENT_INDEX,
)
from treatments.domain.catalogue.sources import CLINIC_SETTING

SKIN: Final = (
    Scale(
        code="wsrs",
        name="Depth of the fold",
        least=Decimal(1),
        most=Decimal(5),
        step=Decimal(1),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.CLINICIAN,),
        source=FOLD_VALIDATION,
        how="The fold from nose to mouth, each side by itself.",
        sides=(Side.LEFT, Side.RIGHT),
        grades=grades(
            "No fold, a fine line at most",
            "Shallow fold",
            "Fold that shows, gone when stretched",
            "Long and deep fold",
            "Very long and deep fold",
        ),
    ),
    Scale(
        code="glogau",
        name="Type of skin ageing",
        least=Decimal(1),
        most=Decimal(4),
        step=Decimal(1),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.CLINICIAN,),
        source=PHOTOAGEING,
        how="A type, not a measure of change.",
        grades=grades(
            "I: few or no lines",
            "II: lines when the face moves",
            "III: lines at rest",
            "IV: lines everywhere",
        ),
        shows_change=False,
    ),
    Scale(
        code="mmasi",
        name="Pigment, area and darkness",
        least=Decimal(0),
        most=Decimal(24),
        step=Decimal("0.1"),
        better=Direction.LOWER,
        kind=Kind.ORDINAL,
        raters=(Rater.CLINICIAN,),
        source=PIGMENT_INDEX,
        how="Area and darkness of four parts of the face; the score is worked out of them. If "
        "pigment is treated, score it before the course and every 4 weeks.",
    ),
    Scale(
        code="faceq_skin",
        name="Face questionnaire (FACE-Q), score",
        least=Decimal(0),
        most=Decimal(100),
        step=Decimal(1),
        better=Direction.HIGHER,
        kind=Kind.ORDINAL,
        raters=(Rater.PATIENT,),
        source=FACE_QUESTIONNAIRE,
        how="Licensed: use it only with the clinic’s own licence. Only its score is kept here.",
    ),
    Scale(
        code="radiance_vas",
        name="Radiance",
        least=Decimal(0),
        most=Decimal(10),
        step=Decimal("0.1"),
        better=Direction.HIGHER,
        kind=Kind.ORDINAL,
        raters=(Rater.PATIENT,),
        source=CLINIC_SETTING,
        how="0 is dull, 10 is radiant. The patient marks a line of 10 cm.",
    ),
)
