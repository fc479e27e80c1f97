"""How it was straight after: end-points, pain, reaction, and how long the patient was watched."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from records.domain.problems import Lack, Problem, Step

# 0 is none, 10 the worst one can think of.
PAIN: Final = (0, 10)
OBSERVED_MINUTES: Final = (1, 240)
# [PK] after a first session or a product that is new to the patient.
FIRST_MINUTES: Final = 15
# [PK] with any allergy, or a severe allergic reaction of the past.
ALLERGY_MINUTES: Final = 30


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What was seen, and felt, straight after. `pain` is None and words are "" while not said."""

    end_points: str = ""
    pain: int | None = None
    reaction: str = ""
    observed_minutes: int | None = None
    is_care_given: bool = False


NOTHING_SAID: Final = Afterwards()


def minutes_to_watch(*, is_first: bool, is_new_product: bool, has_allergy: bool) -> int:
    """Return for how many minutes the patient stays to be watched; 0 if none are asked for."""
    if has_allergy:
        return ALLERGY_MINUTES
    return FIRST_MINUTES if is_first or is_new_product else 0


def afterwards_problems(after: Afterwards, *, watch_minutes: int) -> list[Problem]:
    """Return what is not said of the time straight after. "None" is an answer, silence is not."""
    lacks = [
        (not after.end_points, Lack.END_POINTS_MISSING, "end_points"),
        (after.pain is None, Lack.PAIN_MISSING, "pain"),
        (not after.reaction.strip(), Lack.REACTION_MISSING, "reaction"),
        (not after.is_care_given, Lack.AFTERCARE_NOT_GIVEN, "aftercare_given"),
    ]
    found = [Problem(Step.AFTERCARE, lack, field=name) for is_so, lack, name in lacks if is_so]
    if (after.observed_minutes or 0) < watch_minutes:
        most = Decimal(watch_minutes)
        field = "observed_minutes"
        found.append(Problem(Step.AFTERCARE, Lack.OBSERVED_TOO_SHORT, field=field, most=most))
    return found
