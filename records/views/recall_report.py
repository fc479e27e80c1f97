"""The report of a recall: a page to print, a PDF and a file of its rows."""

import csv
from dataclasses import astuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.selectors import clinic_profile
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from records.models import Recall
from records.recall_pdf import column_headings, recall_pdf
from records.recall_words import count_words, report_facts, report_lines
from records.selectors.recalls import contacts_of, counts_of, recall_with_lots
from sessions.views.deviations import BYTE_ORDER_MARK, guarded


@require_GET
@requires(Right.RUN_RECALL)
def recall_report(request: ClinicRequest, pk: int) -> HttpResponse:
    recall = _recall(pk)
    context = {
        "recall": recall,
        "facts": report_facts(recall),
        "counts": count_words(counts_of(recall)),
        "headings": column_headings(),
        "lines": [astuple(line) for line in report_lines(list(contacts_of(recall)))],
        "profile": clinic_profile(),
        "printed_at": timezone.now(),
    }
    return render(request, "records/recall_report.html", context)


@require_GET
@requires(Right.RUN_RECALL)
def recall_download(request: ClinicRequest, pk: int) -> HttpResponse:
    recall = _recall(pk)
    pdf = recall_pdf(
        recall,
        counts=counts_of(recall),
        contacts=list(contacts_of(recall)),
        profile=clinic_profile(),
    )
    return HttpResponse(pdf, content_type="application/pdf", headers=_as_file(recall, "pdf"))


@require_GET
@requires(Right.RUN_RECALL)
def recall_export(request: ClinicRequest, pk: int) -> HttpResponse:
    """Answer with the patients as comma-separated values."""
    recall = _recall(pk)
    response = HttpResponse(
        BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8", headers=_as_file(recall, "csv")
    )
    writer = csv.writer(response)
    writer.writerow(column_headings())
    for line in report_lines(list(contacts_of(recall))):
        writer.writerow([guarded(cell) for cell in astuple(line)])
    return response


def _recall(pk: int) -> Recall:
    return get_object_or_404(recall_with_lots(pk))


def _as_file(recall: Recall, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="recall-{recall.pk}.{ending}"'}
