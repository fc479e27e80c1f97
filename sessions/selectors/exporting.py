"""A patient's courses as plain values for other tools. The shape is in `docs/operations.md`.

No name, no contact and nobody's words are in it: the record number alone says whose courses they
are. Keys are only ever added, so that a tool that reads the shape of today reads that of tomorrow.
"""

from datetime import date, datetime
from typing import Any, TypeAlias

from patients.models import Patient
from sessions.models import Appointment, Deviation
from sessions.selectors.chain import ChainRow, CourseChain, course_chains
from treatments.models import TreatmentCourse

FORMAT_VERSION = 1

Values: TypeAlias = dict[str, Any]


def export_courses(patient: Patient, *, only: int | None = None) -> Values:
    """Return the courses of `patient`, the newest last; with `only` just the one of that pk."""
    courses = patient.courses.with_people().order_by("planned_at", "pk")
    if only is not None:
        courses = courses.filter(pk=only)
    return {
        "format": FORMAT_VERSION,
        "record_number": patient.record_number,
        "courses": [_course(chain) for chain in course_chains(list(courses))],
    }


def _course(chain: CourseChain) -> Values:
    course = chain.course
    return {
        "course": course.pk,
        "indication": course.indication.slug,
        "status": course.status,
        "site": course.site.name,
        "time_zone": course.site.timezone,
        "practitioner": course.practitioner.username,
        "cadence": _cadence(course),
        "first_on": _day(course.first_on),
        "starts_on": _day(chain.starts_on) if chain.rows else None,
        "ends_on": _day(chain.ends_on) if chain.rows else None,
        "sessions": [_session(chain, row) for row in chain.rows],
    }


def _cadence(course: TreatmentCourse) -> Values:
    names = (
        *("total_sessions", "initial_sessions", "initial_min_days", "initial_max_days"),
        *("monthly_min_days", "monthly_max_days", "product_min_days", "session_minutes"),
        *("buffer_before_minutes", "buffer_after_minutes"),
    )
    return {name: getattr(course, name) for name in names}


def _session(chain: CourseChain, row: ChainRow) -> Values:
    link, window = row.link, row.link.window
    gap = chain.cadence.gap_before(row.session.number) if window.earliest else None
    return {
        "number": row.session.number,
        "status": row.session.status,
        "delivered_on": _day(row.session.delivered_on),
        "earliest_on": _day(window.earliest),
        "due_on": _day(window.due),
        "latest_on": _day(window.latest),
        "gap_days": link.gap_days,
        "gap_min": gap.min_days if gap else None,
        "gap_max": gap.max_days if gap else None,
        "days_early": window.days_early(link.on),
        "days_late": window.days_late(link.on),
        "appointment": _appointment(row.appointment) if row.appointment else None,
        "ended_appointments": [
            {**_appointment(place), "why": place.cancel_reason or place.status}
            for place in row.ended
        ],
        "deviations": [_deviation(deviation) for deviation in row.deviations],
    }


def _appointment(place: Appointment) -> Values:
    zone = place.room.site.zone
    return {
        "starts_at": _moment(place.starts_at.astimezone(zone)),
        "ends_at": _moment(place.ends_at.astimezone(zone)),
        "status": place.status,
        "practitioner": place.practitioner.username,
        "room": place.room.name,
    }


def _deviation(deviation: Deviation) -> Values:
    return {
        "kind": deviation.kind,
        "days_late": deviation.days_late,
        "reason": deviation.reason,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
