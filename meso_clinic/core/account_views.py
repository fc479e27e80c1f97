"""A person's own account: colours, keys and password, and the one-time links that let people in."""

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meso_clinic.core import actions, privacy
from meso_clinic.core.access import public, requires, signed_in
from meso_clinic.core.context import KEYS_COOKIE, KEYS_OFF, KEYS_ON, THEMES
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast
from meso_clinic.core.models import Invitation
from meso_clinic.core.password_forms import (
    ChangePasswordForm,
    ChoosePasswordForm,
    FirstAdminForm,
)
from meso_clinic.core.pin_forms import SigningPinForm
from meso_clinic.core.roles import Right

DEVICE_COOKIE_SECONDS = 365 * 24 * 60 * 60


@require_GET
@signed_in
def account(request: ClinicRequest) -> HttpResponse:
    return _account_page(request)


@require_POST
@signed_in
def password_change(request: ClinicRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST, user=request.user)
    if not form.is_valid():
        return _account_page(request, form=form, status=422)
    actions.change_own_password(
        user=request.user, password=form.cleaned_data["password"], at=timezone.now()
    )
    update_session_auth_hash(request, request.user)
    toast(request, _("Your password is changed. Other devices are signed out."))
    return redirect_page(request, "core:account")


@require_POST
@requires(Right.WRITE_RECORD)
def signing_pin_set(request: ClinicRequest) -> HttpResponse:
    form = SigningPinForm(request.POST, user=request.user)
    if not form.is_valid():
        return _account_page(request, pin_form=form, status=422)
    pin = form.cleaned_data["pin"]
    actions.set_signing_pin(user=request.user, pin=pin, at=timezone.now())
    toast(request, _("You can sign with your PIN now.") if pin else _("The PIN is gone."))
    return redirect_page(request, "core:account")


def _account_page(
    request: ClinicRequest,
    *,
    form: ChangePasswordForm | None = None,
    pin_form: SigningPinForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form or ChangePasswordForm(user=request.user),
        "pin_form": pin_form or SigningPinForm(user=request.user),
    }
    return render(request, "core/account.html", context, status=status)


@require_POST
@signed_in
def private_screen_set(request: ClinicRequest) -> HttpResponse:
    return _kept_on_device(
        request,
        privacy.COOKIE,
        "1" if request.POST.get("private") == "1" else "0",
        back=safe_next(request, reverse("core:home")),
    )


@require_POST
@signed_in
def theme_set(request: ClinicRequest) -> HttpResponse:
    wanted = request.POST.get("theme", "")
    return _kept_on_device(request, "theme", wanted if wanted in THEMES else "auto")


@require_POST
@signed_in
def keys_set(request: ClinicRequest) -> HttpResponse:
    return _kept_on_device(
        request, KEYS_COOKIE, KEYS_ON if request.POST.get("keys") == KEYS_ON else KEYS_OFF
    )


def _kept_on_device(
    request: ClinicRequest, name: str, value: str, *, back: str = "core:account"
) -> HttpResponse:
    """Go to `back`, with a cookie that the page's scripts read and write as well."""
    response = redirect_page(request, back)
    response.set_cookie(
        name,
        value,
        max_age=DEVICE_COOKIE_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_http_methods(["GET", "POST"])
@public
def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    if not Invitation.objects.usable(token, timezone.now()).filter(user=None).exists():
        return _link_ended(request)
    form = FirstAdminForm(request.POST or None)
    if form.is_valid():
        try:
            user = actions.accept_first_admin_invitation(
                token=token, at=timezone.now(), **form.cleaned_data
            )
        except actions.NoSuchInvitation:
            return _link_ended(request)
        login(request, user)
        return redirect("core:home")
    return render(
        request, "core/first_admin.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    usable = Invitation.objects.usable(token, timezone.now()).filter(user__is_active=True)
    found = usable.select_related("user").first()
    if found is None or found.user is None:
        return _link_ended(request)
    form = ChoosePasswordForm(request.POST or None, user=found.user)
    if form.is_valid():
        try:
            user = actions.accept_invitation(
                token=token, password=form.cleaned_data["password"], at=timezone.now()
            )
        except actions.NoSuchInvitation:
            return _link_ended(request)
        login(request, user)
        return redirect("core:home")
    context = {"form": form, "person": found.user}
    return render(request, "core/invitation.html", context, status=422 if form.is_bound else 200)


def _link_ended(request: HttpRequest) -> HttpResponse:
    """Answer 404 with what to do: an ended link and one that never was look the same."""
    return render(request, "core/link_ended.html", status=404)
