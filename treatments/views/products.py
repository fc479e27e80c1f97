"""Products and their lots."""

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.roles import Right
from treatments.actions.products import (
    LotUnchanged,
    change_product,
    receive_lot,
    set_lot_status,
)
from treatments.domain.catalogue import ALLERGENS
from treatments.forms.products import LotForm, ProductForm
from treatments.models import Lot, Product

_SHOWN = {"": {}, "in-use": {"is_enabled": True}, "off": {"is_enabled": False}}
_LEADS_TO = {
    Lot.Status.AVAILABLE: "treatments:lot-release",
    Lot.Status.QUARANTINED: "treatments:lot-quarantine",
    Lot.Status.USED_UP: "treatments:lot-use-up",
}


@require_GET
@requires(Right.MANAGE_STOCK)
def product_list(request: ClinicRequest) -> HttpResponse:
    show = request.GET.get("show", "")
    show = show if show in _SHOWN else ""
    today = timezone.localdate()
    usable = Q(lots__status=Lot.Status.AVAILABLE, lots__expires_on__gte=today)
    products = (
        Product.objects.filter(**_SHOWN[show])
        .annotate(usable_lots=Count("lots", filter=usable))
        .order_by("-is_enabled", "name", "strength", "pk")
    )
    counts = Product.objects.aggregate(all=Count("pk"), in_use=Count("pk", Q(is_enabled=True)))
    filters = [
        ("", _("All"), counts["all"]),
        ("in-use", _("In use"), counts["in_use"]),
        ("off", _("Not in use"), counts["all"] - counts["in_use"]),
    ]
    context = {"products": products, "filters": filters, "show": show}
    return render(request, "treatments/product_list.html", context)


@require_GET
@requires(Right.MANAGE_STOCK)
def product_detail(request: ClinicRequest, code: str) -> HttpResponse:
    product = get_object_or_404(Product, code=code)
    return _product_page(request, product, LotForm(today=timezone.localdate()))


@require_POST
@requires(Right.MANAGE_STOCK)
def lot_add(request: ClinicRequest, code: str) -> HttpResponse:
    product = get_object_or_404(Product, code=code)
    form = LotForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        try:
            lot = receive_lot(
                product=product, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError:
            form.add_error("number", _("This lot is entered already. Check the number."))
        else:
            toast(request, _("Lot %(number)s is in stock.") % {"number": lot.number})
            return redirect_page(request, "treatments:product-detail", code)
    return _product_page(request, product, form, status=422)


@require_POST
@requires(Right.MANAGE_STOCK)
def lot_status(request: ClinicRequest, pk: int, status: str) -> HttpResponse:
    lot = get_object_or_404(Lot.objects.select_related("product"), pk=pk)
    words = {
        Lot.Status.AVAILABLE: _("Lot %(number)s can be used."),
        Lot.Status.QUARANTINED: _("Lot %(number)s is in quarantine."),
        Lot.Status.USED_UP: _("Lot %(number)s is used up."),
    }
    undo_url = reverse(_LEADS_TO[Lot.Status(lot.status)], args=[lot.pk])
    try:
        set_lot_status(lot=lot, status=status, by=request.user, at=timezone.now())
    except LotUnchanged:
        undo_url = ""  # A second click: what was wanted is so already.
    toast(request, words[Lot.Status(status)] % {"number": lot.number}, undo_url=undo_url)
    return redirect_page(request, "treatments:product-detail", lot.product.code)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CONTENT)
def product_edit(request: ClinicRequest, code: str) -> HttpResponse:
    product = get_object_or_404(Product, code=code)
    form = ProductForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(product, name) for name in ProductForm.base_fields},
    )
    if form.is_valid():
        try:
            change_product(product=product, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            toast(request, _("%(name)s is saved.") % {"name": product})
            return redirect_page(request, "treatments:product-detail", code)
    context = {"product": product, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "treatments/product_edit.html", context, status=status)


def _product_page(
    request: ClinicRequest, product: Product, form: LotForm, status: int = 200
) -> HttpResponse:
    context = {
        "product": product,
        "lots": _lots(product),
        "indications": product.indications.order_by("position", "pk"),
        "allergens": [_(ALLERGENS.get(code, code)) for code in product.allergens],
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "treatments/product_detail.html", context, status=status)


def _lots(product: Product) -> QuerySet[Lot]:
    return product.lots.order_by("status", "expires_on", "pk")
