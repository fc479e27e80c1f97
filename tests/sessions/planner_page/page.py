"""The planner page in short words: what is typed, what is read from the answer."""

import html
import re
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse

from clinic.actions import close_days, mark_away
from tests.sessions.browser import Form

MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)
FIRST = date(2026, 11, 26)


def plan_url(patient):
    return reverse("sessions:course-plan", args=[patient.pk])


def settings_of(indication, practitioner, **changes):
    return {
        "numbers_of": indication.pk,
        "indication": indication.pk,
        "total_sessions": 8,
        "monthly_from": 6,
        "first_on": "2026-11-26",
        "practitioner": practitioner.pk if practitioner else "",
        "time_of_day": "ANY",
        "spread": "AS_DUE",
        "goals": "",
        **changes,
    }


def read(answer):
    """Return the words of the page, one space between them."""
    own = answer.content.decode().partition("<main")[2].partition('id="announcer"')[0]
    words = html.unescape(re.sub(r"<[^>]+>", " ", own or answer.content.decode()))
    return " ".join(words.split()).replace(" ,", ",")


def form(answer):
    return Form(answer.content.decode())


def days(answer):
    """Return the days of the places that are shown, counted from the first session."""
    return [
        (date.fromisoformat(place[:10]) - FIRST).days for place in form(answer).places().values()
    ]


def clocks(answer):
    return [place[11:16] for place in form(answer).places().values()]


def away(practitioner, first, last, by):
    mark_away(
        practitioner=practitioner,
        first_on=FIRST + timedelta(days=first),
        last_on=FIRST + timedelta(days=last),
        by=by,
        at=MORNING,
    )


def close(site, first, last, by):
    close_days(
        sites=[site],
        starts_on=FIRST + timedelta(days=first),
        ends_on=FIRST + timedelta(days=last),
        reason="Christmas",
        by=by,
        at=MORNING,
    )


def place(day, clock, practitioner, room):
    return f"{FIRST + timedelta(days=day)}T{clock}Z/{practitioner.pk}/{room.pk}"
