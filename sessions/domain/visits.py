"""How long a consultation or a review takes: habits of a desk, not medicine."""

from enum import StrEnum
from typing import Final


class VisitKind(StrEnum):
    """What is no session."""

    CONSULTATION = "CONSULTATION"
    REVIEW = "REVIEW"


# A first talk with history and consent fills half an hour; looking at a result takes half of that.
USUAL_MINUTES: Final = {VisitKind.CONSULTATION: 30, VisitKind.REVIEW: 15}
STEP_MINUTES: Final = 5
MOST_MINUTES: Final = 240


def are_minutes_of_a_visit(minutes: int) -> bool:
    """Whether a visit may take `minutes`: on the grid, and no longer than half a day."""
    return STEP_MINUTES <= minutes <= MOST_MINUTES and minutes % STEP_MINUTES == 0
