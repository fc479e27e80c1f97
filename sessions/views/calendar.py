"""The calendar of a site: a day or a week in columns, and the same as a list."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from clinic.middleware import tells_no_time
from clinic.models import Site
from clinic.selectors import NoSite, current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, CompactJSON, kept_for_good
from meso_clinic.core.privacy import is_private
from meso_clinic.core.versions import clinic_version, digest
from sessions.calendar_words import calendar_words
from sessions.selectors.calendar import calendar_data
from sessions.selectors.calendar_rows import (
    PRACTITIONER,
    ROOM,
    CalendarReading,
    has_hours,
    listed_days,
    read_calendar,
)

ONE_DAY = timedelta(days=1)
DAY, WEEK, LIST = "day", "week", "list"
FIRST_DAY, LAST_DAY = date(2000, 1, 3), date(2199, 12, 20)
MOST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the calendar is asked for: `who` are practitioners (primary keys), none for all."""

    view: str
    on: date
    by: str
    who: tuple[int, ...]

    @property
    def monday(self) -> date:
        """The first day of the week of `on`."""
        return self.on - timedelta(days=self.on.weekday())

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are shown."""
        if self.view == DAY:
            return (self.on,)
        return tuple(self.monday + timedelta(days=n) for n in range(7))

    @property
    def step(self) -> timedelta:
        """From one page of it to the next."""
        return ONE_DAY if self.view == DAY else 7 * ONE_DAY

    def query(self, **changes: Any) -> str:
        """Return it as the address says it, with `changes`."""
        parts = {"view": self.view, "date": self.on, "by": self.by, "who": self.who} | changes
        if parts["by"] == PRACTITIONER:
            del parts["by"]
        return "?" + urlencode({key: value for key, value in parts.items() if value}, doseq=True)


@require_GET
@requires(Right.SEE_DAY)
def calendar(request: ClinicRequest) -> HttpResponse:
    now, site = timezone.now(), current_site(request)
    today = now.astimezone(site.zone).date()
    asked = _asked(request, today)
    version = _version(request, site, asked)
    reading = _reading(request, site, asked)
    is_list = asked.view == LIST
    has_columns = bool(reading.columns)
    context = {
        "asked": asked,
        "reading": reading,
        "calendar": None if is_list or not has_columns else _drawn(reading),
        "listed": listed_days(reading, now=now) if is_list and has_columns else (),
        "closed": reading.closed.get(asked.on, "") if asked.view == DAY else "",
        "has_hours": has_columns or has_hours(site),
        "views": _views(asked),
        "ways": _ways(asked),
        "people": _people(asked, reading),
        "everyone": asked.query(who=()),
        "previous": asked.on - asked.step,
        "next": asked.on + asked.step,
        "previous_url": asked.query(date=asked.on - asked.step),
        "next_url": asked.query(date=asked.on + asked.step),
        "today_url": asked.query(date=today),
        "list_url": asked.query(view=LIST),
        "is_today": today in asked.days,
        "today": today,
        "now": now.astimezone(site.zone),
        "data_url": reverse("sessions:calendar-data") + asked.query(),
        "version": version,
        "here": request.get_full_path(),
    }
    return render(request, "sessions/calendar.html", context)


@require_GET
@requires(Right.SEE_DAY)
def calendar_script(request: ClinicRequest, version: str) -> HttpResponse:
    script, newest = calendar_words()
    return kept_for_good(
        HttpResponse(script, content_type="text/javascript"), is_newest=version == newest
    )


@require_GET
@requires(Right.SEE_DAY)
@tells_no_time
def calendar_changes(request: ClinicRequest) -> HttpResponse:
    try:
        site = current_site(request)
    except NoSite as new_clinic:
        raise Http404 from new_clinic
    asked = _asked(request, timezone.now().astimezone(site.zone).date())
    version = f'"{_version(request, site, asked)}"'
    # An answer that was packed on its way has a weak version.
    if request.headers.get("If-None-Match", "").removeprefix("W/") == version:
        return HttpResponseNotModified()
    reading = _reading(request, site, asked)
    return JsonResponse(
        _drawn(reading),
        encoder=CompactJSON,
        json_dumps_params={"ensure_ascii": False},
        headers={"ETag": version, "Cache-Control": "no-store"},
    )


def _version(request: ClinicRequest, site: Site, asked: Asked) -> str:
    """Return a word that changes whenever the answer to this very question may change.

    Addresses that ask the same have the same one.
    """
    changes, private = clinic_version(timezone.now()), is_private(request)
    return digest(changes, site.pk, asked.query(), private, get_language())


def _reading(request: ClinicRequest, site: Site, asked: Asked) -> CalendarReading:
    return read_calendar(
        site=site,
        days=asked.days,
        by=asked.by,
        only=frozenset(asked.who),
        now=timezone.now(),
        is_private=is_private(request),
    )


def _drawn(reading: CalendarReading) -> dict[str, Any]:
    return calendar_data(
        zone=reading.site.zone,
        days=reading.days_with_something,
        columns=reading.columns,
        visits=reading.visits,
        now=timezone.now(),
        closed=reading.closed,
    )


def _asked(request: ClinicRequest, today: date) -> Asked:
    """Read the address; what it says in a way nobody can mean is left out."""
    asked, week = request.GET.get("date", ""), request.GET.get("week", "")
    view = request.GET.get("view", "")
    if view not in (DAY, WEEK, LIST):
        view = DAY if asked and not week else WEEK
    return Asked(
        view=view,
        on=_day(asked or week, today),
        by=ROOM if request.GET.get("by") == ROOM else PRACTITIONER,
        who=_who(request.GET.getlist("who")),
    )


def _day(typed: str, today: date) -> date:
    try:
        found = parse_date(typed)
    except ValueError:
        found = None
    return found if found and FIRST_DAY <= found <= LAST_DAY else today


def _who(typed: list[str]) -> tuple[int, ...]:
    keys = {int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 10}
    return tuple(sorted(keys)[:MOST_PEOPLE])


def _views(asked: Asked) -> list[tuple[str, str, bool]]:
    return [(view, asked.query(view=view), view == asked.view) for view in (DAY, WEEK, LIST)]


def _ways(asked: Asked) -> list[tuple[str, str, bool]]:
    return [(by, asked.query(by=by), by == asked.by) for by in (PRACTITIONER, ROOM)]


def _people(asked: Asked, reading: CalendarReading) -> list[tuple[str, str, bool]]:
    """Return name, address with and without the person, and whether they are chosen."""
    chosen = set(asked.who)
    return [
        (name, asked.query(who=tuple(sorted(chosen ^ {pk}))), pk in chosen)
        for pk, name in reading.people
    ]
