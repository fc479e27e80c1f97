"""Words of the chain in templates: what a visit is for, how many days, who may wait for what."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clinic.models import Room
from meso_clinic.core.http import CompactJSON
from meso_clinic.core.models import User
from sessions import planner_words
from sessions.calendar_words import calendar_words
from sessions.models import Appointment
from sessions.replan_words import clock_words
from sessions.selectors.drawing import DrawnRow
from sessions.selectors.fixes import OtherDay
from sessions.selectors.proposals import ProposedRow
from sessions.words import TONES, days_words, visit_words

register = template.Library()

# What the address of the day is made of.
DAY_PARTS = ("date", "view", "mine", "status")


@register.filter
def visit(appointment: Appointment) -> str:
    """Return what the appointment is for: "Cellulite, 3 of 8"."""
    return visit_words(appointment)


@register.simple_tag
def calendar_json(data: dict[str, Any], element_id: str) -> SafeString:
    """Return `data` as the script from which the calendar is drawn."""
    return json_script(data, element_id, encoder=CompactJSON)


@register.simple_tag
def calendar_words_url() -> str:
    """Return the address of the words that the calendar draws with; a new word has a new one."""
    return reverse("sessions:calendar-words", args=[calendar_words()[1]])


@register.simple_tag(takes_context=True)
def day_url(context: Context, **changes: object) -> str:
    """Return the address of the day that is shown, with `changes`; None leaves a part out."""
    request = context["request"]
    kept = {name: request.GET[name] for name in DAY_PARTS if name in request.GET}
    asked = {name: value for name, value in (kept | changes).items() if value is not None}
    return f"{request.path}?{urlencode(asked)}"


@register.filter
def in_days(days: int) -> str:
    """Return "1 day" or "7 days"."""
    return days_words(days)


@register.filter
def tone(state: str) -> str:
    """Return the word by which chips and rows are coloured."""
    return TONES[state]


@register.filter
def span(first: date, last: date) -> str:
    """Return two days as a stretch: "24 to 27 Dec 2026", "26 Nov to 2 Dec 2026"."""
    if first == last:
        return f"{first.day} {first:%b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return _("%(first)s to %(last)s") % {
            "first": first.day,
            "last": f"{last.day} {last:%b %Y}",
        }
    begins = f"{first.day} {first:%b}" + ("" if first.year == last.year else f" {first:%Y}")
    return _("%(first)s to %(last)s") % {"first": begins, "last": f"{last.day} {last:%b %Y}"}


@register.filter
def row_class(row: DrawnRow) -> str:
    """Return the css class of a row of the chain."""
    return {"problem": "bad", "planned": "prov", "done": "done", "skipped": "prov"}.get(
        row.state, ""
    )


@register.filter
def obstacle_words(day: OtherDay, practitioner: User) -> str:
    """Return why `day` has no time with `practitioner`."""
    return planner_words.obstacle_words(day.obstacle, day.closure, practitioner.display_name)


@register.filter
def is_other_person(row: ProposedRow) -> bool:
    """Whether the proposed time is with another practitioner than the one it takes the place of."""
    if row.was is None or row.place is None:
        return False
    return row.was.practitioner.pk != row.place.practitioner.pk


@register.filter
def on_wall(moment: datetime, room: Room) -> str:
    """Return "Thu 24 Dec, 09:40": a moment on the clock of the site of `room`."""
    return clock_words(moment, room.site.zone)
