"""Lots: what came in, was opened, used up, put aside and released, and what runs low."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast, toast_problem
from meso_clinic.core.roles import Right
from treatments.actions import stock as actions
from treatments.forms.consents import ReasonForm
from treatments.forms.products import LotForm, OpeningForm
from treatments.models import Lot, Product
from treatments.selectors.stock import LotRow, lot_history, lot_rows, read_stock
from treatments.stock_words import refusal_sentence
from treatments.views.products import product_page


@require_GET
@requires(Right.SEE_STOCK)
def stock_list(request: ClinicRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {"stock": read_stock(on=today), "today": today}
    return render(request, "treatments/stock_list.html", context)


@require_POST
@requires(Right.MANAGE_STOCK)
def lot_add(request: ClinicRequest, code: str) -> HttpResponse:
    product = get_object_or_404(Product, code=code)
    form = LotForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        try:
            lot = actions.receive_lot(
                product=product, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError:
            form.add_error("number", _("This lot is entered already. Check the number."))
        else:
            toast(request, _("Lot %(number)s is in stock.") % {"number": lot.number})
            return redirect_page(request, "treatments:product-detail", code)
    return product_page(request, product, form, status=422)


@require_GET
@requires(Right.MANAGE_STOCK)
def lot_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    lot = _lot(pk)
    return _lot_page(request, lot, OpeningForm(today=timezone.localdate()))


@require_POST
@requires(Right.MANAGE_STOCK)
def lot_open(request: ClinicRequest, pk: int) -> HttpResponse:
    lot = _lot(pk)
    form = OpeningForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        on = form.cleaned_data["on"]
        try:
            actions.open_vial(lot=lot, on=on, by=request.user, at=timezone.now())
        except actions.LotRefused as refused:
            form.add_error("on", refused.problem)
        except ValidationError as refused:
            form.add_error("on", refused.messages)
        else:
            toast(request, _("A vial of lot %(number)s is open.") % {"number": lot.number})
            return redirect_page(request, "treatments:lot-detail", lot.pk)
    return _lot_page(request, lot, form, status=422)


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_STOCK)
def lot_quarantine(request: ClinicRequest, pk: int) -> HttpResponse:
    return _with_reason(
        request,
        _lot(pk),
        actions.quarantine_lot,
        heading=_("Put in quarantine"),
        hint=_("What is wrong with it. From now on nobody can use it."),
        done=_("Lot %(number)s is in quarantine."),
        button_class="btn-danger",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.MANAGE_STOCK)
def lot_release(request: ClinicRequest, pk: int) -> HttpResponse:
    return _with_reason(
        request,
        _lot(pk),
        actions.release_lot,
        heading=_("Release from quarantine"),
        hint=_("Who found it safe, and how. It can be used again at once."),
        done=_("Lot %(number)s can be used."),
        button_class="btn-primary",
    )


@require_POST
@requires(Right.MANAGE_STOCK)
def lot_use_up(request: ClinicRequest, pk: int) -> HttpResponse:
    done = _("Lot %(number)s is used up.")
    return _at_once(request, _lot(pk), actions.use_up_lot, done, "treatments:lot-restock")


@require_POST
@requires(Right.MANAGE_STOCK)
def lot_restock(request: ClinicRequest, pk: int) -> HttpResponse:
    done = _("Lot %(number)s can be used.")
    return _at_once(request, _lot(pk), actions.restock_lot, done, "treatments:lot-use-up")


def _lot(pk: int) -> Lot:
    return get_object_or_404(Lot.objects.select_related("product"), pk=pk)


def _at_once(
    request: ClinicRequest, lot: Lot, act: Callable[..., Lot], done: str, undo: str
) -> HttpResponse:
    """Do what needs no reason, with an Undo."""
    undo_url = reverse(undo, args=[lot.pk])
    try:
        act(lot=lot, by=request.user, at=timezone.now())
    except actions.LotRefused as refused:
        toast_problem(request, refused.problem)
        return redirect_page(request, "treatments:product-detail", lot.product.code)
    except actions.LotUnchanged:
        undo_url = ""  # A second click: what was wanted is so already.
    toast(request, done % {"number": lot.number}, undo_url=undo_url)
    return redirect_page(request, "treatments:product-detail", lot.product.code)


def _with_reason(
    request: ClinicRequest,
    lot: Lot,
    act: Callable[..., Lot],
    *,
    heading: str,
    hint: str,
    done: str,
    button_class: str,
) -> HttpResponse:
    """Ask for a reason, then do it."""
    form = ReasonForm(request.POST if request.method == "POST" else None, hint=hint)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            act(lot=lot, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except actions.LotRefused as refused:
            form.add_error(None, refused.problem)
            status = 409
        except actions.LotUnchanged:
            return redirect_page(request, "treatments:lot-detail", lot.pk)
        else:
            toast(request, done % {"number": lot.number})
            return redirect_page(request, "treatments:lot-detail", lot.pk)
    context = {"lot": lot, "form": form, "heading": heading, "button_class": button_class}
    return render(request, "treatments/lot_reason.html", context, status=status)


def _lot_page(
    request: ClinicRequest, lot: Lot, form: OpeningForm, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    [row] = lot_rows([lot], on=today)
    context: dict[str, Any] = {
        "lot": lot,
        "row": row,
        "refusal": _refusal(row),
        "history": lot_history(lot),
        "form": form,
        "today": today,
    }
    return render(request, "treatments/lot_detail.html", context, status=status)


def _refusal(row: LotRow) -> str:
    if row.refusal is None:
        return ""
    return refusal_sentence(row.refusal, product=str(row.lot.product), lot=row.lot.number)
