"""What was done to the calendar of a course, and by whom."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from sessions.models import Deviation, ScheduleChange, ScheduleChangeLine
from treatments.models import TreatmentCourse


@dataclass(frozen=True, slots=True)
class CourseChange:
    """One act, with its lines for one course in order of session."""

    change: ScheduleChange
    lines: tuple[ScheduleChangeLine, ...]


def changes_of(course: TreatmentCourse) -> list[CourseChange]:
    """Return the acts that touched `course`, the newest first (2 queries)."""
    changes = (
        ScheduleChange.objects.filter(lines__appointment__session__course=course)
        .distinct()
        .select_related("by", "undone_by")
        .prefetch_related(
            Prefetch(
                "lines", _lines().filter(appointment__session__course=course), to_attr="of_course"
            )
        )
        .order_by("-at", "-pk")
    )
    return [CourseChange(change, tuple(change.of_course)) for change in changes]


def lines_of(change: ScheduleChange) -> list[ScheduleChangeLine]:
    """Return the lines of `change` in order of course and session, with all they name."""
    return list(_lines().filter(change=change))


def skip_of(change: ScheduleChange) -> Deviation | None:
    """Return the skipped session that `change` is about with its reason, None if it is none."""
    return (
        Deviation.everything.filter(change=change, kind=Deviation.Kind.SKIPPED)
        .select_related("session__course")
        .first()
    )


def _lines() -> QuerySet[ScheduleChangeLine]:
    return ScheduleChangeLine.objects.select_related(
        "appointment__session__course",
        "practitioner",
        "room__site",
        "was_practitioner",
        "was_room__site",
    ).order_by("appointment__session__course_id", "appointment__session__number", "pk")
