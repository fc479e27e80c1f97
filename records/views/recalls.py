"""Recalls: opening one, calling those it touched, and closing it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from patients.page import alerts
from records.actions import recalls as actions
from records.actions.signing import TooManyTries, WrongPassword
from records.domain.recalls import Counts
from records.forms.recalls import AttemptForm, CloseForm, RecallForm
from records.models import Recall, RecallContact
from records.recall_words import STATUS_ICONS, STATUS_TONES, attempt_words, use_lines
from records.selectors.recalls import (
    contacts_of,
    counts_of,
    find_uses,
    listed_recalls,
    planned_sessions,
    reached,
    recall_with_lots,
    with_details,
)
from treatments.models import Lot

PAGE_SIZE = 50
# As many sessions to come as a look takes in; their number says the rest.
PLANNED_SHOWN = 10


@require_GET
@requires(Right.MANAGE_STOCK)
def recall_list(request: ClinicRequest) -> HttpResponse:
    page = Paginator(listed_recalls(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "records/recall_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_STOCK)
def recall_new(request: ClinicRequest) -> HttpResponse:
    """Find the lot by its number, then open a recall of it and others of its product."""
    asked = request.GET.get("lot", "")
    if not asked.isdecimal() or len(asked) > 18:
        return _find_lot(request)
    lot = get_object_or_404(Lot.objects.select_related("product"), pk=int(asked))
    lots = lot.product.lots.order_by("number", "pk")
    form = RecallForm(
        request.POST if request.method == "POST" else None, lots=lots, initial={"lots": [lot.pk]}
    )
    if form.is_valid():
        try:
            recall = actions.open_recall(by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.RecallRefused as refused:
            form.add_error("lots", refused.problem)
        else:
            toast(request, _("The recall is open. The lots are in quarantine."))
            return redirect_page(request, "records:recall-detail", recall.pk)
    context = {"lot": lot, "form": form, "reached": reached(find_uses([lot.pk]))}
    status = 422 if form.is_bound else 200
    return render(request, "records/recall_new.html", context, status=status)


def _find_lot(request: ClinicRequest) -> HttpResponse:
    number = request.GET.get("number", "").strip()[:60]
    found = Lot.objects.filter(number__icontains=number) if number else Lot.objects.none()
    lots = found.select_related("product").order_by("product__name", "number", "pk")[:PAGE_SIZE]
    return render(request, "records/recall_find.html", {"number": number, "lots": lots})


@require_GET
@requires(Right.MANAGE_STOCK)
def recall_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    """Show the counts, and to clinicians whom to call."""
    recall = _recall(pk)
    counts = counts_of(recall)
    wanted = request.GET.get("status", "")
    status = wanted if wanted in RecallContact.Status.values else ""
    context: dict[str, Any] = {
        "recall": recall,
        "lots": recall.lots.all(),
        "counts": counts,
        "filters": _filters(counts),
        "status": status,
    }
    if request.user.has_right(Right.RUN_RECALL):
        page = Paginator(contacts_of(recall, status), PAGE_SIZE).get_page(request.GET.get("page"))
        planned = planned_sessions(recall.lots.all())
        context |= {
            "page": page,
            "rows": [_row(contact) for contact in page],
            "planned": planned[:PLANNED_SHOWN],
            "planned_count": planned.count(),
            "query": f"status={status}&" if status else "",
        }
    return render(request, "records/recall_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.RUN_RECALL)
def recall_contact(request: ClinicRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Show one patient of a recall, and note a call."""
    contact = get_object_or_404(
        with_details(RecallContact.objects.filter(recall=pk)), pk=contact_pk
    )
    if request.method == "GET":
        return _contact_page(request, contact, _attempt_form(contact))
    if request.POST.get("patient") != str(contact.patient_id):
        problem = _("This form was made for another patient. Nothing was noted.")
        return _contact_page(request, contact, _attempt_form(contact), 409, problem)
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return _contact_page(request, contact, form, 422)
    try:
        actions.note_attempt(
            contact=contact,
            status=form.cleaned_data["status"],
            words=form.cleaned_data["words"],
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=timezone.now(),
        )
    except actions.ContactChangedMeanwhile:
        problem = _("Somebody else noted a call meanwhile. Read it below, then save again.")
        return _contact_page(request, contact, _kept(contact, form), 409, problem)
    except actions.RecallRefused as refused:
        return _contact_page(request, contact, form, 409, refused.problem)
    toast(request, _("The call is noted."))
    return redirect_page(request, f"{reverse('records:recall-detail', args=[pk])}#c-{contact.pk}")


@require_http_methods(["GET", "POST"])
@requires(Right.RUN_RECALL)
def recall_close(request: ClinicRequest, pk: int) -> HttpResponse:
    recall = _recall(pk)
    form = CloseForm(
        request.POST if request.method == "POST" else None, has_pin=request.user.has_signing_pin
    )
    if form.is_valid():
        try:
            actions.close_recall(
                recall=recall, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except actions.RecallRefused as refused:
            form.add_error(None, refused.problem)
        except (TooManyTries, WrongPassword) as refused:
            form.refuse_signer(refused)
        else:
            toast(request, _("The recall is closed."))
            return redirect_page(request, "records:recall-report", pk)
    context = {"recall": recall, "counts": counts_of(recall), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "records/recall_close.html", context, status=status)


def _recall(pk: int) -> Recall:
    return get_object_or_404(recall_with_lots(pk))


def _filters(counts: Counts) -> list[tuple[str, str, int]]:
    """Return each filter as its key, its words and how many patients it shows."""
    numbers = [counts.unreached, counts.reached, counts.symptomatic, counts.referred]
    states = [
        (status.value, str(status.label), number)
        for status, number in zip(RecallContact.Status, numbers, strict=True)
    ]
    return [("", _("All"), counts.all), *states]


def _row(contact: RecallContact) -> dict[str, Any]:
    attempts = list(contact.attempts.all())
    status = RecallContact.Status(contact.status)
    return {
        "contact": contact,
        "patient": contact.patient,
        "uses": use_lines(list(contact.uses.all())),
        "last": attempt_words(attempts[0]) if attempts else "",
        "attempts": [attempt_words(attempt) for attempt in attempts],
        "tone": STATUS_TONES[status],
        "icon": STATUS_ICONS[status],
        "choices": [(one.value, one.label, STATUS_ICONS[one]) for one in RecallContact.Status],
    }


def _attempt_form(contact: RecallContact) -> AttemptForm:
    return AttemptForm(initial={"patient": contact.patient_id, "seen": contact.attempt_count})


def _kept(contact: RecallContact, typed: AttemptForm) -> AttemptForm:
    """Return a form that knows of the calls noted meanwhile, with what was typed still in it."""
    fresh = RecallContact.objects.get(pk=contact.pk)
    return AttemptForm(initial={**typed.cleaned_data, "seen": fresh.attempt_count})


def _contact_page(
    request: ClinicRequest,
    contact: RecallContact,
    form: AttemptForm,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    fresh = with_details(RecallContact.objects.filter(pk=contact.pk)).get()
    context = {
        "recall": fresh.recall,
        "row": _row(fresh),
        "patient": fresh.patient,
        "alerts": alerts(request, fresh.patient),
        "form": form,
        "problem": problem,
    }
    return render(request, "records/recall_contact.html", context, status=status)
