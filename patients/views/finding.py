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
from meso_clinic.core.privacy import is_private
from meso_clinic.core.roles import Right
from patients import registry
from patients.domain.namesakes import Difference, Person, differences, split_phone
from patients.domain.searching import LONGEST_TEXT, Query, parse, prefill
from patients.models import Patient, PatientQuerySet
from patients.recent import recent_pks
from patients.registry import ResultLine
from patients.selectors import best_matches, in_this_order

PAGE_LENGTH = 25
POPOVER_LENGTH = 8
NEW_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """A patient in a list, with what other apps say, and what tells them from their namesakes."""

    patient: Patient
    line: ResultLine | None
    difference: Difference | None = None

    @property
    def phone_parts(self) -> tuple[str, str]:
        """The phone before its last four digits, and from there."""
        return split_phone(self.patient.phone)


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
        "rows": _rows(request, list(page.object_list)),
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
    found = _few(request, query) if wants_fragment(request) or not typed else _all(request, query)
    # Before anything is typed there is nothing to say about nobody.
    if wants_fragment(request) and not typed and not found["rows"]:
        return HttpResponse()
    context = {
        **found,
        "typed": typed,
        "search_typed": typed,
        "query": f"{urlencode({'q': typed})}&",
        "register_url": _register_url(prefill(typed, today=today)),
    }
    # The palette lists patients among other things to choose.
    fragment = "_options.html" if request.GET.get("for") == "palette" else "_results.html"
    return render_page_or_fragment(request, "patients/search.html", f"patients/{fragment}", context)


def _few(request: ClinicRequest, query: Query) -> dict[str, Any]:
    """Return the likeliest patients, or if nothing is asked those this person opened last.

    On a screen that faces the room nobody's name opens by itself.
    """
    if query == Query():
        known = [] if is_private(request) else in_this_order(recent_pks(request))
    else:
        known = best_matches(query, most=POPOVER_LENGTH + 1)
    return {
        "rows": _rows(request, known[:POPOVER_LENGTH]),
        "total": min(len(known), POPOVER_LENGTH),
        "has_more": len(known) > POPOVER_LENGTH,
    }


def _all(request: ClinicRequest, query: Query) -> dict[str, Any]:
    """Return a page of all patients that `query` describes."""
    page = _page(request, Patient.objects.matching(query).best_first(query))
    return {
        "page": page,
        "rows": _rows(request, list(page.object_list)),
        "total": page.paginator.count,
    }


def _page(request: ClinicRequest, found: PatientQuerySet) -> Page[Any]:
    return Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))


def _rows(request: ClinicRequest, found: list[Patient]) -> list[Row]:
    lines = registry.result_lines(request, found) if found else {}
    apart = differences(
        Person(patient.pk, patient.full_name, patient.born_on, patient.phone) for patient in found
    )
    return [Row(patient, lines.get(patient.pk), apart.get(patient.pk)) for patient in found]


def _register_url(known: dict[str, str]) -> str:
    url = reverse("patients:patient-register")
    return f"{url}?{urlencode(known)}" if known else url
