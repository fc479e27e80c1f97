"""Booking one appointment in a few clicks: who, what for, when."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.models import Site
from clinic.selectors import current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import (
    ClinicRequest,
    redirect_page,
    render_page_or_fragment,
    safe_next,
    toast,
)
from meso_clinic.core.models import User
from meso_clinic.core.privacy import name_for
from patients.domain.searching import parse, prefill
from patients.models import Patient
from sessions import planner_words
from sessions.actions import booking
from sessions.actions.visits import book_visit
from sessions.domain.visits import MOST_MINUTES, STEP_MINUTES
from sessions.forms_appointments import AskedForm, BookForm
from sessions.models import ScheduleChange
from sessions.replan_words import clock_words
from sessions.selectors.asking import Place
from sessions.selectors.offering import (
    Free,
    Purpose,
    Search,
    days_to_search,
    preselected,
    purposes,
    search_free,
)
from sessions.selectors.replanning import read_all_places
from sessions.words import days_words, short_day

# How long the Undo of a booking is offered.
UNDO_SECONDS = 60
PATIENTS_SHOWN = 8
LENGTHS = tuple(range(STEP_MINUTES, 61, STEP_MINUTES)) + tuple(range(75, MOST_MINUTES + 1, 15))
STATE = ("site", "date", "time", "practitioner", "room", "patient", "kind", "minutes", "next")


@require_http_methods(["GET", "POST"])
@requires(Right.BOOK)
def appointment_new(request: ClinicRequest) -> HttpResponse:
    if request.method == "POST":
        form = BookForm(request.POST)
        return _book(request, form) if form.is_valid() else _page(request, form, status=422)
    asked = AskedForm(request.GET)
    return _page(request, asked, status=200 if asked.is_valid() else 422)


def _book(request: ClinicRequest, form: BookForm) -> HttpResponse:
    data = form.cleaned_data
    found, _booked = purposes(data["patient"], minutes=data["minutes"])
    purpose = next((one for one in found if one.value == data["kind"]), None)
    try:
        place = read_all_places({0: data["place"]}, now=timezone.now())[0]
    except ValueError:
        form.add_error("place", _("Choose one of the times."))
        return _page(request, form, status=422)
    if purpose is None:
        form.add_error("kind", _("This cannot be booked any more. Choose again what it is for."))
        return _page(request, form, status=422)
    try:
        change = _carry_out(request, data, purpose, place)
    except booking.BookingRefused as refused:
        form.add_error(None, refused.problem)
        taken = isinstance(refused, booking.SlotTaken)
        return _page(request, form, status=409 if taken else 422)
    back = _back(request, place)
    toast(
        request,
        _("%(name)s: %(when)s with %(practitioner)s.")
        % {
            "name": name_for(request, data["patient"].full_name),
            "when": clock_words(place.starts_at, place.room.site.zone),
            "practitioner": place.practitioner.display_name,
        },
        undo_url=f"{reverse('sessions:change-undo', args=[change.pk])}?{urlencode({'next': back})}",
        undo_seconds=UNDO_SECONDS,
    )
    return redirect_page(request, back)


def _carry_out(
    request: ClinicRequest, data: dict[str, Any], purpose: Purpose, place: Place
) -> ScheduleChange:
    at = timezone.now()
    if purpose.session is not None:
        placement = booking.Placement(
            purpose.session, place.practitioner, place.room, place.starts_at
        )
        return booking.place_sessions(
            placements=[placement], key=data["key"], by=request.user, at=at
        )
    return book_visit(
        kind=purpose.kind,
        patient=data["patient"],
        practitioner=place.practitioner,
        room=place.room,
        starts_at=place.starts_at,
        minutes=purpose.need.minutes,
        key=data["key"],
        by=request.user,
        at=at,
    )


def _back(request: ClinicRequest, place: Place) -> str:
    """Return the page to go on with: the one the panel stands on, else the day."""
    here = reverse("sessions:appointment-new")
    path = str(request.htmx.current_url_abs_path or "") if request.htmx else ""
    day = f"{reverse('sessions:day')}?date={place.on:%Y-%m-%d}"
    return safe_next(request, day if not path or path.startswith(here) else path)


def _page(request: ClinicRequest, form: AskedForm, *, status: int = 200) -> HttpResponse:
    form.is_valid()
    asked = form.cleaned_data
    now = timezone.now()
    site = _site(request, asked)
    context: dict[str, Any] = {
        "form": form,
        "site": site,
        "asked": asked,
        "now": now,
        "query": _query(form, leave_out=()),
        "query_of_anybody": _query(form, leave_out=("patient", "kind")),
        "query_at_any_time": _query(form, leave_out=("date", "time", "practitioner", "room")),
        "where": _where_words(asked, site),
        "next": safe_next(request, ""),
        "key": uuid4(),
        "lengths": LENGTHS,
    }
    if asked.get("patient"):
        context |= _offered(asked, site, now, is_post=request.method == "POST")
    else:
        context |= _people(request, form, now.astimezone(site.zone).date())
    return render_page_or_fragment(
        request,
        "sessions/appointment_new.html",
        "sessions/_appointment_new.html",
        context,
        status=status,
    )


def _site(request: ClinicRequest, asked: dict[str, Any]) -> Site:
    room = asked.get("room")
    site: Site = asked.get("site") or (room.site if room else current_site(request))
    return site


def _query(form: AskedForm, *, leave_out: tuple[str, ...]) -> str:
    """Return what is asked as a query string, without some of it."""
    kept = {name: form.data.get(name, "") for name in STATE if name not in leave_out}
    return urlencode({name: value for name, value in kept.items() if value})


def _moment(asked: dict[str, Any], site: Site) -> datetime | None:
    """Return the time that is asked for on the wall of `site`, if one is."""
    on, clock = asked.get("date"), asked.get("time")
    return datetime.combine(on, clock, site.zone) if on and clock else None


def _where_words(asked: dict[str, Any], site: Site) -> str:
    """Return what is asked for as far as it is known: "Tue 24 Nov, 10:30, Room 1, Linden Street"."""
    on, moment = asked.get("date"), _moment(asked, site)
    when = _("The next free time")
    if on is not None:
        when = clock_words(moment, site.zone) if moment else short_day(on)
    named = [asked[name] for name in ("practitioner", "room") if asked.get(name)]
    return ", ".join(
        [when, *(getattr(one, "display_name", None) or str(one) for one in named), str(site)]
    )


def _people(request: ClinicRequest, form: AskedForm, today: date) -> dict[str, Any]:
    """Return the patients who may be meant by what was typed."""
    typed = str(form.cleaned_data.get("q") or "").strip()
    found = (
        list(Patient.objects.matching(parse(typed, today=today)).by_name()[:PATIENTS_SHOWN])
        if typed
        else []
    )
    known = prefill(typed, today=today)
    here = f"{reverse('sessions:appointment-new')}?{_query(form, leave_out=('patient', 'kind'))}"
    new = urlencode({**known, "next": here})
    return {
        "typed": typed,
        "found": found,
        "register_url": f"{reverse('patients:patient-register')}?{new}",
    }


def _offered(asked: dict[str, Any], site: Site, now: datetime, *, is_post: bool) -> dict[str, Any]:
    """Return what the patient may be booked for, and the free times of what is chosen."""
    patient, on = asked["patient"], asked.get("date")
    found, booked = purposes(patient, minutes=asked.get("minutes"))
    purpose = next((one for one in found if one.value == asked.get("kind")), None)
    if purpose is None and not asked.get("kind"):
        purpose = preselected(found, on)
    context: dict[str, Any] = {
        "patient": patient,
        "purposes": [(one, one.holds(on)) for one in found],
        "booked": booked,
        "purpose": purpose,
        "misfits": [_misfit_words(one, on) for one in found if on and not one.holds(on)],
        "misfit_courses": [one.course for one in found if not one.holds(on)],
    }
    if purpose is None:
        return context
    today = now.astimezone(site.zone).date()
    days = days_to_search(purpose, on=on if purpose.holds(on) else None, today=today)
    if days is None:
        return {**context, "is_overdue": True}
    free = search_free(
        Search(site, patient, purpose.need, purpose.indication, days[0], days[1], now)
    )
    return {**context, **_times(free, purpose, asked), "later": days[1] + timedelta(days=1)}


def _misfit_words(purpose: Purpose, on: date) -> str:
    """Say that the window of a session does not hold the day, and which days it does hold."""
    window, session = purpose.window, purpose.session
    assert window is not None  # what has none may be on any day
    assert session is not None
    early = window.days_early(on)
    words = _("%(session)s would be %(days)s too early. %(allowed)s")
    if not early:
        words = _("%(session)s would be %(days)s late. %(allowed)s")
    return words % {
        "session": session_words(purpose),
        "days": days_words(early or window.days_late(on)),
        "allowed": planner_words.window_words(window),
    }


def session_words(purpose: Purpose) -> str:
    """Return what a session is, in a sentence: "Session 4 (Cellulite)"."""
    assert purpose.session is not None
    assert purpose.course is not None
    return _("Session %(number)s (%(indication)s)") % {
        "number": purpose.session.number,
        "indication": purpose.course.indication.short_name,
    }


def _times(free: Free, purpose: Purpose, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the place that the button books, the others, and what spoke against the one asked for."""
    wished = _moment(asked, free.search.site) if purpose.holds(asked.get("date")) else None
    people = _preferred(free, purpose, asked)
    offers = free.offers(people)
    first = offers[0].places[0] if offers else None
    if wished is None:
        return {"place": first, "offers": offers}
    named = asked.get("practitioner")
    able = [named.pk] if named else [*people, *(key for key in free.people if key not in people)]
    person = next(
        (key for key in able if key in free.people and not free.obstacle(key, wished)), None
    )
    if person is not None:
        room = asked.get("room")
        return {
            "place": free.place(person, wished, room=room.pk if room else None),
            "offers": offers,
        }
    blamed = next((key for key in able if key in free.people), None)
    return {
        "place": free.nearest(blamed, wished) if blamed else first,
        "offers": offers,
        "not_free": _not_free_words(free, blamed, wished) if blamed else "",
    }


def _preferred(free: Free, purpose: Purpose, asked: dict[str, Any]) -> list[int]:
    """Return who comes first: who is asked for, who gives the course, whom the patient prefers."""
    named: tuple[User | None, ...] = (
        asked.get("practitioner"),
        purpose.practitioner,
        asked["patient"].preferred_practitioner,
    )
    return [person.pk for person in named if person is not None and person.pk in free.people]


def _not_free_words(free: Free, person: int, wished: datetime) -> str:
    on = wished.date()
    why = planner_words.obstacle_words(
        free.obstacle(person, wished), free.closure(on), free.people[person].display_name
    )
    return _("%(when)s is not free. %(why)s") % {
        "when": clock_words(wished, free.search.site.zone),
        "why": why,
    }
