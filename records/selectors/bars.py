"""Products that a severe allergic reaction bars, and what they hold."""

from django.db.models import Q

from patients.domain.allergens import ALLERGENS
from patients.models import Allergy
from records.domain.reactions import bars_products
from records.models import AdverseEvent
from sessions.models import TreatmentSession
from treatments.models import Product


def products_before(event: AdverseEvent) -> list[Product]:
    """Return what the patient got before `event`, by name: to treat, to dilute and to numb.

    Where nobody knows after which session it came, those of its day and those under way count.
    """
    sessions = Q(pk=event.session_id)
    if event.session_id is None:
        sessions = Q(course=event.course_id) & (
            Q(delivered_on=event.onset_on) | Q(status=TreatmentSession.Status.IN_TREATMENT)
        )
    given = TreatmentSession.objects.filter(sessions).values("pk")
    used = Q(lots__uses__record__session__in=given)
    numbed = Q(lots__anaesthesia_uses__record__session__in=given)
    found = Product.objects.filter(used | numbed | Q(pk=event.product_id)).distinct()
    return list(found.order_by("name", "strength", "pk"))


def barring_events(session: TreatmentSession) -> list[AdverseEvent]:
    """Return the reactions after `session`, or of its day, that bar what was given; in their order."""
    found = AdverseEvent.objects.filter(course=session.course_id).with_state()
    is_its_own = Q(session=session) | Q(session__isnull=True)
    return [
        event
        for event in found.filter(is_its_own).order_by("reported_at", "pk")
        if bars_products(event.kind, max(event.grade, event.grade_now))
        and (event.session_id is not None or _is_of_the_day(event, session))
    ]


def _is_of_the_day(event: AdverseEvent, session: TreatmentSession) -> bool:
    if session.delivered_on is None:
        return session.status == TreatmentSession.Status.IN_TREATMENT
    return session.delivered_on == event.onset_on


def barred_by_session(session: TreatmentSession) -> set[str]:
    """Return the codes of products that only a reaction after `session` itself bars."""
    events = barring_events(session)
    if not events:
        return set()
    noted = Allergy.objects.live().filter(patient=session.course.patient_id)
    noted = noted.exclude(product_code="")
    since = events[0].reported_at
    before = noted.filter(noted_at__lt=since).values_list("product_code", flat=True)
    after = noted.filter(noted_at__gte=since).values_list("product_code", flat=True)
    return set(after) - set(before)


def allergens_to_note(event: AdverseEvent) -> list[tuple[str, str]]:
    """Return what those products hold that is not among the patient's allergies: code and name."""
    held = {code for product in products_before(event) for code in product.allergens}
    known = Allergy.objects.live().filter(patient=event.patient_id)
    unknown = held - set(known.values_list("allergen", flat=True))
    return [(code, ALLERGENS[code]) for code in sorted(unknown & set(ALLERGENS))]
