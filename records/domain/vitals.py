"""What is measured before a session, when it has to be, and when it stops the session of that day.

Pressures are mmHg, the pulse beats a minute, the temperature °C, the glucose mmol/l. Every limit
is a setting of the clinic [PK]; `docs/clinical-sources.md` lists them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Final

from records.domain.problems import Lack, Problem, Step

# What a person can have at all; anything else is a slip of the finger.
SYSTOLIC_MMHG: Final = (50, 300)
DIASTOLIC_MMHG: Final = (20, 200)
PULSE_BPM: Final = (20, 250)
TEMPERATURE_C: Final = (Decimal("30.0"), Decimal("45.0"))
GLUCOSE_MMOL: Final = (Decimal("0.5"), Decimal("60.0"))

# [PK] either of the two stops the session of today.
STOP_SYSTOLIC_MMHG: Final = 180
STOP_DIASTOLIC_MMHG: Final = 110
# [PK] fever waits until it has gone.
FEVER_C: Final = Decimal("38.0")
# [PK] above it nothing is injected today.
GLUCOSE_MOST_MMOL: Final = Decimal("14.0")
# [PK] people above this age have pressure and pulse taken at every session.
VITALS_ABOVE_AGE: Final = 60
# [PK] classes of products that widen or narrow vessels.
VASOACTIVE_CLASSES: Final = frozenset({"vasodilator"})


class Need(StrEnum):
    """Why pressure and pulse must be taken. Words for each are in `records.wording`."""

    ANAESTHETIC = "anaesthetic"
    BLOOD = "blood"
    VASOACTIVE = "vasoactive"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was measured; None is not measured."""

    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    pulse_bpm: int | None = None
    temperature_c: Decimal | None = None
    glucose_mmol: Decimal | None = None

    @property
    def has_pressure_and_pulse(self) -> bool:
        """Whether all three were taken."""
        return None not in (self.systolic_mmhg, self.diastolic_mmhg, self.pulse_bpm)


NO_VITALS: Final = Vitals()
VITALS: Final = tuple(field.name for field in fields(Vitals))


def needs(*, is_infiltrated: bool, is_blood: bool, is_vasoactive: bool, age: int) -> list[Need]:
    """Return why pressure and pulse must be taken before a session; [] if they need not."""
    reasons = [
        (is_infiltrated, Need.ANAESTHETIC),
        (is_blood, Need.BLOOD),
        (is_vasoactive, Need.VASOACTIVE),
        (age > VITALS_ABOVE_AGE, Need.AGE),
    ]
    return [need for is_so, need in reasons if is_so]


def vitals_missing(
    vitals: Vitals, why: Iterable[Need], *, is_unwell: bool, has_diabetes: bool
) -> list[Problem]:
    """Return what was not measured and must be: temperature if unwell, glucose with diabetes."""
    found = []
    first = next(iter(why), None)
    if first and not vitals.has_pressure_and_pulse:
        found.append(_problem(Lack(f"vitals_for_{first}"), "systolic_mmhg"))
    if is_unwell and vitals.temperature_c is None:
        found.append(_problem(Lack.TEMPERATURE_MISSING, "temperature_c"))
    if has_diabetes and vitals.glucose_mmol is None:
        found.append(_problem(Lack.GLUCOSE_MISSING, "glucose_mmol"))
    return found


def stopping(vitals: Vitals) -> list[Problem]:
    """Return what was measured and stops the session of today."""
    systolic, diastolic = vitals.systolic_mmhg or 0, vitals.diastolic_mmhg or 0
    temperature, glucose = vitals.temperature_c, vitals.glucose_mmol
    is_high = systolic >= STOP_SYSTOLIC_MMHG or diastolic >= STOP_DIASTOLIC_MMHG
    found = []
    if is_high:
        upper, lower = Decimal(systolic), Decimal(diastolic)
        found.append(_problem(Lack.PRESSURE_TOO_HIGH, "systolic_mmhg", given=upper, each=lower))
    if temperature is not None and temperature >= FEVER_C:
        found.append(_problem(Lack.FEVER, "temperature_c", given=temperature))
    if glucose is not None and glucose > GLUCOSE_MOST_MMOL:
        found.append(
            _problem(Lack.GLUCOSE_TOO_HIGH, "glucose_mmol", given=glucose, most=GLUCOSE_MOST_MMOL)
        )
    return found


def _problem(
    lack: Lack,
    field: str,
    given: Decimal | None = None,
    most: Decimal | None = None,
    each: Decimal | None = None,
) -> Problem:
    return Problem(Step.CHECKS, lack, field=field, given=given, most=most, each=each)
