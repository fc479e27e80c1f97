"""The working hours of one practitioner: the week, and one-off changes."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic import actions
from clinic.forms.hours import CopyMondayForm, ExceptionForm, ShiftForm
from clinic.models import Shift, ShiftException, Site, Weekday
from clinic.registry import TouchedAppointment, is_confirmed, moves_url, touched_by_absence
from clinic.selectors import spans_at_sites, working_week
from meso_clinic.core.access import Right, requires
from meso_clinic.core.forms import ClinicForm
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.models import User


@require_GET
@requires(Right.MANAGE_CLINIC)
def hours(request: ClinicRequest, pk: int) -> HttpResponse:
    return _hours_page(request, _practitioner(pk))


@require_POST
@requires(Right.MANAGE_CLINIC)
def shift_add(request: ClinicRequest, pk: int) -> HttpResponse:
    practitioner = _practitioner(pk)
    form = ShiftForm(request.POST)
    if form.is_valid():
        try:
            actions.add_shift(
                practitioner=practitioner, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except actions.HoursOverlap as clash:
            form.add_error("starts", _overlap(practitioner, clash))
        else:
            toast(request, _("The hours are added."))
            return redirect_page(request, "clinic:hours", practitioner.pk)
    return _hours_page(request, practitioner, shift_form=form)


@require_POST
@requires(Right.MANAGE_CLINIC)
def shift_remove(request: ClinicRequest, pk: int) -> HttpResponse:
    shift = get_object_or_404(Shift.objects.select_related("practitioner"), pk=pk)
    actions.remove_shift(shift=shift, by=request.user, at=timezone.now())
    toast(request, _("The hours are removed. What is booked in them stays booked."))
    return redirect_page(request, "clinic:hours", shift.practitioner_id)


@require_POST
@requires(Right.MANAGE_CLINIC)
def hours_copy(request: ClinicRequest, pk: int) -> HttpResponse:
    practitioner = _practitioner(pk)
    form = CopyMondayForm(request.POST)
    if form.is_valid():
        actions.copy_weekday(
            practitioner=practitioner,
            source=Weekday.MONDAY,
            weekdays=form.cleaned_data["weekdays"],
            by=request.user,
            at=timezone.now(),
        )
        toast(request, _("Monday's hours are copied."))
        return redirect_page(request, "clinic:hours", practitioner.pk)
    return _hours_page(request, practitioner, copy_form=form)


@require_POST
@requires(Right.MANAGE_CLINIC)
def exception_add(request: ClinicRequest, pk: int) -> HttpResponse:
    practitioner = _practitioner(pk)
    form = ExceptionForm(request.POST)
    if form.is_valid():
        touched = _touched(practitioner, form)
        if not is_confirmed(touched, form.cleaned_data["seen"]):
            return _hours_page(request, practitioner, exception_form=form, touched=touched)
        try:
            _save_exception(request, practitioner, form)
        except actions.HoursOverlap as clash:
            form.add_error("starts", _overlap(practitioner, clash))
        else:
            toast(request, _("The change of hours is saved."))
            return redirect_page(request, _after(request, practitioner, form, touched))
    return _hours_page(request, practitioner, exception_form=form)


@require_POST
@requires(Right.MANAGE_CLINIC)
def exception_remove(request: ClinicRequest, pk: int) -> HttpResponse:
    exception = get_object_or_404(ShiftException.objects.select_related("practitioner"), pk=pk)
    actions.remove_exception(exception=exception, by=request.user, at=timezone.now())
    toast(request, _("The change is taken back. The weekly hours hold again."))
    return redirect_page(request, "clinic:hours", exception.practitioner_id)


def _after(
    request: ClinicRequest,
    practitioner: User,
    form: ExceptionForm,
    touched: list[TouchedAppointment],
) -> str:
    """Return the page to go to: where `touched` appointments are moved, or the hours."""
    asked = form.cleaned_data
    where = touched and moves_url(
        request.user,
        first=asked["first_on"],
        last=asked["last_on"],
        site=asked["site"],
        practitioner=practitioner,
    )
    return where or reverse("clinic:hours", args=[practitioner.pk])


def _practitioner(pk: int) -> User:
    practitioner: User = get_object_or_404(User.objects.practitioners(), pk=pk)
    return practitioner


def _overlap(practitioner: User, clash: actions.HoursOverlap) -> str:
    starts, ends = clash.args
    return _(
        "%(name)s works already from %(starts)s to %(ends)s then. "
        "Enter other times, or remove those hours first."
    ) % {
        "name": practitioner.display_name,
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }


def _touched(practitioner: User, form: ExceptionForm) -> list[TouchedAppointment]:
    asked = form.cleaned_data
    if not form.is_away:
        return []
    sites = [asked["site"]] if asked["site"] else list(Site.objects.all())
    length = (asked["last_on"] - asked["first_on"]).days + 1
    days = [asked["first_on"] + timedelta(days=n) for n in range(length)]
    return touched_by_absence(
        practitioner, spans_at_sites(sites, days, asked["starts"], asked["ends"])
    )


def _save_exception(request: ClinicRequest, practitioner: User, form: ExceptionForm) -> None:
    asked = form.cleaned_data
    common: dict[str, Any] = {
        "practitioner": practitioner,
        "by": request.user,
        "at": timezone.now(),
        **{name: asked[name] for name in ("site", "starts", "ends", "reason")},
    }
    if form.is_away:
        actions.mark_away(first_on=asked["first_on"], last_on=asked["last_on"], **common)
    else:
        actions.add_extra_hours(on=asked["first_on"], **common)


def _hours_page(
    request: ClinicRequest,
    practitioner: User,
    *,
    shift_form: ShiftForm | None = None,
    copy_form: CopyMondayForm | None = None,
    exception_form: ExceptionForm | None = None,
    touched: list[TouchedAppointment] | None = None,
) -> HttpResponse:
    """Answer with the hours page; the form that was sent comes bound, the others fresh."""
    sent: ClinicForm | None = shift_form or copy_form or exception_form
    changes = practitioner.shift_exceptions.filter(on__gte=timezone.localdate())
    context = {
        "practitioner": practitioner,
        "week": working_week(practitioner),
        "changes": changes.select_related("site").order_by("on", "starts", "pk"),
        "shift_form": shift_form or ShiftForm(),
        "copy_form": copy_form or CopyMondayForm(),
        "exception_form": exception_form or ExceptionForm(),
        "problem_form": sent,
        "touched": touched,
    }
    return render(request, "clinic/hours.html", context, status=422 if sent else 200)
