"""What indications say: the list, the editor with its preview, the versions."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.selectors import clinic_profile
from meso_clinic.core.access import requires
from meso_clinic.core.http import (
    ClinicRequest,
    redirect_page,
    render_page_or_fragment,
    toast,
)
from meso_clinic.core.roles import Right
from treatments.actions.content import NothingChanged, TextChangedMeanwhile, publish_indication
from treatments.domain import catalogue
from treatments.domain.notes import lines
from treatments.domain.text import FIELDS, PatientText
from treatments.forms.content import TextForm
from treatments.models import Indication, IndicationRevision


@require_GET
@requires(Right.EDIT_CONTENT)
def indication_list(request: ClinicRequest) -> HttpResponse:
    in_force = IndicationRevision.objects.in_force().select_related("published_by")
    newest = {revision.indication_id: revision for revision in in_force}
    indications = Indication.objects.select_related("protocol").order_by(
        "-is_active", "position", "pk"
    )
    rows = [(indication, newest[indication.pk]) for indication in indications]
    return render(request, "treatments/indication_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CONTENT)
def indication_edit(request: ClinicRequest, slug: str) -> HttpResponse:
    indication = get_object_or_404(Indication, slug=slug)
    if request.method == "POST":
        return _publish(request, indication)
    newest = indication.revisions.newest_first()[0]
    number = request.GET.get("from", "")
    start = newest
    if number:
        wanted = int(number) if number.isdecimal() and len(number) < 10 else 0
        start = get_object_or_404(indication.revisions, number=wanted)
    form = TextForm(initial=_initial(start, base_number=newest.number))
    return _editor(request, indication, form, start.text, start=start)


@require_POST
@requires(Right.EDIT_CONTENT)
def indication_preview(request: ClinicRequest, slug: str) -> HttpResponse:
    """Show what a patient would get. Nothing is saved, and nothing typed is lost."""
    indication = get_object_or_404(Indication, slug=slug)
    typed = request.POST.dict()
    return _editor(request, indication, TextForm(initial=typed), PatientText.tidied(typed))


@require_GET
@requires(Right.EDIT_CONTENT)
def revision_detail(request: ClinicRequest, slug: str, number: int) -> HttpResponse:
    revision = get_object_or_404(
        IndicationRevision.objects.select_related("indication", "published_by"),
        indication__slug=slug,
        number=number,
    )
    newest = revision.indication.revisions.newest_first()[0]
    context = {
        "indication": revision.indication,
        "revision": revision,
        "newest": newest,
        "fields": [(TextForm.base_fields[name].label, getattr(revision, name)) for name in FIELDS],
        "course_count": revision.courses.count(),
    }
    return render(request, "treatments/revision_detail.html", context)


def _publish(request: ClinicRequest, indication: Indication) -> HttpResponse:
    sent = request.POST.copy()
    form = TextForm(sent)
    typed = PatientText.tidied(request.POST.dict())
    if not form.is_valid():
        return _editor(request, indication, form, typed, status=422)
    try:
        revision = publish_indication(
            indication=indication,
            base_number=form.cleaned_data["base_number"],
            text=form.text,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except TextChangedMeanwhile as changed:
        return _conflict(request, indication, form, sent, changed.newest)
    except NothingChanged as same:
        sentence = _("This is the same text as version %(number)s. Change it, or leave the page.")
        form.add_error(None, sentence % {"number": same.newest.number})
        return _editor(request, indication, form, typed, status=422)
    toast(request, _("Version %(number)s is live.") % {"number": revision.number})
    return redirect_page(request, "treatments:indication-edit", indication.slug)


def _conflict(
    request: ClinicRequest,
    indication: Indication,
    form: TextForm,
    sent: QueryDict,
    newest: IndicationRevision,
) -> HttpResponse:
    """Answer with both texts side by side; publishing again is a decision made in their sight."""
    base = indication.revisions.filter(number=form.cleaned_data["base_number"]).first() or newest
    differences = form.differences(newest.text, base.text)
    sent["base_number"] = str(newest.number)
    return _editor(
        request, indication, form, form.text, status=409, newest=newest, differences=differences
    )


def _initial(revision: IndicationRevision, *, base_number: int) -> dict[str, Any]:
    return {name: getattr(revision, name) for name in FIELDS} | {"base_number": base_number}


def _editor(
    request: ClinicRequest,
    indication: Indication,
    form: TextForm,
    text: PatientText,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Answer with the editor, or with the preview of `text` alone if htmx asks for it."""
    versions = list(indication.revisions.newest_first().select_related("published_by"))
    context = {
        "indication": indication,
        "form": form,
        "versions": versions,
        **_preview(indication, text, number=versions[0].number + 1),
        **more,
    }
    return render_page_or_fragment(
        request,
        "treatments/indication_edit.html",
        "treatments/_preview.html",
        context,
        status=status,
    )


def _preview(indication: Indication, text: PatientText, *, number: int) -> dict[str, Any]:
    revision = IndicationRevision(
        indication=indication,
        number=number,
        published_at=timezone.now(),
        **{name: getattr(text, name) for name in FIELDS},
    )
    return {
        "preview": revision,
        "has_notes": "recovery_notes" not in text.missing(),
        "aftercare": lines(text.aftercare),
        "signs": lines(text.when_to_call),
        "emergency": _(catalogue.EMERGENCY_TEXT),
        "clinic": clinic_profile(),
    }
