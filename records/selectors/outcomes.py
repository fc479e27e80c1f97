"""How it is with the scores of courses: what is asked for, what is due, what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q

from records.domain import outcomes as rules
from records.domain.outcomes import (
    Advice,
    BaselineState,
    Change,
    CourseDates,
    Due,
    DueState,
    Occasion,
)
from records.domain.scale_shapes import Scale
from records.domain.scales import FOR_ALL, MORE_SCALES, SCALES
from records.models import OutcomeAssessment
from sessions.models import Appointment, TreatmentSession
from treatments.domain.catalogue import PROTOCOLS
from treatments.models import Product, Protocol, TreatmentCourse

PIGMENT = "mmasi"
HAIR_INDICATION = "hair_loss"
# A planned product of this class is given for pigment.
PIGMENT_CLASS = "antifibrinolytic"
_BASELINE_GROUPS = {known.indication: known.baseline_scales for known in PROTOCOLS}

Series = tuple[str, str, str]
"""What is compared with itself: scale, side, rater."""


def series_of(outcome: OutcomeAssessment) -> Series:
    """Return which row of values `outcome` belongs to."""
    return outcome.scale, outcome.side, outcome.rater


@dataclass(frozen=True)
class CourseOutcomes:
    """A course with its scores, as of `today` at its site. `outcomes` are those that stand."""

    course: TreatmentCourse
    dates: CourseDates
    today: date
    asked: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    outcomes: tuple[OutcomeAssessment, ...]

    @cached_property
    def baseline(self) -> BaselineState:
        """How it is with the baseline."""
        scored = [
            (one.scale, one.assessed_on)
            for one in self.outcomes
            if one.occasion == Occasion.BASELINE
        ]
        return rules.baseline_state(self.groups, scored, self.dates, self.today)

    @cached_property
    def dues(self) -> list[tuple[Due, DueState]]:
        """Return each occasion that can be dated by now, and how it is with it."""
        if not self.asked:
            return []
        found = []
        for due in rules.due_dates(self.dates):
            if due.occasion is Occasion.BASELINE:
                if self.baseline is not BaselineState.NOT_ASKED:
                    found.append((due, _BASELINE_DUE[self.baseline]))
                continue
            state = rules.due_state(due, self.today, is_done=self._is_scored(due.occasion))
            found.append((due, state))
        return found

    def _is_scored(self, occasion: Occasion) -> bool:
        scored = {one.scale for one in self.outcomes if one.occasion == occasion}
        return bool(scored) and not rules.missing_groups(self.groups, scored)

    @property
    def due_now(self) -> list[Due]:
        """What is to be scored now."""
        return [due for due, state in self.dues if state is DueState.DUE]

    @cached_property
    def pigment_due_on(self) -> date | None:
        """From when pigment is to be scored again, if it is."""
        scored = [one.assessed_on for one in self.outcomes if one.scale == PIGMENT]
        return rules.pigment_due_on(scored, self.dates)

    @property
    def is_pigment_due(self) -> bool:
        """Whether pigment is to be scored again by now."""
        return self.pigment_due_on is not None and self.pigment_due_on <= self.today

    @cached_property
    def before(self) -> dict[Series, OutcomeAssessment]:
        """The newest baseline of each row of values."""
        return {series_of(o): o for o in self.outcomes if o.occasion == Occasion.BASELINE}

    def change(self, outcome: OutcomeAssessment) -> Change | None:
        """Return what changed up to `outcome` since before the course, None if that is not known."""
        scale = outcome.known_scale
        if scale.unchanged is not None:
            return rules.compare(scale, scale.unchanged, outcome.value)
        first = self.before.get(series_of(outcome))
        if first is None or first.pk == outcome.pk or outcome.assessed_on <= first.assessed_on:
            return None
        return rules.compare(scale, first.value, outcome.value)

    @cached_property
    def advice(self) -> Advice:
        """What the newest value of each row says about going on."""
        newest = {series_of(one): one for one in self.outcomes if one.known_scale.shows_change}
        changes = [(one.assessed_on, self.change(one)) for one in newest.values()]
        return rules.advise([(on, change) for on, change in changes if change], self.dates)


_BASELINE_DUE = {
    BaselineState.COMPLETE: DueState.DONE,
    BaselineState.AHEAD: DueState.AHEAD,
    BaselineState.DUE: DueState.DUE,
    BaselineState.MISSING: DueState.MISSED,
}


def read_outcomes(courses: Sequence[TreatmentCourse], *, today: date) -> dict[int, CourseOutcomes]:
    """Return the scores of each course (with its site and indication) by its primary key.

    Takes at most 5 queries, however many courses there are.
    """
    if not courses:
        return {}
    dates = read_dates(courses, today=today)
    asked = _asked(courses)
    scored = _scored(courses)
    pigment = _for_pigment(courses, asked)
    found = {}
    for course in courses:
        own, outcomes = asked.get(course.indication_id, ()), scored.get(course.pk, ())
        is_pigment = course.pk in pigment or any(one.scale == PIGMENT for one in outcomes)
        found[course.pk] = CourseOutcomes(
            course=course,
            dates=dates[course.pk],
            today=today,
            asked=own,
            groups=baseline_groups(course.indication.slug, own, is_pigment=is_pigment),
            outcomes=tuple(outcomes),
        )
    return found


def read_baselines(courses: Sequence[TreatmentCourse], *, today: date) -> dict[int, BaselineState]:
    """Return how it is with the baseline of each course, by its primary key."""
    return {pk: one.baseline for pk, one in read_outcomes(courses, today=today).items()}


def baseline_groups(
    slug: str, asked: Iterable[str], *, is_pigment: bool
) -> tuple[tuple[str, ...], ...]:
    """Return the groups of scales of which one each is scored before the first session.

    A scale that the clinic's protocol does not ask for is not required either.
    """
    known = set(asked)
    groups = [
        tuple(code for code in group if code in known) for group in _BASELINE_GROUPS.get(slug, ())
    ]
    if is_pigment and PIGMENT in known:
        groups.append((PIGMENT,))
    return tuple(group for group in groups if group)


def offered_scales(read: CourseOutcomes, *, is_more: bool) -> list[Scale]:
    """Return the scales to fill in: those the protocol asks for, and further ones on request."""
    codes = [*(read.asked or [scale.code for scale in FOR_ALL])]
    if is_more:
        codes += [*MORE_SCALES.get(read.course.indication.slug, ()), *_codes(read.outcomes)]
    return [SCALES[code] for code in dict.fromkeys(codes)]


def _codes(outcomes: Iterable[OutcomeAssessment]) -> list[str]:
    return [one.scale for one in outcomes]


def read_dates(courses: Sequence[TreatmentCourse], *, today: date) -> dict[int, CourseDates]:
    """Return the days that decide when each course is scored (2 queries)."""
    rows: dict[int, list[TreatmentSession]] = {}
    for session in TreatmentSession.objects.filter(course__in=courses).in_order():
        rows.setdefault(session.course_id, []).append(session)
    booked = _booked_first(courses)
    return {
        course.pk: _dates(course, rows.get(course.pk, []), booked.get(course.pk), today)
        for course in courses
    }


def _booked_first(courses: Sequence[TreatmentCourse]) -> dict[int, date]:
    """Return the day on which the first session of each course is booked, if it is."""
    zones = {course.pk: course.site.zone for course in courses}
    places = Appointment.objects.live().filter(session__course__in=courses, session__number=1)
    return {
        pk: starts_at.astimezone(zones[pk]).date()
        for pk, starts_at in places.values_list("session__course_id", "starts_at")
    }


def _dates(
    course: TreatmentCourse, sessions: list[TreatmentSession], booked: date | None, today: date
) -> CourseDates:
    delivered = tuple(one.delivered_on for one in sessions if one.delivered_on)
    is_over = course.is_ended or (bool(delivered) and not any(one.is_open for one in sessions))
    planned = sessions[0].due_on if sessions else course.first_on
    return CourseDates(
        first_on=delivered[0] if delivered else max(booked or planned, today),
        delivered=delivered,
        initial_ended_on=_initial_ended_on(course, sessions),
        ended_on=delivered[-1] if is_over and delivered else None,
        is_over=is_over,
        is_hair=course.indication.slug == HAIR_INDICATION,
    )


def _initial_ended_on(course: TreatmentCourse, sessions: list[TreatmentSession]) -> date | None:
    initial = [one for one in sessions if one.number <= course.initial_sessions]
    if len(initial) == len(sessions) or any(one.is_open for one in initial):
        return None
    return max((one.delivered_on for one in initial if one.delivered_on), default=None)


def _asked(courses: Sequence[TreatmentCourse]) -> dict[int, tuple[str, ...]]:
    """Return the known scales that the protocol of each indication asks for (1 query)."""
    found = Protocol.objects.filter(indication__in={course.indication_id for course in courses})
    return {
        indication: tuple(code for code in codes if code in SCALES)
        for indication, codes in found.values_list("indication_id", "outcome_scales")
    }


def _scored(courses: Sequence[TreatmentCourse]) -> dict[int, list[OutcomeAssessment]]:
    """Return the scores of each course that stand, in order (1 query)."""
    by_course: dict[int, list[OutcomeAssessment]] = {}
    for one in OutcomeAssessment.objects.current().filter(course__in=courses).in_order():
        by_course.setdefault(one.course_id, []).append(one)
    return by_course


def _for_pigment(
    courses: Sequence[TreatmentCourse], asked: Mapping[int, tuple[str, ...]]
) -> set[int]:
    """Return the courses whose planned product is given for pigment (1 query, or none)."""
    products = {
        course.pk: course.product_id
        for course in courses
        if course.product_id and PIGMENT in asked.get(course.indication_id, ())
    }
    if not products:
        return set()
    for_it = set(
        Product.objects.filter(
            Q(pk__in=products.values()), product_class=PIGMENT_CLASS
        ).values_list("pk", flat=True)
    )
    return {course for course, product in products.items() if product in for_it}
