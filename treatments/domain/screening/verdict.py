"""The verdict on a course: whether a session may begin, and every reason for or against it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from patients.domain.screening import Part
from treatments.domain.screening.facts import Answer, Clearance
from treatments.domain.screening.rules import Level


class Outcome(StrEnum):
    """What a session of the course may do, from the mildest to the gravest."""

    MAY_START = "MAY_START"
    SIGN_OFF_NEEDED = "SIGN_OFF_NEEDED"
    INCOMPLETE = "INCOMPLETE"
    MUST_NOT = "MUST_NOT"

    @property
    def severity(self) -> int:
        """0 for the mildest, more for each graver one."""
        return list(Outcome).index(self)


class State(StrEnum):
    """What people learn who may not read about health."""

    COMPLETE = "COMPLETE"
    OPEN = "OPEN"
    HOLD = "HOLD"


class Reason(StrEnum):
    """Why there is a finding."""

    ANSWER = "ANSWER"
    NOT_KNOWN = "NOT_KNOWN"
    NOT_ANSWERED = "NOT_ANSWERED"
    TOO_OLD = "TOO_OLD"
    AFTER_GAP = "AFTER_GAP"
    NOT_TODAY = "NOT_TODAY"
    ALLERGEN = "ALLERGEN"
    ALLERGY_IN_WORDS = "ALLERGY_IN_WORDS"
    ALLERGEN_IN_THE_ROOM = "ALLERGEN_IN_THE_ROOM"
    REACTED = "REACTED"
    TOO_YOUNG = "TOO_YOUNG"
    AGE = "AGE"


class Lift(StrEnum):
    """Who can make a finding go away."""

    PRESCRIBER = "PRESCRIBER"
    ANSWER = "ANSWER"
    TIME = "TIME"
    WITHDRAWAL = "WITHDRAWAL"
    NOBODY = "NOBODY"


_ASK_ALL: Final = frozenset({Reason.TOO_OLD, Reason.AFTER_GAP})
_ASK: Final = _ASK_ALL | {Reason.NOT_KNOWN, Reason.NOT_ANSWERED, Reason.NOT_TODAY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason. `until` is the first day without it, None if no day is known.

    `question`, `rule` and `zone` are codes, "" if the reason has none. `clearance` is the sign-off
    that lifts it. `contested_by` is what the patient said alone after a clinician took `answer`,
    which counts until a clinician asks again.
    """

    reason: Reason
    level: Level
    question: str = ""
    rule: str = ""
    words: str = ""
    allergen: str = ""
    answer: Answer | None = None
    until: date | None = None
    clearance: Clearance | None = None
    is_about_products: bool = False
    zone: str = ""
    contested_by: Answer | None = None

    @property
    def outcome(self) -> Outcome:
        """What this finding alone would mean."""
        if self.level is Level.SIGNOFF and self.clearance is None:
            return Outcome.SIGN_OFF_NEEDED
        if self.level is not Level.BLOCK:
            return Outcome.MAY_START
        return Outcome.INCOMPLETE if self.is_to_ask else Outcome.MUST_NOT

    @property
    def is_to_ask(self) -> bool:
        """Whether it is a question that is open, or open again."""
        return self.reason in _ASK

    @property
    def needs_prescriber(self) -> bool:
        """Whether it waits for a sign-off."""
        return self.outcome is Outcome.SIGN_OFF_NEEDED

    @property
    def holds_up(self) -> bool:
        """Whether a session waits for it."""
        return self.outcome is not Outcome.MAY_START

    @property
    def lift(self) -> Lift:
        """Who can make it go away."""
        if self.level is Level.SIGNOFF:
            return Lift.PRESCRIBER
        if self.reason is Reason.REACTED:
            return Lift.WITHDRAWAL
        if self.reason in {Reason.ALLERGEN, Reason.ALLERGEN_IN_THE_ROOM}:
            return Lift.NOBODY
        if self.until is not None:
            return Lift.TIME
        return Lift.ANSWER if self.question else Lift.NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a session may begin, and why or why not: the gravest findings first.

    `avoid` are products and zones that are not planned and must not be chosen. `is_asked` is False in a
    clinic that asks nothing here: it keeps screening on paper. `is_begun` says that the patient has
    answered something.
    """

    is_asked: bool
    is_begun: bool
    findings: tuple[Finding, ...] = ()
    avoid: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The gravest of the findings."""
        found = (finding.outcome for finding in self.findings)
        return max(found, key=lambda one: one.severity, default=Outcome.MAY_START)

    @property
    def may_start(self) -> bool:
        """Whether a session may begin."""
        return self.outcome is Outcome.MAY_START

    @property
    def state(self) -> State:
        """What people learn who may not read about health."""
        if self.outcome in {Outcome.MUST_NOT, Outcome.SIGN_OFF_NEEDED}:
            return State.HOLD
        return State.COMPLETE if self.may_start else State.OPEN

    @property
    def holding_up(self) -> tuple[Finding, ...]:
        """What a session waits for."""
        return tuple(finding for finding in self.findings if finding.holds_up)

    @property
    def to_ask(self) -> tuple[Finding, ...]:
        """What has to be asked, or asked again."""
        return tuple(finding for finding in self.findings if finding.is_to_ask)

    @property
    def found(self) -> tuple[Finding, ...]:
        """What is known and speaks against it or asks for care: all but the open questions."""
        return tuple(finding for finding in self.findings if not finding.is_to_ask)

    @property
    def due_part(self) -> Part | None:
        """Which part of the questionnaire is due; None if nothing has to be asked.

        All of it at first and after a long time; else the short part, or some questions again.
        """
        reasons = {finding.reason for finding in self.to_ask}
        if not reasons:
            return None
        if reasons == {Reason.NOT_TODAY}:
            return Part.SHORT
        return Part.SOME if self.is_begun and not reasons & _ASK_ALL else Part.FULL

    @property
    def contested(self) -> tuple[Finding, ...]:
        """What a clinician has to ask again, because the patient said something milder alone."""
        return tuple(finding for finding in self.findings if finding.contested_by is not None)

    @property
    def to_sign_off(self) -> tuple[Finding, ...]:
        """What waits for a prescriber."""
        return tuple(finding for finding in self.findings if finding.needs_prescriber)
