"""Acts over many sessions, in short words: what is placed, what is refused, what is left."""

from datetime import timedelta
from uuid import uuid4

import pytest

from meso_clinic.core.models import AuditEvent
from sessions.actions.booking import BookingRefused, LateReason, Placement, place_sessions
from sessions.models import (
    Appointment,
    Deviation,
    ScheduleChange,
    ScheduleChangeLine,
    TreatmentSession,
)
from treatments.models import TreatmentCourse

MINUTE = timedelta(minutes=1)
WELL = LateReason("CONDITION", "The skin is calm.")
# The first days of the windows of a course of eight, five of them initial.
DAYS = (0, 7, 14, 21, 28, 56, 86, 117)


def at(desk, number, after, clock="10:00", **changes):
    """Return the placement of session `number` of `desk`, `after` days from its first day."""
    return Placement(
        **{
            "session": desk.session(number),
            "practitioner": desk.practitioner,
            "room": desk.room,
            "starts_at": desk.moment(after, clock),
            **changes,
        }
    )


def place(desk, *placements, **changes):
    return place_sessions(
        **{
            "placements": placements,
            "key": uuid4(),
            "by": desk.reception,
            "at": desk.now,
            **changes,
        }
    )


def whole_course(desk, days=DAYS, **changes):
    """Book all sessions of `desk`, each on its day at ten."""
    return place(desk, *(at(desk, n, day) for n, day in enumerate(days, start=1)), **changes)


def everything():
    """Return all rows that an act writes."""
    models = (
        TreatmentCourse,
        Appointment,
        TreatmentSession,
        Deviation,
        ScheduleChange,
        ScheduleChangeLine,
        AuditEvent,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def refused(act, kind=BookingRefused):
    """Return how `act` was refused, and make sure that it left nothing behind."""
    before = everything()
    with pytest.raises(kind) as refusal:
        act()
    assert type(refusal.value) is kind
    assert everything() == before
    return refusal.value


def days(desk):
    """Return the days of the live appointments of `desk`, counted from its first day."""
    live = Appointment.objects.live().filter(session__course=desk.course)
    held = live.order_by("session__number").values_list("starts_at", flat=True)
    return [
        (moment.astimezone(desk.site.zone).date() - desk.course.first_on).days for moment in held
    ]
