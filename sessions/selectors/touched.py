"""Appointments to come that lost their ground: a closed day, an absence, a room, a window."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.models import Closure, Site
from meso_clinic.core.models import User
from sessions.domain.free_time import Span, fits
from sessions.models import Appointment, TreatmentSession
from sessions.models.appointments import AppointmentQuerySet
from sessions.selectors.calendars import Calendars
from sessions.selectors.chain import course_chains
from sessions.selectors.free import Taken, working_hours
from sessions.selectors.replanning import Replan, promised, read_ahead_for, replan, with_others
from treatments.models import TreatmentCourse

# How many courses are worked out at once.
MOST_COURSES = 50


@dataclass(frozen=True, slots=True)
class Touched:
    """A booked appointment that cannot stay, and why, in a sentence."""

    appointment: Appointment
    words: str


@dataclass(frozen=True, slots=True)
class TouchedCourse:
    """A course with its touched appointments, and how it would be put right."""

    course: TreatmentCourse
    touched: tuple[Touched, ...]
    found: Replan


@dataclass(frozen=True, slots=True)
class TouchedPlan:
    """What is touched at a site. `courses` are the first of `total`; `others` are no sessions."""

    courses: tuple[TouchedCourse, ...]
    others: tuple[Touched, ...]
    total: int

    @property
    def stuck_count(self) -> int:
        """For how many courses nothing was found."""
        return sum(each.found.proposal.stuck_at is not None for each in self.courses)

    @property
    def move_count(self) -> int:
        """How many appointments would be written."""
        return sum(
            len(each.found.to_write)
            for each in self.courses
            if each.found.proposal.stuck_at is None
        )


def touched_plan(
    site: Site,
    now: datetime,
    *,
    practitioner: User | None = None,
    first: date | None = None,
    last: date | None = None,
) -> TouchedPlan:
    """Return what is touched at `site` from `now` (aware) on, and a re-plan of each course.

    Course after course: what one is promised is taken for the next. `first` and `last` bound the
    days looked at, both included.
    """
    found = _touched(site, now, practitioner, first, last)
    by_course: dict[int, list[Touched]] = defaultdict(list)
    for each in found:
        if each.appointment.session is not None:
            by_course[each.appointment.session.course_id].append(each)
    shown = list(by_course)[:MOST_COURSES]
    courses = TreatmentCourse.objects.with_people().in_bulk(shown)
    chains = {chain.course.pk: chain for chain in course_chains([courses[key] for key in shown])}
    numbers = {key: min(_number(each) for each in by_course[key]) for key in shown}
    calendars = Calendars()
    read_ahead_for(((chains[key], numbers[key]) for key in shown), now=now, calendars=calendars)
    taken: list[Taken] = []
    planned = []
    for key in shown:
        course_plan = with_others(
            replan(chains[key], numbers[key], now=now, taken=tuple(taken), calendars=calendars)
        )
        if course_plan.proposal.stuck_at is None:
            taken += promised(course_plan)
        planned.append(TouchedCourse(courses[key], tuple(by_course[key]), course_plan))
    return TouchedPlan(
        courses=tuple(planned),
        others=tuple(each for each in found if each.appointment.session is None),
        total=len(by_course),
    )


def _number(touched: Touched) -> int:
    session = touched.appointment.session
    return session.number if session else 0


def _touched(
    site: Site, now: datetime, practitioner: User | None, first: date | None, last: date | None
) -> list[Touched]:
    """Return the touched appointments in order of time (6 queries)."""
    appointments = list(_booked(site, now, practitioner, first, last))
    grounds = Grounds(site, appointments)
    return [
        Touched(appointment, words)
        for appointment in appointments
        if (words := grounds.lost_by(appointment))
    ]


def _booked(
    site: Site, now: datetime, practitioner: User | None, first: date | None, last: date | None
) -> AppointmentQuerySet:
    booked = (
        Appointment.objects.at_site(site, begins=now)
        .filter(status=Appointment.Status.BOOKED)
        .filter(Q(session__isnull=True) | Q(session__course__status="ACTIVE"))
        .with_people()
        .prefetch_related("room__indications", "session__deviations")
        .in_order()
    )
    if practitioner is not None:
        booked = booked.filter(practitioner=practitioner)
    if first is not None:
        booked = booked.filter(starts_at__gte=datetime.combine(first, time.min, site.zone))
    if last is not None:
        end = datetime.combine(last + timedelta(days=1), time.min, site.zone)
        booked = booked.filter(starts_at__lt=end)
    return booked


class Grounds:
    """What appointments of a site rest on, read once."""

    def __init__(self, site: Site, appointments: Collection[Appointment]) -> None:
        self.zone = site.zone
        days = sorted({self.day(appointment) for appointment in appointments})
        people = sorted({appointment.practitioner_id for appointment in appointments})
        self.closures = (
            list(Closure.objects.filter(site=site).touching(days[0], days[-1])) if days else []
        )
        self.working = working_hours(site, people, days)
        self.practitioners = set(
            User.objects.practitioners().filter(pk__in=people).values_list("pk", flat=True)
        )

    def day(self, appointment: Appointment) -> date:
        """Return the day of `appointment` at the site."""
        return appointment.starts_at.astimezone(self.zone).date()

    def lost_by(self, appointment: Appointment) -> str:
        """Say what `appointment` rests on no more, "" if it may stay."""
        return self.calendar_lost_by(appointment) or self._outside(appointment)

    def calendar_lost_by(self, appointment: Appointment) -> str:
        """Say the same, without asking for its window."""
        return self._closed(appointment) or self._away(appointment) or _room_words(appointment)

    def _closed(self, appointment: Appointment) -> str:
        on = self.day(appointment)
        shut = next((each for each in self.closures if each.starts_on <= on <= each.ends_on), None)
        return _("Closed: %(reason)s.") % {"reason": shut.reason} if shut else ""

    def _away(self, appointment: Appointment) -> str:
        name = appointment.practitioner.display_name
        if appointment.practitioner_id not in self.practitioners:
            return _("%(name)s gives no sessions any more.") % {"name": name}
        held = Span(appointment.starts_at, appointment.ends_at)
        if fits(self.working[appointment.practitioner_id], held):
            return ""
        return _("%(name)s does not work then.") % {"name": name}

    def _outside(self, appointment: Appointment) -> str:
        session = appointment.session
        if session is None or session.earliest_on is None or session.latest_on is None:
            return ""
        on = self.day(appointment)
        if on < session.earliest_on:
            return _("Too early for its window.")
        is_late = (on - session.latest_on).days > session.excused_days
        return _("Too late for its window.") if is_late else ""


def _room_words(appointment: Appointment) -> str:
    room, session = appointment.room, appointment.session
    if not room.is_active:
        return _("%(room)s is no longer in use.") % {"room": room.name}
    suits = {indication.pk for indication in room.indications.all()}
    if session is None or not suits or session.course.indication_id in suits:
        return ""
    return _("%(room)s is not set up for this.") % {"room": room.name}


def sessions_by_key(keys: Collection[int]) -> dict[int, TreatmentSession]:
    """Return sessions with their courses and patients, by primary key."""
    return TreatmentSession.objects.select_related("course__patient").in_bulk(keys)
