"""Courses that waited too long for their next session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clinic.models import Site
from sessions.domain.long_gaps import (
    INITIAL_LATE_DAYS,
    MISSED_UNTIL_LAPSED,
    MONTHLY_LATE_DAYS,
    GapFinding,
    find_gap,
)
from sessions.gap_words import gap_words
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.chain import ChainRow, CourseChain, course_chains
from treatments.domain.limits import TOTAL_SESSIONS
from treatments.models import Assessment, TreatmentCourse


@dataclass(frozen=True, slots=True)
class LongGap:
    """How long the running course of `chain` waits for session `following`, as of a day.

    `last_on` is the day of its last delivered session, number `last`.
    """

    chain: CourseChain
    finding: GapFinding
    days_since: int
    last: int
    last_on: date
    following: int

    @property
    def words(self) -> str:
        """The gap and what it asks for, in sentences; "" if for nothing."""
        return gap_words(
            self.finding,
            days_since=self.days_since,
            last=self.last,
            following=self.following,
            may_add=self.may_add,
        )

    @property
    def may_add(self) -> bool:
        """Whether a prescriber may answer with one session more."""
        has_room = self.chain.course.total_sessions < TOTAL_SESSIONS[1]
        return self.finding is GapFinding.REVIEW and has_room


def long_gaps(chains: Sequence[CourseChain], today: date) -> list[LongGap]:
    """Return the gaps of `chains` that say something, in their order (at most 1 query).

    A clinician's reason for the late booking settles a review, an assessment since the last session
    settles a new screening, and a new time settles missed visits.
    """
    found = [gap for chain in chains if (gap := _gap(chain, today))]
    screened = _screened([gap for gap in found if gap.finding is GapFinding.RESCREEN])
    return [gap for gap in found if gap.chain.course.pk not in screened]


def long_gap(chain: CourseChain, today: date) -> LongGap | None:
    """Return what the gap of one course says, None if nothing."""
    return next(iter(long_gaps([chain], today)), None)


def gaps_to_decide(site: Site, today: date) -> list[LongGap]:
    """Return the running courses of `site` about which a prescriber has to decide (5 queries)."""
    chains = course_chains(list(_may_need_decision(site, today)))
    return [gap for gap in long_gaps(chains, today) if gap.finding.needs_decision]


def _may_need_decision(site: Site, today: date) -> QuerySet[TreatmentCourse]:
    """Return the courses among which the rules find the gaps, so that not all are read."""
    initial = today - timedelta(days=INITIAL_LATE_DAYS)
    monthly = today - timedelta(days=MONTHLY_LATE_DAYS)
    following = TreatmentSession.objects.open().filter(course=OuterRef("pk")).order_by("number")
    delivered = TreatmentSession.objects.filter(
        course=OuterRef("pk"), delivered_on__isnull=False
    ).order_by("-number")
    missed = (
        Appointment.objects.filter(session__course=OuterRef("pk"), status="NO_SHOW")
        .order_by()
        .values("session__course")
        .annotate(count=Count("pk"))
    )
    return (
        TreatmentCourse.objects.running()
        .with_people()
        .filter(site=site)
        .annotate(
            last_on=Subquery(delivered.values("delivered_on")[:1]),
            following=Subquery(following.values("number")[:1]),
            missed=Coalesce(Subquery(missed.values("count")), 0),
        )
        .filter(
            Q(following__lte=F("initial_sessions"), last_on__lt=initial)
            | Q(last_on__lt=monthly)
            | Q(missed__gte=MISSED_UNTIL_LAPSED)
        )
        .order_by("last_on", "pk")
    )


def _gap(chain: CourseChain, today: date) -> LongGap | None:
    following, last = chain.next_row, _last_delivered(chain)
    if not chain.course.is_active or following is None or last is None:
        return None
    number, cadence = following.session.number, chain.cadence
    is_monthly = cadence.is_monthly(number)
    phase = cadence.monthly_gap if is_monthly else cadence.initial_gap
    last_on = last.link.on
    finding = find_gap(
        is_monthly=is_monthly,
        days_since=(today - last_on).days,
        missed_monthly=_missed_monthly(chain, after=last.session.number),
        delay_days=cadence.gap_before(number).min_days - phase.min_days,
    )
    if finding is GapFinding.ON_TIME or _is_settled(finding, following):
        return None
    return LongGap(
        chain=chain,
        finding=finding,
        days_since=(today - last_on).days,
        last=last.session.number,
        last_on=last_on,
        following=number,
    )


def _last_delivered(chain: CourseChain) -> ChainRow | None:
    return next((row for row in reversed(chain.rows) if row.session.is_done), None)


def _missed_monthly(chain: CourseChain, *, after: int) -> int:
    """Count the monthly visits missed since session `after`, 0 once the next one has a new time."""
    if chain.next_row is None or chain.next_row.appointment is not None:
        return 0
    return sum(
        gone.status == Appointment.Status.NO_SHOW
        for row in chain.rows
        if row.session.number > after and chain.cadence.is_monthly(row.session.number)
        for gone in row.ended
    )


def _is_settled(finding: GapFinding, following: ChainRow) -> bool:
    """Whether the next session is booked, for a review with a clinician's reason."""
    if following.appointment is None:
        return False
    if finding is GapFinding.REVIEW:
        return bool(following.deviations)
    return not finding.needs_decision


def _screened(gaps: Sequence[LongGap]) -> set[int]:
    """Return the courses (primary keys) whose patient was assessed after the last session."""
    if not gaps:
        return set()
    newest = {
        (patient, indication): on
        for patient, indication, on in Assessment.objects.filter(
            patient__in={gap.chain.course.patient_id for gap in gaps}
        )
        .order_by()
        .values_list("patient", "indication")
        .annotate(newest=Max("assessed_on"))
    }
    return {
        course.pk
        for gap in gaps
        for course in [gap.chain.course]
        if newest.get((course.patient_id, course.indication_id), date.min) > gap.last_on
    }
