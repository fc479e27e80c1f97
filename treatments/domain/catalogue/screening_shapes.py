"""The shapes of the health questionnaire. A value that cannot be right is refused on the spot."""

import re
from dataclasses import dataclass
from typing import Any, Final

from patients.domain.allergens import ALLERGENS
from patients.domain.screening import Kind
from treatments.domain.catalogue.sources import CLINIC_SETTING
from treatments.domain.catalogue.vocabulary import INDICATION_SLUGS, PRODUCT_CLASSES
from treatments.domain.catalogue.zones import ZONES
from treatments.domain.screening.rules import LONGEST_LIMIT_DAYS, Level

GROUPS: Final = (
    "CHANGES",
    "PREGNANCY",
    "ALLERGIES",
    "ILLNESS",
    "MEDICINES",
    "SKIN",
    "CLINICIAN",
)
# Days of the limits that are named in months and years.
HALF_A_YEAR: Final = 183
FIVE_YEARS: Final = 1826
_CODE = re.compile(r"[a-z][a-z0-9_]{2,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionText:
    """A question in plain words; `detail` is what a yes is asked further, "" if nothing."""

    code: str
    group: str
    text: str
    detail: str = ""
    kind: Kind = Kind.YES_NO
    is_short: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a code, group or detail that cannot be right."""
        if not _CODE.fullmatch(self.code) or self.group not in GROUPS:
            raise ValueError(f"Unfit code or group: {self.code!r}, {self.group!r}.")
        if not self.text.endswith("?") or bool(self.detail) != (self.kind is not Kind.YES_NO):
            raise ValueError(f"{self.code}: a question ends with ?, a detail goes with its kind.")

    @property
    def is_for_clinician(self) -> bool:
        """Whether the clinician answers it, and not the patient."""
        return self.group == "CLINICIAN"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """What a yes to `question` means; with "" and `above_age`, what an age means.

    At most one of `product_class`, `allergen` and `product` is named: then the rule is about those
    products alone; with a `zone`, about that zone alone. `days_before` and `days_after` are whole days around the day of the answer.
    """

    question: str
    level: Level
    words: str
    source: str = CLINIC_SETTING
    above_age: int | None = None
    indication: str = ""
    product_class: str = ""
    allergen: str = ""
    product: str = ""
    zone: str = ""
    days_before: int | None = None
    days_after: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for unknown names, impossible days or words that are no sentence."""
        if bool(self.question) == (self.above_age is not None):
            raise ValueError(f"A rule asks a question or an age: {self.words!r}.")
        if sum(map(bool, (self.product_class, self.allergen, self.product))) > 1:
            raise ValueError(f"{self.question}: name products in one way.")
        known = (
            self.indication in ("", *INDICATION_SLUGS)
            and self.product_class in ("", *PRODUCT_CLASSES)
            and self.allergen in ("", *ALLERGENS)
            and self.zone in ("", *(zone.code for zone in ZONES))
        )
        if not known:
            raise ValueError(f"{self.question}: unknown indication, class, allergen or zone.")
        days = [day for day in (self.days_before, self.days_after) if day is not None]
        if any(not 1 <= day <= LONGEST_LIMIT_DAYS for day in days):
            raise ValueError(f"{self.question}: impossible days.")
        if not self.words.endswith("."):
            raise ValueError(f"{self.question}: say it in a sentence.")

    @property
    def code(self) -> str:
        """The name of the rule: its question, and what it is about."""
        about = self.indication or self.product_class or self.allergen or self.product
        question = self.question or f"age_above_{self.above_age}"
        return "-".join(part for part in (question, about, self.zone) if part)


def block(question: str, words: str, source: str = CLINIC_SETTING, **more: Any) -> RuleFacts:
    """Return a rule that forbids."""
    return RuleFacts(question=question, level=Level.BLOCK, words=words, source=source, **more)


def sign_off(question: str, words: str, source: str = CLINIC_SETTING, **more: Any) -> RuleFacts:
    """Return a rule that lets a prescriber decide."""
    return RuleFacts(question=question, level=Level.SIGNOFF, words=words, source=source, **more)


def warn(question: str, words: str, source: str = CLINIC_SETTING, **more: Any) -> RuleFacts:
    """Return a rule that asks for care."""
    return RuleFacts(question=question, level=Level.WARN, words=words, source=source, **more)
