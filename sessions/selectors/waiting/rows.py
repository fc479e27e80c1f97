"""Who waits: the open entries of a site, each with its course, its wishes and the time it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from clinic.models import Site
from patients.models import Patient
from sessions.domain.openings import Need
from sessions.domain.waiting import InCourse, Taking, Waiting, is_overdue
from sessions.domain.windows import Window
from sessions.models import Appointment, TreatmentSession, WaitlistCall, WaitlistEntry
from sessions.models.waiting import WaitlistEntryQuerySet
from sessions.selectors.asking import HOURS, need_of
from sessions.selectors.chain import ChainRow, CourseChain, course_chains
from treatments.models import TreatmentCourse

# A call without an answer says something about today.
CALLS_SHOWN = timedelta(days=1)


@dataclass(frozen=True)
class WaitingRow:
    """An open entry with what it waits for. `held` is the time the patient has.

    A visit of another kind than a session has neither `chain` nor `row`.
    """

    entry: WaitlistEntry
    waiting: Waiting
    need: Need
    held: Appointment | None
    chain: CourseChain | None = None
    row: ChainRow | None = None
    is_overdue: bool = False

    @property
    def window(self) -> Window | None:
        """The window of the session; None for a visit of another kind, which has none."""
        return self.row.link.window if self.row else None

    @property
    def course(self) -> TreatmentCourse | None:
        """The course it belongs to."""
        return self.chain.course if self.chain else None

    @property
    def may_be_given(self) -> bool:
        """Whether it may be booked or moved now."""
        if self.row is None or self.chain is None:
            return True
        return self.chain.course.is_active and (self.row.is_bookable or self.row.is_movable)

    @property
    def calls(self) -> list[WaitlistCall]:
        """The latest calls that nobody answered, the newest first."""
        return list(self.entry.latest_calls)  # type: ignore[attr-defined]


def read_rows(site: Site, now: datetime) -> list[WaitingRow]:
    """Read who waits at `site` at `now` (aware), in order; it takes a constant number of queries."""
    entries = list(_open_entries(site, now))
    chains, visits = _chains(entries), _held_visits(entries, now)
    today = now.astimezone(site.zone).date()
    rows = [
        _visit_row(entry, visits.get((entry.patient_id, entry.kind)))
        if entry.session is None
        else _session_row(entry, entry.session, chains[entry.session.course_id], today)
        for entry in entries
    ]
    return [row for row in rows if row.row is None or row.row.session.is_open]


def sessions_to_wait_for(patient: Patient) -> QuerySet[TreatmentSession]:
    """Return the sessions of running courses of `patient` that could have an earlier time."""
    return (
        TreatmentSession.objects.filter(
            course__patient=patient,
            course__status=TreatmentCourse.Status.ACTIVE,
            status__in=["PLANNED", "BOOKED"],
        )
        .select_related("course__indication", "course__patient")
        .in_order()
    )


def _open_entries(site: Site, now: datetime) -> WaitlistEntryQuerySet:
    """Return the open entries of `site` whose last wished day has not passed, with latest calls."""
    today = now.astimezone(site.zone).date()
    calls = WaitlistCall.objects.filter(at__gt=now - CALLS_SHOWN).select_related("by")
    return (
        WaitlistEntry.objects.open()
        .filter(Q(until__isnull=True) | Q(until__gte=today), site=site)
        .in_order()
        .with_people()
        .prefetch_related(Prefetch("calls", calls.order_by("-at", "-pk"), to_attr="latest_calls"))
    )


def _chains(entries: Sequence[WaitlistEntry]) -> dict[int, CourseChain]:
    """Return the chain of each course that an entry waits in, by its key; no query for none."""
    courses = {entry.session.course_id: entry.session.course for entry in entries if entry.session}
    if not courses:
        return {}
    return {chain.course.pk: chain for chain in course_chains(list(courses.values()))}


def _held_visits(
    entries: Sequence[WaitlistEntry], now: datetime
) -> dict[tuple[int, str], Appointment]:
    """Return the next booked visit of each patient and kind that an entry waits for (1 query)."""
    patients = [entry.patient_id for entry in entries if entry.session_id is None]
    if not patients:
        return {}
    booked = Appointment.objects.filter(
        patient__in=patients, session__isnull=True, status="BOOKED", starts_at__gt=now
    )
    found: dict[tuple[int, str], Appointment] = {}
    for visit in booked.select_related("practitioner", "room__site").in_order():
        found.setdefault((visit.patient_id, visit.kind), visit)
    return found


def _visit_row(entry: WaitlistEntry, held: Appointment | None) -> WaitingRow:
    need = Need(held.minutes if held else entry.minutes or 0)
    return WaitingRow(entry, _waiting(entry, held), need, held)


def _session_row(
    entry: WaitlistEntry, session: TreatmentSession, chain: CourseChain, today: date
) -> WaitingRow:
    row = chain.row(session)
    waiting = _waiting(entry, row.appointment, _in_course(chain, row))
    is_late = is_overdue(waiting, today)
    return WaitingRow(entry, waiting, need_of(chain.course), row.appointment, chain, row, is_late)


def _waiting(
    entry: WaitlistEntry, held: Appointment | None, course: InCourse | None = None
) -> Waiting:
    return Waiting(
        key=entry.pk,
        since=entry.added_at.astimezone(entry.site.zone).date(),
        taking=Taking(
            practitioner=entry.practitioner_id,
            weekdays=frozenset(entry.weekdays),
            hours=HOURS[entry.time_of_day],
            notice=timedelta(hours=entry.notice_hours),
            until=entry.until,
        ),
        booked_at=held.starts_at if held else None,
        course=course,
        prefers=entry.patient.preferred_practitioner_id,
    )


def _in_course(chain: CourseChain, row: ChainRow) -> InCourse:
    return InCourse(
        cadence=chain.cadence,
        first_on=chain.course.first_on,
        steps=tuple(chain.steps),
        number=row.session.number,
        explained=chain.explained,
    )
