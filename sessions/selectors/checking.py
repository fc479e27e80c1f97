"""Reads the whole schedule in pieces, and says which promises it breaks.

Courses are read in chunks by primary key, calendars one practitioner, room or patient at a time,
so that memory stays small whatever the size of the clinic.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from clinic.models import Site
from sessions.domain.facts import CourseFact, Numbers, PlaceFact, SessionFact
from sessions.domain.holds import Hold, busy_weeks, overlaps
from sessions.domain.invariants import COURSE_FOLLOW_UPS, COURSE_RULES
from sessions.models import Appointment, BusyWeek, Deviation, TreatmentSession
from sessions.selectors import follow_ups
from treatments.models import Assessment, TreatmentCourse

COURSES_AT_ONCE = 1000
ROWS_AT_ONCE = 5000

Tally: TypeAlias = "Counter[str]"
Check: TypeAlias = Callable[[datetime, Tally], Iterator[str]]


def find_violations(at: datetime, tally: Tally) -> Iterator[str]:
    """Yield every broken promise as a sentence, as of `at` (aware); count what was looked at.

    `tally` gets `courses`, `sessions`, `appointments`, and what is to follow up under `booked_late`,
    `booked_early`, `delivered_later`, `closed_days` and `outside_hours`.
    """
    for check in CHECKS:
        yield from check(at, tally)


def follow_up_words(checked: dict[str, int]) -> list[str]:
    """Return what a run found to follow up, in words: "2 booked after their window"."""
    words = {
        "booked_late": _("%(n)s booked after their window without a reason"),
        "booked_early": _("%(n)s booked before their window, because the session before changed"),
        "delivered_later": _("%(n)s delivered on a later day than booked"),
        "closed_days": _("%(n)s booked on a closed day"),
        "outside_hours": _("%(n)s booked outside working hours"),
    }
    return [text % {"n": checked[name]} for name, text in words.items() if checked.get(name)]


def check_courses(at: datetime, tally: Tally) -> Iterator[str]:
    """What each course promises: see `sessions.domain.invariants`."""
    for course in _course_facts(at):
        tally["courses"] += 1
        tally["sessions"] += len(course.sessions)
        for rule in COURSE_RULES:
            yield from rule(course)
        for name, follow_up in COURSE_FOLLOW_UPS.items():
            tally[name] += sum(1 for _sentence in follow_up(course))


def check_appointments(at: datetime, tally: Tally) -> Iterator[str]:
    """Practitioner and room are held for all of an appointment, which ends after it begins."""
    tally["appointments"] += Appointment.objects.count()
    odd = Q(held_from__gt=F("starts_at")) | Q(held_until__lt=F("ends_at"))
    for pk, number in _rows(Appointment.objects.filter(odd), "pk", "patient__record_number"):
        yield f"Appointment {pk} of {number} is not held for all of its time."
    backwards = Appointment.objects.filter(ends_at__lte=F("starts_at"))
    for pk, number in _rows(backwards, "pk", "patient__record_number"):
        yield f"Appointment {pk} of {number} does not end after it begins."


def check_practitioners(at: datetime, tally: Tally) -> Iterator[str]:
    """No practitioner is held twice at once, and the kept weeks say when they are held."""
    for pk, holds in _holds("practitioner", "held_from", "held_until"):
        yield from _taken_twice(f"practitioner {pk}", holds)
        yield from _stale_weeks(BusyWeek.Kind.PRACTITIONER, pk, holds)


def check_rooms(at: datetime, tally: Tally) -> Iterator[str]:
    """No room is held twice at once, and the kept weeks say when it is held."""
    for pk, holds in _holds("room", "held_from", "held_until"):
        yield from _taken_twice(f"room {pk}", holds)
        yield from _stale_weeks(BusyWeek.Kind.ROOM, pk, holds)


def check_patients(at: datetime, tally: Tally) -> Iterator[str]:
    """No patient has two appointments at once."""
    for pk, holds in _holds("patient", "starts_at", "ends_at"):
        yield from _taken_twice(f"patient {pk}", holds)


def check_empty_weeks(at: datetime, tally: Tally) -> Iterator[str]:
    """The kept weeks of somebody or something without appointments are empty."""
    for kind, field in ((BusyWeek.Kind.PRACTITIONER, "practitioner"), (BusyWeek.Kind.ROOM, "room")):
        held = Appointment.objects.live().values(field)
        idle = BusyWeek.objects.filter(kind=kind).exclude(resource_id__in=held)
        for pk in idle.order_by("resource_id").values_list("resource_id", flat=True).distinct():
            yield from _stale_weeks(kind, pk, [])


def count_displaced(at: datetime, tally: Tally) -> Iterator[str]:
    """Hours and closures change later, so what stands outside them is only counted."""
    for site in Site.objects.order_by("pk"):
        tally["closed_days"] += len(follow_ups.on_closed_days(site, at))
        tally["outside_hours"] += len(follow_ups.outside_hours(site, at))
    yield from ()


CHECKS: tuple[Check, ...] = (
    check_courses,
    check_appointments,
    check_practitioners,
    check_rooms,
    check_patients,
    check_empty_weeks,
    count_displaced,
)


def _course_facts(at: datetime) -> Iterator[CourseFact]:
    last, newest = 0, TreatmentCourse.objects.aggregate(newest=Max("pk"))["newest"] or 0
    while last < newest:
        chunk = list(
            TreatmentCourse.objects.filter(pk__gt=last)
            .select_related("patient", "indication", "site")
            .only(*_COURSE_FIELDS)
            .order_by("pk")[:COURSES_AT_ONCE]
        )
        bounds = (chunk[0].pk, chunk[-1].pk)
        sessions, consulted = _sessions(bounds), _consultations(chunk)
        for course in chunk:
            yield _fact(course, tuple(sessions[course.pk]), consulted, at)
        last = bounds[1]


_COURSE_FIELDS = (
    *("status", "first_on", "total_sessions", "initial_sessions", "initial_min_days"),
    *("initial_max_days", "monthly_min_days", "monthly_max_days", "product_min_days"),
    *("activated_at", "patient__record_number", "indication__needs_specialist", "site__timezone"),
)

_Consulted: TypeAlias = dict[tuple[int, int], list[Assessment]]


def _fact(
    course: TreatmentCourse,
    sessions: tuple[SessionFact, ...],
    consulted: _Consulted,
    at: datetime,
) -> CourseFact:
    zone, began = course.site.zone, course.activated_at
    return CourseFact(
        pk=course.pk,
        record_number=course.patient.record_number,
        patient_id=course.patient_id,
        status=course.status,
        first_on=course.first_on,
        numbers=Numbers(
            course.total_sessions,
            course.initial_sessions,
            course.initial_min_days,
            course.initial_max_days,
            course.monthly_min_days,
            course.monthly_max_days,
            course.product_min_days,
        ),
        needs_specialist=course.indication.needs_specialist,
        activated_on=began.astimezone(zone).date() if began else None,
        consulted_on=tuple(
            found.assessed_on
            for found in consulted[course.patient_id, course.indication_id]
            if began and found.recorded_at <= began
        ),
        sessions=sessions,
        at=at,
        today=at.astimezone(zone).date(),
    )


def _consultations(courses: list[TreatmentCourse]) -> _Consulted:
    found: _Consulted = defaultdict(list)
    asking = {course.patient_id for course in courses if course.indication.needs_specialist}
    for seen in Assessment.objects.filter(patient__in=asking, kind=Assessment.Kind.SPECIALIST):
        found[seen.patient_id, seen.indication_id].append(seen)
    return found


def _sessions(bounds: tuple[int, int]) -> dict[int, list[SessionFact]]:
    places, deviations = _places(bounds), _deviations(bounds)
    sessions: dict[int, list[SessionFact]] = defaultdict(list)
    none: frozenset[str] = frozenset()
    columns = ("number", "status", "delivered_on", "earliest_on", "due_on", "latest_on")
    for pk, course, number, status, delivered_on, earliest_on, due_on, latest_on in (
        TreatmentSession.objects.filter(course__pk__range=bounds)
        .in_order()
        .values_list("pk", "course", *columns)
        .iterator(ROWS_AT_ONCE)
    ):
        window = (earliest_on, due_on, latest_on)
        held = tuple(places.get(pk, ()))
        kinds = frozenset(deviations[pk]) if pk in deviations else none
        sessions[course].append(SessionFact(number, status, delivered_on, *window, held, kinds))
    return sessions


def _places(bounds: tuple[int, int]) -> dict[int, list[PlaceFact]]:
    zones = {site.pk: site.zone for site in Site.objects.all()}
    places: dict[int, list[PlaceFact]] = defaultdict(list)
    for session, site, pk, status, starts_at, patient in (
        Appointment.objects.live()
        .filter(session__course__pk__range=bounds)
        .order_by("starts_at", "pk")
        .values_list("session", "room__site", "pk", "status", "starts_at", "patient")
        .iterator(ROWS_AT_ONCE)
    ):
        on = starts_at.astimezone(zones[site]).date()
        places[session].append(PlaceFact(pk, status, starts_at, on, patient))
    return places


def _deviations(bounds: tuple[int, int]) -> dict[int, set[str]]:
    kinds: dict[int, set[str]] = defaultdict(set)
    written = Deviation.objects.filter(session__course__pk__range=bounds)
    for session, kind in written.values_list("session", "kind"):
        kinds[session].add(kind)
    return kinds


def _holds(resource: str, begins: str, ends: str) -> Iterator[tuple[int, list[Hold]]]:
    """Yield each resource with the live appointments that hold it, in order of their begin."""
    rows = (
        Appointment.objects.live()
        .order_by(resource, begins, "pk")
        .values_list(resource, "pk", begins, ends)
        .iterator(ROWS_AT_ONCE)
    )
    for pk, group in groupby(rows, key=itemgetter(0)):
        yield pk, [Hold(*row[1:]) for row in group]


def _taken_twice(who: str, holds: list[Hold]) -> Iterator[str]:
    for one, other in overlaps(holds):
        yield (
            f"Appointments {one.appointment} and {other.appointment} both take {who} "
            f"at {other.begins:%Y-%m-%d %H:%M} UTC."
        )


def _stale_weeks(kind: BusyWeek.Kind, resource: int, holds: list[Hold]) -> Iterator[str]:
    """Yield the kept weeks that pass for up to date and are not."""
    kept = BusyWeek.objects.filter(kind=kind, resource_id=resource, bits_of=F("changes"))
    weeks = kept.order_by("week").values_list("week", "bits")
    if not weeks:
        return
    busy = busy_weeks(holds)
    for week, bits in weeks:
        if int.from_bytes(bytes(bits), "little") != busy.get(week, 0):
            yield (
                f"Week {week} of {kind.label.lower()} {resource} is kept as up to date, "
                "but its busy times differ from the appointments."
            )


def _rows(appointments: Any, *fields: str) -> Any:
    return appointments.order_by("pk").values_list(*fields).iterator(ROWS_AT_ONCE)
