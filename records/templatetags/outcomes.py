"""`{% outcome_chart section %}` and `{% baseline_note session %}`."""

from typing import Any

from django import template
from django.utils import timezone

from records.domain.outcome_chart import HEIGHT, SESSIONS_Y
from records.domain.outcomes import BaselineState
from records.outcome_words import plain
from records.selectors.outcome_page import Section
from records.selectors.outcomes import read_baselines
from sessions.models import TreatmentSession

register = template.Library()

register.filter("plain", plain)


@register.inclusion_tag("records/_outcome_chart.html")
def outcome_chart(section: Section) -> dict[str, Any]:
    """Draw one scale over the course, with the delivered sessions below."""
    chart = section.chart
    return {
        "chart": chart,
        "label": section.label,
        "height": HEIGHT,
        "sessions_y": SESSIONS_Y,
        "days_y": HEIGHT - 6,
        "is_alone": len(chart.lines) == 1,
    }


@register.inclusion_tag("records/_baseline_note.html", takes_context=True)
def baseline_note(context: template.Context, session: TreatmentSession) -> dict[str, Any]:
    """Say at the first session of a course that its baseline is missing; it stops nobody."""
    is_missing = False
    if session.number == 1:
        today = timezone.now().astimezone(session.course.site.zone).date()
        state = read_baselines([session.course], today=today)[session.course_id]
        is_missing = state in {BaselineState.DUE, BaselineState.MISSING}
    return {
        "is_missing": is_missing,
        "course": session.course,
        "next_url": context["request"].path,
    }
