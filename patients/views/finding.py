"""Find a patient: the list, and search as you type."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, render_page_or_fragment, wants_fragment
from meso_clinic.core.roles import Right
from patients import registry
from patients.domain.searching import LONGEST_TEXT, Query, parse, prefill
from patients.models import Patient, PatientQuerySet
from patients.registry import ResultLine

PAGE_LENGTH = 25
POPOVER_LENGTH = 8
NEW_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """A patient in a list, with what other apps say about them."""

    patient: Patient
    line: ResultLine | None


@require_GET
@requires(Right.SEE_PATIENTS)
def patient_list(request: ClinicRequest) -> HttpResponse:
    if "q" in request.GET:
        return redirect(f"{reverse('patients:patient-search')}?{request.GET.urlencode()}")
    everyone = Patient.objects.all()
    recent = everyone.registered_since(timezone.now() - NEW_FOR)
    is_new, is_by_name = "new" in request.GET, request.GET.get("order") == "name"
    chosen = recent if is_new else everyone
    page = _page(request, chosen.by_name() if is_by_name else chosen.newest_first())
    context = {
        "page": page,
        "rows": _rows(request, page),
        "is_new": is_new,
        "is_by_name": is_by_name,
        "new_count": recent.count(),
        "all_count": everyone.count(),
        "query": f"{'new=1&' if is_new else ''}{'order=name&' if is_by_name else ''}",
        "plan_url_name": _plan_url_name(request),
    }
    return render(request, "patients/list.html", context)


def _plan_url_name(request: ClinicRequest) -> str:
    """Return the page that plans a course if the list is asked to choose its patient."""
    is_asked = "plan" in request.GET and request.user.has_right(Right.PLAN_COURSE)
    return registry.next_step() if is_asked else ""


@require_GET
@requires(Right.SEE_PATIENTS)
def patient_search(request: ClinicRequest) -> HttpResponse:
    typed = " ".join(request.GET.get("q", "").split())[:LONGEST_TEXT]
    today = timezone.localdate()
    query = parse(typed, today=today)
    if wants_fragment(request) and query == Query():
        return HttpResponse()
    length = POPOVER_LENGTH if wants_fragment(request) else PAGE_LENGTH
    page = _page(request, Patient.objects.matching(query).by_name(), length)
    context = {
        "typed": typed,
        "page": page,
        "rows": _rows(request, page),
        "total": page.paginator.count,
        "is_popover": wants_fragment(request),
        "query": f"{urlencode({'q': typed})}&",
        "register_url": _register_url(prefill(typed, today=today)),
    }
    return render_page_or_fragment(
        request, "patients/search.html", "patients/_results.html", context
    )


def _page(request: ClinicRequest, found: PatientQuerySet, length: int = PAGE_LENGTH) -> Page[Any]:
    return Paginator(found, length).get_page(request.GET.get("page"))


def _rows(request: ClinicRequest, page: Page[Any]) -> list[Row]:
    found: list[Patient] = list(page.object_list)
    lines = registry.result_lines(request, found) if found else {}
    return [Row(patient=patient, line=lines.get(patient.pk)) for patient in found]


def _register_url(known: dict[str, str]) -> str:
    url = reverse("patients:patient-register")
    return f"{url}?{urlencode(known)}" if known else url
