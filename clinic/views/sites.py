"""Sites and their rooms."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic import actions
from clinic.forms.sites import NewRoomForm, RoomForm, SiteForm, timezone_names
from clinic.models import Room, Site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast


@require_GET
@requires(Right.MANAGE_CLINIC)
def site_list(request: ClinicRequest) -> HttpResponse:
    rooms = Count("rooms", filter=Q(rooms__is_active=True))
    sites = Site.objects.annotate(room_count=rooms).order_by("-is_active", "position", "name", "pk")
    return render(request, "clinic/site_list.html", {"all_sites": sites})


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_CLINIC)
def site_add(request: ClinicRequest) -> HttpResponse:
    form = SiteForm(request.POST or None)
    if form.is_valid():
        try:
            site = actions.add_site(by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            toast(request, _("%(site)s is added. Now add its rooms.") % {"site": site.name})
            return redirect_page(request, "clinic:site-edit", site.pk)
    context = {"form": form, "timezones": timezone_names()}
    return render(request, "clinic/site_add.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_CLINIC)
def site_edit(request: ClinicRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    form = SiteForm(request.POST or None, instance=site)
    if form.is_valid():
        try:
            actions.change_site(site=site, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.SiteInUse as in_use:
            form.add_error("is_active", _in_use(in_use.args[0]))
        except actions.ClockInUse:
            form.add_error(
                "timezone",
                _(
                    "This site has appointments, and another time zone would change their hours. "
                    "Add a new site instead."
                ),
            )
        except actions.LastSite:
            form.add_error("is_active", _("This is the only site in use. Add another one first."))
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            toast(request, _("%(site)s is saved.") % {"site": form.cleaned_data["name"]})
            return redirect_page(request, "clinic:site-list")
    return _site_page(request, pk, site_form=form)


def _in_use(names: list[str]) -> str:
    return _(
        "Working hours here: %(names)s. Remove those hours first, or enter a closure "
        "if the site is closed for a time."
    ) % {"names": ", ".join(names)}


@require_POST
@requires(Right.MANAGE_CLINIC)
def room_add(request: ClinicRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    form = NewRoomForm(request.POST)
    if form.is_valid():
        try:
            actions.add_room(
                site=site, name=form.cleaned_data["name"], by=request.user, at=timezone.now()
            )
        except ValidationError as problems:
            form.add_error("name", problems.messages)
        else:
            toast(request, _("%(room)s is added.") % {"room": form.cleaned_data["name"]})
            return redirect_page(request, "clinic:site-edit", site.pk)
    return _site_page(request, pk, new_room_form=form)


@require_POST
@requires(Right.MANAGE_CLINIC)
def room_edit(request: ClinicRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Room, pk=pk)
    form = RoomForm(request.POST, prefix=f"room-{room.pk}")
    if form.is_valid():
        try:
            actions.change_room(room=room, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as problems:
            form.add_error("name", problems.messages)
        else:
            toast(request, _("%(room)s is saved.") % {"room": form.cleaned_data["name"]})
            return redirect_page(request, "clinic:site-edit", room.site_id)
    return _site_page(request, room.site_id, room_form=(room.pk, form))


def _site_page(
    request: ClinicRequest,
    pk: int,
    *,
    site_form: SiteForm | None = None,
    new_room_form: NewRoomForm | None = None,
    room_form: tuple[int, RoomForm] | None = None,
) -> HttpResponse:
    """Answer with the page of a site; the form that was sent comes bound, the others fresh."""
    shown = Site.objects.get(pk=pk)
    sent = dict([room_form] if room_form else [])
    rooms = [
        (room, sent.get(room.pk) or _room_form(room))
        for room in shown.rooms.order_by("-is_active", "name", "pk")
    ]
    forms: dict[str, Any] = {
        "form": site_form or SiteForm(instance=Site.objects.get(pk=pk)),
        "new_room_form": new_room_form or NewRoomForm(),
    }
    bound = site_form or new_room_form or (room_form and room_form[1])
    context = {
        "shown": shown,
        "rooms": rooms,
        "problem_form": bound,
        "timezones": timezone_names(),
        **forms,
    }
    is_refused = bool(bound and bound.is_bound)
    return render(request, "clinic/site_edit.html", context, status=422 if is_refused else 200)


def _room_form(room: Room) -> RoomForm:
    return RoomForm(
        prefix=f"room-{room.pk}", initial={"name": room.name, "is_active": room.is_active}
    )
