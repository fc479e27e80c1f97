"""What is worth saying about a whole course.

`{% long_gap_note %}`, `{% plan_changes %}`, and `{% lines_of %}` for what other apps say.
"""

from datetime import date
from typing import Any

from django import template

from sessions.course_lines import CourseLine
from sessions.domain.long_gaps import GapFinding
from sessions.selectors.chain import CourseChain
from sessions.selectors.long_gaps import long_gap
from treatments.models import TreatmentCourse

register = template.Library()

CALLOUTS = {GapFinding.REVIEW: "warn", GapFinding.RESCREEN: "warn"}


@register.inclusion_tag("sessions/_long_gap.html", takes_context=True)
def long_gap_note(context: template.Context, chain: CourseChain, today: date) -> dict[str, Any]:
    """Say that the course waits too long for its next session, and what that asks for."""
    gap = long_gap(chain, today)
    ends_course = gap is not None and gap.finding.ends_course
    return {
        "gap": gap,
        "course": chain.course,
        "tone": "stop" if ends_course else CALLOUTS.get(gap.finding, "") if gap else "",
        "ends_course": ends_course,
        "may_add": gap is not None and gap.may_add,
        "user": context["user"],
    }


@register.inclusion_tag("sessions/_long_gap_line.html")
def long_gap_line(chain: CourseChain, today: date) -> dict[str, Any]:
    """Say the same in one line, where the course is one of several."""
    return {"gap": long_gap(chain, today)}


@register.inclusion_tag("sessions/_course_lines.html", takes_context=True)
def lines_of(
    context: template.Context, lines: dict[int, list[CourseLine]], course: TreatmentCourse
) -> dict[str, Any]:
    """Say what other apps know about `course`, which is one of those that `lines` are about."""
    return {"lines": lines[course.pk], "user": context["user"]}


@register.inclusion_tag("sessions/_plan_changes.html", takes_context=True)
def plan_changes(context: template.Context, chain: CourseChain) -> dict[str, Any]:
    """List which sessions were late, stretched or skipped, and why; nothing if none was."""
    changes = [(row.session.number, change) for row in chain.rows for change in row.deviations]
    return {"changes": changes, "user": context["user"]}
