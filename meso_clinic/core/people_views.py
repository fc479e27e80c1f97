"""The people of the clinic: list, add, change, shut out, and the links that let them in."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meso_clinic.core import actions
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.models import User
from meso_clinic.core.people_forms import PersonForm

PEOPLE_A_PAGE = 50


@require_GET
@requires(Right.MANAGE_PEOPLE)
def people_list(request: ClinicRequest) -> HttpResponse:
    people = User.objects.order_by("-is_active", "last_name", "first_name", "pk")
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/people_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_PEOPLE)
def person_add(request: ClinicRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if form.is_valid():
        try:
            user = actions.create_user(by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            return _show_link(request, user)
    return render(
        request, "core/person_add.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_PEOPLE)
def person_edit(request: ClinicRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    is_own = person.pk == request.user.pk
    form = PersonForm(request.POST or None, instance=person, own=is_own)
    if form.is_valid():
        try:
            actions.change_user(
                user=person, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as problems:
            form.add_error(None, problems)
        except (actions.NotAnAdmin, actions.OwnRights) as lost:
            raise _no_admin() from lost
        else:
            toast(request, _("%(name)s is saved.") % {"name": person.display_name})
            return redirect_page(request, "core:people-list")
    context = {"form": form, "person": User.objects.get(pk=pk), "is_own": is_own}
    return render(request, "core/person_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Right.MANAGE_PEOPLE)
def person_link(request: ClinicRequest, pk: int) -> HttpResponse:
    return _show_link(request, get_object_or_404(User.objects.active(), pk=pk))


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_PEOPLE)
def person_deactivate(request: ClinicRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User.objects.active(), pk=pk)
    if person.pk == request.user.pk:
        raise PermissionDenied(_("Nobody shuts themselves out: another admin can do it."))
    if request.method == "GET":
        return render(request, "core/person_deactivate.html", {"person": person})
    try:
        actions.deactivate_user(user=person, by=request.user, at=timezone.now())
    except actions.NotAnAdmin as lost:
        raise _no_admin() from lost
    toast(
        request,
        _("%(name)s can no longer sign in.") % {"name": person.display_name},
        undo_url=reverse("core:person-reactivate", args=[person.pk]),
    )
    return redirect_page(request, "core:people-list")


@require_POST
@requires(Right.MANAGE_PEOPLE)
def person_reactivate(request: ClinicRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk, is_active=False)
    try:
        actions.reactivate_user(user=person, by=request.user, at=timezone.now())
    except actions.NotAnAdmin as lost:
        raise _no_admin() from lost
    toast(request, _("%(name)s can sign in again.") % {"name": person.display_name})
    return redirect_page(request, "core:people-list")


def _no_admin() -> PermissionDenied:
    return PermissionDenied(_("Another admin changed your roles a moment ago."))


def _show_link(request: ClinicRequest, person: User) -> HttpResponse:
    """Answer with the page that shows a new one-time link: the token is kept nowhere."""
    token = actions.invite(user=person, by=request.user, at=timezone.now())
    link = request.build_absolute_uri(reverse("core:invitation", args=[token]))
    days = actions.INVITATION_LIFE.days
    return render(request, "core/person_link.html", {"person": person, "link": link, "days": days})
