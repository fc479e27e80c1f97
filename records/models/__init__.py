"""What happened: the signed record of a session and all that hangs on it."""

from records.models.adverse_events import (
    AdverseEvent,
    AdverseEventUpdate,
    Grade,
    HoldLift,
    OutcomeChoice,
)
from records.models.session_records import (
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
    "Administration",
    "AdverseEvent",
    "AdverseEventUpdate",
    "Amendment",
    "Anaesthesia",
    "Answer",
    "Grade",
    "HoldLift",
    "OutcomeChoice",
    "RecordPart",
    "Seen",
    "SessionRecord",
    "ZoneTreatment",
]
