"""The manage page, the clinic's profile, and the switch between sites."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic import actions
from clinic.forms.profile import ProfileForm, SetUpForm
from clinic.forms.sites import timezone_names
from clinic.models import ClinicProfile, Site
from clinic.registry import manage_entries
from clinic.selectors import SITE_KEY
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast


@require_GET
@requires(Right.MANAGE_CLINIC)
def manage(request: ClinicRequest) -> HttpResponse:
    return render(request, "clinic/manage.html", {"entries": manage_entries(request.user)})


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_CLINIC)
def set_up(request: ClinicRequest) -> HttpResponse:
    if Site.objects.open().exists():
        return redirect_page(request, "clinic:manage")
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        try:
            site = actions.set_up_clinic(by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems.messages)
        else:
            toast(request, _("The clinic is set up. Now add its rooms and people."))
            return redirect_page(request, "clinic:site-edit", site.pk)
    context = {"form": form, "timezones": timezone_names()}
    return render(request, "clinic/set_up.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_CLINIC)
def profile_edit(request: ClinicRequest) -> HttpResponse:
    profile = ClinicProfile.objects.first()
    form = ProfileForm(request.POST or None, instance=profile)
    if form.is_valid():
        try:
            actions.change_profile(by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            toast(request, _("The clinic's profile is saved."))
            return redirect_page(request, "clinic:manage")
    return render(
        request, "clinic/profile_edit.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_POST
@requires(Right.SEE_DAY)
def site_switch(request: ClinicRequest) -> HttpResponse:
    wanted = request.POST.get("site", "")
    site = get_object_or_404(Site.objects.open(), pk=wanted if wanted.isdecimal() else 0)
    request.session[SITE_KEY] = site.pk
    return redirect_page(request, safe_next(request, "/"))
