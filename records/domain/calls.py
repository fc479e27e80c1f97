"""When a clinician calls a patient after a session, and which of these calls is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class CallTime(StrEnum):
    """The calls after a session, in their order."""

    HOURS_48 = "48-hours"
    WEEKS_2 = "2-weeks"
    WEEKS_6 = "6-weeks"
    WEEKS_12 = "12-weeks"


# How long after the day of the session: [PK]. Late lumps come up to 12 weeks after it [S41].
CALL_AFTER: Final = {
    CallTime.HOURS_48: timedelta(days=2),
    CallTime.WEEKS_2: timedelta(weeks=2),
    CallTime.WEEKS_6: timedelta(weeks=6),
    CallTime.WEEKS_12: timedelta(weeks=12),
}
# How long the last call stays on the list if nobody is reached: [PK].
LAST_LISTED: Final = timedelta(weeks=4)
FIRST_AFTER: Final = min(CALL_AFTER.values())
LISTED_UNTIL: Final = max(CALL_AFTER.values()) + LAST_LISTED


class Answer(StrEnum):
    """What came of a call."""

    WELL = "WELL"
    SYMPTOMS = "SYMPTOMS"
    UNREACHED = "UNREACHED"


@dataclass(frozen=True, slots=True)
class DueCall:
    """A call that is due since `on`, a day of the site."""

    time: CallTime
    on: date


def call_on(time: CallTime, delivered_on: date) -> date:
    """Return the day from which the call is due after a session that was given on `delivered_on`."""
    return delivered_on + CALL_AFTER[time]


def due_call(delivered_on: date, answered: Collection[str], *, today: date) -> DueCall | None:
    """Return the call that is due `today` after the last session of a course; None if none is.

    A call that nobody answered gives way to the next one; `answered` are those that were.
    """
    begun = [time for time in CallTime if call_on(time, delivered_on) <= today]
    if not begun or begun[-1] in answered or today > delivered_on + LISTED_UNTIL:
        return None
    return DueCall(begun[-1], call_on(begun[-1], delivered_on))
