"""What is said about the scores of a course beside the course itself."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from meso_clinic.core.roles import Right
from records.domain.outcomes import Advice, BaselineState, Occasion
from records.outcome_words import ADVICE_WORDS, BASELINE_WORDS, occasion_words
from records.selectors.outcomes import CourseOutcomes, read_outcomes
from sessions.course_lines import CourseLine
from treatments.models import TreatmentCourse

_OPEN = {BaselineState.DUE, BaselineState.MISSING}


def outcome_lines(courses: Sequence[TreatmentCourse], at: datetime) -> dict[int, list[CourseLine]]:
    """Return how it is with the scores of `courses` at one site or several, as of `at` (aware)."""
    read: dict[int, CourseOutcomes] = {}
    for zone in {course.site.zone for course in courses}:
        own = [course for course in courses if course.site.zone == zone]
        read |= read_outcomes(own, today=at.astimezone(zone).date())
    return {pk: [*_baseline(one), *_due(one), *_advice(one)] for pk, one in read.items()}


def _baseline(read: CourseOutcomes) -> list[CourseLine]:
    state = read.baseline
    if state is BaselineState.NOT_ASKED or read.course.is_draft:
        return []
    url, action = reverse("records:outcome-list", args=[read.course.pk]), _("see the scores")
    if state is BaselineState.DUE:
        add = reverse("records:outcome-add", args=[read.course.pk])
        url, action = f"{add}?occasion={Occasion.BASELINE}", _("score it")
    return [
        CourseLine(
            label=_("Baseline"),
            text=str(BASELINE_WORDS[state]),
            is_open=state in _OPEN,
            url=url,
            action=action,
        )
    ]


def _due(read: CourseOutcomes) -> list[CourseLine]:
    """Return what is due besides the baseline."""
    add = reverse("records:outcome-add", args=[read.course.pk])
    return [
        CourseLine(
            label=_("Scores due"),
            text=occasion_words(due),
            is_open=True,
            url=f"{add}?occasion={due.occasion}",
            action=_("score"),
        )
        for due in read.due_now
        if due.occasion is not Occasion.BASELINE
    ]


def _advice(read: CourseOutcomes) -> list[CourseLine]:
    if read.advice not in {Advice.REVIEW, Advice.REVIEW_OR_STOP}:
        return []
    return [
        CourseLine(
            label=_("Result"),
            text=str(ADVICE_WORDS[read.advice]),
            is_open=True,
            url=reverse("records:outcome-list", args=[read.course.pk]),
            action=_("see the scores"),
            right=Right.SEE_CLINICAL,
        )
    ]
