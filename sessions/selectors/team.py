"""Who gives the next session of a course, and where, as expressions over `TreatmentCourse`."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from sessions.models import Appointment

_AHEAD = (
    Appointment.Status.BOOKED,
    Appointment.Status.ARRIVED,
    Appointment.Status.IN_TREATMENT,
)


def _next(course: Any) -> QuerySet[Appointment]:
    ahead = Appointment.objects.filter(session__course=course, status__in=_AHEAD)
    return ahead.order_by("session__number", "pk")


def next_site() -> Subquery:
    """The site at which the next session is booked."""
    return Subquery(_next(OuterRef("pk")).values("room__site")[:1])


def next_practitioner() -> Subquery:
    """With whom the next session is booked."""
    return Subquery(_next(OuterRef("pk")).values("practitioner")[:1])


def is_next_practitioner_known() -> Exists:
    """Whether that person has given a session of the course already."""
    ahead = _next(OuterRef(OuterRef("pk"))).values("practitioner")[:1]
    done = Appointment.objects.filter(
        session__course=OuterRef("pk"), status=Appointment.Status.DONE
    )
    return Exists(done.filter(practitioner=Subquery(ahead)))
