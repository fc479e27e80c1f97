"""What an answer can mean: the clinic's rules, one for each question and what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from patients.domain.screening import Value
from treatments.domain.screening.facts import CourseFacts, Product

LONGEST_LIMIT_DAYS: Final = 3660


class Level(StrEnum):
    """How grave a finding is."""

    BLOCK = "BLOCK"
    SIGNOFF = "SIGNOFF"
    WARN = "WARN"
    INFO = "INFO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one answer (or, with `question` "", an age above `above_age`) means.

    Of `product_class`, `allergen` and `product` at most one is not "": then the rule is about
    those products alone; with a `zone` (its code), about that zone alone. `indication` is "" if it
    is for all.
    """

    code: str
    level: Level
    words: str
    question: str = ""
    trigger: Value = Value.YES
    above_age: int | None = None
    indication: str = ""
    product_class: str = ""
    allergen: str = ""
    product: str = ""
    zone: str = ""
    days_before: int | None = None
    days_after: int | None = None

    @property
    def is_about_products(self) -> bool:
        """Whether it keeps certain products away, and not the whole treatment."""
        return bool(self.product_class or self.allergen or self.product)

    def is_planned(self, facts: CourseFacts) -> bool:
        """Whether it is about what the course is going to do, as far as it is known."""
        is_here = not self.zone or self.zone in facts.zones
        return is_here and (not self.is_about_products or self._is_about(facts.products))

    def is_in_time(self, day: date | None, today: date) -> bool:
        """Whether `today` is nearer to `day` than the rule's limit; at the limit it is over."""
        if day is None:
            return True
        if today < day:
            return self.days_before is None or day - today < timedelta(days=self.days_before)
        return self.days_after is None or today - day < timedelta(days=self.days_after)

    def until(self, day: date | None) -> date | None:
        """Return the first day that is far enough from `day`, None if no such day is known."""
        if day is None or self.days_after is None:
            return None
        return day + timedelta(days=self.days_after)

    def _is_about(self, products: Sequence[Product]) -> bool:
        """Whether one of `products` is what it keeps away."""
        if self.allergen:
            return any(self.allergen in product.allergens for product in products)
        if self.product:
            return any(self.product == product.code for product in products)
        return any(self.product_class == product.product_class for product in products)
