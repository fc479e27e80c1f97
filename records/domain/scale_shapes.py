"""What a scale is, and what it allows."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way is better. CONTEXT is neither: it explains other values."""

    LOWER = "LOWER"
    HIGHER = "HIGHER"
    CONTEXT = "CONTEXT"


class Rater(StrEnum):
    """Who gives the value."""

    CLINICIAN = "CLINICIAN"
    PATIENT = "PATIENT"
    DEVICE = "DEVICE"


class Kind(StrEnum):
    """RATIO has a real zero, so that percentages mean something; grades and marks have none."""

    ORDINAL = "ORDINAL"
    RATIO = "RATIO"


class Side(StrEnum):
    """Where it is scored; "" is the whole area."""

    WHOLE = ""
    LEFT = "LEFT"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True)
class Grade:
    """A value of a scale in words. Of bands, `value` is the highest that the words are for."""

    value: Decimal
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One way to score a result.

    `grades` are the only values there are; `bands` give words to stretches of values. `noise` is
    the largest difference that means nothing, in the unit; `noise_percent` the same in percent of
    the first value. `unchanged` is the value that says "no change" where the scale itself compares
    with before. `shows_change` is false for what classifies or explains and does not follow a course.
    """

    code: str
    name: str
    least: Decimal
    most: Decimal
    step: Decimal
    better: Direction
    kind: Kind
    raters: tuple[Rater, ...]
    source: str
    unit: str = ""
    how: str = ""
    sides: tuple[Side, ...] = (Side.WHOLE,)
    grades: tuple[Grade, ...] = ()
    bands: tuple[Grade, ...] = ()
    noise: Decimal = Decimal(0)
    noise_percent: Decimal = Decimal(0)
    unchanged: Decimal | None = None
    at_baseline: bool = True
    shows_change: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError for a range, a step or words that cannot be right."""
        if not Decimal(0) <= self.least < self.most or self.step <= 0:
            raise ValueError(f"{self.code}: the range is empty, below zero, or has no step.")
        if not self.raters or not self.sides:
            raise ValueError(f"{self.code}: somebody scores it somewhere.")
        values = [grade.value for grade in self.grades]
        if values != sorted(set(values)) or (values and (values[0], values[-1]) != self.range):
            raise ValueError(f"{self.code}: the grades do not go from one end to the other.")

    @property
    def range(self) -> tuple[Decimal, Decimal]:
        """The lowest and the highest value."""
        return self.least, self.most

    @property
    def is_ratio(self) -> bool:
        """Whether a percentage of it means something."""
        return self.kind is Kind.RATIO

    def allows(self, value: Decimal) -> bool:
        """Whether `value` is one of the scale's values."""
        if self.grades:
            return any(grade.value == value for grade in self.grades)
        return self.least <= value <= self.most and (value - self.least) % self.step == 0

    def label_of(self, value: Decimal) -> str:
        """Return the words for `value`, "" where the scale has none."""
        if self.grades:
            return next((grade.label for grade in self.grades if grade.value == value), "")
        return next((band.label for band in self.bands if value <= band.value), "")


def grades(*labels: str, first: int = 1) -> tuple[Grade, ...]:
    """Return a grade for each label, one apart, from `first` on."""
    return tuple(Grade(Decimal(first + number), label) for number, label in enumerate(labels))
