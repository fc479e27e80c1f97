"""Stock of the demo clinic in all its states, and a recall that was worked through."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Q

from demo.clinic_plan import PETRA, Clinic
from meso_clinic.core.models import User
from records.actions.recalls import close_confirmed, note_attempt, open_recall
from records.models import RecallContact
from treatments.actions.products import change_product
from treatments.actions.stock import open_vial, quarantine_lot, receive_lot, use_up_lot
from treatments.models import Lot, Product

SCRIPT: Final = (
    "This is the clinic. We call because the maker took back a product that you were given.\n"
    "Have you seen a lump, redness that spreads, pus, or had a fever since?\n"
    "If so, we see you today. If not, look at the skin until the day we name, and call us at once."
)
WELL: Final = ("Well, nothing seen.", "Well. Will look every week.")
LUMP: Final = "A small lump. Seen by Dr Halloran, biopsy taken."
# A recall of more patients would fill the list with one story.
MOST_TOUCHED: Final = 12
QUIET: Final = timedelta(days=4)


def add_stock(clinic: Clinic) -> None:
    """Open vials, put a lot aside, use one up, let one run low, and recall one that was used."""
    admin = clinic.staff["admin"]
    product = Product.objects.get(code="lidocaine_1")
    _make_multi_dose(product, admin, clinic)
    first, second = product.lots.order_by("expires_on")[:2]
    open_vial(lot=first, on=clinic.today - timedelta(days=40), by=admin, at=clinic.now)
    open_vial(lot=second, on=clinic.today - timedelta(days=3), by=admin, at=clinic.now)
    for number, act in (("C0001", _put_aside), ("C0002", use_up_lot)):
        lot = receive_lot(
            product=Product.objects.get(code="saline_09"),
            number=number,
            expires_on=clinic.today + timedelta(days=200),
            quantity=10,
            by=admin,
            at=clinic.now,
        )
        act(lot=lot, by=admin, at=clinic.now)
    _recall(clinic)


def _make_multi_dose(product: Product, admin: User, clinic: Clinic) -> None:
    change_product(
        product=product,
        is_enabled=True,
        usual_volume_ml=product.usual_volume_ml,
        max_volume_ml=product.max_volume_ml,
        min_interval_days=product.min_interval_days,
        is_multi_dose=True,
        low_stock_below=30,
        by=admin,
        at=clinic.now,
    )


def _put_aside(*, lot: Lot, by: User, at: datetime) -> Lot:
    return quarantine_lot(lot=lot, reason="The box was open when it came", by=by, at=at)


def _recall(clinic: Clinic) -> None:
    """Recall a lot whose last use is some days ago, call everybody, and close."""
    quiet_since = clinic.now - QUIET
    lot = (
        Lot.objects.annotate(
            last=Max("uses__record__opened_at"),
            touched=Count("uses__record__session__course__patient", distinct=True),
            drafts=Count("uses", filter=Q(uses__record__signed_at__isnull=True)),
        )
        .filter(last__lt=quiet_since, touched__gte=1, touched__lte=MOST_TOUCHED, drafts=0)
        .order_by("-touched", "pk")
        .first()
    )
    if lot is None:
        return
    by, opened_at = clinic.staff[PETRA], clinic.now - timedelta(days=3)
    recall = open_recall(
        lots=[lot],
        reason="Mycobacteria found in vials of this lot",
        source="Field safety notice 2026-118, from the maker",
        script=SCRIPT,
        by=by,
        at=opened_at,
    )
    for number, contact in enumerate(recall.contacts.order_by("pk")):
        is_well = number > 0
        status = RecallContact.Status.REACHED if is_well else RecallContact.Status.REFERRED
        words = WELL[number % len(WELL)] if is_well else LUMP
        at = opened_at + timedelta(minutes=10 + 7 * number)
        note_attempt(contact=contact, status=status, words=words, seen=0, by=by, at=at)
    close_confirmed(
        recall=recall,
        summary="Everybody was reached. One patient was referred. The lot went back to the maker.",
        by=by,
        at=opened_at + timedelta(days=1),
    )
