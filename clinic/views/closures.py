"""The days on which a site is closed, and public holidays taken over as such days."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clinic import actions
from clinic.forms.closures import ClosureForm, HolidayCalendarForm, HolidayDaysForm
from clinic.models import Closure, Site
from clinic.public_holidays import public_holidays, regions
from clinic.registry import TouchedAppointment, is_confirmed, moves_url, touched_by_closure
from clinic.selectors import clinic_profile, days_entered
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast

CLOSURES_A_PAGE = 50


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_CLINIC)
def closure_list(request: ClinicRequest) -> HttpResponse:
    form = ClosureForm(request.POST or None)
    touched: list[TouchedAppointment] = []
    if form.is_valid():
        asked = form.cleaned_data
        sites = form.chosen_sites()
        touched = touched_by_closure(sites, [(asked["starts_on"], asked["ends_on"])])
        if is_confirmed(touched, asked["seen"]):
            where = _to_move(request, sites, touched, [asked["starts_on"], asked["ends_on"]])
            touched = []
            try:
                _close(request, form, sites)
            except actions.NoClosureNeeded:
                form.add_error(
                    None, _("This closure is entered already. See the list of closures.")
                )
            else:
                return redirect_page(request, where)
    upcoming = Closure.objects.filter(ends_on__gte=timezone.localdate()).select_related("site")
    paginator = Paginator(upcoming.order_by("starts_on", "site__name", "pk"), CLOSURES_A_PAGE)
    context = {
        "form": form,
        "touched": touched,
        "page": paginator.get_page(request.GET.get("page")),
    }
    return render(
        request, "clinic/closure_list.html", context, status=422 if form.is_bound else 200
    )


def _to_move(
    request: ClinicRequest,
    sites: list[Site],
    touched: list[TouchedAppointment],
    days: list[date],
) -> str:
    """Return the page to go to: where `touched` appointments are moved, or the list of closures."""
    site = sites[0] if len(sites) == 1 else None
    where = touched and moves_url(request.user, first=min(days), last=max(days), site=site)
    return where or reverse("clinic:closure-list")


def _close(request: ClinicRequest, form: ClosureForm, sites: list[Site]) -> None:
    asked = form.cleaned_data
    actions.close_days(
        sites=sites,
        starts_on=asked["starts_on"],
        ends_on=asked["ends_on"],
        reason=asked["reason"],
        by=request.user,
        at=timezone.now(),
    )
    toast(request, _("The closure is saved."))


@require_POST
@requires(Right.MANAGE_CLINIC)
def closure_remove(request: ClinicRequest, pk: int) -> HttpResponse:
    closure = get_object_or_404(Closure.objects.select_related("site"), pk=pk)
    actions.remove_closure(closure=closure, by=request.user, at=timezone.now())
    toast(request, _("%(site)s is open again on these days.") % {"site": closure.site.name})
    return redirect_page(request, "clinic:closure-list")


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_CLINIC)
def holiday_import(request: ClinicRequest) -> HttpResponse:
    calendar = HolidayCalendarForm(_asked_calendar(request))
    context: dict[str, Any] = {"calendar": calendar}
    if not calendar.is_valid():
        return render(request, "clinic/holiday_import.html", context, status=422)
    asked = calendar.cleaned_data
    today = timezone.localdate()
    known = public_holidays(asked["country"], asked["year"], asked["region"])
    holidays = {day: name for day, name in known.items() if day >= today}
    entered = days_entered(Site.objects.open(), holidays)
    form = HolidayDaysForm(request.POST or None, holidays=holidays, entered=entered)
    context |= {"form": form, "entered": entered, "asked": asked, "holidays": holidays}
    if form.is_valid():
        chosen = {day: holidays[day] for day in form.cleaned_data["days"]}
        touched = touched_by_closure(form.cleaned_data["sites"], [(day, day) for day in chosen])
        if is_confirmed(touched, form.cleaned_data["seen"]):
            where = _to_move(request, list(form.cleaned_data["sites"]), touched, list(chosen))
            _take_over(request, form, chosen)
            return redirect_page(request, where)
        context["touched"] = touched
    return render(
        request, "clinic/holiday_import.html", context, status=422 if form.is_bound else 200
    )


def _asked_calendar(request: ClinicRequest) -> dict[str, Any]:
    asked = request.POST if request.method == "POST" else request.GET
    country = asked.get("country") or clinic_profile().country
    region = asked.get("region", "")
    return {
        "country": country,
        # Another country was chosen, and the region of the one before came along.
        "region": region if region in dict(regions(country)) else "",
        "year": asked.get("year") or timezone.localdate().year,
    }


def _take_over(request: ClinicRequest, form: HolidayDaysForm, chosen: dict[date, str]) -> None:
    made = actions.close_public_holidays(
        sites=form.cleaned_data["sites"], holidays=chosen, by=request.user, at=timezone.now()
    )
    sentence = ngettext("%(count)s closure is added.", "%(count)s closures are added.", len(made))
    toast(
        request, sentence % {"count": len(made)} if made else _("All of them were there already.")
    )
