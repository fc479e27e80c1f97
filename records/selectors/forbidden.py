"""Products and zones the patient of a record must be spared, by what is known of their health."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from records.domain.problems import Lack, Problem, Step
from records.models import Administration, SessionRecord
from treatments.models import Lot, TreatmentCourse, Zone
from treatments.screening_words import finding_sentence
from treatments.selectors.screening import read_forbidden, read_forbidden_zones


def forbidden_problems(
    record: SessionRecord,
    given: Iterable[tuple[str, Lot]],
    *,
    at: datetime,
    step: Step = Step.INJECTIONS,
) -> list[Problem]:
    """Return a problem for each zone's name and lot of `given` that must not be used at `at` (aware)."""
    pairs = list(given)
    if not pairs:
        return []
    course = TreatmentCourse.objects.with_people().get(pk=record.session.course_id)
    forbidden = read_forbidden(course, {lot.product for _zone, lot in pairs}, at=at)
    return [
        Problem(
            step,
            Lack.PRODUCT_FORBIDDEN,
            field="lot",
            zone=zone,
            product=str(lot.product),
            lot=lot.number,
            why=finding_sentence(finding),
        )
        for zone, lot in pairs
        for finding in forbidden.get(lot.product_id, ())
    ]


def forbidden_zone_problems(
    record: SessionRecord, zones: Iterable[Zone], *, at: datetime
) -> list[Problem]:
    """Return a problem for each of `zones` that must not be treated at `at` (aware)."""
    treated = list(zones)
    if not treated:
        return []
    course = TreatmentCourse.objects.with_people().get(pk=record.session.course_id)
    forbidden = read_forbidden_zones(course, treated, at=at)
    return [
        Problem(
            Step.INJECTIONS,
            Lack.ZONE_FORBIDDEN,
            field="zone",
            zone=zone.name,
            why=finding_sentence(finding),
        )
        for zone in treated
        for finding in forbidden.get(zone.pk, ())
    ]


def zones_of(record: SessionRecord) -> list[Zone]:
    """Return the zones that were treated in the session, in their order."""
    return list(Zone.objects.filter(pk__in=record.zones.values("zone")).order_by("position", "pk"))


def given_in(record: SessionRecord) -> list[tuple[str, Lot]]:
    """Return the zone's name and the lot of everything that was given in the session."""
    given = Administration.objects.filter(record=record).select_related(
        "zone_treatment__zone", "lot__product"
    )
    return [(dose.zone_treatment.zone.name, dose.lot) for dose in given.order_by("pk")]


def numbed_with(lot: Lot | None) -> list[tuple[str, Lot]]:
    """Return the lot that numbed, with the word that stands where a zone's name does."""
    return [(_("To numb"), lot)] if lot else []
