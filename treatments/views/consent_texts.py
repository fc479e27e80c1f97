"""The texts that patients agree to: the list, the editor, the versions."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.roles import Right
from treatments.actions.consents import (
    ConsentTextChanged,
    SameConsentText,
    publish_consent_text,
    withdraw_consent_text,
)
from treatments.consent_words import unit_words
from treatments.domain.consents import COURSE_UNITS, Unit
from treatments.domain.notes import timed_notes
from treatments.forms.consents import ConsentTextForm, ReasonForm
from treatments.models import ConsentTemplate, Indication

# In an address, for a text that is not for one indication only.
FOR_ALL = "all"


@dataclass(frozen=True, slots=True)
class Line:
    """One text with its versions: a unit, for one indication or for all."""

    unit: Unit
    indication: Indication | None

    @property
    def unit_slug(self) -> str:
        """The unit in an address."""
        return self.unit.lower().replace("_", "-")

    @property
    def slug(self) -> str:
        """The indication in an address."""
        return self.indication.slug if self.indication else FOR_ALL

    @property
    def name(self) -> str:
        """What it is called."""
        words = unit_words(self.unit)
        return f"{words}: {self.indication.name}" if self.indication else words

    @property
    def indication_id(self) -> int | None:
        """The indication's primary key, None for all."""
        return self.indication.pk if self.indication else None


@require_GET
@requires(Right.EDIT_CONTENT)
def text_list(request: ClinicRequest) -> HttpResponse:
    newest = {
        (text.unit, text.indication_id): text
        for text in ConsentTemplate.objects.newest().select_related("published_by", "withdrawal")
    }
    rows = [(line, newest.get((line.unit, line.indication_id))) for line in _lines()]
    # A course unit can have a text for all and one for an indication; what exists is listed.
    rows = [row for row in rows if row[1] or _is_offered(row[0])]
    return render(request, "treatments/consent_text_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CONTENT)
def text_edit(request: ClinicRequest, unit: str, slug: str) -> HttpResponse:
    line = _line(unit, slug)
    versions = _versions(line)
    if request.method == "POST":
        return _publish(request, line, versions)
    start = versions[0] if versions else None
    initial = {
        "title": start.title if start else "",
        "text": start.text if start else "",
        "base_version": start.version if start else 0,
    }
    return _editor(request, line, versions, ConsentTextForm(initial=initial))


@require_GET
@requires(Right.EDIT_CONTENT)
def text_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    template = _template(pk)
    in_force = ConsentTemplate.objects.in_force().filter(pk=template.pk).exists()
    context = {
        "line": _line_of(template),
        "template": template,
        "paragraphs": timed_notes("\n".join(template.shown.split("\n")[1:])),
        "is_in_force": in_force,
        "withdrawal": getattr(template, "withdrawal", None),
        "signed_count": template.consents.count(),
    }
    return render(request, "treatments/consent_text_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CONTENT)
def text_withdraw(request: ClinicRequest, pk: int) -> HttpResponse:
    template = _template(pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            withdraw_consent_text(
                template=template,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except ConsentTextChanged:
            form.add_error(None, _("This text is not asked for any more. Load the list again."))
            status = 409
        else:
            toast(request, _("The text is withdrawn."))
            return redirect_page(request, "treatments:consent-text-list")
    context = {"line": _line_of(template), "template": template, "form": form}
    return render(request, "treatments/consent_text_withdraw.html", context, status=status)


def _publish(request: ClinicRequest, line: Line, versions: list[ConsentTemplate]) -> HttpResponse:
    sent = request.POST.copy()
    form = ConsentTextForm(sent)
    if not form.is_valid():
        return _editor(request, line, versions, form, status=422)
    try:
        made = publish_consent_text(
            unit=line.unit,
            indication=line.indication,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
    except ConsentTextChanged:
        # Publishing again is a decision made in sight of the other text.
        versions = _versions(line)
        sent["base_version"] = str(versions[0].version if versions else 0)
        return _editor(request, line, versions, form, status=409, is_conflict=True)
    except SameConsentText:
        form.add_error(None, _("This is the text that is live. Change it, or leave the page."))
        return _editor(request, line, versions, form, status=422)
    toast(request, _("Version %(number)s is live.") % {"number": made.version})
    return redirect_page(request, "treatments:consent-text-edit", line.unit_slug, line.slug)


def _editor(
    request: ClinicRequest,
    line: Line,
    versions: list[ConsentTemplate],
    form: ConsentTextForm,
    *,
    status: int = 200,
    is_conflict: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "line": line,
        "versions": versions,
        "newest": versions[0] if versions else None,
        "is_live": bool(versions) and not hasattr(versions[0], "withdrawal"),
        "next_version": versions[0].version + 1 if versions else 1,
        "form": form,
        "is_conflict": is_conflict,
    }
    return render(request, "treatments/consent_text_edit.html", context, status=status)


def _lines() -> list[Line]:
    """Return every text that there can be, in the order of units and indications."""
    indications = [None, *Indication.objects.order_by("-is_active", "position", "pk")]
    return [
        Line(unit, indication)
        for unit in Unit
        for indication in (indications if unit in COURSE_UNITS else [None])
    ]


def _is_offered(line: Line) -> bool:
    """Whether the list offers to write this text: treatment by indication, all else for all."""
    if line.unit is Unit.TREATMENT:
        return line.indication is not None and line.indication.is_active
    return line.indication is None


def _line(unit_slug: str, slug: str) -> Line:
    code = unit_slug.upper().replace("-", "_")
    if code not in Unit.__members__:
        raise Http404
    unit = Unit[code]
    if slug == FOR_ALL:
        return Line(unit, None)
    if unit not in COURSE_UNITS:
        raise Http404
    return Line(unit, get_object_or_404(Indication, slug=slug))


def _line_of(template: ConsentTemplate) -> Line:
    return Line(Unit(template.unit), template.indication)


def _versions(line: Line) -> list[ConsentTemplate]:
    versions = ConsentTemplate.objects.of_line(line.unit, line.indication_id)
    return list(versions.select_related("published_by", "withdrawal"))


def _template(pk: int) -> ConsentTemplate:
    rows = ConsentTemplate.objects.select_related("indication", "published_by", "withdrawal__by")
    return get_object_or_404(rows, pk=pk)
