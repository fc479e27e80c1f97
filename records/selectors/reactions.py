"""Reads of reactions: a patient's, those that wait for somebody, and the register of all."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from clinic.models import Site
from patients.models import Patient
from records.domain.reactions import Look, next_look
from records.models import AdverseEvent, AdverseEventUpdate, Photo
from records.models.adverse_events import AdverseEventQuerySet
from sessions.models import TreatmentSession
from treatments.models import Lot, Product, TreatmentCourse, Zone
from treatments.models.courses import TreatmentCourseQuerySet

# What a reaction can come after.
BEGUN = (TreatmentSession.Status.IN_TREATMENT, TreatmentSession.Status.DONE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the register shows; "" and None leave that side open. Days are days of onset."""

    kind: str = ""
    grade: int | None = None
    lot: str = ""
    since: date | None = None
    until: date | None = None
    is_open: bool = False


def reactions_of(patient: Patient) -> AdverseEventQuerySet:
    """Return the patient's reactions, the newest first."""
    return AdverseEvent.objects.filter(patient=patient).with_state().with_people().newest_first()


def stopping_reactions(patient_id: int) -> list[AdverseEvent]:
    """Return the open red flags of a patient, the newest first (1 query)."""
    return list(AdverseEvent.objects.stopping().filter(patient=patient_id).newest_first())


def held_courses(patient: Patient) -> TreatmentCourseQuerySet:
    """Return the courses of the patient that are on clinical hold."""
    held = TreatmentCourse.objects.filter(
        patient=patient, held_at__isnull=False, ended_at__isnull=True
    )
    return held.with_people().order_by("held_at", "pk")


def updates_of(event: AdverseEvent) -> QuerySet[AdverseEventUpdate]:
    """Return what was added to a reaction, the oldest first, with who added it."""
    return event.updates.select_related("by").order_by("number")


def photos_of(event: AdverseEvent) -> QuerySet[Photo]:
    """Return the photos of a reaction that anybody may still see, the newest first."""
    return Photo.objects.visible().filter(reaction_link__event=event).newest_first()


def waiting_reactions(site: Site, now: datetime) -> list[tuple[AdverseEvent, Look]]:
    """Return the open reactions at `site` that somebody has to look at, and by when (1 query).

    A prescriber has to see each that is moderate or worse; others wait as their kind says, or until
    the day that somebody chose.
    """
    found = AdverseEvent.objects.open().with_people().filter(course__site=site)
    looks = [
        (event, next_look(event.facts, event.state, now=now, zone=site.zone))
        for event in found.order_by("reported_at", "pk")
    ]
    return [(event, look) for event, look in looks if look is not None]


def listed_reactions(wanted: Wanted) -> AdverseEventQuerySet:
    """Return the reactions of the register, the newest first, with all that a row shows."""
    found = AdverseEvent.objects.open() if wanted.is_open else AdverseEvent.objects.with_state()
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.grade:
        found = found.of_grade(wanted.grade)
    if wanted.lot:
        used = Q(lot__number__iexact=wanted.lot)
        used |= Q(session__record__administrations__lot__number__iexact=wanted.lot)
        used |= Q(session__record__anaesthesia__lot__number__iexact=wanted.lot)
        found = found.filter(pk__in=AdverseEvent.objects.filter(used).values("pk"))
    if wanted.since:
        found = found.filter(onset_on__gte=wanted.since)
    if wanted.until:
        found = found.filter(onset_on__lte=wanted.until)
    return found.with_people().newest_first()


def sessions_begun(patient: Patient) -> QuerySet[TreatmentSession]:
    """Return the sessions that a reaction of the patient can come after, the newest first."""
    return (
        TreatmentSession.objects.filter(course__patient=patient, status__in=BEGUN)
        .select_related("course__indication", "course__site")
        .order_by("-delivered_on", "-course", "-number")
    )


def lots_given(patient: Patient) -> QuerySet[Lot]:
    """Return the lots that the patient was given, by their names."""
    given = Lot.objects.filter(uses__record__session__course__patient=patient)
    return (
        Lot.objects.filter(pk__in=given.values("pk"))
        .select_related("product")
        .order_by("product__name", "number", "pk")
    )


def products_known() -> QuerySet[Product]:
    """Return all products by name: one that is off today may have been given before."""
    return Product.objects.order_by("name", "strength", "pk")


def zones_of(patient: Patient) -> QuerySet[Zone]:
    """Return the zones of the patient's treatments."""
    return (
        Zone.objects.filter(indication__courses__patient=patient)
        .select_related("indication")
        .distinct()
        .order_by("indication__position", "position", "pk")
    )
