"""Products."""

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.roles import Right
from treatments.actions.products import change_product
from treatments.domain.catalogue import ALLERGENS
from treatments.domain.stock import MULTI_DOSE_DAYS
from treatments.forms.products import LotForm, ProductForm
from treatments.models import Product
from treatments.product_notes import product_notes
from treatments.selectors.stock import lots_of, usable_lots

_SHOWN = {"": {}, "in-use": {"is_enabled": True}, "off": {"is_enabled": False}}


@require_GET
@requires(Right.MANAGE_STOCK)
def product_list(request: ClinicRequest) -> HttpResponse:
    show = request.GET.get("show", "")
    show = show if show in _SHOWN else ""
    today = timezone.localdate()
    products = Product.objects.filter(**_SHOWN[show]).order_by(
        "-is_enabled", "name", "strength", "pk"
    )
    usable = usable_lots(on=today)
    counts = Product.objects.aggregate(all=Count("pk"), in_use=Count("pk", Q(is_enabled=True)))
    filters = [
        ("", _("All"), counts["all"]),
        ("in-use", _("In use"), counts["in_use"]),
        ("off", _("Not in use"), counts["all"] - counts["in_use"]),
    ]
    rows = [(product, usable[product.pk]) for product in products]
    context = {"rows": rows, "filters": filters, "show": show}
    return render(request, "treatments/product_list.html", context)


@require_GET
@requires(Right.MANAGE_STOCK)
def product_detail(request: ClinicRequest, code: str) -> HttpResponse:
    product = get_object_or_404(Product, code=code)
    return product_page(request, product, LotForm(today=timezone.localdate()))


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


def product_page(
    request: ClinicRequest, product: Product, form: LotForm, status: int = 200
) -> HttpResponse:
    """Answer with the page of `product`, and `form` for a lot that came in."""
    today = timezone.localdate()
    context = {
        "product": product,
        "notes": product_notes(request, product),
        "rows": lots_of(product, on=today),
        "indications": product.indications.order_by("position", "pk"),
        "allergens": [_(ALLERGENS.get(code, code)) for code in product.allergens],
        "form": form,
        "today": today,
        "multi_dose_days": product.days_after_opening or MULTI_DOSE_DAYS,
    }
    return render(request, "treatments/product_detail.html", context, status=status)
