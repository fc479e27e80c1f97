"""What happened: the signed record of a session and all that hangs on it."""

from records.models.recalls import (
    Recall,
    RecallAttempt,
    RecallContact,
    RecallLot,
    RecallUse,
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
    "Amendment",
    "Anaesthesia",
    "Answer",
    "Recall",
    "RecallAttempt",
    "RecallContact",
    "RecallLot",
    "RecallUse",
    "RecordPart",
    "Seen",
    "SessionRecord",
    "ZoneTreatment",
]
