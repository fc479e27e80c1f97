"""What happened: the signed record of a session and all that hangs on it."""

from records.models.photos import Photo, PhotoDecline, PhotoWithdrawal
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
    "Photo",
    "PhotoDecline",
    "PhotoWithdrawal",
    "RecordPart",
    "Seen",
    "SessionRecord",
    "ZoneTreatment",
]
