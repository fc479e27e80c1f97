"""The re-plan page in short words: where it is, what it offers, what is sent."""

import re
from datetime import UTC, datetime
from uuid import uuid4

from django.urls import reverse

from tests.sessions.browser import shown

MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)


def url(desk, number=None, **query):
    page = reverse("sessions:course-replan", args=[desk.course.pk])
    asked = {"from": number, **query} if number else query
    return page + "?" + "&".join(f"{key}={text}" for key, text in asked.items())


def value(desk, after, clock="10:00", practitioner=None):
    moment = desk.moment(after, clock).astimezone(UTC)
    who = practitioner or desk.practitioner
    return f"{moment:%Y-%m-%dT%H:%MZ}/{who.pk}/{desk.room.pk}"


def offered(answer):
    return re.findall(r'name="place"\s+value="([^"]+)"', answer.content.decode())


def confirm(client, desk, answer, number, **typed):
    return client.post(url(desk, number), {"key": uuid4(), **shown(answer), **typed})


def days_of(desk):
    return [
        (row.starts_at.astimezone(desk.site.zone).date() - desk.course.first_on).days
        for row in sorted(
            (desk.place(n) for n in range(1, 9) if desk.session(n).appointments.live().exists()),
            key=lambda place: place.session.number,
        )
    ]


def move_unchecked(desk, number, after):
    """Put a session on a day that the rules refuse, as the past may have left it."""
    desk.session(number).appointments.live().update(
        starts_at=desk.moment(after),
        ends_at=desk.moment(after, "10:50"),
        held_from=desk.moment(after),
        held_until=desk.moment(after, "10:50"),
    )


def late_without_a_reason(desk):
    """Sessions 1 and 2, of which the second stands two days after its window."""
    desk.book(1, 0)
    desk.book(2, 10)
    move_unchecked(desk, 2, 12)
