"""What happened: the signed record of a session and all that hangs on it."""

from records.models.adverse_events import (
    AdverseEvent,
    AdverseEventUpdate,
    Grade,
    HoldLift,
    OutcomeChoice,
)
from records.models.calls import AftercareCall
from records.models.lot_deviations import LotDeviation
from records.models.outcomes import Occasion, OutcomeAssessment, Rater, Side
from records.models.photos import Photo, PhotoDecline, PhotoWithdrawal, ReactionPhoto
from records.models.recalls import (
    Recall,
    RecallAttempt,
    RecallContact,
    RecallLot,
    RecallUse,
)
from records.models.session_facts import Antiseptic, EndPoints
from records.models.session_records import (
    EDITION,
    Administration,
    Amendment,
    Anaesthesia,
    Answer,
    RecordPart,
    Seen,
    SessionRecord,
    ZoneTreatment,
)

__all__ = [
    "EDITION",
    "Administration",
    "AdverseEvent",
    "AdverseEventUpdate",
    "AftercareCall",
    "Amendment",
    "Anaesthesia",
    "Answer",
    "Antiseptic",
    "EndPoints",
    "Grade",
    "HoldLift",
    "LotDeviation",
    "Occasion",
    "OutcomeAssessment",
    "OutcomeChoice",
    "Photo",
    "PhotoDecline",
    "PhotoWithdrawal",
    "Rater",
    "ReactionPhoto",
    "Recall",
    "RecallAttempt",
    "RecallContact",
    "RecallLot",
    "RecallUse",
    "RecordPart",
    "Seen",
    "SessionRecord",
    "Side",
    "ZoneTreatment",
]
