"""Reporting a reaction, and adding what is learned later. Both may put a clinical hold on a course."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from records.actions.bars import bar_products
from records.domain.reaction_kinds import BY_CODE
from records.domain.reactions import Outcome, is_expected, is_red_flag, misfits
from records.models import AdverseEvent, AdverseEventUpdate
from records.reaction_words import MISFIT_FIELDS, MISFIT_WORDS
from records.selectors.reactions import BEGUN
from sessions.actions.stopping import hold_course, lock_held
from sessions.models import TreatmentSession
from treatments.models import Lot, Product, TreatmentCourse, Zone


class ReactionRefused(Exception):
    """What was told does not fit together. `problems` are pairs of a field and a sentence."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


class ReactionChangedMeanwhile(Exception):
    """Somebody else added to the reaction since it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A reaction as it is told. `is_expected` None: as the catalogue says for its kind.

    `onset_time` is the wall clock of the course's site.
    """

    course: TreatmentCourse
    session: TreatmentSession | None
    kind: str
    grade: int
    onset_on: date
    source: str
    relatedness: str
    is_serious: bool
    description: str
    outcome: str = Outcome.ONGOING.value
    has_sign: bool = False
    onset_time: time | None = None
    told_by: str = ""
    is_expected: bool | None = None
    action_taken: str = ""
    follow_up_on: date | None = None
    resolved_on: date | None = None
    zone: Zone | None = None
    product: Product | None = None
    lot: Lot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is known of a reaction now: its whole state, and what is new in words."""

    words: str
    grade: int
    outcome: str
    has_sign: bool = False
    resolved_on: date | None = None
    follow_up_on: date | None = None
    regulator: str = ""
    regulator_reference: str = ""
    regulator_on: date | None = None


@transaction.atomic
def report_reaction(*, report: Report, key: UUID, by: User, at: datetime) -> AdverseEvent:
    """Keep `report`; a red flag puts its course on clinical hold. One `key` is kept once.

    After anaphylaxis, or an allergy that endangers life, what was given is not given again.

    Raises ReactionRefused and ValidationError.
    """
    # A session of the patient that begins meanwhile waits for these rows, or we for it.
    course = lock_held(report.course)
    if known := AdverseEvent.objects.filter(key=key).first():
        return known
    is_red = is_red_flag(report.kind, report.grade, has_sign=report.has_sign)
    _check_report(report, course, is_red=is_red, by=by, at=at)
    event = AdverseEvent(
        patient=course.patient,
        is_red_flag=is_red,
        is_review=by.is_prescriber,
        reported_at=at,
        reported_by=by,
        key=key,
        **_told(report),
    )
    event.full_clean()
    event.save(force_insert=True)
    _record(audit.Kind.REACTION_REPORTED, event, by=by, at=at)
    if is_red:
        hold_course(course=course, by=by, at=at)
    bar_products(event, grade=event.grade, by=by, at=at)
    return event


@transaction.atomic
def update_reaction(
    *, event: AdverseEvent, seen: int, news: News, by: User, at: datetime
) -> AdverseEventUpdate:
    """Add `news` to a reaction whose newest row had the number `seen` (0 for none).

    A red flag stays one until a prescriber says how it went. Raises ReactionChangedMeanwhile,
    ReactionRefused and ValidationError.
    """
    course = lock_held(event.course)
    event = AdverseEvent.objects.with_state().get(pk=event.pk)
    if event.last_number != seen:
        raise ReactionChangedMeanwhile(event.pk)
    before = event.state
    is_red = before.is_red_flag or is_red_flag(event.kind, news.grade, has_sign=news.has_sign)
    _check_news(event, news, course, is_red=is_red, by=by, at=at)
    update = AdverseEventUpdate(
        event=event,
        number=seen + 1,
        words=news.words,
        grade=news.grade,
        is_red_flag=is_red,
        outcome=news.outcome,
        resolved_on=news.resolved_on,
        follow_up_on=news.follow_up_on,
        regulator=news.regulator,
        regulator_reference=news.regulator_reference,
        regulator_on=news.regulator_on,
        is_review=by.is_prescriber,
        at=at,
        by=by,
    )
    update.full_clean()
    update.save(force_insert=True)
    is_open = news.outcome == Outcome.ONGOING
    closes = before.is_open and not is_open
    kind = audit.Kind.REACTION_CLOSED if closes else audit.Kind.REACTION_UPDATED
    _record(kind, event, by=by, at=at)
    if is_red and is_open and not before.stops_treatment:
        hold_course(course=course, by=by, at=at)
    bar_products(event, grade=news.grade, by=by, at=at)
    return update


def _told(report: Report) -> dict[str, Any]:
    """Return the columns of `report`, with what the catalogue says where nothing else was said."""
    columns = {name: getattr(report, name) for name in Report.__slots__}
    if report.is_expected is None:
        given_on = report.session.delivered_on if report.session else None
        columns["is_expected"] = is_expected(
            BY_CODE[report.kind],
            report.grade,
            (report.onset_on - given_on).days if given_on else None,
            has_sign=report.has_sign,
        )
    columns["product"] = report.lot.product if report.lot else report.product
    return columns


def _check_report(
    report: Report, course: TreatmentCourse, *, is_red: bool, by: User, at: datetime
) -> None:
    today = at.astimezone(course.site.zone).date()
    problems = _fit(report, today, onset_on=report.onset_on)
    if not report.description.strip():
        problems.append(("description", _("Say what was seen.")))
    session = report.session
    if session is not None and (session.course_id != course.pk or session.status not in BEGUN):
        problems.append(("treatment", _("Choose a session of this patient that was begun.")))
    if report.onset_on > today:
        problems.append(("onset_on", _("A reaction cannot begin in the future. Check the day.")))
    if session is not None and session.delivered_on and report.onset_on < session.delivered_on:
        problems.append(
            ("onset_on", _("It cannot begin before the session. Check the day, or the session."))
        )
    problems += _closing(is_red, report.outcome, by)
    if problems:
        raise ReactionRefused(problems)


def _check_news(
    event: AdverseEvent,
    news: News,
    course: TreatmentCourse,
    *,
    is_red: bool,
    by: User,
    at: datetime,
) -> None:
    today = at.astimezone(course.site.zone).date()
    problems = _fit(news, today, onset_on=event.onset_on)
    if not news.words.strip():
        problems.append(("words", _("Say what is new.")))
    if news.regulator_on is not None and news.regulator_on > today:
        problems.append(("regulator_on", _("It cannot be reported in the future. Check the day.")))
    if news.outcome != event.outcome_now or (is_red and not event.is_red_now):
        problems += _closing(is_red, news.outcome, by)
    if problems:
        raise ReactionRefused(problems)


def _fit(told: Report | News, today: date, *, onset_on: date) -> list[tuple[str, str]]:
    found = [
        (MISFIT_FIELDS[one], str(MISFIT_WORDS[one]))
        for one in misfits(
            grade=told.grade,
            outcome=told.outcome,
            resolved_on=told.resolved_on,
            onset_on=onset_on,
            today=today,
        )
    ]
    if told.follow_up_on is not None and told.follow_up_on < today:
        found.append(("follow_up_on", _("Choose today or a later day to look again.")))
    return found


def _closing(is_red: bool, outcome: str, by: User) -> list[tuple[str, str]]:
    """Return why `by` may not say that a reaction is over."""
    if outcome == Outcome.ONGOING or not is_red or by.is_prescriber:
        return []
    return [("outcome", _("Only a prescriber closes a red flag. Leave it ongoing."))]


def _record(kind: audit.Kind, event: AdverseEvent, *, by: User, at: datetime) -> None:
    audit.record(kind=kind, by=by, at=at, target=event, patient_id=event.patient_id)
