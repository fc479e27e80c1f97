"""What was changed in the plans, and why: a report, on screen and as a file."""

import csv
from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clinic.selectors import current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from sessions.forms import DeviationFilterForm
from sessions.models import Deviation
from sessions.selectors.deviations import Wanted, deviation_summary, listed_deviations

PAGE_SIZE = 50

# A spreadsheet reads a cell that begins like this as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


@require_GET
@requires(Right.SEE_COURSES)
def deviation_report(request: ClinicRequest) -> HttpResponse:
    form = DeviationFilterForm(request.GET)
    return _report(request, form) if form.is_valid() else _wrong(request, form)


@require_GET
@requires(Right.SEE_COURSES)
def deviation_export(request: ClinicRequest) -> HttpResponse:
    form = DeviationFilterForm(request.GET)
    return _file(request, form) if form.is_valid() else _wrong(request, form)


def _wanted(request: ClinicRequest, form: DeviationFilterForm) -> Wanted:
    data = form.cleaned_data
    return Wanted(
        clock=data["site"] or current_site(request),
        since=data["since"],
        until=data["until"],
        site=data["site"],
    )


def _report(request: ClinicRequest, form: DeviationFilterForm) -> HttpResponse:
    wanted = _wanted(request, form)
    page = Paginator(listed_deviations(wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "sessions/deviations.html",
        {
            "form": form,
            "page": page,
            "summary": deviation_summary(wanted),
            "query": form.query,
            "clock": wanted.clock,
        },
    )


def _wrong(request: ClinicRequest, form: DeviationFilterForm) -> HttpResponse:
    return render(request, "sessions/deviations.html", {"form": form}, status=422)


def _file(request: ClinicRequest, form: DeviationFilterForm) -> HttpResponse:
    """Answer with the rows as comma-separated values; words are for clinical readers only."""
    wanted = _wanted(request, form)
    zone = wanted.clock.zone
    on = timezone.now().astimezone(zone).date()
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="changes-to-plans-{on:%Y-%m-%d}.csv"'
    sees_words = request.user.has_right(Right.SEE_CLINICAL)
    writer = csv.writer(response)
    writer.writerow(_headings(sees_words=sees_words))
    for change in listed_deviations(wanted).iterator():
        day = f"{change.at.astimezone(zone):%Y-%m-%d}"
        writer.writerow([guarded(cell) for cell in (day, *_cells(change, sees_words=sees_words))])
    return response


def _headings(*, sees_words: bool) -> list[str]:
    shared = [
        _("Noted on"),
        _("Record number"),
        _("Site"),
        _("Indication"),
        _("Practitioner"),
        _("Session"),
        _("Change"),
        _("Days late"),
        _("Reason"),
        _("Noted by"),
    ]
    return [*shared, _("In words")] if sees_words else shared


def _cells(change: Deviation, *, sees_words: bool) -> Sequence[str]:
    course = change.session.course
    shared = [
        course.patient.record_number,
        course.site.name,
        course.indication.short_name,
        course.practitioner.display_name,
        str(change.session.number),
        str(change.get_kind_display()),
        str(change.days_late),
        str(change.get_reason_display()),
        change.by.display_name,
    ]
    return [*shared, change.words] if sees_words else shared


def guarded(cell: str) -> str:
    """Return `cell` so that a spreadsheet shows it and does not run it."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
