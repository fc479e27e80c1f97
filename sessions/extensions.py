"""What this app adds to the pages of the apps below it."""

from datetime import date, datetime
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import ClinicProfile, Site
from clinic.registry import (
    ManageEntry,
    TouchedAppointment,
    register_in_use,
    register_manage,
    register_touched,
    register_touched_by_absence,
    set_moves_page,
)
from clinic.selectors import current_site
from meso_clinic.core.context import Count, Place, register_place
from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.models import User
from meso_clinic.core.nightly import NightlyJob, register_nightly
from meso_clinic.core.roles import Right
from meso_clinic.core.templatetags import clinic_format
from patients.models import Patient
from patients.registry import (
    Area,
    Panel,
    ResultLine,
    register_activity_page,
    register_documents,
    register_panel,
    register_result_note,
    set_next_step,
)
from sessions import commands, documents
from sessions.actions.checking import run_schedule_check
from sessions.actions.day_sheets import write_day_sheets
from sessions.actions.waiting import end_impossible
from sessions.course_lines import course_lines
from sessions.follow_up_count import kept_count
from sessions.follow_ups import Reason, register_reason
from sessions.gates import consent_problem, register_gate, screening_problem
from sessions.models import Appointment, WaitlistEntry
from sessions.selectors import follow_ups, team
from sessions.selectors.chain import course_chains
from sessions.selectors.courses import without_taken_back
from sessions.selectors.drawing import draw_course
from sessions.selectors.free import day_bounds
from sessions.words import visit_words
from treatments.consent_team import TeamSource, set_team_source


def register() -> None:
    """Called once, when the app is ready."""
    commands.register()
    _register_places()
    _register_follow_ups()
    _register_panels()
    register_documents(documents.plans)
    register_activity_page("treatments.treatmentcourse", "sessions:course-detail")
    register_activity_page("treatment_sessions.appointment", "sessions:appointment-detail")
    register_gate(consent_problem)
    register_gate(screening_problem)
    set_team_source(
        TeamSource(team.next_site, team.next_practitioner, team.is_next_practitioner_known)
    )
    set_next_step("sessions:course-plan")
    register_result_note(_next_visits)
    register_in_use(lambda site: Appointment.objects.filter(room__site=site).exists())
    register_touched(_touched_by_closure)
    register_touched_by_absence(_touched_by_absence)
    set_moves_page("sessions:touched", Right.BOOK)
    register_nightly(NightlyJob("Schedule check", _nightly_check))
    register_nightly(NightlyJob("Waiting list", _nightly_waiting_list))
    register_nightly(NightlyJob("Day sheets", _nightly_sheets))


def _register_places() -> None:
    """Put the pages of the desk into the rail, and the schedule check under Manage."""
    day, courses = Right.SEE_DAY, Right.SEE_COURSES
    calendar, follow_up_list = "sessions:calendar", "sessions:follow-ups"
    for place in (
        Place(10, gettext_lazy("Today"), "sessions:day", "layout-grid", day, key="t"),
        Place(20, gettext_lazy("Calendar"), calendar, "calendar-days", day, key="c"),
        Place(
            40,
            gettext_lazy("Courses"),
            "sessions:course-list",
            "route",
            courses,
            phone_order=60,
        ),
        Place(
            50,
            gettext_lazy("Follow-ups"),
            follow_up_list,
            "bell-ring",
            courses,
            _follow_up_count,
            key="f",
        ),
    ):
        register_place(place)
    register_manage(
        ManageEntry(
            order=70,
            label=gettext_lazy("Schedule check"),
            description=gettext_lazy("Whether every course and appointment keeps the rules."),
            url_name="sessions:schedule-check",
            icon="shield-check",
            right=Right.MANAGE_CLINIC,
        )
    )


def _register_follow_ups() -> None:
    for order, heading, icon, find in (
        (10, gettext_lazy("Needs a new time"), "user-x", follow_ups.without_new_time),
        (12, gettext_lazy("Long gap"), "hourglass", follow_ups.long_gaps),
        (15, gettext_lazy("What happened?"), "circle-help", follow_ups.not_told),
        (20, gettext_lazy("Nothing booked"), "clock-alert", follow_ups.window_closing),
        (30, gettext_lazy("Outside its window"), "triangle-alert", follow_ups.out_of_window),
        (40, gettext_lazy("On a closed day"), "calendar-off", follow_ups.on_closed_days),
        (45, gettext_lazy("The course does not run"), "pause", follow_ups.of_courses_at_rest),
        (50, gettext_lazy("Outside working hours"), "calendar-clock", follow_ups.outside_hours),
        (55, gettext_lazy("In another room"), "door-open", follow_ups.in_wrong_rooms),
    ):
        register_reason(Reason(order, heading, icon, find))


def _register_panels() -> None:
    panels: tuple[tuple[Area, str], ...] = (
        ("top", "sessions/_patient_courses.html"),
        ("main", "sessions/_patient_sessions.html"),
        ("side", "sessions/_patient_care.html"),
    )
    register_panel(Panel(5, "side", "sessions/_patient_waiting.html", _patient_waiting, Right.BOOK))
    for area, template in panels:
        register_panel(Panel(10, area, template, _patient_courses, Right.SEE_COURSES))


def _nightly_check(at: datetime) -> list[str]:
    """Check the schedule; return one sentence if it is not in order."""
    number = run_schedule_check(by=None, at=at).checked["violations"]
    return [f"{number} violations; see the page “Schedule check”."] if number else []


def _nightly_sheets(at: datetime) -> list[str]:
    """Write the day sheets; a clinic that is not set up yet has none."""
    profile = ClinicProfile.objects.first()
    if profile is not None:
        write_day_sheets(profile=profile, at=at)
    return []


def _nightly_waiting_list(at: datetime) -> list[str]:
    """End what can no longer be given; that is nobody's fault, so nothing is said."""
    end_impossible(at)
    return []


def _patient_waiting(_request: ClinicRequest, patient: Patient) -> dict[str, Any]:
    return {"waiting": list(WaitlistEntry.objects.open().filter(patient=patient).with_people())}


def _follow_up_count(request: HttpRequest) -> Count:
    user = cast(User, request.user)
    number, is_fresh = kept_count(current_site(request), user, now=timezone.now())
    return Count(number, "" if is_fresh else reverse("sessions:follow-up-count"))


def _patient_courses(request: ClinicRequest, patient: Patient) -> dict[str, Any]:
    """Return the patient's courses, read once for all panels of a page."""
    kept: dict[str, Any] | None = getattr(request, "_patient_courses", None)
    if kept is None:
        kept = _read_courses(request, patient)
        request._patient_courses = kept  # type: ignore[attr-defined]
    return kept


def _read_courses(request: ClinicRequest, patient: Patient) -> dict[str, Any]:
    now = timezone.now()
    today = now.astimezone(current_site(request).zone).date()
    courses = without_taken_back(patient.courses.with_people()).order_by("-planned_at", "-pk")
    drawn = [(chain, draw_course(chain, today=today)) for chain in course_chains(list(courses))]
    return {
        "today": today,
        "current": [pair for pair in drawn if not pair[0].course.is_ended],
        "ended": [pair for pair in drawn if pair[0].course.is_ended],
        "lines": course_lines(
            [chain.course for chain, _drawn in drawn if not chain.course.is_ended],
            user=request.user,
            at=now,
        ),
    }


def _next_visits(request: ClinicRequest, found: list[Patient]) -> dict[int, ResultLine]:
    upcoming = (
        Appointment.objects.live()
        .filter(patient__in=found, starts_at__gte=timezone.now(), status="BOOKED")
        .with_people()
        .order_by("-starts_at", "-pk")
    )
    lines: dict[int, ResultLine] = {}
    for appointment in upcoming:
        local = appointment.starts_at.astimezone(appointment.room.site.zone)
        lines[appointment.patient_id] = ResultLine(
            text=_("Next: %(day)s, %(time)s")
            % {"day": clinic_format.day(local.date()), "time": f"{local:%H:%M}"},
            url=_move_url(appointment),
            action=_("Move"),
            detail=visit_words(appointment),
        )
    return lines


def _move_url(appointment: Appointment) -> str:
    """Return where an appointment is moved."""
    session = appointment.session
    if session is None:
        return reverse("sessions:appointment-move", args=[appointment.pk])
    page = reverse("sessions:course-replan", args=[session.course_id])
    return f"{page}?from={session.number}"


def _touched_by_closure(site: Site, first: date, last: date) -> list[TouchedAppointment]:
    bounds = day_bounds(site, first, last)
    held = Appointment.objects.live().overlapping(bounds.start, bounds.end)
    return _touched(held.filter(room__site=site))


def _touched_by_absence(
    practitioner: User, site: Site, begins: datetime, ends: datetime
) -> list[TouchedAppointment]:
    held = Appointment.objects.live().overlapping(begins, ends)
    return _touched(held.filter(practitioner=practitioner, room__site=site))


def _touched(held: Any) -> list[TouchedAppointment]:
    waiting = held.exclude(status=Appointment.Status.DONE).with_people().in_order()
    return [
        TouchedAppointment(
            when=appointment.starts_at,
            patient_name=appointment.patient.full_name,
            what=visit_words(appointment),
            practitioner_name=appointment.practitioner.display_name,
            url=_move_url(appointment),
        )
        for appointment in waiting
    ]
