"""How indications are called, where they are treated, and the numbers of their protocols."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.roles import Right
from treatments.actions.content import PROTOCOL_NUMBERS, change_indication, change_protocol
from treatments.domain.sourcing import number_sources
from treatments.forms.content import IndicationForm
from treatments.forms.protocol import ProtocolForm
from treatments.models import Indication, Protocol


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CONTENT)
def indication_settings(request: ClinicRequest, slug: str) -> HttpResponse:
    indication = get_object_or_404(Indication, slug=slug)
    form = IndicationForm(
        request.POST if request.method == "POST" else None,
        indication=indication,
        initial={
            "name": indication.name,
            "short_name": indication.short_name,
            "is_active": indication.is_active,
            "rooms": indication.rooms.all(),
        },
    )
    if form.is_valid():
        fields = {**form.cleaned_data, "rooms": list(form.cleaned_data["rooms"])}
        change_indication(indication=indication, by=request.user, at=timezone.now(), **fields)
        toast(request, _("%(name)s is saved.") % {"name": fields["name"]})
        return redirect_page(request, "treatments:indication-list")
    context = {"indication": indication, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "treatments/indication_settings.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CONTENT)
def protocol_edit(request: ClinicRequest, slug: str) -> HttpResponse:
    protocol = get_object_or_404(
        Protocol.objects.select_related("indication"), indication__slug=slug
    )
    form = ProtocolForm(request.POST if request.method == "POST" else None, instance=protocol)
    if form.is_valid():
        change_protocol(protocol=protocol, by=request.user, at=timezone.now(), **form.cleaned_data)
        toast(request, _("The numbers are saved. Courses planned from now on use them."))
        return redirect_page(request, "treatments:indication-list")
    context = {"indication": protocol.indication, "form": form, "sources": _sources(protocol.pk)}
    status = 422 if form.is_bound else 200
    return render(request, "treatments/protocol_edit.html", context, status=status)


def _sources(pk: int) -> list[tuple[str, list[Any]]]:
    """Return each source with the labels of the saved numbers that it stands behind."""
    # Read afresh: a form that was refused has put its own numbers on the row it was given.
    saved = Protocol.objects.select_related("indication").get(pk=pk)
    numbers = {name: getattr(saved, name) for name in PROTOCOL_NUMBERS}
    return [
        (source, [ProtocolForm.base_fields[name].label for name in names])
        for source, names in number_sources(saved.indication.slug, numbers).items()
    ]
