"""The first page, health, and the pages that say no."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from meso_clinic.core.access import public, signed_in
from meso_clinic.core.commands import actions_of, pages_of
from meso_clinic.core.context import dialogs_of, first_place
from meso_clinic.core.http import ClinicRequest, kept_for_good, render_page_or_fragment


@require_GET
@signed_in
def home(request: ClinicRequest) -> HttpResponse:
    return redirect(first_place(request.user))


@require_GET
@signed_in
def command_list(request: ClinicRequest) -> HttpResponse:
    groups = [
        (_("Actions"), actions_of(request.user)),
        (_("Go to"), pages_of(request.user)),
    ]
    return render_page_or_fragment(
        request, "core/commands.html", "core/_commands.html", {"groups": groups}
    )


@require_GET
@signed_in
def dialogs(request: ClinicRequest, version: str) -> HttpResponse:
    drawn, newest = dialogs_of(request.user)
    return kept_for_good(HttpResponse(drawn), is_newest=version == newest)


@require_GET
@public
def health(request: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")


# A request that fails before it has a session or a user must still get its page: these two are
# drawn without anything of the request.
@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


@public
def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("500.html"), status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _("This form was open too long. Go back, load the page again, then send it again.")
    return render(request, "403.html", {"reason": sentence}, status=403)
