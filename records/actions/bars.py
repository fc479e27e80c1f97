"""Barring the products that a severe allergic reaction came after."""

from datetime import datetime

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from patients.actions import record_allergy
from patients.models import Allergy
from records.domain.reactions import bars_products
from records.models import AdverseEvent
from records.reaction_words import kind_name
from records.selectors.bars import barring_events, products_before
from sessions.models import TreatmentSession


def bar_products(event: AdverseEvent, *, grade: int, by: User, at: datetime) -> None:
    """Note that the patient must not get again what was given before `event`, if it is so grave.

    What a prescriber lifted since the report stays lifted. Called in a transaction of its caller.
    """
    if not bars_products(event.kind, grade):
        return
    noted = Allergy.objects.filter(patient=event.patient_id).exclude(product_code="")
    known = set(
        noted.filter(
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=event.reported_at)
        ).values_list("product_code", flat=True)
    )
    for product in products_before(event):
        if product.code in known:
            continue
        record_allergy(
            patient=event.patient,
            substance=str(product)[:120],
            reaction=_("%(kind)s, %(day)s")
            % {"kind": kind_name(event), "day": date_format(event.onset_on, "j M Y")},
            product_code=product.code,
            by=by,
            at=at,
        )


def bar_after_signing(session: TreatmentSession, *, by: User, at: datetime) -> None:
    """Bar also what was typed into the record of `session` after its reaction was reported."""
    for event in barring_events(session):
        bar_products(event, grade=max(event.grade, event.grade_now), by=by, at=at)
