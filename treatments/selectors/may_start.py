"""What the page "May start" tells of a course: each finding with what stands behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from patients.models import ScreeningAnswer, ScreeningQuestion
from treatments.domain.screening.verdict import Finding
from treatments.models import Clearance, ContraindicationRule, TreatmentCourse


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with its question, the answer, the rule and the sign-off that lifts it, if any."""

    finding: Finding
    question: ScreeningQuestion | None
    answer: ScreeningAnswer | None
    rule: ContraindicationRule | None
    clearance: Clearance | None

    @property
    def answer_pk(self) -> int:
        """What a sign-off names as read: the answer, 0 for a rule about age."""
        return self.answer.pk if self.answer else 0


def finding_rows(findings: Iterable[Finding]) -> list[FindingRow]:
    """Return `findings` in their order, each with its rows (4 queries)."""
    found = list(findings)
    questions = _by_code(ScreeningQuestion, (one.question for one in found))
    rules = _by_code(ContraindicationRule, (one.rule for one in found))
    answers = ScreeningAnswer.objects.select_related("screening__by").in_bulk(
        [one.answer.pk for one in found if one.answer]
    )
    clearances = Clearance.objects.select_related("by").in_bulk(
        [one.clearance.pk for one in found if one.clearance]
    )
    return [
        FindingRow(
            finding=one,
            question=questions.get(one.question),
            answer=answers.get(one.answer.pk) if one.answer else None,
            rule=rules.get(one.rule),
            clearance=clearances.get(one.clearance.pk) if one.clearance else None,
        )
        for one in found
    ]


def has_session_today(course: TreatmentCourse, *, at: datetime) -> bool:
    """Whether a session of `course` (with its site) has its place on the day of `at` (aware)."""
    begins = datetime.combine(at.astimezone(course.site.zone).date(), time(), course.site.zone)
    ends = begins + timedelta(days=1)
    return TreatmentCourse.objects.filter(
        pk=course.pk,
        sessions__appointments__starts_at__gte=begins,
        sessions__appointments__starts_at__lt=ends,
        sessions__appointments__status__in=["BOOKED", "ARRIVED", "IN_TREATMENT"],
    ).exists()


def past_clearances(course: TreatmentCourse) -> Iterable[Clearance]:
    """Return every sign-off of `course`, the newest first, with who gave it and who took it back."""
    return course.clearances.select_related("by", "rule__question", "withdrawal__by").order_by(
        "-at", "-pk"
    )


def _by_code(model: type[ScreeningQuestion] | type[ContraindicationRule], codes: Iterable[str]):  # type: ignore[no-untyped-def]
    wanted = {code for code in codes if code}
    return {row.code: row for row in model.objects.filter(code__in=wanted)}
