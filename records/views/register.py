"""All reactions of the clinic, as a page and as a file; clusters; and the emergency cards."""

import csv
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clinic.selectors import clinic_profile, current_site
from meso_clinic.core.access import Right, requires, signed_in
from meso_clinic.core.http import ClinicRequest
from records.domain.emergency import EMERGENCY_CARDS
from records.forms.reactions import RegisterForm
from records.models import AdverseEvent
from records.reaction_words import kind_name
from records.selectors.clusters import read_clusters
from records.selectors.reactions import Wanted, listed_reactions
from sessions.views.deviations import BYTE_ORDER_MARK, guarded

PAGE_SIZE = 50


@require_GET
@requires(Right.SEE_CLINICAL)
def reaction_register(request: ClinicRequest) -> HttpResponse:
    form = RegisterForm(request.GET)
    if not form.is_valid():
        return _wrong(request, form)
    found = listed_reactions(Wanted(**form.cleaned_data))
    context = {
        "form": form,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": form.query,
        "clusters": read_clusters(timezone.now().astimezone(current_site(request).zone).date()),
    }
    return render(request, "records/reaction_register.html", context)


@require_GET
@requires(Right.SEE_CLINICAL)
def reaction_export(request: ClinicRequest) -> HttpResponse:
    """Answer with the rows as comma-separated values."""
    form = RegisterForm(request.GET)
    if not form.is_valid():
        return _wrong(request, form)
    on = timezone.now().astimezone(current_site(request).zone).date()
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reactions-{on:%Y-%m-%d}.csv"'
    writer = csv.writer(response)
    writer.writerow(_headings())
    for event in listed_reactions(Wanted(**form.cleaned_data)).iterator():
        writer.writerow([guarded(cell) for cell in _cells(event)])
    return response


@require_GET
@signed_in
def emergency(request: ClinicRequest) -> HttpResponse:
    """Show the four cards; they hold nothing about any patient."""
    context = {"cards": EMERGENCY_CARDS, "profile": clinic_profile()}
    return render(request, "records/emergency.html", context)


def _wrong(request: ClinicRequest, form: RegisterForm) -> HttpResponse:
    return render(request, "records/reaction_register.html", {"form": form}, status=422)


def _headings() -> list[str]:
    return [
        _("First noticed on"),
        _("Record number"),
        _("Site"),
        _("Indication"),
        _("Session"),
        _("Kind"),
        _("Grade when reported"),
        _("Grade now"),
        _("Red flag"),
        _("Serious"),
        _("Expected"),
        _("Related to treatment"),
        _("Product"),
        _("Lot"),
        _("Outcome"),
        _("Over on"),
        _("Reported by"),
        _("What was seen"),
        _("What was done"),
    ]


def _cells(event: AdverseEvent) -> Iterator[str]:
    course = event.course
    yield f"{event.onset_on:%Y-%m-%d}"
    yield event.patient.record_number
    yield course.site.name
    yield course.indication.short_name
    yield str(event.session.number) if event.session else ""
    yield kind_name(event)
    yield str(event.grade)
    yield str(event.grade_now)
    yield _yes_no(event.is_red_now)
    yield _yes_no(event.is_serious)
    yield _yes_no(event.is_expected)
    yield str(event.get_relatedness_display())
    yield str(event.product or "")
    yield event.lot.number if event.lot else ""
    yield event.outcome_label
    yield f"{event.over_on:%Y-%m-%d}" if event.over_on else ""
    yield event.reported_by.display_name
    yield event.description
    yield event.action_taken


def _yes_no(answer: bool) -> str:
    return _("yes") if answer else _("no")
