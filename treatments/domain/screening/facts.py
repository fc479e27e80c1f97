"""What is known of a patient and a course on the day of the verdict."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from patients.domain.screening import Value

# A clinic setting [PK]: no publication was found that sets a number.
CLEARANCE_DAYS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that the clinic asks. The short ones are asked at every session."""

    code: str
    is_short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The newest answer to a question; days are those of the site's own time zone.

    `pk` names its row. `day` belongs to a yes; without one, what was said goes on still.
    """

    question: str
    value: Value
    answered_on: date
    unchanged_since: datetime
    day: date | None = None
    words: str = ""
    pk: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product, by what rules and allergies speak of."""

    code: str
    product_class: str
    allergens: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy:
    """Something noted that the patient must not get; `allergen` is "" if it is in words only.

    `product` is the code of a product that a severe reaction came after, "" for a substance.
    """

    substance: str
    allergen: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """A prescriber's sign-off for one rule, given on a day of the site's own time zone."""

    rule: str
    at: datetime
    given_on: date
    is_withdrawn: bool = False
    pk: int = 0

    @property
    def ends_on(self) -> date:
        """The first day on which it lifts nothing any more."""
        return self.given_on + timedelta(days=CLEARANCE_DAYS)

    def stands_on(self, today: date) -> bool:
        """Whether it is neither withdrawn nor over on that day, nor given after it."""
        return not self.is_withdrawn and self.given_on <= today < self.ends_on


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """What decides about a course besides the answers.

    `zones` are the codes of those that are treated; none are known before the record names them.
    `last_session_on` is the patient's last delivered session, of any course. With
    `is_session_day` the short questions must have been answered on the same day.
    """

    born_on: date
    indication: str = ""
    products: tuple[Product, ...] = ()
    zones: frozenset[str] = frozenset()
    last_session_on: date | None = None
    is_session_day: bool = False
