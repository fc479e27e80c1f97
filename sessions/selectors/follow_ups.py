"""What the chain itself leaves to do: sessions without a time, bookings that no longer fit."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.models import Closure, Site
from meso_clinic.core.models import User
from meso_clinic.core.roles import Right
from sessions.follow_ups import FollowUp
from sessions.models import Appointment, TreatmentSession
from sessions.models.appointments import AppointmentQuerySet
from sessions.models.chain import TreatmentSessionQuerySet
from sessions.selectors.free import working_hours
from sessions.words import short_day

_ENDED = (Appointment.Status.NO_SHOW, Appointment.Status.CANCELLED)


def without_new_time(site: Site, now: datetime) -> list[FollowUp]:
    """Return sessions whose appointment was missed or cancelled, and that have no new one."""
    ended = Appointment.objects.filter(session=OuterRef("pk"), status__in=_ENDED)
    return [
        _to_book(
            session,
            _("Session %(n)s was missed or cancelled.") % {"n": session.number},
            session.due_on,
        )
        for session in _to_be_booked(site).filter(Exists(ended))
    ]


def window_closing(site: Site, now: datetime) -> list[FollowUp]:
    """Return the next sessions of courses whose window is open or over, with nothing booked."""
    today = now.astimezone(site.zone).date()
    ended = Appointment.objects.filter(session=OuterRef("pk"), status__in=_ENDED)
    opened = Q(earliest_on__lte=today) | Q(earliest_on__isnull=True, due_on__lt=today)
    waiting = _to_be_booked(site).next_of_course().filter(~Exists(ended), opened)
    return [_to_book(session, _window_words(session, today), session.due_on) for session in waiting]


def out_of_window(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments that stand outside their session's window without a reason on record."""
    booked = (
        _booked(site, now)
        .filter(session__deviations__isnull=True, session__latest_on__isnull=False)
        .select_related("session__course__indication")
    )
    found = []
    for appointment in booked:
        session, on = appointment.session, appointment.starts_at.astimezone(site.zone).date()
        if session is None or session.earliest_on is None or session.latest_on is None:
            continue
        if not session.earliest_on <= on <= session.latest_on:
            found.append(_to_move(appointment, _("Booked outside its window."), on))
    return found


def on_closed_days(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments on days on which the site is closed."""
    closures = list(
        Closure.objects.filter(site=site, ends_on__gte=now.astimezone(site.zone).date())
    )
    found = []
    for appointment in _booked(site, now) if closures else ():
        on = appointment.starts_at.astimezone(site.zone).date()
        shut = next((each for each in closures if each.starts_on <= on <= each.ends_on), None)
        if shut:
            words = _("Booked on a closed day: %(reason)s.") % {"reason": shut.reason}
            found.append(_to_move(appointment, words, on))
    return found


def not_told(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments that are over and of which nobody said whether the patient came."""
    untold = (
        Appointment.objects.filter(
            room__site=site, status=Appointment.Status.BOOKED, ends_at__lt=now
        )
        .with_people()
        .in_order()
    )
    return [
        FollowUp(
            patient=appointment.patient,
            what=_("%(day)s. Nobody said whether the patient came.") % {"day": short_day(on)},
            since=on,
            url=f"{reverse('sessions:day')}?date={on:%Y-%m-%d}&status=LATE",
            action=_("Show the day"),
            right=Right.RUN_DAY,
        )
        for appointment in untold
        for on in [appointment.starts_at.astimezone(site.zone).date()]
    ]


def of_courses_at_rest(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments to come of courses that are suspended or ended."""
    resting = (
        _booked(site, now).filter(session__isnull=False).exclude(session__course__status="ACTIVE")
    )
    return [
        _to_look_at(appointment, appointment.starts_at.astimezone(site.zone).date())
        for appointment in resting
    ]


def _to_look_at(appointment: Appointment, on: date) -> FollowUp:
    course = appointment.session.course if appointment.session else None
    return FollowUp(
        patient=appointment.patient,
        what=_("Booked for %(day)s, but the course does not run.") % {"day": short_day(on)},
        since=on,
        url=reverse("sessions:course-detail", args=[course.pk]) if course else "",
        action=_("Open"),
    )


def outside_hours(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments at times at which their practitioner no longer works at the site."""
    booked = [(each, each.starts_at.astimezone(site.zone).date()) for each in _booked(site, now)]
    people = sorted({appointment.practitioner_id for appointment, _on in booked})
    working = working_hours(site, people, sorted({on for _appointment, on in booked}))
    return [
        _to_move(appointment, _away_words(appointment.practitioner), on)
        for appointment, on in booked
        if not any(
            span.start <= appointment.starts_at and appointment.ends_at <= span.end
            for span in working[appointment.practitioner_id]
        )
    ]


def _away_words(practitioner: User) -> str:
    return _("%(name)s does not work then.") % {"name": practitioner.display_name}


def _to_be_booked(site: Site) -> TreatmentSessionQuerySet:
    return (
        TreatmentSession.objects.filter(
            course__site=site, course__status="ACTIVE", status=TreatmentSession.Status.PLANNED
        )
        .select_related("course__patient", "course__indication")
        .order_by("due_on", "pk")
    )


def _booked(site: Site, now: datetime) -> AppointmentQuerySet:
    return (
        Appointment.objects.filter(
            room__site=site, status=Appointment.Status.BOOKED, starts_at__gte=now
        )
        .with_people()
        .in_order()
    )


def _window_words(session: TreatmentSession, today: date) -> str:
    latest = session.latest_on
    if latest is None:
        return _("Session %(n)s has no time. It was planned for %(day)s.") % {
            "n": session.number,
            "day": short_day(session.due_on),
        }
    if latest < today:
        return _("Session %(n)s is overdue: its window closed on %(day)s.") % {
            "n": session.number,
            "day": short_day(latest),
        }
    return _("Session %(n)s has no time. Its window closes on %(day)s.") % {
        "n": session.number,
        "day": short_day(latest),
    }


def _to_book(session: TreatmentSession, words: str, since: date) -> FollowUp:
    return FollowUp(
        patient=session.course.patient,
        what=f"{session.course.indication.short_name}. {words}",
        since=since,
        url=reverse("sessions:session-book", args=[session.pk]),
        action=_("Book"),
    )


def _to_move(appointment: Appointment, words: str, on: date) -> FollowUp:
    session = appointment.session
    return FollowUp(
        patient=appointment.patient,
        what=f"{short_day(on)}. {words}",
        since=on,
        url=reverse("sessions:session-book", args=[session.pk]) if session else "",
        action=_("Move"),
    )
