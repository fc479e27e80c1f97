"""What the newest answers about health mean for a course on one day.

Three numbers say how old answers may be: clinic settings, listed in `docs/clinical-sources.md`
under "Screening". An answer that is missing or too old is asked again; one that is not known never
counts as no.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from patients.domain.allergens import ALLERGENS, ELSEWHERE, IN_THE_ROOM
from patients.domain.screening import SINCE_LAST_TIME, Part, Value

# Clinic settings [PK]: no publication was found that sets a number.
MONTHS_VALID: Final = 6
DAYS_OF_GAP: Final = 42
CLEARANCE_DAYS: Final = 90

# Treated from the 18th birthday on [S10][S52].
MIN_AGE: Final = 18

LONGEST_LIMIT_DAYS: Final = 3660


class Level(StrEnum):
    """How grave a finding is."""

    BLOCK = "BLOCK"
    SIGNOFF = "SIGNOFF"
    WARN = "WARN"
    INFO = "INFO"


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


_ASK_ALL = frozenset({Reason.TOO_OLD, Reason.AFTER_GAP})
_ASK = _ASK_ALL | {Reason.NOT_KNOWN, Reason.NOT_ANSWERED, Reason.NOT_TODAY}


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
        return Outcome.INCOMPLETE if self.reason in _ASK else Outcome.MUST_NOT

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
        return tuple(finding for finding in self.findings if finding.reason in _ASK)

    @property
    def found(self) -> tuple[Finding, ...]:
        """What is known and speaks against it or asks for care: all but the open questions."""
        return tuple(finding for finding in self.findings if finding.reason not in _ASK)

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


def judge(
    questions: Sequence[Question],
    answers: Mapping[str, Answer],
    rules: Sequence[Rule],
    allergies: Sequence[Allergy],
    clearances: Sequence[Clearance],
    facts: CourseFacts,
    *,
    today: date,
    noted: Mapping[str, Answer] | None = None,
) -> Verdict:
    """Return what the newest `answers`, by the code of their question, mean on `today`.

    `noted` are the newest that a clinician took, where the patient answered later alone: of the
    two the graver counts. Without questions nothing is asked; age and noted allergies count all the same.
    """
    findings, avoid = _compare(allergies, facts.products)
    findings += _gaps(questions, answers, facts, today)
    if today < _comes_of_age(facts):
        young = Finding(reason=Reason.TOO_YOUNG, level=Level.BLOCK, until=_comes_of_age(facts))
        findings.append(young)
    asked = {"", *(question.code for question in questions)} if questions else frozenset[str]()
    for rule in rules:
        if rule.question not in asked or rule.indication not in ("", facts.indication):
            continue
        # A grave answer is not forgotten because it is old: it counts until it is asked again.
        before = _that_still_counts((noted or {}).get(rule.question), facts)
        if finding := _graver(rule, answers.get(rule.question), before, clearances, facts, today):
            (findings if _is_planned(rule, facts) else avoid).append(finding)
    return Verdict(
        is_asked=bool(questions),
        is_begun=any(question.code in answers for question in questions),
        findings=_gravest_first(findings),
        avoid=_gravest_first(avoid),
    )


def _gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    levels = list(Level)
    return tuple(sorted(findings, key=lambda one: (-one.outcome.severity, levels.index(one.level))))


def _comes_of_age(facts: CourseFacts) -> date:
    # Born on 29 February: of age on 1 March, not a day before the birthday is over.
    day = facts.born_on + relativedelta(years=MIN_AGE)
    return day if day.day == facts.born_on.day else day + timedelta(days=1)


def _gaps(
    questions: Sequence[Question], answers: Mapping[str, Answer], facts: CourseFacts, today: date
) -> list[Finding]:
    """Return a finding for each question that has no answer, or one that is too old."""
    gaps = []
    for question in questions:
        answer = answers.get(question.code)
        if reason := _gap(question, answer, facts, today):
            gaps.append(
                Finding(reason=reason, level=Level.BLOCK, question=question.code, answer=answer)
            )
    return gaps


def _gap(
    question: Question, answer: Answer | None, facts: CourseFacts, today: date
) -> Reason | None:
    if answer is None:
        return Reason.NOT_ANSWERED
    if today >= answer.answered_on + relativedelta(months=MONTHS_VALID):
        return Reason.TOO_OLD
    if _is_from_before_gap(answer.answered_on, facts.last_session_on, today):
        return Reason.AFTER_GAP
    if question.is_short and facts.is_session_day and answer.answered_on != today:
        return Reason.NOT_TODAY
    return None


def _is_from_before_gap(answered_on: date, last_session_on: date | None, today: date) -> bool:
    """Whether the patient stayed away for too long, and the answer is from before that was over."""
    if last_session_on is None:
        return False
    too_long = last_session_on + timedelta(days=DAYS_OF_GAP)
    return today > too_long and answered_on <= too_long


def _apply(
    rule: Rule,
    answer: Answer | None,
    clearances: Sequence[Clearance],
    facts: CourseFacts,
    today: date,
) -> Finding | None:
    """Return what `rule` finds in the answer to its question, or in the age."""
    if rule.question in SINCE_LAST_TIME and facts.last_session_on is not None:
        # A yes in the same words tells of something new.
        clearances = [one for one in clearances if one.given_on > facts.last_session_on]
    if rule.above_age is not None:
        is_above = relativedelta(today, facts.born_on).years > rule.above_age
        return _finding(rule, Reason.AGE, None, clearances, today) if is_above else None
    if answer is None:
        return None
    if answer.value is Value.UNKNOWN:
        return _finding(rule, Reason.NOT_KNOWN, answer, clearances, today)
    if answer.value is not rule.trigger or not _is_in_time(rule, answer.day, today):
        return None
    return _finding(rule, Reason.ANSWER, answer, clearances, today)


def _that_still_counts(noted: Answer | None, facts: CourseFacts) -> Answer | None:
    """Return `noted`, None if it is about the time before the last session and no other."""
    if noted is None or noted.question not in SINCE_LAST_TIME or facts.last_session_on is None:
        return noted
    return noted if noted.answered_on > facts.last_session_on else None


def _graver(
    rule: Rule,
    answer: Answer | None,
    noted: Answer | None,
    clearances: Sequence[Clearance],
    facts: CourseFacts,
    today: date,
) -> Finding | None:
    """Return what `rule` finds in the newest answer, or in the one that a clinician took before."""
    newest = _apply(rule, answer, clearances, facts, today)
    if noted is None:
        return newest
    before = _apply(rule, noted, clearances, facts, today)
    if before is None or (newest and newest.outcome.severity >= before.outcome.severity):
        return newest
    return replace(before, contested_by=answer)


def _until(rule: Rule, day: date | None) -> date | None:
    if day is None or rule.days_after is None:
        return None
    return day + timedelta(days=rule.days_after)


def _is_in_time(rule: Rule, day: date | None, today: date) -> bool:
    """Whether `today` is nearer to `day` than the rule's limit; at the limit it is over."""
    if day is None:
        return True
    if today < day:
        return rule.days_before is None or day - today < timedelta(days=rule.days_before)
    return rule.days_after is None or today - day < timedelta(days=rule.days_after)


def _finding(
    rule: Rule,
    reason: Reason,
    answer: Answer | None,
    clearances: Sequence[Clearance],
    today: date,
) -> Finding:
    since = answer.unchanged_since if answer else None
    return Finding(
        reason=reason,
        level=rule.level,
        question=rule.question,
        rule=rule.code,
        words=rule.words,
        answer=answer,
        until=_until(rule, answer.day) if answer else None,
        clearance=_lifting(rule, since, clearances, today),
        is_about_products=rule.is_about_products,
        zone=rule.zone,
    )


def _lifting(
    rule: Rule, since: datetime | None, clearances: Sequence[Clearance], today: date
) -> Clearance | None:
    """Return the sign-off that stands for this answer: not withdrawn, in time, not older than it."""
    if rule.level is not Level.SIGNOFF:
        return None
    standing = [
        one
        for one in clearances
        if one.rule == rule.code
        and not one.is_withdrawn
        and (since is None or one.at >= since)
        and one.given_on <= today < one.ends_on
    ]
    return max(standing, key=lambda one: (one.at, one.pk), default=None)


def _is_planned(rule: Rule, facts: CourseFacts) -> bool:
    """Whether `rule` is about what the course is going to do, as far as it is known."""
    is_here = not rule.zone or rule.zone in facts.zones
    return is_here and (not rule.is_about_products or _is_about(rule, facts.products))


def _is_about(rule: Rule, products: Sequence[Product]) -> bool:
    """Whether one of `products` is what `rule` keeps away."""
    if rule.allergen:
        return any(rule.allergen in product.allergens for product in products)
    if rule.product:
        return any(rule.product == product.code for product in products)
    return any(rule.product_class == product.product_class for product in products)


def _compare(
    allergies: Sequence[Allergy], products: Sequence[Product]
) -> tuple[list[Finding], list[Finding]]:
    """Return what the noted allergies mean for the planned products, and for all others."""
    held = frozenset[str]().union(*(product.allergens for product in products))
    chosen = {product.code for product in products}
    planned: list[Finding] = []
    others: list[Finding] = []
    for allergy in allergies:
        code = allergy.allergen
        if allergy.product:
            barred = planned if allergy.product in chosen else others
            barred.append(_allergic(allergy, Reason.REACTED, Level.BLOCK))
        elif code in held:
            planned.append(_allergic(allergy, Reason.ALLERGEN, Level.BLOCK))
        elif code in IN_THE_ROOM:
            planned.append(_allergic(allergy, Reason.ALLERGEN_IN_THE_ROOM, Level.WARN))
        elif code in ALLERGENS:
            others.append(_allergic(allergy, Reason.ALLERGEN, Level.BLOCK))
        elif code != ELSEWHERE:
            planned.append(_allergic(allergy, Reason.ALLERGY_IN_WORDS, Level.WARN))
    return planned, others


def _allergic(allergy: Allergy, reason: Reason, level: Level) -> Finding:
    return Finding(
        reason=reason,
        level=level,
        words=allergy.substance,
        allergen=allergy.allergen,
        is_about_products=reason in {Reason.ALLERGEN, Reason.REACTED},
    )
