"""What the chain itself leaves to do: sessions without a time, bookings that no longer fit."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.models import Closure, Room, Site
from meso_clinic.core.models import User
from meso_clinic.core.roles import Right
from sessions.domain.free_time import Span, fits, merge
from sessions.follow_ups import FollowUp
from sessions.models import Appointment, TreatmentSession
from sessions.models.appointments import AppointmentQuerySet
from sessions.models.chain import TreatmentSessionQuerySet
from sessions.selectors.free import Hours, day_bounds
from sessions.selectors.long_gaps import LongGap, gaps_to_decide
from sessions.words import short_day
from treatments.models import TreatmentCourse

# A window that opens so soon is worth a call today. A setting of the clinic's desk.
OPENS_SOON = timedelta(days=3)

# An appointment that was taken back was never missed.
_MISSED = Q(status=Appointment.Status.NO_SHOW) | Q(status=Appointment.Status.CANCELLED) & ~Q(
    cancel_reason=Appointment.CancelReason.UNDONE
)


def without_new_time(site: Site, now: datetime) -> list[FollowUp]:
    """Return sessions whose appointment was missed or cancelled, and that have no new one."""
    waiting = _to_be_booked(site).filter(Exists(_missed_of_session()))
    missed = Appointment.objects.filter(_MISSED, session__in=waiting.order_by().values("pk"))
    lost_at = dict(missed.order_by().values_list("session").annotate(newest=Max("status_since")))
    return [
        _to_book(
            session,
            _("Session %(n)s was missed or cancelled.") % {"n": session.number},
            lost_at[session.pk].astimezone(site.zone).date(),
        )
        for session in waiting
        if session.pk in lost_at
    ]


def window_closing(site: Site, now: datetime) -> list[FollowUp]:
    """Return the next sessions whose window is open, over or about to open, with nothing booked."""
    today = now.astimezone(site.zone).date()
    opened = Q(earliest_on__lte=today + OPENS_SOON) | Q(earliest_on__isnull=True, due_on__lt=today)
    waiting = _to_be_booked(site).next_of_course().filter(~Exists(_missed_of_session()), opened)
    return [_to_book(session, _window_words(session, today), session.due_on) for session in waiting]


def _missed_of_session() -> AppointmentQuerySet:
    return Appointment.objects.filter(_MISSED, session=OuterRef("pk"))


def long_gaps(site: Site, now: datetime) -> list[FollowUp]:
    """Return the courses about which a prescriber has to decide, because they waited too long."""
    today = now.astimezone(site.zone).date()
    return [_to_decide(gap) for gap in gaps_to_decide(site, today)]


def _to_decide(gap: LongGap) -> FollowUp:
    course = gap.chain.course
    return FollowUp(
        patient=course.patient,
        what=f"{course.indication.short_name}. {gap.words}",
        since=gap.last_on,
        url=reverse("sessions:course-detail", args=[course.pk]),
        action=_("Open"),
        right=Right.SEE_COURSES,
    )


def out_of_window(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments that stand outside their session's window without a reason on record."""
    booked = (
        _booked(site, now)
        .filter(session__course__status="ACTIVE", session__latest_on__isnull=False)
        .prefetch_related("session__deviations")
    )
    found = []
    for appointment in booked:
        session, on = appointment.session, appointment.starts_at.astimezone(site.zone).date()
        if session is not None and _is_misplaced(session, on):
            found.append(_to_replan(appointment, session, on))
    return found


def _is_misplaced(session: TreatmentSession, on: date) -> bool:
    """Whether `on` is too early, or late without a reason."""
    early = session.earliest_on is not None and on < session.earliest_on
    days_late = (on - session.latest_on).days if session.latest_on else 0
    return early or days_late > session.excused_days


def _to_replan(appointment: Appointment, session: TreatmentSession, on: date) -> FollowUp:
    replan = reverse("sessions:course-replan", args=[session.course_id])
    return FollowUp(
        patient=appointment.patient,
        what=f"{short_day(on)}. {_('Booked outside its window.')}",
        since=on,
        url=f"{replan}?from={session.number}",
        action=_("Re-plan"),
    )


def in_wrong_rooms(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments in rooms that are no longer in use or no longer suit the indication."""
    room = Room.objects.filter(pk=OuterRef("room"))
    is_set_up = Exists(room.filter(indications__isnull=False))
    suits = Exists(room.filter(indications=OuterRef("session__course__indication")))
    wrong = _booked(site, now).filter(
        Q(room__is_active=False) | Q(session__isnull=False) & is_set_up & ~suits
    )
    return [
        _to_move(
            appointment,
            _room_words(appointment),
            appointment.starts_at.astimezone(site.zone).date(),
        )
        for appointment in wrong
    ]


def _room_words(appointment: Appointment) -> str:
    room, session = appointment.room, appointment.session
    if session is None or not room.is_active:
        return _("%(room)s is no longer in use.") % {"room": room.name}
    return _("%(room)s is not set up for %(indication)s.") % {
        "room": room.name,
        "indication": session.course.indication.short_name,
    }


def on_closed_days(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments on days on which the site is closed."""
    closures = list(
        Closure.objects.filter(site=site, ends_on__gte=now.astimezone(site.zone).date())
    )
    if not closures:
        return []
    closed = Q()
    for closure in closures:
        days = day_bounds(site, closure.starts_on, closure.ends_on)
        closed |= Q(starts_at__gte=days.start, starts_at__lt=days.end)
    found = []
    for appointment in _booked(site, now).filter(closed):
        on = appointment.starts_at.astimezone(site.zone).date()
        shut = next((each for each in closures if each.starts_on <= on <= each.ends_on), None)
        if shut:
            words = _("Booked on a closed day: %(reason)s.") % {"reason": shut.reason}
            found.append(_to_move(appointment, words, on))
    return found


def not_told(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments that are over and of which nobody said whether the patient came."""
    # At every site, or SQLite would go through all that the site's rooms ever held.
    over = Appointment.objects.still_booked().filter(starts_at__lt=now, ends_at__lt=now)
    keys = list(over.values_list("pk", flat=True))
    untold = Appointment.objects.filter(pk__in=keys, room__site=site).with_people().in_order()
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
        what=_("Booked for %(day)s, but the course %(state)s.")
        % {"day": short_day(on), "state": _rest_words(course)},
        since=on,
        url=reverse("sessions:course-detail", args=[course.pk]) if course else "",
        action=_("Open"),
    )


def _rest_words(course: TreatmentCourse | None) -> str:
    is_held = course is not None and course.is_held
    return _("is on clinical hold") if is_held else _("does not run")


def outside_hours(site: Site, now: datetime) -> list[FollowUp]:
    """Return appointments at times at which their practitioner no longer works at the site."""
    booked = _booked(site, now)
    # Of a year's appointments only those that are found are read whole.
    held = [
        (key, person, begins.astimezone(site.zone).date(), Span(begins, ends))
        for key, person, begins, ends in booked.values_list(
            "pk", "practitioner", "starts_at", "ends_at"
        )
    ]
    hours = Hours()
    hours.read({person for _key, person, _on, _span in held}, now.astimezone(site.zone).date())
    working = {
        (person, on): merge(hours.on_day(person, site, on))
        for person, on in {(person, on) for _key, person, on, _span in held}
    }
    outside = [key for key, person, on, span in held if not fits(working[person, on], span)]
    return [
        _to_move(
            appointment,
            _away_words(appointment.practitioner),
            appointment.starts_at.astimezone(site.zone).date(),
        )
        for appointment in (booked.filter(pk__in=outside) if outside else ())
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
        Appointment.objects.at_site(site, begins=now)
        .filter(status=Appointment.Status.BOOKED)
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
    if session.earliest_on and session.earliest_on > today:
        return _(
            "Session %(n)s has no time. Its window opens on %(first)s and closes on %(day)s."
        ) % {
            "n": session.number,
            "first": short_day(session.earliest_on),
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
    own_page = reverse("sessions:appointment-move", args=[appointment.pk])
    return FollowUp(
        patient=appointment.patient,
        what=f"{short_day(on)}. {words}",
        since=on,
        url=reverse("sessions:session-book", args=[session.pk]) if session else own_page,
        action=_("Move"),
    )
