"""What a patient agrees to, unit by unit, and whether it still stands.

A unit is agreed to or declined by itself. How long consent lasts is a clinic setting; see
`docs/clinical-sources.md`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from treatments.domain.catalogue import DISCLAIMER_HEADING, DISCLAIMER_TEXT
from treatments.domain.reflection import Reflection
from treatments.domain.text import tidy
from treatments.domain.zone_classes import ZoneClass


class Unit(StrEnum):
    """What is agreed to by itself. The first four belong to a course, the others to a patient."""

    TREATMENT = "TREATMENT"
    OFF_LABEL = "OFF_LABEL"
    BLOOD_DRAW = "BLOOD_DRAW"
    ANAESTHESIA = "ANAESTHESIA"
    PHOTOS = "PHOTOS"
    TEACHING = "TEACHING"
    MARKETING = "MARKETING"
    MESSAGES = "MESSAGES"


COURSE_UNITS: Final = (Unit.TREATMENT, Unit.OFF_LABEL, Unit.BLOOD_DRAW, Unit.ANAESTHESIA)
PATIENT_UNITS: Final = (Unit.PHOTOS, Unit.TEACHING, Unit.MARKETING, Unit.MESSAGES)

# Clinic settings: no publication was found that sets a number.
MONTHS_VALID: Final = 12
MONTHS_OF_BREAK: Final = 6

# A planned product that is used outside its approval, or that is made of the patient's blood.
_ASKED_BY_CLASS: Final = {
    "detergent": Unit.OFF_LABEL,
    "five_ari": Unit.OFF_LABEL,
    "vasodilator": Unit.OFF_LABEL,
    "autologous": Unit.BLOOD_DRAW,
}


# Asked only for a product of such a class; nobody else is troubled with it.
ONLY_IF_REQUIRED: Final = frozenset(_ASKED_BY_CLASS.values())


# Signed for one class of products, these say nothing of another one.
_BY_PRODUCT: Final = frozenset({Unit.TREATMENT, *_ASKED_BY_CLASS.values()})


class State(StrEnum):
    """How it is with one unit. All but VALID mean that it does not stand.

    From SEVERE_REACTION on they are turns: something happened after it was signed.
    """

    VALID = "VALID"
    MISSING = "MISSING"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"
    OUTDATED = "OUTDATED"
    EXPIRED = "EXPIRED"
    AFTER_BREAK = "AFTER_BREAK"
    OTHER_INDICATION = "OTHER_INDICATION"
    OTHER_PRODUCT = "OTHER_PRODUCT"
    SEVERE_REACTION = "SEVERE_REACTION"
    HOLD_LIFTED = "HOLD_LIFTED"
    PATIENT_ASKS = "PATIENT_ASKS"
    OTHER_ZONE = "OTHER_ZONE"
    OTHER_TEAM = "OTHER_TEAM"
    NEW_FINDING = "NEW_FINDING"


# What somebody says by hand, because no row tells it.
SAID_BY_HAND: Final = (
    State.PATIENT_ASKS,
    State.OTHER_ZONE,
    State.OTHER_TEAM,
    State.NEW_FINDING,
)
TURNS: Final = frozenset({State.SEVERE_REACTION, State.HOLD_LIFTED, *SAID_BY_HAND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A unit that the clinic asks for, by its text in force. `indication` is "" if it is for all.

    `template` names the text. A session waits for what `is_required`. `translations` are the
    languages and versions of the same text that may be signed instead.
    """

    unit: Unit
    indication: str
    version: int
    template: int
    is_required: bool
    translations: frozenset[tuple[str, int]] = frozenset()

    def is_text_of(self, signed: "Signed") -> bool:
        """Whether `signed` is about the text in force, in whatever language."""
        if signed.indication != self.indication:
            return False
        if signed.language:
            return (signed.language, signed.version) in self.translations
        return signed.version == self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A unit that was signed, `is_given` or declined, on a day of the site's own time zone.

    `indication` is the one of its text, "" if that was for all; `course` is None for what a
    patient agrees to once for all courses. `product_class` is that of the product planned then,
    `language` the one of the text, "" for the clinic's own. `zone_classes` are the parts of the
    body that were talked about, none for all; `site` is where it was signed, None for anywhere, and
    `taken_by` who explained it.
    """

    consent: int
    unit: Unit
    indication: str
    version: int
    course: int | None
    course_indication: str
    product_class: str = ""
    language: str = ""
    zone_classes: frozenset[ZoneClass] = frozenset()
    site: int | None = None
    taken_by: int | None = None
    is_given: bool
    signed_on: date
    signed_at: datetime
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """Something after which consent is talked through again, and when it became known (aware)."""

    state: State
    at: datetime

    def __post_init__(self) -> None:
        if self.state not in TURNS:
            raise ValueError(f"nothing turns by this: {self.state}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who gives the next session of a course, and at which site; `is_known` if they treated it before."""

    site: int
    practitioner: int
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """What decides about the consents of a course; `product_class` is that of the planned product.

    `team` is None while no session is booked.
    """

    course: int
    indication: str
    last_session_on: date | None
    product_class: str = ""
    turns: tuple[Turn, ...] = ()
    team: Team | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """How it is with one unit that is asked for; `signed` is what the finding is about, if any."""

    asked: Asked
    state: State
    signed: Signed | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it stands."""
        return self.state is State.VALID

    @property
    def holds_up(self) -> bool:
        """Whether a session waits for it."""
        return self.asked.is_required and not self.is_valid

    def covers(self, zone_class: ZoneClass) -> bool:
        """Whether what was signed, if anything, is about that part of the body."""
        parts = self.signed.zone_classes if self.signed else frozenset()
        return not parts or zone_class in parts


@dataclass(frozen=True, slots=True)
class Standing:
    """How it is with everything that is asked for, required units first.

    `reflection` is time that the patient has to think before the first session, None if it is over.
    `aside` are units that only a product asks for which is not planned.
    """

    findings: tuple[Finding, ...]
    reflection: Reflection | None = None
    aside: tuple[Finding, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether the clinic asks for consent to the treatment. If not, it keeps consent on paper."""
        return any(
            finding.asked.is_required and finding.asked.unit is Unit.TREATMENT
            for finding in self.findings
        )

    @property
    def missing(self) -> tuple[Finding, ...]:
        """What a session waits for."""
        return tuple(each for each in self.findings if self.is_asked and each.holds_up)

    @property
    def is_open(self) -> bool:
        """Whether a session has to wait."""
        return bool(self.missing)

    @property
    def is_complete(self) -> bool:
        """Whether something is required, and all of it stands."""
        return self.is_asked and not self.is_open

    @property
    def to_sign(self) -> tuple[Finding, ...]:
        """What can be signed now, required or not."""
        return tuple(finding for finding in self.findings if not finding.is_valid)

    def lacks_for(self, product_class: str) -> Finding | None:
        """Return what does not stand and a product of that class asks for by itself, None if all does.

        A clinic that keeps consent on paper, or has no text for the unit, asks for nothing here.
        """
        unit = own_unit(product_class)
        known = (*self.findings, *self.aside) if self.is_asked else ()
        return next((one for one in known if one.asked.unit is unit and not one.is_valid), None)

    def lacks_zone(self, zone_class: ZoneClass) -> Finding | None:
        """Return the consent to the treatment, if it stands and leaves out that part of the body.

        One that does not stand at all is found by `missing`.
        """
        stands = next((one for one in self.findings if one.asked.unit is Unit.TREATMENT), None)
        if stands is None or not stands.is_valid or stands.covers(zone_class):
            return None
        return replace(stands, state=State.OTHER_ZONE)


def own_unit(product_class: str) -> Unit | None:
    """Return what a product of that class asks for by itself, None if nothing."""
    return _ASKED_BY_CLASS.get(product_class)


def required_units(product_class: str) -> frozenset[Unit]:
    """Return what a course must have consent to; `product_class` is "" without a planned product."""
    more = own_unit(product_class)
    return frozenset({Unit.TREATMENT} if more is None else {Unit.TREATMENT, more})


def standing(
    asked: Sequence[Asked], signed: Sequence[Signed], course: CourseFacts, *, today: date
) -> Standing:
    """Return how it is with each unit of `asked` on `today`. `signed` is in the order of signing.

    Of several signatures for one unit the newest counts, also if it declines or was revoked.
    """
    findings = [_find(one, signed, course, today) for one in asked]
    order = list(Unit)
    findings.sort(key=lambda one: (not one.asked.is_required, order.index(one.asked.unit)))
    aside = [
        one for one in findings if one.asked.unit in ONLY_IF_REQUIRED and not one.asked.is_required
    ]
    return Standing(tuple(one for one in findings if one not in aside), aside=tuple(aside))


def can_reopen(standing: Standing) -> bool:
    """Whether anything stands that was signed for the course itself."""
    return any(one.is_valid and one.asked.unit in COURSE_UNITS for one in standing.findings)


def _find(asked: Asked, signed: Sequence[Signed], course: CourseFacts, today: date) -> Finding:
    same = [one for one in signed if one.unit is asked.unit]
    own = [one for one in same if one.course in (None, course.course)]
    if own:
        return Finding(asked, _state(asked, own[-1], course, today), own[-1])
    # A course that begins again is talked through again: a consent never passes to another one.
    elsewhere = [
        one
        for one in same
        if one.is_given and not one.is_revoked and one.course_indication != course.indication
    ]
    if elsewhere:
        return Finding(asked, State.OTHER_INDICATION, elsewhere[-1])
    return Finding(asked, State.MISSING)


def _state(asked: Asked, signed: Signed, course: CourseFacts, today: date) -> State:
    if signed.is_revoked:
        return State.REVOKED
    if not signed.is_given:
        return State.DECLINED
    if not asked.is_text_of(signed):
        return State.OUTDATED
    if today >= signed.signed_on + relativedelta(months=MONTHS_VALID):
        return State.EXPIRED
    # What a patient agrees to once for all courses hangs on none of them.
    return State.VALID if signed.course is None else _course_state(signed, course, today)


def _course_state(signed: Signed, course: CourseFacts, today: date) -> State:
    """Return how it is with a consent that is signed, given, and young enough."""
    if _has_break(signed.signed_on, course.last_session_on, today):
        return State.AFTER_BREAK
    is_other = course.product_class not in ("", signed.product_class)
    if is_other and signed.unit in _BY_PRODUCT:
        return State.OTHER_PRODUCT
    if signed.unit is Unit.TREATMENT and _is_other_team(signed, course.team):
        return State.OTHER_TEAM
    since = [turn for turn in course.turns if turn.at >= signed.signed_at]
    return max(since, key=lambda one: one.at).state if since else State.VALID


def _is_other_team(signed: Signed, team: Team | None) -> bool:
    """Whether the patient knows neither the place nor the person of the next session."""
    if team is None or team.is_known or signed.site in (None, team.site):
        return False
    return team.practitioner != signed.taken_by


def _has_break(signed_on: date, last_session_on: date | None, today: date) -> bool:
    """Whether the course paused for too long, and the consent is from before the pause was over."""
    if last_session_on is None:
        return False
    too_long = last_session_on + relativedelta(months=MONTHS_OF_BREAK)
    return today > too_long and signed_on <= too_long


def text_to_sign(title: str, text: str, where: str = "") -> str:
    """Return all that is read before signing: title, text, and the disclaimer, which always stays.

    `where` is the line about the parts of the body, "" for all.
    """
    disclaimer = f"{DISCLAIMER_HEADING}: {DISCLAIMER_TEXT}"
    said = [where] if where else []
    return "\n".join((title.strip(), tidy(text), *said, disclaimer))


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in 64 hexadecimal digits, by which a changed copy shows."""
    return hashlib.sha256(text.encode()).hexdigest()
