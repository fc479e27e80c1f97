"""The texts that patients agree to: the list, the editor, the versions."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.roles import Right
from patients.languages import choices as language_choices
from patients.languages import direction, language_name
from treatments.actions.consents import (
    ConsentTextChanged,
    ConsentTextMissing,
    SameConsentText,
    publish_consent_text,
    withdraw_consent_text,
)
from treatments.consent_words import unit_words
from treatments.domain.consents import COURSE_UNITS, Unit
from treatments.domain.notes import timed_notes
from treatments.forms.consents import ConsentTextForm, ReasonForm
from treatments.models import LANGUAGE, ConsentTemplate, Indication

# In an address, for a text that is not for one indication only.
FOR_ALL = "all"


@dataclass(frozen=True, slots=True)
class Line:
    """One text with its versions: a unit, for one indication or for all."""

    unit: Unit
    indication: Indication | None
    language: str = LANGUAGE

    @property
    def is_translation(self) -> bool:
        """Whether it says in another language what the clinic's own text says."""
        return self.language != LANGUAGE

    @property
    def edit_url(self) -> str:
        """Where it is written."""
        if self.is_translation:
            args = [self.unit_slug, self.slug, self.language]
            return reverse("treatments:consent-text-translate", args=args)
        return reverse("treatments:consent-text-edit", args=[self.unit_slug, self.slug])

    @property
    def dir(self) -> str:
        """Which way its language is written."""
        return direction(self.language)

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
        name = f"{words}: {self.indication.name}" if self.indication else words
        return f"{name}, {language_name(self.language)}" if self.is_translation else name

    @property
    def indication_id(self) -> int | None:
        """The indication's primary key, None for all."""
        return self.indication.pk if self.indication else None


@require_GET
@requires(Right.EDIT_CONTENT)
def text_list(request: ClinicRequest) -> HttpResponse:
    newest = {
        (text.unit, text.indication_id): text
        for text in ConsentTemplate.objects.newest()
        .filter(language=LANGUAGE)
        .select_related("published_by", "withdrawal")
    }
    rows = [(line, newest.get((line.unit, line.indication_id))) for line in _lines()]
    # A course unit can have a text for all and one for an indication; what exists is listed.
    rows = [row for row in rows if row[1] or _is_offered(row[0])]
    return render(request, "treatments/consent_text_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CONTENT)
def text_edit(
    request: ClinicRequest, unit: str, slug: str, language: str = LANGUAGE
) -> HttpResponse:
    line = _line(unit, slug, language)
    if (chosen := request.GET.get("language", "")) in _other_languages():
        # A list to choose from leads here, also without a script.
        return redirect_page(request, replace(line, language=chosen).edit_url)
    versions = _versions(line)
    if line.is_translation and not _own_text(line):
        raise Http404
    if request.method == "POST":
        return _publish(request, line, versions)
    start = versions[0] if versions else _own_text(line)
    initial = {
        "title": start.title if start else "",
        "text": start.text if start else "",
        "base_version": versions[0].version if versions else 0,
    }
    return _editor(
        request, line, versions, ConsentTextForm(initial=initial, language=line.language)
    )


@require_GET
@requires(Right.EDIT_CONTENT)
def text_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    template = _template(pk)
    in_force = ConsentTemplate.objects.live().filter(pk=template.pk).exists()
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
    form = ConsentTextForm(sent, language=line.language)
    if not form.is_valid():
        return _editor(request, line, versions, form, status=422)
    try:
        made = publish_consent_text(
            unit=line.unit,
            indication=line.indication,
            language=line.language,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
    except ConsentTextChanged:
        # Publishing again is a decision made in sight of the other text.
        versions = _versions(line)
        sent["base_version"] = str(versions[0].version if versions else 0)
        return _editor(request, line, versions, form, status=409, is_conflict=True)
    except ConsentTextMissing:
        form.add_error(None, _("The text in the clinic’s own language was withdrawn meanwhile."))
        return _editor(request, line, versions, form, status=409)
    except SameConsentText:
        form.add_error(None, _("This is the text that is live. Change it, or leave the page."))
        return _editor(request, line, versions, form, status=422)
    toast(request, _("Version %(number)s is live.") % {"number": made.version})
    return redirect_page(request, line.edit_url)


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
        "own": _own_text(line) if line.is_translation else None,
        "translations": [] if line.is_translation else _translations(line, versions),
        "languages": [] if line.is_translation else list(_other_languages().items()),
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


def _other_languages() -> dict[str, str]:
    """Return the languages that a text can be written in besides the clinic's own, by code."""
    return {code: name for code, name in language_choices() if code != LANGUAGE}


def _own_text(line: Line) -> ConsentTemplate | None:
    """Return the text in the clinic's own language that is in force."""
    rows = ConsentTemplate.objects.in_force()
    return rows.filter(unit=line.unit, indication=line.indication).first()


def _translations(line: Line, versions: list[ConsentTemplate]) -> list[tuple[Line, str]]:
    """Return each other language of a text with its state, in words."""
    if not versions or hasattr(versions[0], "withdrawal"):
        return []
    rows = ConsentTemplate.objects.newest().filter(unit=line.unit, indication=line.indication)
    others = rows.exclude(language=LANGUAGE).select_related("withdrawal").order_by("language")
    return [(replace(line, language=text.language), _state(text, versions[0])) for text in others]


def _state(text: ConsentTemplate, own: ConsentTemplate) -> str:
    if hasattr(text, "withdrawal"):
        return _("Withdrawn")
    if not text.translates(own):
        return _("Older than the clinic’s own text, so nobody is shown it")
    return _("Live")


def _line(unit_slug: str, slug: str, language: str = LANGUAGE) -> Line:
    if language != LANGUAGE and language not in _other_languages():
        raise Http404
    return replace(_own_line(unit_slug, slug), language=language)


def _own_line(unit_slug: str, slug: str) -> Line:
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
    return Line(Unit(template.unit), template.indication, template.language)


def _versions(line: Line) -> list[ConsentTemplate]:
    versions = ConsentTemplate.objects.of_line(line.unit, line.indication_id, line.language)
    return list(versions.select_related("published_by", "withdrawal"))


def _template(pk: int) -> ConsentTemplate:
    rows = ConsentTemplate.objects.select_related("indication", "published_by", "withdrawal__by")
    return get_object_or_404(rows, pk=pk)
