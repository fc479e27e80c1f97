"""`{% course_ruler ruler %}`, `{% ruler_legend ruler %}` and `{% gap_ruler gap %}`: inline SVG."""

from datetime import date
from typing import Any, Final

from django import template
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.domain.gap_ruler import GapRuler
from sessions.domain.ruler import CourseRuler, SessionState

register = template.Library()

DOT_CLASSES: Final[dict[SessionState, str]] = {
    "done": "done",
    "next": "next",
    "booked": "open",
    "planned": "prov",
    "problem": "bad",
    "skipped": "skip",
}


@register.filter
def dot_class(state: SessionState) -> str:
    """Return the css class of a dot in `state`."""
    return DOT_CLASSES[state]


@register.filter
def month_label(on: date) -> str:
    """Return the month's name, with its year in January, where a new year begins."""
    return formats.date_format(on, "F Y" if on.month == 1 else "F")


@register.inclusion_tag("sessions/_ruler.html")
def course_ruler(ruler: CourseRuler) -> dict[str, Any]:
    """Draw the course; heights are pixels, and smaller on paper, which marks no day as today."""
    y = 44 if ruler.paper else 66
    month_dx = 7
    crowded = ruler.today_is_crowded
    return {
        "ruler": ruler,
        "label": course_label(ruler),
        "height": 84 if ruler.paper else 126,
        "y": y,
        "radius": 11 if ruler.paper else 12,
        "tick_y1": y - 4,
        "tick_y2": y + 4,
        "band_y": y - 17,
        "closure_y": y - 24,
        "gap_y": y + 32,
        "now_y1": y - 26,
        "now_y2": y + (18 if crowded else 24),
        "now_text_y": y + (48 if crowded else 38),
        "month_dx": -month_dx if ruler.rtl else month_dx,
        "first_month_dx": 12 if ruler.rtl else -12,
    }


@register.inclusion_tag("sessions/_ruler_legend.html")
def ruler_legend(ruler: CourseRuler, push: bool = False, planning: bool = False) -> dict[str, Any]:
    """Explain the marks that `ruler` has; `push` moves the list to the end of its row.

    While a course is being planned nothing is booked, so `planning` leaves those words out.
    """
    states = {dot.state for dot in ruler.dots}
    if planning:
        states -= {"booked", "next", "problem"}
    has = dict.fromkeys(states, True)
    marks = {
        "no_show": bool(ruler.events),
        "window": bool(ruler.windows),
        "closed": bool(ruler.closures),
    }
    return {"has": {**has, **marks}, "push": push, "planning": planning}


@register.inclusion_tag("sessions/_gap_ruler.html")
def gap_ruler(gap: GapRuler) -> dict[str, Any]:
    """Draw one gap and its window."""
    return {"gap": gap, "label": gap_label(gap)}


def course_label(ruler: CourseRuler) -> str:
    """Return what the drawing shows, in words: how many sessions, from when to when, what is wrong."""
    count = ngettext("%(count)s session", "%(count)s sessions", ruler.total)
    words = [_("Course ruler."), count % {"count": ruler.total}]
    if ruler.first_on and ruler.last_on:
        words[-1] = _("%(count)s from %(first)s to %(last)s") % {
            "count": words[-1],
            "first": _long(ruler.first_on),
            "last": _long(ruler.last_on),
        }
    words[-1] += "."
    if ruler.done:
        words.append(_("%(done)s of %(total)s done.") % {"done": ruler.done, "total": ruler.total})
    if ruler.next_on:
        words.append(_("Next session %(day)s.") % {"day": _long(ruler.next_on)})
    words += [_("Session %(number)s has no time.") % {"number": each} for each in ruler.problems]
    words.append(_("The list below has the same dates."))
    return " ".join(words)


def gap_label(gap: GapRuler) -> str:
    """Return the gap in words: the days, the window, and by how much it is missed."""
    window = _("Allowed: %(min)s to %(max)s days.") % {"min": gap.min_days, "max": gap.max_days}
    if gap.gap_days is None:
        return _("No time yet. %(window)s") % {"window": window}
    days = ngettext("%(days)s day.", "%(days)s days.", gap.gap_days) % {"days": gap.gap_days}
    words = [days, window]
    if gap.gap_days > gap.max_days:
        late = gap.gap_days - gap.max_days
        words.append(ngettext("%(days)s day late.", "%(days)s days late.", late) % {"days": late})
    elif gap.gap_days < gap.min_days:
        early = gap.min_days - gap.gap_days
        words.append(
            ngettext("%(days)s day early.", "%(days)s days early.", early) % {"days": early}
        )
    return " ".join(words)


def _long(on: date) -> str:
    return formats.date_format(on, "j F Y")
